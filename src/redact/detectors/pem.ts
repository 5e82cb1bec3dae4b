/**
 * Private keys in PEM form, with real line breaks or with escaped ones (`\n` in JSON and in environment variables),
 * also cut off. Called by the scanner at `-`.
 */
import { BACKSLASH, codeAt, is, WORD } from '../chars'
import type { Detector } from '../scan'

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y
const END = /-----END [A-Z0-9 ]{0,60}-----/y
/** Shorter bodies are the `…` of documentation. */
const SHORTEST_BODY = 16

export const pem: Detector = {
  names: ['private key'],
  finds: 'secret',
  anchors: [{ at: '-', before: '-' }],
  at(text, at, hits) {
    if (codeAt(text, at + 1) !== 45 || !text.startsWith('-----BEGIN ', at)) return at
    BEGIN.lastIndex = at
    if (!BEGIN.test(text)) return at
    const body = BEGIN.lastIndex
    let end = body
    let letters = 0
    for (; end < text.length && isBody(codeAt(text, end)); end++) {
      if (is(codeAt(text, end), WORD)) letters++
      else if (text.startsWith('-----END', end)) break
    }
    END.lastIndex = end
    if (END.test(text)) end = END.lastIndex
    // the backslashes of the quote that ends a string are the string's
    else while (codeAt(text, end - 1) === BACKSLASH) end--
    if (letters >= SHORTEST_BODY) hits.add(at, end, 'SECRET')
    return end
  },
}

/** base64, white space, backslashes of escaped line breaks, and the header lines of encrypted keys. */
function isBody(code: number): boolean {
  if (is(code, WORD) || code === BACKSLASH) return true
  return (
    code === 43 ||
    code === 47 ||
    code === 61 ||
    code === 32 ||
    (code >= 9 && code <= 13) ||
    (code >= 44 && code <= 46) ||
    code === 58
  )
}
