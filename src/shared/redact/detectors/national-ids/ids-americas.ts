/** National numbers of the Americas that are digits only. */
import { digitAt, pairAt, passesLuhn, weighted } from '../numbers/check-digits'
import type { IdRule } from './id-rule'

export const americas: readonly IdRule[] = [
  // United States, SSN: ssa.gov, "Social Security Number Randomization": no area 000, 666, 9xx; no group 00; no 0000
  {
    digits: 9,
    bare: ['3-2-4', '3.2.4'],
    kind: 'ssn',
    tag: 'SSN',
    valid: d => /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)/.test(d),
  },
  // United States, ITIN: irs.gov, Internal Revenue Manual 3.21.263
  {
    digits: 9,
    bare: ['3-2-4'],
    kind: 'ssn',
    tag: 'SSN',
    valid: d => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(d),
  },
  // Canada, SIN: Employment and Social Development Canada; Luhn
  { digits: 9, valid: d => /^[1-79]/.test(d) && passesLuhn(d) },
  // Brazil, CPF and CNPJ: Receita Federal; two digits, mod 11
  { digits: 11, bare: ['3.3.3-2'], valid: isCpf },
  { digits: 14, valid: isCnpj },
  // Argentina, CUIT and CUIL: AFIP, mod 11
  { digits: 11, bare: ['2-8-1'], valid: isCuit },
  // Chile, RUT: Servicio de Impuestos Internos, mod 11; those that end with K are in `letter-ids`
  { digits: 8, bare: ['1.3.3-1'], valid: isRut },
  { digits: 9, bare: ['2.3.3-1'], valid: isRut },
  // Ecuador, cedula: Registro Civil; 24 provinces, Luhn
  { digits: 10, valid: d => pairAt(d, 0) >= 1 && pairAt(d, 0) <= 24 && passesLuhn(d) },
]

function isCpf(digits: string): boolean {
  return (
    !/^(\d)\1+$/.test(digits) &&
    ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10 === digitAt(digits, 9) &&
    ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10 === digitAt(digits, 10)
  )
}

export function isCnpj(digits: string): boolean {
  return (
    ((weighted(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10 === digitAt(digits, 12) &&
    ((weighted(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10 === digitAt(digits, 13)
  )
}

function isCuit(digits: string): boolean {
  return (
    /^(?:2[0347]|3[034])/.test(digits) &&
    (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 10)
  )
}

function isRut(digits: string): boolean {
  return rutCheck(digits.slice(0, -1)) === digitAt(digits, digits.length - 1)
}

/** 0 to 10, which is written K. */
export function rutCheck(number: string): number {
  let sum = 0
  for (let i = 0; i < number.length; i++) sum += digitAt(number, number.length - 1 - i) * (2 + (i % 6))
  return (11 - (sum % 11)) % 11
}
