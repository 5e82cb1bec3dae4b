/**
 * What only words tell, and words belong to a language or a country: those for phone and password, secrets in sentences and
 * commands, the numbers that states, banks and insurers give to people, dates of birth, names and addresses. Called by
 * `redactor.ts` in Node; a browser loads it after the engine (`engine.ts`), since it weighs more than all else.
 */

import type { Locales } from '../detectors'
import { announcedPhone } from '../detectors/contact/announced-phone'
import { dictatedPhone } from '../detectors/contact/dictated-phone'
import { japanesePhone, trunkPhone } from '../detectors/contact/national-phone'
import { phone } from '../detectors/contact/phone'
import { spelledEmail } from '../detectors/contact/spelled-email'
import { unusualEmail } from '../detectors/contact/unusual-email'
import { card } from '../detectors/finance/card'
import { announcedIdEnd } from '../detectors/national-ids/announced-id'
import { id } from '../detectors/national-ids/ids'
import { letterIds } from '../detectors/national-ids/letter-id-rules'
import { learnLetterIds } from '../detectors/national-ids/letter-ids'
import { createNumbers, type WrittenEnd } from '../detectors/numbers/numbers'
import { birthEnd } from '../detectors/person/birth'
import { introduced } from '../detectors/person/introduced'
import { japaneseName } from '../detectors/person/japanese-name'
import { labelled } from '../detectors/person/labelled'
import { announcedPostal } from '../detectors/place/announced-postal'
import { japaneseAddress } from '../detectors/place/japanese-address'
import { street } from '../detectors/place/street'
import { townAddress } from '../detectors/place/town-address'
import { argument } from '../detectors/secrets/commands/argument'
import { command } from '../detectors/secrets/commands/command'
import { redis } from '../detectors/secrets/commands/redis'
import { connection } from '../detectors/secrets/formats/connection'
import { crypt } from '../detectors/secrets/formats/crypt'
import { putty } from '../detectors/secrets/formats/putty'
import { compared } from '../detectors/secrets/key-values/compared'
import { element } from '../detectors/secrets/key-values/element'
import { flag } from '../detectors/secrets/key-values/flag'
import { manifest } from '../detectors/secrets/key-values/manifest'
import { pair } from '../detectors/secrets/key-values/pair'
import { announced } from '../detectors/secrets/sentences/announced'
import { oneTimeCode } from '../detectors/secrets/sentences/one-time-code'
import { recoveryCode, seedPhrase } from '../detectors/secrets/sentences/recovery'
import { rejectedKey } from '../detectors/secrets/sentences/rejected-key'
import { readInside } from '../scan/tables/index'
import { learnLinks, learnNumberWords } from '../words/number-words'
import { learnSecretWords } from '../words/secret-words'
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
    argument,
    command,
    connection,
    crypt,
    manifest,
    pair,
    putty,
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
