/**
 * Codes that are good for one login, beside the word that announces them, in a sentence: `Your verification code is
 * 482913`, 認証コードは 482913, `482913 is your code`, `enter 482913 to log in`. Under a key they are read by `assignment`.
 */

import { SECRET_WORDS } from '../../../locales/secret-words'
import { BEYOND, DIGITS, not, WORDS } from '../../../scan/anchors'
import { CAPITAL, codeAt, DIGIT, is, JOINT, LETTER, runEnd, WORD } from '../../../scan/chars'
import { ending, endingAt } from '../../../scan/pieces'
import type { RunShape } from '../../../scan/run-shapes'
import type { Detector } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { createWordFinder } from '../../../words/word-finder'
import { beforeLinks, isLinked, keywordEnd } from '../../numbers/keyword-before-number'

const MOST_DIGITS = 8
/** Not a longer number, an amount or a part of a date. */
const NUMBER = /(?:\d{3}[ -]\d{3,4}|\d{3,8})(?![\w-]|[.,:/]\d| ?%)/y
const BEHIND = /["'`*]{0,2} (?:is|as) (?:the|your|a|my|ihr|dein|votre|tu|su)\b[\w .-]{0,32}?(?:code|otp|pin)\b/iy
/** What a code is for, behind a word such as "enter". */
const FOR = /["'`*]{0,2} (?:to|and) (?:sign|log)[ -]?in\b|["'`*]{0,2} to (?:verify|confirm|authenticate|authorize)\b/iy
const GIVE = ending(/\b(?:enter|type|use|input|submit|code)[: ]/i)
/** "Never tell it anybody", behind a word for a code. */
const SECRECY =
  /[ .,!;，。—-]{1,3}(?:do not share|don.t share|never share|do not disclose|никому|не сообщайте|请勿|請勿|teilen sie|no l[oa] compart|ne l[ae] partage|他人に)/iy
const CODE = ending(/(?:code|código|codice|kod|kód|код|otp|コード|码|碼|번호)[: ]{0,2}/iu)
/** Whose code it is; of `your … code` it is not that of a place, a fault or a sale. */
const YOURS = ending(
  /\b(?:your|ihr|dein|votre|ton|su|tu|seu|il tuo|jouw|uw|din|ditt|twój|ваш|твой) (?:(?!zip|postal|post|area|country|error|status|exit|promo|discount|coupon|voucher|product|source|project|own|new|first)[\p{L}\d.-]{1,24} ){0,3}(?:code|kod|код|código|codice)/iu,
)
/** What the code is for, between the word and the verb. */
const PURPOSE = ending(
  /\b(?:otp|pin|passcode|one-time (?:password|pin|code)|(?:verification|security|confirmation|log-?in|sign-?in|access|auth[a-z]{0,12}) code) (?:for|to|of|on|from) [^\n]{1,48}/i,
)
/** Passwords and numbers of cards count where more than a space stands between. */
const { find } = createWordFinder<'code' | 'secret'>({
  code: `${SECRET_WORDS.code!} -cvv -cvc -csc -pin -otp -totp`,
  secret: `password passcode passwort kennwort contraseña senha ${SECRET_WORDS.secret!}`,
})
/** What `YOURS` ends with. */
const { find: findNoun } = createWordFinder({ noun: 'code kod код código codice' })
const SHORT = /^[a-z]{1,3}$/

/** What `NUMBER` lets pass; of a longer number its first digits are read. */
const SHAPES: readonly RunShape[] = [
  { next: ' ', second: not('%') },
  { next: '.,:/', second: not(DIGITS) },
  { next: not(`${WORDS} -%.,:/`) },
  { most: 3, next: '-', second: DIGITS },
].map(shape => ({ most: MOST_DIGITS + 1, ...shape, least: 3, beginsRow: true }))

export const oneTimeCode: Detector = {
  finds: 'secret',
  // 0: the start of the text
  anchors: SHAPES.map(run => ({ at: DIGITS, after: `\0 -"'(\`${BEYOND}`, before: DIGITS, run })),
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    // most numbers are short, or stand in a row
    if (!is(codeAt(text, at + 2), DIGIT) || (before === 32 && is(codeAt(text, at - 2), DIGIT))) return at
    const start = before === 45 ? prefixStart(text, at) : at
    if (start < 0) return at
    // before the expression: a longer number, or digits of a date or an id
    const end = runEnd(text, at + 3, DIGIT, MOST_DIGITS - 2)
    const next = codeAt(text, end)
    if (is(next, WORD) || (next === 45 && end !== at + 3)) return at
    const word = keywordEnd(text, start)
    if (word === 0 && !mayGoOn(next, codeAt(text, end + 1))) return at
    NUMBER.lastIndex = at
    if (!NUMBER.test(text)) return at
    const stop = NUMBER.lastIndex
    const digits = stop - at
    if ((word === 0 || !hasKeywordBefore(text, start, word, digits)) && !hasKeywordBehind(text, start, stop, digits))
      return at
    hits.add(at, stop, 'REDACTED')
    return stop
  },
}

/** False where no word about the number can stand behind it: before a second sign of a table. */
function mayGoOn(next: number, second: number): boolean {
  return next !== 32 || is(second, LETTER | DIGIT | JOINT) || second === 32 || second === 33 || second > 127
}

/** Of `G-482913` where the G stands, of other hyphens -1. */
function prefixStart(text: string, at: number): number {
  return is(codeAt(text, at - 2), CAPITAL) && !is(codeAt(text, at - 3), WORD) ? at - 2 : -1
}

function hasKeywordBefore(text: string, start: number, end: number, digits: number): boolean {
  spend(3)
  let word = end
  for (let links = 0; ; links++) {
    const found = find(text, word)
    const isBeside = links === 0 && !isLinked(text, word, start)
    // three digits are a status as often, a pin one of a circuit
    if (found?.value === 'code') return !isBeside || (digits > 3 && !SHORT.test(text.slice(found.start, word)))
    if (found) return digits > 3 && !isBeside && !/[),(>]/.test(text.slice(word, start))
    if (digits > 4 && findNoun(text, word) && endingAt(YOURS, text, word)) return true
    const next = links < 3 ? beforeLinks(text, word) : word
    if (next === word) break
    word = next
  }
  return (
    digits > 3 &&
    codeAt(text, word - 1) < 128 &&
    (word < end || isLinked(text, end, start)) &&
    endingAt(PURPOSE, text, word) !== null
  )
}

function hasKeywordBehind(text: string, start: number, stop: number, digits: number): boolean {
  spend(3)
  const next = codeAt(text, stop)
  if (digits < 4 || (next !== 32 && next !== 44 && next !== 46 && next < 128 && next !== 34 && next !== 42))
    return false
  BEHIND.lastIndex = FOR.lastIndex = SECRECY.lastIndex = stop
  if (BEHIND.test(text)) return true
  const form = FOR.test(text) ? GIVE : SECRECY.test(text) ? CODE : undefined
  return form !== undefined && endingAt(form, text, start) !== null
}
