/**
 * The detectors of the engine: values that their own shape tells, or the key right beside them, in the order in which they
 * are asked at an anchor that several have. Called by `index.ts` beside this file and, in a browser, by `engine.ts`. A new
 * kind of value is a new file beside these and a line here where it is met in every text, or else in `locales/index.ts` or
 * `operations.ts`: the engine has to stay below 23 KB (`test/unit/redact-size.test.ts`).
 */
import type { Detector, TableSweep } from '../scan'
import { assignment } from './assignment'
import { bearer } from './bearer'
import { card } from './card'
import { email } from './email'
import { ip6 } from './ip6'
import { jwt } from './jwt'
import { createNumbers } from './numbers'
import { pem } from './pem'
import { phone } from './phone'
import { prefixed } from './prefixed'
import { shaped } from './shaped'
import { url } from './url'
import { webhook } from './webhook'

/** What `locales/index.ts` adds. */
export interface Locales {
  /** of names and addresses, of secrets in sentences and commands */
  readonly detectors: readonly Detector[]
  /** in the place of the engine's own, with the numbers that states give to people and their dates of birth */
  readonly numbers: Detector
  /** reads tables by their headers */
  readonly tables?: TableSweep
}

const ownNumbers = createNumbers([card, phone], (_, at) => at)

export function detectorsWith({ detectors, numbers }: Locales = { detectors: [], numbers: ownNumbers }): Detector[] {
  return [...[pem, webhook, shaped, url, assignment, prefixed, jwt, bearer, email], ...detectors, ...[ip6, numbers]]
}
