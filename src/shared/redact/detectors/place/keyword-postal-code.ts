/** Postal codes beside their word in a sentence or a form: 郵便番号 150-0041, `PLZ 80331`, `postcode SW1A 1AA`. */

import { NAME_WORDS } from '../../locales/name-words'
import { BEYOND, DIGITS, not, UPPER, WORDS } from '../../scan/anchors'
import { CAPITAL, codeAt, DIGIT, is, runEnd, WORD } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { RunShape } from '../../scan/run-shapes'
import type { Detector } from '../../scan/scanner'
import { nameWordAt } from '../../words/name-words'
import { createWordFinder } from '../../words/word-finder'
import { beforeLinks, isLinked, keywordEnd } from '../numbers/keyword-before-number'
import { maskPostal } from './unquoted-address'

/** These few alone: most words before a number are none of them, as their last letters say. */
const { find } = createWordFinder({ postal: NAME_WORDS.postal! })
/** What stands before `1AA` in a postcode of the United Kingdom, before `0B1` in one of Canada. */
const HALF = /(?<!\w)[A-Z]{1,2}\d[A-Z\d]? $/
/** Zip code is 90210: five digits say little, and stand behind "code" for anything. */
const CODE = /(?:zip|post(?:al)?)[ -]?code$/i
/** In one group: Japan. */
const MOST_DIGITS = 7
/** What is a postal code by its form: ZIP+4, Japan, Brazil, the Netherlands. */
const FORM = /^\d{3,5}(?:-\d{3,4}| [A-Z]{2})(?![\w-])/

/** What `mayBegin` lets pass. */
const SHAPES: readonly RunShape[] = [
  { least: 4, most: MOST_DIGITS, next: not(WORDS), beginsRow: true },
  { most: 3, next: '-', second: DIGITS, beginsRow: true },
  { least: 3, most: 3, next: ' ', second: DIGITS, beginsRow: true },
]

export const keywordPostalCode: Detector = {
  finds: 'personal',
  anchors: [
    ...SHAPES.map(run => ({ at: DIGITS, after: ` (${BEYOND}`, before: DIGITS, run })),
    { at: DIGITS, after: ' ', before: UPPER },
  ],
  at(text, at, hits) {
    const isHalf = is(codeAt(text, at + 1), CAPITAL)
    // most numbers are short, or stand in a row
    if (!isHalf && codeAt(text, at - 1) === 32 && is(codeAt(text, at - 2), DIGIT)) return at
    if (isHalf ? !is(codeAt(text, at + 2), DIGIT | CAPITAL) : !mayBegin(text, at)) return at
    const half = isHalf ? HALF.exec(textBefore(text, at, 5))?.[0].length : 0
    if (half === undefined) return at
    const start = at - half
    const end = keywordEnd(text, start)
    if (end === 0) return at
    let word = end
    if (!isPostal(text, word)) {
      word = beforeLinks(text, end)
      if (word === end || !isPostal(text, word)) return at
    }
    if (half === 0 && CODE.test(textBefore(text, word, 11)) && !FORM.test(text.slice(at, at + 11))) return at
    return maskPostal(text, start, '', hits, isLinked(text, word, start)) || at
  },
}

/** Before the word is looked for: the sizes of its groups are those of some postal code. */
function mayBegin(text: string, at: number): boolean {
  const end = runEnd(text, at, DIGIT, MOST_DIGITS + 1)
  const digits = end - at
  const next = codeAt(text, end)
  if (digits > 3) return digits <= MOST_DIGITS && !is(next, WORD)
  return (next === 45 || (next === 32 && digits === 3)) && is(codeAt(text, end + 1), DIGIT)
}

function isPostal(text: string, end: number): boolean {
  return find(text, end) !== undefined && nameWordAt(text, end)?.value === 'postal'
}
