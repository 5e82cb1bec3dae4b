/**
 * What only words tell, and words belong to a language or a country: those for phone and password, secrets in sentences and
 * commands, the numbers that states, banks and insurers give to people, dates of birth, names and addresses.
 */

import type { Locales } from '../detectors'
import { dictatedPhone } from '../detectors/contact/dictated-phone'
import { keywordPhone } from '../detectors/contact/keyword-phone'
import { japanesePhone, trunkPhone } from '../detectors/contact/national-phone'
import { obfuscatedEmail } from '../detectors/contact/obfuscated-email'
import { phone } from '../detectors/contact/phone'
import { unusualEmail } from '../detectors/contact/unusual-email'
import { bitcoin } from '../detectors/finance/bitcoin'
import { card } from '../detectors/finance/card'
import { id } from '../detectors/national-ids/ids'
import { keywordIdEnd } from '../detectors/national-ids/keyword-id'
import { letterIds } from '../detectors/national-ids/letter-id-rules'
import { learnLetterIds } from '../detectors/national-ids/letter-ids'
import { numberAnchors } from '../detectors/numbers/number-shapes'
import { createNumbers, type WrittenEnd } from '../detectors/numbers/numbers'
import { birthEnd } from '../detectors/person/birth'
import { japaneseName } from '../detectors/person/japanese-name'
import { labelledField } from '../detectors/person/labelled-field'
import { salutation } from '../detectors/person/salutation'
import { japaneseAddress } from '../detectors/place/japanese-address'
import { keywordPostalCode } from '../detectors/place/keyword-postal-code'
import { street } from '../detectors/place/street'
import { townAddress } from '../detectors/place/town-address'
import { argument } from '../detectors/secrets/commands/argument'
import { command } from '../detectors/secrets/commands/command'
import { redis } from '../detectors/secrets/commands/redis'
import { connection } from '../detectors/secrets/formats/connection'
import { crypt } from '../detectors/secrets/formats/crypt'
import { putty } from '../detectors/secrets/formats/putty'
import { comparison } from '../detectors/secrets/key-values/comparison'
import { element } from '../detectors/secrets/key-values/element'
import { flag } from '../detectors/secrets/key-values/flag'
import { manifest } from '../detectors/secrets/key-values/manifest'
import { pair } from '../detectors/secrets/key-values/pair'
import { keywordSecret } from '../detectors/secrets/sentences/keyword-secret'
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
  return birth > at ? birth : keywordIdEnd(text, at, first, hits)
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
    comparison,
    element,
    redis,
    keywordSecret,
    oneTimeCode,
    recoveryCode,
    seedPhrase,
    rejectedKey,
    bitcoin,
    unusualEmail,
    obfuscatedEmail,
    labelledField,
    keywordPostalCode,
    dictatedPhone,
    salutation,
    japaneseAddress,
    japaneseName,
    townAddress,
    street,
  ],
  numbers: {
    ...createNumbers([card, phone, japanesePhone, id, keywordPhone, trunkPhone], writtenEnd),
    anchors: numberAnchors,
  },
  tables: readInside,
}
