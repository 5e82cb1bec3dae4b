/** Addresses and postal codes without quotes behind a label: `Address: …`, 郵便番号 150-0041. */
import { BLANK, codeAt, is } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { isAddress } from '../person/candidate-value'
import { isPlaceholder } from '../secrets/plausible'
import { lineEnd } from '../secrets/value'

const POSTAL_HEAD =
  /^(?:\d{5}-\d{3,4}|\d{3}-?\d{4}|\d{2}-\d{3}|\d{3} \d{2}(?!\d)|\d{4} [A-Z]{2}\b|\d{4,6}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\w-])/

/** What is four digits beside a word is a year as often. */
const YEAR = /^(?:19|20)\d\d$/

/**
 * Masks the postal code without quotes that begins at `start`; returns its end, 0 when there is none.
 * @param isLinked whether more than a space stands between it and its word
 */
export function maskPostal(text: string, start: number, quote: string, hits: Hits, isLinked = true): number {
  const found = POSTAL_HEAD.exec(text.slice(start, start + 12))?.[0]
  if (!found || (!isLinked && YEAR.test(found))) return 0
  hits.add(start, start + found.length, 'POSTAL_CODE', quote)
  return start + found.length
}

const LONGEST = 121
/** Four characters are looked at in a unit of work, here as bits. */
const CHARACTERS = 2
/** What no line of an address goes on behind. */
const ENDS = '|;<>\t。、'

/** The end of the address without quotes that begins at `start`: of its line, or of the Japanese text that it is. */
export function addressEnd(text: string, start: number): number {
  const line = start + lineEnd(textBefore(text, start + LONGEST, LONGEST), 0)
  let end = start
  while (end < line && !ENDS.includes(text[end]!) && !isLabelAhead(text, end)) end++
  spend((end - start) >> CHARACTERS)
  while (end > start && /[\s.,*]/.test(text[end - 1]!)) end--
  const value = text.slice(start, end)
  return end - start < LONGEST && !isPlaceholder(value) && isAddress(value) ? end : 0
}

/** Where the text goes on behind a space with a word, which may be a label. */
const LABEL = /(?!No[:.])\p{L}{1,12}[:=]/uy
/** What it costs to look for one. */
const LOOK = 4

/** True when the next label stands behind the space at `at`: `住所：… 電話：…`. */
function isLabelAhead(text: string, at: number): boolean {
  if (!is(codeAt(text, at), BLANK) || is(codeAt(text, at + 1), BLANK)) return false
  spend(LOOK)
  LABEL.lastIndex = at + 1
  return LABEL.test(text)
}
