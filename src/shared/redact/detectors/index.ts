/**
 * The detectors of the engine: values that their own form identifies, or the key right next to them, in the order in which they
 * are called at an anchor that several have. What only words say, or what is rare, is in `locales/index.ts`, which a browser
 * loads later: the engine has to stay below 23 KB (`test/unit/redact-size.test.ts`). `docs/detectors.md` says how one is added.
 */
import type { Detector, TableSweep } from '../scan/scanner'
import { email } from './contact/email'
import { phone } from './contact/phone'
import { card } from './finance/card'
import { ip6 } from './network/ip6'
import { createNumbers } from './numbers/numbers'
import { bearer } from './secrets/formats/bearer'
import { jwt } from './secrets/formats/jwt'
import { knownFormats } from './secrets/formats/known-formats'
import { pem } from './secrets/formats/pem'
import { prefixed } from './secrets/formats/prefixed'
import { url } from './secrets/formats/url'
import { webhook } from './secrets/formats/webhook'
import { assignment } from './secrets/key-values/assignment'

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
  return [
    ...[pem, webhook, knownFormats, url, assignment, prefixed, jwt, bearer, email],
    ...detectors,
    ...[ip6, numbers],
  ]
}
