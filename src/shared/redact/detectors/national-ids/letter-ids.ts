/**
 * Ids of letters and digits: accounts, residence cards, national numbers. Most such words are hexadecimal: the count of
 * letters before and of digits tells nearly all of them apart.
 */

import type { Tag } from '../../mask'
import { codeAt, is, LETTER, startsToken, WORD } from '../../scan/chars'
import type { Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { type NumberKind, nearestKind } from '../../words/number-words'
import { ibanEnd } from '../finance/iban'

export interface LetterRule {
  /** the first letters and digits: `A2D8` is two letters and eight digits */
  readonly begins: string
  readonly pattern: RegExp
  readonly tag: Tag
  readonly valid?: (id: string) => boolean
  /** counts only beside a word of this kind */
  readonly kind?: NumberKind
}

const byBeginning: LetterRule[][] = []

export function learnLetterIds(rules: readonly LetterRule[]): void {
  for (const rule of rules) {
    const [, letters, digits] = /^A(\d)D(\d+)$/.exec(rule.begins)!
    const key = Number(letters) * 32 + Number(digits)
    byBeginning[key] = [...(byBeginning[key] ?? []), rule]
  }
}

const MOST_LETTERS = 6

/** Where the letters before the digit at `at` begin, `at` when there is none. */
export function lettersStart(text: string, at: number): number {
  let start = at
  while (start > at - MOST_LETTERS && is(codeAt(text, start - 1), LETTER)) start--
  // the letter of \n is not the id's
  return codeAt(text, start - 1) === 92 && start < at ? start + 1 : start
}

/** The end of the id whose first digits are [at, first); `at` when there is none. */
export function letterIdEnd(text: string, at: number, first: number, hits: Hits): number {
  const start = lettersStart(text, at)
  if (!startsToken(text, start)) return at
  const letters = at - start
  const iban = letters === 2 && first - at >= 2 ? ibanEnd(text, start) : 0
  if (letters === 2) spend(2)
  if (iban > 0) {
    hits.add(start, iban, 'IBAN')
    return iban
  }
  const rules = byBeginning[letters * 32 + first - at]
  if (!rules) return at
  for (const { pattern, tag, valid, kind } of rules) {
    pattern.lastIndex = start
    if (!pattern.test(text)) continue
    const end = pattern.lastIndex
    if (is(codeAt(text, end), WORD) || (valid && !valid(text.slice(start, end).toUpperCase()))) continue
    if (kind && nearestKind(text, start, end) !== kind) continue
    hits.add(start, end, tag)
    return end
  }
  return at
}
