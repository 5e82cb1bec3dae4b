/**
 * What only words tell, and words belong to a language or a country: those for phone and password, secrets in sentences and
 * commands, the numbers that states, banks and insurers give to people, dates of birth, names and addresses. Called by
 * `detectors/index.ts` in Node; a browser loads it after the engine (`engine.ts`), since it weighs more than all else.
 */
import { announced } from '../detectors/announced'
import { announcedIdEnd } from '../detectors/announced-id'
import { announcedPhone } from '../detectors/announced-phone'
import { announcedPostal } from '../detectors/announced-postal'
import { birthEnd } from '../detectors/birth'
import { card } from '../detectors/card'
import { compared } from '../detectors/compared'
import { dictatedPhone } from '../detectors/dictated-phone'
import { element } from '../detectors/element'
import type { Locales } from '../detectors/engine'
import { flag } from '../detectors/flag'
import { id } from '../detectors/ids'
import { introduced } from '../detectors/introduced'
import { japaneseAddress } from '../detectors/japanese-address'
import { japaneseName } from '../detectors/japanese-name'
import { labelled } from '../detectors/labelled'
import { letterIds } from '../detectors/letter-id-rules'
import { learnLetterIds } from '../detectors/letter-ids'
import { japanesePhone, trunkPhone } from '../detectors/national-phone'
import { createNumbers, type WrittenEnd } from '../detectors/numbers'
import { oneTimeCode } from '../detectors/one-time-code'
import { operations } from '../detectors/operations'
import { phone } from '../detectors/phone'
import { recoveryCode, seedPhrase } from '../detectors/recovery'
import { redis } from '../detectors/redis'
import { rejectedKey } from '../detectors/rejected-key'
import { spelledEmail } from '../detectors/spelled-email'
import { street } from '../detectors/street'
import { townAddress } from '../detectors/town-address'
import { unusualEmail } from '../detectors/unusual-email'
import { learnLinks, learnNumberWords } from '../number-words'
import { learnSecretWords } from '../secret-words'
import { readInside } from '../tables'
import { LINKS, NUMBER_WORDS } from './number-words'
import { SECRET_WORDS } from './secret-words'

learnNumberWords(NUMBER_WORDS)
learnLinks({ link: LINKS })
learnSecretWords(SECRET_WORDS)
learnLetterIds(letterIds)

/** Dates and ids that a word tells. */
const writtenEnd: WrittenEnd = (text, at, first, hits) => {
  const birth = birthEnd(text, at, first, hits)
  return birth > at ? birth : announcedIdEnd(text, at, first, hits)
}

export const locales: Locales = {
  detectors: [
    ...operations,
    flag,
    compared,
    element,
    redis,
    announced,
    oneTimeCode,
    recoveryCode,
    seedPhrase,
    rejectedKey,
    unusualEmail,
    spelledEmail,
    labelled,
    announcedPostal,
    dictatedPhone,
    introduced,
    japaneseAddress,
    japaneseName,
    townAddress,
    street,
  ],
  numbers: createNumbers([card, phone, japanesePhone, id, announcedPhone, trunkPhone], writtenEnd),
  tables: readInside,
}
