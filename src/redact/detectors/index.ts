/**
 * Every detector, in the order in which they are asked at an anchor that several have. Called by `redactor.ts`.
 * A new kind of value is a new file beside these and a line here.
 */
import type { Detector } from '../scan'
import { announced } from './announced'
import { assignment } from './assignment'
import { bearer } from './bearer'
import { element } from './element'
import { email } from './email'
import { flag } from './flag'
import { introduced } from './introduced'
import { ip6 } from './ip6'
import { japaneseAddress } from './japanese-address'
import { japaneseName } from './japanese-name'
import { jwt } from './jwt'
import { labelled } from './labelled'
import { numbers } from './numbers'
import { pem } from './pem'
import { prefixed } from './prefixed'
import { redis } from './redis'
import { shaped } from './shaped'
import { street } from './street'
import { url } from './url'
import { webhook } from './webhook'

export const detectors: readonly Detector[] = [
  pem,
  webhook,
  shaped,
  url,
  assignment,
  flag,
  element,
  prefixed,
  redis,
  jwt,
  bearer,
  announced,
  email,
  labelled,
  introduced,
  japaneseAddress,
  japaneseName,
  ip6,
  street,
  numbers,
]
