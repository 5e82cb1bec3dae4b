/** Secrets in XML: `<password>…</password>`, `<string name="api_key">…</string>`. Called by the scanner at `>`. */
import { WORDS } from '../anchors'
import { codeAt, is, runEnd, WORD } from '../chars'
import type { Detector } from '../scan'
import { secretWordAt } from '../secret-words'
import { isPlaceholder, looksRandom } from './plausible'

const LONGEST_TAG = 80
const LONGEST_VALUE = 2048

export const element: Detector = {
  names: ['secret element'],
  finds: 'secret',
  anchors: [{ at: '>', after: `${WORDS}"` }],
  at(text, at, hits) {
    const isAttribute = text[at - 1] === '"'
    const nameEnd = isAttribute ? at - 1 : at
    if (!is(codeAt(text, nameEnd - 1), WORD)) return at
    const word = secretWordAt(text, nameEnd)
    if (word?.value !== 'secret' && word?.value !== 'token') return at
    if (
      !/<[A-Za-z][\w:.-]{0,60}(?: [\w:.-]{1,20}=")?[\w:.-]{0,60}$/.test(
        text.slice(Math.max(0, at - LONGEST_TAG), nameEnd),
      )
    )
      return at
    let start = at + 1
    if (text.startsWith('<![CDATA[', start)) start += 9
    while (start < at + 40 && /\s/.test(text[start] ?? '')) start++
    let end = start
    while (end < text.length && end < start + LONGEST_VALUE && text[end] !== '<' && text[end] !== ']') end++
    if (!/^(?:\]\]>)?<\//.test(text.slice(end, end + 5))) return at
    while (end > start && /\s/.test(text[end - 1]!)) end--
    const value = text.slice(start, end)
    if (isPlaceholder(value) || (word.value === 'token' && !looksRandom(value)) || / /.test(value)) return at
    hits.add(start, end, 'REDACTED')
    return runEnd(text, end, WORD, 1)
  },
}
