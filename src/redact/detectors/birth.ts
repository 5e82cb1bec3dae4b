/**
 * Dates of birth: any date that a word announces (`number-words.ts`), or that 生 follows. Called by `numbers` at a digit.
 * A date by itself is nobody's.
 */
import { BLANK, codeAt, DIGIT, is, LETTER, runEnd, startsToken, WORD } from '../chars'
import { announced } from '../number-words'
import type { Hits } from '../scan'

const ERA = /(?:明治|大正|昭和|平成|令和|明|大|昭|平|令)$/
const MONTH =
  /^(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|enero|abr|ago|dic|gen|mag|giu|lug|set|ott|out|fév|avr|aoû|déc|mär)/i
const DATE = new RegExp(
  [
    String.raw`\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)`,
    String.raw`\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})(?!\d)`,
    String.raw`\d{1,4}年(?:[(][^)]{2,10}[)])?\s?\d{1,2}月\s?\d{1,2}日?`,
    String.raw`\d{4}년\s?\d{1,2}월\s?\d{1,2}일?`,
    String.raw`\d{1,2}(?:st|nd|rd|th|er|\.|º)?[ -](?:of |de )?([A-Za-zÀ-ÿ]{3,12})\.?,?[ -](?:de |del )?\d{4}(?!\d)`,
    String.raw`\d{1,2}(?:st|nd|rd|th)?,? \d{4}(?!\d)`,
    String.raw`(?:19|20)\d{6}(?!\d)`,
  ].join('|'),
  'y',
)
const LONGEST_MONTH = 12
const LONGEST_TAIL = 26

/** The end of the date of birth that begins at `at`, `at` when there is none. */
export function birthEnd(text: string, at: number, first: number, hits: Hits): number {
  const size = first - at
  if (size > 4 && size !== 8) return at
  const next = codeAt(text, first)
  const isWritten = next === 24180 || next === 45380
  if (size !== 8 && !isWritten && !mayBeDate(text, at, first, next)) return at
  const start = isWritten || next === 46 ? eraStart(text, at) : size < 3 ? monthStart(text, at) : at
  if (announced(text, start) !== 'birth' && !isWritten) return at
  DATE.lastIndex = at
  const found = DATE.exec(text)
  if (!found) return at
  const end = DATE.lastIndex
  if (found[3] && !MONTH.test(found[3])) return at
  if (is(codeAt(text, end), WORD) && !/^T\d\d:/.test(text.slice(end, end + 4))) return at
  if (announced(text, start) !== 'birth' && !/^[ (（]?生/.test(text.slice(end, end + 2))) return at
  hits.add(start, end, 'DATE_OF_BIRTH')
  return end
}

/** A look at what follows the first digits, since nearly all numbers are no dates and this is asked of each. */
function mayBeDate(text: string, at: number, first: number, next: number): boolean {
  if (next === 45 || next === 47 || next === 46) {
    const second = runEnd(text, first + 1, DIGIT, 3)
    if (second > first + 1) return codeAt(text, second) === next && is(codeAt(text, second + 1), DIGIT)
  }
  if (first - at > 2) return false
  // 2 Jan, 2. Januar, 2nd of January; January 2, 1985
  const isDayFirst = next === 32 || next === 45 || next === 46 || next === 186 || isOrdinal(next)
  if (isDayFirst && is(codeAt(text, first + 1), LETTER | BLANK))
    return /\d{4}/.test(text.slice(first, first + LONGEST_TAIL))
  const year = next === 44 ? first + 2 : next === 32 ? first + 1 : at
  return year > at && runEnd(text, year, DIGIT, 5) === year + 4
}

/** The first letter of st, nd, rd, th or er. */
function isOrdinal(code: number): boolean {
  return code === 115 || code === 110 || code === 114 || code === 116 || code === 101
}

/** 昭和60年, 昭60.1.2, S60.1.2 */
function eraStart(text: string, at: number): number {
  const era = ERA.exec(text.slice(Math.max(0, at - 2), at))
  if (era) return at - era[0].length
  return /[MTSHR]/.test(text.slice(Math.max(0, at - 1), at)) && startsToken(text, at - 1) ? at - 1 : at
}

/** `January 2, 1985` */
function monthStart(text: string, at: number): number {
  if (codeAt(text, at - 1) !== 32) return at
  let start = at - 1
  while (start > at - LONGEST_MONTH && is(codeAt(text, start - 1), LETTER)) start--
  return MONTH.test(text.slice(start, at)) && startsToken(text, start) ? start : at
}
