/**
 * Ids of letters and digits that only a word before them tells: passports, licences, accounts of all countries. Those of
 * digits only are read by `ids`.
 */

import type { Tag } from '../../mask'
import { CAPITAL, codeAt, is, LETTER, startsToken, WORD } from '../../scan/chars'
import type { Hits } from '../../scan/scanner'
import { kindBefore, type NumberKind } from '../../words/number-words'
import { lettersStart } from './letter-ids'

const TAG_OF: Partial<Record<NumberKind, Tag>> = {
  passport: 'PASSPORT',
  licence: 'DRIVING_LICENCE',
  national: 'NATIONAL_ID',
  insurance: 'INSURANCE_NUMBER',
  residence: 'RESIDENCE_CARD',
  account: 'BANK_ACCOUNT',
}

const FEWEST_DIGITS = 5
/** In one word, also with hyphens; or up to three letters, digits in groups and a letter (`ZZ 32 94 05 T`). */
const ID =
  /(?!0x)[A-Za-z\d]{6,34}(?:-[A-Za-z\d]{1,6}){0,4}|[A-Z\d]{1,5}(?:-[A-Z\d]{1,8}){1,6}|[A-Z]{1,3}[ -]\d{2,9}(?:[ -]\d{2,4}){0,4}(?:[ -]?[A-Z])?/y

/** National insurance number as the United Kingdom prints it (HMRC, NIM39110); in one block it is in `letter-id-rules`. */
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} \d{2} \d{2} [A-D]$/

/** The end of the id whose first digits are [at, first); `at` when there is none. */
export function keywordIdEnd(text: string, at: number, first: number, hits: Hits): number {
  let start = lettersStart(text, at)
  if (start === at) {
    const before = codeAt(text, at - 1)
    if ((before === 32 || before === 45) && is(codeAt(text, at - 2), CAPITAL)) start = lettersStart(text, at - 1)
    else if (!is(codeAt(text, first), LETTER) && !is(codeAt(text, first + 1), CAPITAL)) return at
  }
  if (!startsToken(text, start)) return at
  // before the id is read: most words with digits have no such word before them
  const word = kindBefore(text, start)
  const tagOfWord = word && TAG_OF[word]
  if (!tagOfWord && codeAt(text, start + 2) !== 32) return at
  ID.lastIndex = start
  const found = ID.exec(text)
  if (!found || is(codeAt(text, ID.lastIndex), WORD)) return at
  const end = ID.lastIndex
  if (end <= at || found[0].replace(/\D/g, '').length < FEWEST_DIGITS || !/[A-Za-z]/.test(found[0])) return at
  const tag = tagOfWord ?? (NINO.test(found[0]) ? 'NATIONAL_ID' : undefined)
  if (!tag) return at
  hits.add(start, end, tag)
  return end
}
