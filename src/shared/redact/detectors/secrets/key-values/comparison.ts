/** Secrets in code that compares with them: `if (apiKey === "…")`, `"…" == password`. */
import { codeAt, runEnd, TOKEN } from '../../../scan/chars'
import { textBefore } from '../../../scan/pieces'
import type { Detector } from '../../../scan/scanner'
import { isSecretKeyword, secretWordAt } from '../../../words/secret-words'
import { isPlaceholder, isStrong } from '../plausible'
import { quotedEnd } from '../value'
import { isQuote } from './quote'

const LONGEST_VALUE = 256
const LONGEST_NAME = 48
/** A literal before the operator, and its quote. */
const LITERAL = /(["'])((?:(?!\1)[^\s\\]){4,256})\1$/

export const comparison: Detector = {
  finds: 'secret',
  anchors: [{ at: '=', after: '=!', before: ` "'\`` }],
  at(text, at, hits) {
    let left = at
    while (codeAt(text, left - 1) === 61 || codeAt(text, left - 1) === 33) left--
    if (codeAt(text, left - 1) === 32) left--
    const right = codeAt(text, at + 1) === 32 ? at + 2 : at + 1
    const isRight = isQuote(codeAt(text, right))
    if (isRight && isSecretKeyword(secretWordAt(text, left))) {
      const end = quotedEnd(text.slice(right, right + LONGEST_VALUE), 1, text[right]!, 0) + right
      const value = text.slice(right + 1, end)
      if (!isStrong(value) || isPlaceholder(value) || /\s/.test(value)) return at
      hits.add(right + 1, end, 'REDACTED')
      return end
    }
    if (isRight || !isQuote(codeAt(text, left - 1))) return at
    if (!isSecretKeyword(secretWordAt(text, runEnd(text, right, TOKEN, LONGEST_NAME)))) return at
    const value = LITERAL.exec(textBefore(text, left, LONGEST_VALUE - 2))?.[2]
    if (value === undefined || !isStrong(value) || isPlaceholder(value)) return at
    hits.add(left - 1 - value.length, left - 1, 'REDACTED')
    return at + 1
  },
}
