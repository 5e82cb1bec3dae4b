/** Dates of birth: any date that a word announces (`number-words.ts`), or that 生 follows. A date by itself is nobody's. */
import { BLANK, codeAt, DIGIT, is, JOINT, LETTER, runEnd, startsToken, WORD } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Hits } from '../../scan/scanner'
import { kindBefore } from '../../words/number-words'

const ERA = /(?:明治|大正|昭和|平成|令和|明|大|昭|平|令)元?年?$/
const CLOCK = String.raw`(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?`
const DATE = new RegExp(
  [
    String.raw`(?:\d{4}([-/. ])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{1,4}|\d{4}\. ?\d{1,2}\. ?\d{1,2})(?!\d)${CLOCK}`,
    String.raw`\d{1,4}年(?:[(][^)]{2,10}[)])?\s?\d{1,2}月\s?\d{1,2}日?`,
    String.raw`\d{1,2}月\s?\d{1,2}日?`,
    String.raw`\d{4}년\s?\d{1,2}월\s?\d{1,2}일?`,
    String.raw`\d{1,2}(?:st|nd|rd|th|er|\.|º)?[ -](?:of |de |d')?\p{L}{3,12}\.?,?[ -](?:de |del )?\d{4}(?!\d)`,
    String.raw`\d{1,2}(?:st|nd|rd|th)?,? \d{4}(?!\d)`,
    String.raw`(?:19|20)\d{6}(?!\d)`,
  ].join('|'),
  'uy',
)
const LONGEST_MONTH = 12
const LONGEST_TAIL = 30

/** The end of the date of birth that begins at `at`, `at` when there is none. */
export function birthEnd(text: string, at: number, first: number, hits: Hits): number {
  const size = first - at
  if (size > 4 && size !== 8) return at
  const next = codeAt(text, first)
  // 年, 년, and the month after 元年
  const isWritten = next === 24180 || next === 45380 || (next === 26376 && codeAt(text, at - 1) === 24180)
  if (size !== 8 && !isWritten && !mayBeDate(text, at, first, next)) return at
  const start = isWritten || isJoint(next) ? eraStart(text, at) : size < 3 ? monthStart(text, at) : at
  const isSaid = kindBefore(text, start) === 'birth'
  if (!isSaid && !isWritten && codeAt(text, numericEnd(text, first)) !== 29983) return at
  DATE.lastIndex = at
  if (!DATE.test(text)) return at
  const end = DATE.lastIndex
  if (is(codeAt(text, end), WORD)) return at
  // 生
  if (!isSaid && !/^[ (（]?生/.test(text.slice(end, end + 2))) return at
  hits.add(start, end, 'DATE_OF_BIRTH')
  return end
}

/** A look at what follows the first digits, since nearly all numbers are no dates and each is looked at. */
function mayBeDate(text: string, at: number, first: number, next: number): boolean {
  if (isJoint(next)) {
    const from = first + (codeAt(text, first + 1) === 32 ? 2 : 1)
    const second = runEnd(text, from, DIGIT, 3)
    if (second > from) {
      return codeAt(text, second) === next && is(codeAt(text, second + from - first), DIGIT)
    }
  }
  if (first - at === 4) return next === 32 && codeAt(text, first + 3) === 32
  if (first - at > 2) return false
  // 2 Jan, 2. Januar, 2nd of January, 2 января; January 2, 1985
  const isDayFirst = next === 32 || next === 45 || next === 46 || next === 186 || isOrdinal(next)
  const after = codeAt(text, first + 1)
  if (isDayFirst && (is(after, LETTER | BLANK) || after > 0xbf)) {
    return yearFollows(text, first)
  }
  const year = next === 44 ? first + 2 : next === 32 ? first + 1 : at
  return year > at && runEnd(text, year, DIGIT, 5) === year + 4
}

/** Four digits behind the words after a day. */
function yearFollows(text: string, first: number): boolean {
  const stop = Math.min(text.length, first + LONGEST_TAIL)
  for (let at = first; at < stop; at++) {
    const code = codeAt(text, at)
    if (is(code, DIGIT)) return at + 4 <= stop && runEnd(text, at, DIGIT, 4) === at + 4
    // of a month, with its full stop, comma and hyphens, d'
    if (!is(code, LETTER | BLANK | JOINT) && code !== 39 && code < 128) return false
  }
  return false
}

function isJoint(code: number): boolean {
  return code === 45 || code === 47 || code === 46
}

/** The end of digits and joints. */
function numericEnd(text: string, first: number): number {
  let end = first
  while (end < first + 6 && (is(codeAt(text, end), DIGIT) || isJoint(codeAt(text, end)))) end++
  return end
}

/** The first letter of st, nd, rd, th or er. */
function isOrdinal(code: number): boolean {
  return code === 115 || code === 110 || code === 114 || code === 116 || code === 101
}

/** Of Meiji, Taisho, Showa, Heisei and Reiwa. */
function isEraLetter(code: number): boolean {
  return code === 77 || code === 84 || code === 83 || code === 72 || code === 82
}

/** 昭和60年, 昭60.1.2, S60.1.2, 令和元年1月2日 */
function eraStart(text: string, at: number): number {
  const before = codeAt(text, at - 1)
  if (before < 128) return isEraLetter(before) && startsToken(text, at - 1) ? at - 1 : at
  const era = ERA.exec(textBefore(text, at, 4))
  return era ? at - era[0].length : at
}

/** `January 2, 1985`: where the word before the day begins. */
function monthStart(text: string, at: number): number {
  const end = codeAt(text, at - 1) === 32 ? at - (codeAt(text, at - 2) === 46 ? 2 : 1) : at
  let start = end
  while (start > at - LONGEST_MONTH && is(codeAt(text, start - 1), LETTER)) start--
  return end - start > 2 && kindBefore(text, at) !== 'birth' ? start : at
}
