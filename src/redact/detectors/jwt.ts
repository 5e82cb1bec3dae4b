/** JSON Web Tokens, signed (three parts), encrypted (five) or cut off. Called by the scanner at the J of `eyJ`. */
import { codeAt, runEnd, startsToken, TOKEN } from '../chars'
import type { Detector } from '../scan'

/** base64url of `{"`: how the header begins, and the payload of a signed token. */
const OBJECT = 'eyJ'
const SHORTEST_PART = 8
const MOST_PARTS = 5

export const jwt: Detector = {
  names: ['jwt'],
  finds: 'secret',
  anchors: [{ at: 'J', after: 'y' }],
  at(text, at, hits) {
    const start = at - 2
    if (
      codeAt(text, at - 1) !== 121 ||
      !text.startsWith(OBJECT, start) ||
      text[start - 1] === '-' ||
      !startsToken(text, start)
    )
      return at
    const header = runEnd(text, start, TOKEN, text.length)
    let end = header
    let parts = 1
    while (text[end] === '.' && parts < MOST_PARTS) {
      const part = runEnd(text, end + 1, TOKEN, text.length)
      if (part === end + 1 && text[part] !== '.') break
      end = part
      parts++
    }
    // two parts: a token whose signature is missing; one part is any object in base64
    const isToken = parts >= 3 || (parts === 2 && text.startsWith(OBJECT, header + 1))
    if (isToken && header - start >= SHORTEST_PART) hits.add(start, end, 'JWT')
    return end
  },
}
