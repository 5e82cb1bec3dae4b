/** Addresses and postal codes without quotes behind a label: `Address: …`, 郵便番号 150-0041. */
import { BLANK, codeAt, is } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Hits } from '../../scan/scanner'
import { isAddress, LONGEST_ADDRESS } from '../person/candidate-value'
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

/** What no line of an address goes on behind. */
const ENDS = '|;<>\t。、'

/** The end of the address without quotes that begins at `start`: of its line, or of the Japanese text that it is. */
export function addressEnd(text: string, start: number): number {
  const line = start + lineEnd(textBefore(text, start + LONGEST_ADDRESS, LONGEST_ADDRESS), 0)
  let end = start
  while (end < line && !ENDS.includes(text[end]!) && !(is(codeAt(text, end), BLANK) && isLabelAhead(text, end))) end++
  while (end > start && /[\s.,*]/.test(text[end - 1]!)) end--
  const value = text.slice(start, end)
  return end - start <= 120 && !isPlaceholder(value) && isAddress(value) ? end : 0
}

/** True when the next label stands behind the space at `at`: `住所：… 電話：…`. */
function isLabelAhead(text: string, at: number): boolean {
  return /^\s+(?!No[:.])[\p{L}]{1,12}[:=]/u.test(text.slice(at, at + 20))
}
