/** JSON Web Tokens, signed (three parts), encrypted (five) or cut off. */
import { codeAt, is, runEnd, startsToken, TOKEN, WORD } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'
import { isHighEntropy } from '../high-entropy'

/** base64url of `{"`: how the header begins, and the payload of a signed token. */
const OBJECT = 'eyJ'
const SHORTEST_PART = 8
const MOST_PARTS = 5

export const jwt: Detector = {
  finds: 'secret',
  anchors: [{ at: 'J', after: 'y' }],
  at(text, at, hits) {
    const start = at - 2
    if (
      codeAt(text, at - 1) !== 121 ||
      !text.startsWith(OBJECT, start) ||
      isInside(text, start) ||
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
    // one part is any object in base64
    const isToken = parts >= 3 || (parts === 2 && isPart(text, header + 1, end))
    if (isToken && header - start >= SHORTEST_PART) hits.add(start, end, 'JWT')
    return end
  },
}

/** A hyphen is of base64url too, but not where nothing stands before it, as in a diff. */
function isInside(text: string, start: number): boolean {
  return codeAt(text, start - 1) === 45 && is(codeAt(text, start - 2), WORD)
}

/** The payload of a token whose signature is missing, or what is encrypted; not the ending of a file. */
function isPart(text: string, start: number, end: number): boolean {
  return text.startsWith(OBJECT, start) || (end - start >= SHORTEST_PART && isHighEntropy(text, start, end, false))
}
