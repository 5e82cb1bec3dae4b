/**
 * The password beside its user: the second of two arguments (`auth=("bob", "…")`, `new NetworkCredential("bob", "…")`), the
 * third of a connection (`mysqli_connect("host", "bob", "…")`), or behind a slash (`login: bob / …`).
 */

import { ending, endingAt } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { isPlaceholder, isStrong } from '../plausible'
import { quotedEnd } from '../value'

const NAME = ending(/basic_?auth|password_?authentication|credentials?|\bauth ?[=:] ?/i)
const CONNECTION = ending(/connect|connection|mysqli|PDO/i)
const SLASH = /\/ ["'`]?([^\s"'`\\,;]{6,64})/y
const LOGIN = ending(/\b(?:log-?in|credentials?|user(?:name)?|account)(?::| is| =)? {1,2}["'`]?[^\s"'`/]{1,64}["'`]? /i)
const ARGUMENTS = /\(\s{0,8}\\{0,8}["'][^"'\\\n]{1,128}\\{0,8}["'],\s{0,8}(\\{0,8})(["'])/y
const THREE = /\(\s{0,8}(?:\\{0,8}["'][^"'\\\n]{1,256}\\{0,8}["'],\s{0,8}){2}(\\{0,8})(["'])/y

export const pair: Detector = {
  finds: 'secret',
  anchors: [
    { at: '(', after: 'hHlLsSnNtTiIoO=: ', before: `"'\\ \n` },
    { at: '/', after: ' ', before: ' ' },
  ],
  at(text, at, hits) {
    if (text[at] === '/') return behindSlash(text, at, hits)
    const form = endingAt(NAME, text, at) ? ARGUMENTS : endingAt(CONNECTION, text, at) ? THREE : undefined
    if (!form) return at
    form.lastIndex = at
    const found = form.exec(text)
    if (!found) return at
    const start = form.lastIndex
    const end = quotedEnd(text, start, found[2]!, found[1]!.length)
    if (end - start < 4 || isPlaceholder(text.slice(start, end))) return at
    hits.add(start, end, 'REDACTED')
    return end
  },
}

function behindSlash(text: string, at: number, hits: Hits): number {
  SLASH.lastIndex = at
  const value = SLASH.exec(text)?.[1]
  if (!value || !isStrong(value) || !endingAt(LOGIN, text, at)) return at
  const end = SLASH.lastIndex
  hits.add(end - value.length, end, 'REDACTED')
  return end
}
