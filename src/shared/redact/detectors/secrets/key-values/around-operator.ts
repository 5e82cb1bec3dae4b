/** What stands between a key and its value, and around both: spaces, stars, the `?` of a URL. */
import { afterEscape, BLANK, codeAt, is, runEnd, TOKEN, WORD } from '../../../scan/chars'
import { textBefore } from '../../../scan/pieces'

/** Characters of a parameter's name before the word that counts (`X-Amz-` of `X-Amz-Signature`). */
const LONGEST_PREFIX = 48
/** Spaces that line up the operators below each other. */
const WIDEST_GAP = 24

/** True when the key whose last word begins at `wordStart` is a parameter of a URL. */
export function inQuery(text: string, wordStart: number): boolean {
  let start = wordStart
  while (start > wordStart - LONGEST_PREFIX && (is(codeAt(text, start - 1), TOKEN) || text[start - 1] === '.')) start--
  start = Math.min(afterEscape(text, start), wordStart)
  const before = textBefore(text, start, 6)
  return /(?:[?&#]|%3f|%26|&amp;|\\u0026|\\u003f)$/i.test(before)
}

/** Before the operator: `?=`, `:=`, `||=`, `.=`, spaces that align, `**Password**:`. */
export function nameEnd(text: string, keyEnd: number): number {
  // most keys end right before it
  if (is(codeAt(text, keyEnd - 1), WORD)) return keyEnd
  let end = keyEnd
  const marks = codeAt(text, keyEnd) === 58 ? ':?' : ':?|.+'
  while (end > keyEnd - 3 && marks.includes(text[end - 1] ?? ' ')) end--
  for (let spaces = 0; spaces < WIDEST_GAP && is(codeAt(text, end - 1), BLANK); spaces++) end--
  for (let stars = 0; stars < 2 && text[end - 1] === '*'; stars++) end--
  return end
}

/** `Password: **hunter2**`, `**Password:** hunter2` */
export function runOfStars(text: string, at: number): number {
  if (!text.startsWith('**', at)) return 0
  const next = runEnd(text, at + 2, BLANK, 2)
  return /[\w!-~]/.test(text[next] ?? '') && text[next] !== '*' ? next - at : 0
}
