/** Numbers of the United States: the engine knows them without `locales`, since texts in English are full of them. Called by `ids`. */
import type { IdRule } from './id-rule'

export const ssn: readonly IdRule[] = [
  // United States, SSN: ssa.gov, "Social Security Number Randomization": no area 000, 666, 9xx; no group 00; no 0000
  { digits: 9, bare: ['3-2-4'], kind: 'ssn', tag: 'SSN', valid: d => /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)/.test(d) },
  // United States, ITIN: irs.gov, Internal Revenue Manual 3.21.263
  {
    digits: 9,
    bare: ['3-2-4'],
    kind: 'ssn',
    tag: 'SSN',
    valid: d => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(d),
  },
]
