/**
 * Secrets in XML: `<password>…</password>`, `<string name="api_key">…</string>`, `<key>apiKey</key><string>…</string>`;
 * and in the next cell of a table or list of HTML: `<td>Password</td><td>…</td>`.
 * Called by the scanner at `>`.
 */
import { WORDS } from '../anchors'
import { codeAt, is, runEnd, WORD } from '../chars'
import type { Detector } from '../scan'
import { type SecretWord, secretWordAt } from '../secret-words'
import { isPlaceholder, isStrong, looksRandom } from './plausible'

const LONGEST_TAG = 160
const LONGEST_VALUE = 2048
/** The name of the tag, or of an attribute of one that says what its text is. */
const TAG = /<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,120})?$/
const NAMED = /\s(?:name|key|id)=["']([\w.:-]{1,80})["']/
/** Property lists have the key in an element of its own. */
const KEY = /<key>([\w .:-]{1,80})<\/key>\s{0,20}<string$/
/** A cell, and the one that says what it is. */
const CELL =
  /<(?:td|th|dt)(?:\s[^<>]{0,60})?>\s{0,20}([\w .-]{1,40}):?\s{0,20}<\/(?:td|th|dt)>\s{0,20}<(?:td|dd)(?:\s[^<>]{0,60})?$/i

export const element: Detector = {
  names: ['secret element'],
  finds: 'secret',
  anchors: [{ at: '>', after: `${WORDS}"'` }],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    if (!is(before, WORD) && before !== 34 && before !== 39) return at
    const head = text.slice(Math.max(0, at - LONGEST_TAG), at)
    const cell = CELL.exec(head)?.[1]
    const word = cell === undefined ? wordOf(head) : secretWordAt(cell, cell.length)
    if (word?.value !== 'secret' && word?.value !== 'token') return at
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

function wordOf(head: string): SecretWord | undefined {
  const tag = TAG.exec(head)
  if (!tag) return undefined
  const name = NAMED.exec(tag[0])?.[1] ?? KEY.exec(head)?.[1] ?? tag[1]!
  return secretWordAt(name, name.length)
}
