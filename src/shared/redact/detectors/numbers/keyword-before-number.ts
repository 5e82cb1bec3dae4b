/** What stands between a number and the word that announces it. Used where a short number counts only beside such a word. */
import { BETWEEN, codeAt, is, LETTER } from '../../scan/chars'
import { linkBefore } from '../../words/number-words'

/** Particles and brackets beyond ASCII. */
const MARKS = 'はがの은는이가是为為「『（【：'
const LONGEST_BETWEEN = 6

/** What was answered last: several detectors ask for the same number in turn. */
let lastText = ''
let lastStart = 0
let lastEnd = 0

/** Where the word before the number at `start` ends; 0 where another number or nothing stands there. */
export function keywordEnd(text: string, start: number): number {
  if (start === lastStart && text === lastText) return lastEnd
  let end = start
  while (end > start - LONGEST_BETWEEN && isBetween(text, end - 1)) end--
  const last = codeAt(text, end - 1)
  lastText = text
  lastStart = start
  lastEnd = is(last, LETTER) || last > 127 ? end : 0
  return lastEnd
}

function isBetween(text: string, at: number): boolean {
  const code = codeAt(text, at)
  // ] ends a mask
  return (is(code, BETWEEN) && code !== 93) || code === 44 || (code > 127 && MARKS.includes(text[at]!))
}

/** Where the word before a link ("is", "number", "anda") ends; `end` where no link stands. */
export function beforeLinks(text: string, end: number): number {
  const link = linkBefore(text, end)
  return link === undefined ? end : keywordEnd(text, link) || end
}

/** True where more than a space stands between the word and the number. */
export function isLinked(text: string, end: number, start: number): boolean {
  return start - end > 1 || (start > end && codeAt(text, end) !== 32)
}
