/**
 * How the key before a separator ends, looked at once for all detectors that read keys: most keys of most texts end with
 * two letters with which no word of theirs ends.
 */
import { nameEnds } from '../words/name-words'
import { secretEnds } from '../words/secret-words'
import { pairOf } from '../words/word-finder'
import { BACKSLASH, BLANK, codeAt, DIGIT, is, LETTER, WORD } from './chars'
import { ALWAYS } from './run-shapes'

/** The kinds of keys, as bits of what was seen. */
export const SECRET_KEY = 1
export const NAME_KEY = 2

const ANYTHING = ALWAYS | SECRET_KEY | NAME_KEY
const ALNUM = LETTER | DIGIT

/** Of value, content, default, string, str and text: a secret's name may stand elsewhere (`key-before.ts`). */
const ELSEWHERE = ['ue', 'nt', 'lt', 'ng', 'tr', 'xt']
const elsewhere = new Uint8Array(128 * 128)
for (const end of ELSEWHERE) elsewhere[pairOf(end.charCodeAt(1), end.charCodeAt(0))] = 1

/** Spaces between the key and the separator; with more of them, nothing is told. */
const MOST_SPACES = 4

/** What the key before the separator at `at` may be; anything where it is no plain word. */
export function keyBefore(text: string, at: number): number {
  let end = at
  while (end > at - MOST_SPACES && is(codeAt(text, end - 1), BLANK)) end--
  const quote = codeAt(text, end - 1)
  if (quote === 34 || quote === 39) {
    end--
    while (codeAt(text, end - 1) === BACKSLASH) end--
  }
  const last = codeAt(text, end - 1)
  const before = codeAt(text, end - 2)
  // D.O.B., `nome è`: a joint stands before the last letter
  const third = codeAt(text, end - 3)
  if (!is(last, WORD) || !is(before, ALNUM) || (is(last, DIGIT) && !is(third, ALNUM))) return ANYTHING
  const pair = pairOf(last, before)
  // a digit may follow the word
  const shorter = is(last, DIGIT) ? pairOf(before, third) : pair
  const isSecret = (secretEnds[pair]! | secretEnds[shorter]! | elsewhere[pair]!) !== 0
  return ALWAYS | (isSecret ? SECRET_KEY : 0) | (nameEnds[pair] !== 0 ? NAME_KEY : 0)
}
