/**
 * What belongs to one country or one language: its words for phone and password, the numbers that it gives to people,
 * its names and addresses. Called by `detectors/index.ts` in Node; a browser loads it after the engine (`engine.ts`),
 * since it weighs more than all else.
 */

import { learnIds } from '../detectors/ids'
import { americas } from '../detectors/ids-americas'
import { asia } from '../detectors/ids-asia'
import { europe } from '../detectors/ids-europe'
import { introduced } from '../detectors/introduced'
import { japaneseAddress } from '../detectors/japanese-address'
import { japaneseName } from '../detectors/japanese-name'
import { labelled } from '../detectors/labelled'
import { letterIds } from '../detectors/letter-id-rules'
import { learnLetterIds } from '../detectors/letter-ids'
import { street } from '../detectors/street'
import { learnLinks, learnNumberWords } from '../number-words'
import type { Detector } from '../scan'
import { learnSecretWords } from '../secret-words'
import { LINKS, NUMBER_WORDS } from './number-words'
import { SECRET_WORDS } from './secret-words'

learnNumberWords(NUMBER_WORDS)
learnLinks({ link: LINKS })
learnSecretWords(SECRET_WORDS)
learnIds([...americas, ...asia, ...europe])
learnLetterIds(letterIds)

/** Detectors of names and addresses, for `createTextRedactor` and for `detectorsWith`. */
export const locales: readonly Detector[] = [labelled, introduced, japaneseAddress, japaneseName, street]
