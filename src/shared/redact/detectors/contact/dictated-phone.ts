/** Phone and card numbers that are written digit by digit, beside a word: `call me at 4 1 5 5 5 5 2 6 7 1`. */
import { DIGITS, not } from '../../scan/anchors'
import { codeAt, DIGIT, is, runEnd } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { RunShape } from '../../scan/run-shapes'
import type { Detector } from '../../scan/scanner'
import { kindBefore } from '../../words/number-words'

const SINGLE = /\d(?:[ ,]{1,2}\d(?!\d)){6,18}(?![ ,]{1,2}\d|[\w.])/y
/** Pairs and single digits, as the French say them. */
const PAIRS = /\d{1,4}(?:[ -]\d{1,3}(?!\d)){4,9}(?![ -]\d|[\w.])/y
const MOST_IN_GROUP = 4
const FEWEST = 8
const MOST_OF_PHONE = 13
/** A number that one calls somebody on. */
const SOMEBODY = /\b(?:me|us|him|her|them|my|our|his|phone|tel|mobile|cell|whatsapp)\b[^\n]{0,24}$/i

/** Behind no other number, before one. */
const ROW: RunShape = { most: MOST_IN_GROUP, twoBefore: not(`${DIGITS},`), next: ' ,-', second: `${DIGITS} ` }

export const dictatedPhone: Detector = {
  finds: 'personal',
  anchors: [{ at: DIGITS, after: ' :', before: `${DIGITS} ,`, run: ROW }],
  at(text, at, hits) {
    // only where a row begins, and most rows begin behind no word
    if (is(codeAt(text, at - 2), DIGIT) || codeAt(text, at - 2) === 44) return at
    // before an expression: most numbers are long, or no other follows them
    const first = runEnd(text, at, DIGIT, MOST_IN_GROUP + 1)
    const gap = codeAt(text, first)
    if (first - at > MOST_IN_GROUP || (gap !== 32 && gap !== 44 && gap !== 45)) return at
    const second = codeAt(text, first + 1)
    if (!is(second, DIGIT) && second !== 32) return at
    for (const form of first === at + 1 ? [SINGLE, PAIRS] : [PAIRS]) {
      form.lastIndex = at
      if (!form.test(text)) continue
      const end = form.lastIndex
      const digits = text.slice(at, end).replace(/\D/g, '').length
      const kind = kindBefore(text, at)
      const isPhone =
        (kind === 'phone' || kind === 'call' || kind === 'my number') &&
        digits >= FEWEST &&
        digits <= MOST_OF_PHONE &&
        (kind === 'phone' || SOMEBODY.test(textBefore(text, at, 48)))
      if (!isPhone && !(kind === 'card' && digits >= 13)) return at
      hits.add(at, end, isPhone ? 'PHONE' : 'CARD')
      return end
    }
    return at
  },
}
