/**
 * The detectors of the engine: what is the same in every country, in the order in which they are asked at an anchor that
 * several have. Called by `index.ts` beside this file and, in a browser, by `engine.ts`. A new kind of value is a new
 * file beside these and a line here, or in `locales/index.ts` where it belongs to a country or a language.
 */
import type { Detector } from '../scan'
import { announced } from './announced'
import { assignment } from './assignment'
import { bearer } from './bearer'
import { element } from './element'
import { email } from './email'
import { flag } from './flag'
import { ip6 } from './ip6'
import { jwt } from './jwt'
import { numbers } from './numbers'
import { pem } from './pem'
import { prefixed } from './prefixed'
import { redis } from './redis'
import { shaped } from './shaped'
import { url } from './url'
import { webhook } from './webhook'

/** @param locales detectors of names and addresses, from `locales/index.ts` */
export function detectorsWith(locales: readonly Detector[]): Detector[] {
  return [
    ...[pem, webhook, shaped, url, assignment, flag, element, prefixed, redis, jwt, bearer, announced, email],
    ...locales,
    ...[ip6, numbers],
  ]
}
