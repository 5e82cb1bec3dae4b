/** `Bearer …` and `Basic …` credentials wherever they stand. */
import { TOKEN_EDGE } from '../../../scan/anchors'
import { CREDENTIAL, codeAt, DIGIT, is, LETTER, runEnd, startsToken } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isHighEntropy } from '../high-entropy'

const SCHEME = /(?:bearer|basic)(?:[ \t]{1,4}|%20|\+|:[ \t]{0,4}|=)/iy
/** What is read of a token before it is decided on. */
const GLANCE = 64
/** A word is shorter. */
const LONG = 24

export const bearer: Detector = {
  finds: 'secret',
  // e of bearer or a of basic: most words with a b end here
  anchors: [{ at: 'Bb', after: TOKEN_EDGE, before: 'eEaA' }],
  at(text, at, hits) {
    if (!startsToken(text, at)) return at
    SCHEME.lastIndex = at
    if (!SCHEME.test(text)) return at
    const start = SCHEME.lastIndex
    const token = text.slice(start, credentialEnd(text, start, start + GLANCE))
    // bEarer
    if ((codeAt(text, at + 1) | 32) === 101 ? !isBearerToken(token) : !isBasicPair(token)) return start
    let end = credentialEnd(text, start + token.length, text.length)
    // a full stop at the end is the sentence's
    while (text[end - 1] === '.') end--
    hits.add(start, end, 'SECRET')
    return end
  },
}

function credentialEnd(text: string, at: number, stop: number): number {
  return runEnd(text, at, CREDENTIAL, stop - at)
}

/** "Bearer authentication" is prose: a token has digits, or is long and mixes capitals in. */
function isBearerToken(token: string): boolean {
  return token.length >= 6 && /\d|^(?=.{0,64}[a-z][A-Z]).{20}/.test(token)
}

/** Padding and a long text that a machine made are base64, whatever they hold; of others the text has to have a colon. */
function isBasicPair(token: string): boolean {
  spend(5)
  if (token.length >= LONG && /^[\w+/-]+$/.test(token) && isHighEntropy(token, 0, token.length, false)) return true
  return (token.length >= 7 && /^[\w+/-]{6,}={1,2}$/.test(token)) || isPair(token)
}

/** The base64 of `user:password` decodes to a text with a colon; "Basic LinkedIn" does not. */
function isPair(token: string): boolean {
  // four characters for three bytes; who leaves the padding away has a longer pair
  if (token.length < 8 || (token.length % 4 !== 0 && token.length < 12)) return false
  let bits = 0
  let count = 0
  for (let i = 0; i < token.length; i++) {
    const six = sextet(token.charCodeAt(i))
    if (six < 0) break
    bits = ((bits << 6) | six) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    const byte = (bits >> count) & 0xff
    if (byte < 32) return false
    if (byte === 58) return true
  }
  return false
}

function sextet(code: number): number {
  if (is(code, LETTER)) return code < 97 ? code - 65 : code - 71
  if (is(code, DIGIT)) return code + 4
  return code === 43 || code === 45 ? 62 : code === 47 || code === 95 ? 63 : -1
}
