/**
 * The second of two arguments that are a user and a password: `auth=("bob", "…")`, `HTTPBasicAuth("bob", "…")`,
 * `new NetworkCredential("bob", "…")`. Called by the scanner at the bracket.
 */
import type { Detector } from '../scan'
import { isPlaceholder } from './plausible'
import { quotedEnd } from './value'

const NAME = /(?:basic_?auth|password_?authentication|credentials?|\bauth ?[=:] ?)$/i
const ARGUMENTS = /\(\s{0,8}\\{0,8}["'][^"'\\\n]{1,128}\\{0,8}["'],\s{0,8}(\\{0,8})(["'])/y

export const pair: Detector = {
  names: ['password of a pair'],
  finds: 'secret',
  anchors: [{ at: '(', after: 'hHlLsSnN=: ', before: `"'\\ \n` }],
  at(text, at, hits) {
    if (!NAME.test(text.slice(Math.max(0, at - 24), at))) return at
    ARGUMENTS.lastIndex = at
    const found = ARGUMENTS.exec(text)
    if (!found) return at
    const start = ARGUMENTS.lastIndex
    const end = quotedEnd(text, start, found[2]!, found[1]!.length)
    if (end - start < 4 || isPlaceholder(text.slice(start, end))) return at
    hits.add(start, end, 'REDACTED')
    return end
  },
}
