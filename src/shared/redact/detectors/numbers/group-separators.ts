/** What may stand between two groups of digits of one number. */
import { BACKSLASH, codeAt, DIGIT, GAP, is } from '../../scan/chars'

/** Where the next group begins after at most two separators, or after a slash with a space on each side; 0 when there is none. */
export function groupAfter(text: string, end: number): number {
  let next = end
  while (next < end + 2 && isSeparator(codeAt(text, next))) next++
  if (next === end + 2 && codeAt(text, end + 1) === 47 && codeAt(text, end) === 32 && codeAt(text, next) === 32) next++
  const code = codeAt(text, next)
  if (is(code, DIGIT)) return next > end ? next : 0
  return code === 43 || code === 10 || code === BACKSLASH ? afterUnusual(text, end, next) : 0
}

/** A space as a form writes it (`+`); a line that ends with a hyphen or bracket. */
function afterUnusual(text: string, end: number, next: number): number {
  const code = codeAt(text, next)
  let after = 0
  if (code === 43) after = next === end || isBracket(codeAt(text, end)) ? next + 1 : 0
  else if (next === end + 1 && codeAt(text, end) !== 32 && codeAt(text, end) !== 46) after = lineEnd(text, next)
  return after > 0 && is(codeAt(text, after), DIGIT) ? after : 0
}

const MOST_SLASHES = 32

/** Behind a line feed or its escape at any depth of JSON, `next` where there is none. */
function lineEnd(text: string, next: number): number {
  if (codeAt(text, next) === 10) return next + 1
  let after = next
  while (after < next + MOST_SLASHES && codeAt(text, after) === BACKSLASH) after++
  return codeAt(text, after) === 110 ? after + 1 : next
}

export function isBracket(code: number): boolean {
  return code === 40 || code === 41
}

/** Space, hyphen, full stop, slash, brackets, and the dashes that Japanese keyboards write. */
function isSeparator(code: number): boolean {
  return is(code, GAP) || code === 45 || code === 46 || isWideDash(code)
}

/** The other dashes, the long vowel mark and the middle dot; `fold` makes hyphens of the hyphens. */
export function isWideDash(code: number): boolean {
  return (code >= 0x2013 && code <= 0x2015) || code === 0x30fc || code === 0x30fb
}
