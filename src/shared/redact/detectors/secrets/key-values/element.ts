/**
 * Secrets in XML: `<password>…</password>`, `<string name="api_key">…</string>`, `<key>apiKey</key><string>…</string>`; and
 * in the next cell of a table or list of HTML: `<td>Password</td><td>…</td>`.
 */
import { WORDS } from '../../../scan/anchors'
import { codeAt, is, LETTER, runEnd, WORD } from '../../../scan/chars'
import { textBefore } from '../../../scan/pieces'
import type { Detector } from '../../../scan/scanner'
import { isSecretKeyword, type SecretWord, secretWordAt } from '../../../words/secret-words'
import { isPlaceholder, isStrong, looksRandom } from '../plausible'

const LONGEST_TAG = 160
const LONGEST_VALUE = 2048
/** The name of the tag, or of an attribute of one that says what its text is. */
const TAG = /^<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,120})?$/
const NAMED = /\s(?:name|key|id)=["']([\w.:-]{1,80})["']/
/** Property lists have the key in an element of its own. */
const KEY = /<key>([\w .:-]{1,80})<\/key>\s{0,20}<string$/
/** A cell, and the one that says what it is. */
const CELL =
  /<(?:td|th|dt)(?:\s[^<>]{0,60})?>\s{0,20}([\w .-]{1,40}):?\s{0,20}<\/(?:td|th|dt)>\s{0,20}<(?:td|dd)(?:\s[^<>]{0,60})?$/i

export const element: Detector = {
  finds: 'secret',
  anchors: [{ at: '>', after: `${WORDS}"'` }],
  at(text, at, hits) {
    // the next tag follows most tags
    if (codeAt(text, at + 1) === 60 && codeAt(text, at + 2) !== 33) return at
    const open = tagStart(text, at)
    if (open === at || !is(codeAt(text, open + 1), LETTER)) return at
    const cell = isCell(text, open) ? CELL.exec(head(text, at))?.[1] : undefined
    const word = cell === undefined ? wordOf(text, open, at) : secretWordAt(cell, cell.length)
    if (!isSecretKeyword(word)) return at
    let start = at + 1
    if (text.startsWith('<![CDATA[', start)) start += 9
    while (start < at + 40 && /\s/.test(text[start] ?? '')) start++
    let end = start
    while (end < text.length && end < start + LONGEST_VALUE && text[end] !== '<' && text[end] !== ']') end++
    if (!/^(?:\]\]>)?<\//.test(text.slice(end, end + 5))) return at
    while (end > start && /\s/.test(text[end - 1]!)) end--
    const value = text.slice(start, end)
    if (cell !== undefined && !isStrong(value)) return at
    if (isPlaceholder(value) || (word.value === 'token' && !looksRandom(value)) || / /.test(value)) return at
    hits.add(start, end, 'REDACTED')
    return runEnd(text, end, WORD, 1)
  },
}

/** The index of the `<` of the tag that ends at `at`, `at` when there is none. */
function tagStart(text: string, at: number): number {
  for (let open = at - 1; open >= 0 && open >= at - LONGEST_TAG; open--) {
    const code = codeAt(text, open)
    if (code === 60) return open
    if (code === 62) return at
  }
  return at
}

/** `<td` or `<dd` */
function isCell(text: string, open: number): boolean {
  const kind = codeAt(text, open + 1) | 32
  return (kind === 116 || kind === 100) && (codeAt(text, open + 2) | 32) === 100
}

function head(text: string, at: number): string {
  return textBefore(text, at, LONGEST_TAG)
}

function wordOf(text: string, open: number, at: number): SecretWord | undefined {
  const tag = TAG.exec(text.slice(open, at))
  if (!tag) return undefined
  const key = tag[0] === '<string' ? KEY.exec(head(text, at)) : null
  const name = NAMED.exec(tag[0])?.[1] ?? key?.[1] ?? tag[1]!
  return secretWordAt(name, name.length)
}
