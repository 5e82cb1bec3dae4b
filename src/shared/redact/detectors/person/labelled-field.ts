/**
 * Names, addresses and postal codes that a key or label announces: `"full_name": "…"` in JSON at any depth of escaping,
 * `Name: …` in a letter, 氏名：…, 住所は…, `<lastName>…`.
 */

import type { Tag } from '../../mask'
import { BEYOND, not, WORDS } from '../../scan/anchors'
import { BACKSLASH, BLANK, codeAt, is } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Detector, Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { nameWordAt } from '../../words/name-words'
import { addressEnd, maskPostal } from '../place/unquoted-address'
import { quotedEnd, slashesBefore } from '../secrets/value'
import { type FieldKind, isLikeName, isValue, LONGEST_ADDRESS, LONGEST_NAME } from './candidate-value'
import { isKatakana } from './names/script'
import { isPersonNear } from './person-near'
import { bareNameEnd } from './unquoted-name'

/** A word, its quote, a remark, the stars of bold text, a space. */
const KEY_ENDS = `${WORDS}"')*. \t${BEYOND}`
const TAG_OF: Record<FieldKind, Tag> = {
  name: 'NAME',
  role: 'NAME',
  bare: 'NAME',
  address: 'ADDRESS',
  postal: 'POSTAL_CODE',
}

const PIPE = 124
/** The rest of a table's header, which a line of dashes follows: its cells are labels all. */
const HEADER = /^[^\n]{0,200}\n[ \t]{0,4}\|?[ :]{0,2}--/
/** The last characters of labels that only a space follows. */
const SELF = 'ナな号名人義'
/** Between the label and the value: spaces, the stars of bold text, and tags. */
const GAP = /(?:[ \t\u00a0\u202f*]|<\/?[a-z]{1,8}>){0,12}/y
/** Letters in the tag that ends an element. */
const LONGEST_TAG = 8
/** Names in a list that are read. */
const MOST_NAMES = 20

export const labelledField: Detector = {
  finds: 'personal',
  anchors: [
    // not ::, ://, ==, =>: no key stands before these
    { at: ':', after: KEY_ENDS, before: not(':/'), key: 'name' },
    { at: '=', after: KEY_ENDS, before: not('=>'), key: 'name' },
    { at: '>', after: `${KEY_ENDS}=`, before: not('>') },
    { at: '|', after: KEY_ENDS, before: not('|'), key: 'name' },
    { at: 'は】' },
    // フリガナ ヤマダ, 郵便番号 150-0041
    { at: SELF },
  ],
  at(text, at, hits) {
    const code = codeAt(text, at)
    const isLabel = code > 127 && SELF.includes(text[at]!)
    if (isLabel && (!is(codeAt(text, at + 1), BLANK) || !isSure(text, at))) return at
    let end = isLabel ? at + 1 : keyEnd(text, at)
    const quote = codeAt(text, end - 1)
    const isQuoted = quote === 34 || quote === 39
    if (isQuoted) end -= 1 + slashesBefore(text, end - 1)
    const word = nameWordAt(text, end)
    if (!word || (code === PIPE && HEADER.test(text.slice(at, at + 240)))) return at
    if (word.value !== 'recipient') return readValue(text, at, isQuoted, word.value, hits)
    const settled = readValue(text, at, isQuoted, 'address', hits)
    return settled > at ? settled : readValue(text, at, isQuoted, 'role', hits)
  },
}

/** True before what only a name is behind such a label: 患者名 サトウ ハナコ; those in kanji are found by their surnames. */
function isSure(text: string, at: number): boolean {
  if (!'名人義'.includes(text[at]!)) return true
  return isKatakana(codeAt(text, at + 2)) && nameWordAt(text, at + 1)?.value === 'name'
}

/** Where the label before the separator ends: without spaces, the stars of bold text, and a remark in brackets. */
function keyEnd(text: string, at: number): number {
  // 'full_name' => 'Ann'
  let end = codeAt(text, at) === 62 && codeAt(text, at - 1) === 61 ? at - 1 : at
  while (end > at - 4 && isSpace(codeAt(text, end - 1))) end--
  if (codeAt(text, at) === 62) end = closingTagStart(text, end)
  if (codeAt(text, end - 1) !== 41) return end
  // not looked for beyond them: a text may have no bracket that opens
  const remark = textBefore(text, end, 15)
  const open = remark.lastIndexOf('(')
  return open >= 0 ? end - remark.length + open : end
}

/** Where the tag before `end` begins that ends an element after its label (`<th>Name</th>`), `end` when there is none. */
function closingTagStart(text: string, end: number): number {
  let start = end
  while (start > end - LONGEST_TAG && isSmall(codeAt(text, start - 1))) start--
  return start < end && codeAt(text, start - 1) === 47 && codeAt(text, start - 2) === 60 ? start - 2 : end
}

/** Space, tab, no-break spaces (French), the star of bold text. */
function isSpace(code: number): boolean {
  return is(code, BLANK) || code === 42 || code === 0xa0 || code === 0x202f
}

function readValue(text: string, at: number, isQuotedKey: boolean, word: FieldKind | 'label', hits: Hits): number {
  spend(word === 'address' ? 20 : 6)
  GAP.lastIndex = at + 1
  const start = GAP.test(text) ? GAP.lastIndex : at + 1
  let opening = start
  while (codeAt(text, opening) === BACKSLASH) opening++
  const quote = codeAt(text, opening)
  const isQuoted = quote === 34 || quote === 39
  const kind = word !== 'label' ? word : isQuoted || isQuotedKey ? 'bare' : 'role'
  if (text[start] === '[') return kind === 'name' || kind === 'role' ? readList(text, start + 1, kind, hits) || at : at
  if (isQuoted) {
    // most values under a bare `name` are the name of a tool, a model, a field
    if (kind === 'bare' && isSmall(codeAt(text, opening + 1)) && !text.slice(opening + 1, opening + 6).includes(' '))
      return at
    const from = opening + 1
    // a bounded piece: what is no value is read again from the next label on
    const piece = text.slice(from, from + LONGEST_ADDRESS)
    const end = from + quotedEnd(piece, 0, text[opening]!, opening - start)
    const value = text.slice(from, end)
    if (!isValue(kind, value) && !(kind === 'bare' && isLikeName(value) && isPersonNear(text, at))) return at
    hits.add(from, end, TAG_OF[kind])
    return end
  }
  if (kind === 'postal') return maskPostal(text, start, isQuotedKey ? quoteOf(text, at) : '', hits) || at
  if (isQuotedKey) return at
  const parameter = parameterEnd(text, start, kind)
  if (parameter > start) {
    hits.add(start, parameter, TAG_OF[kind])
    return parameter
  }
  const end = kind === 'address' ? addressEnd(text, start) : bareNameEnd(text, at, start, kind)
  if (end === 0) return at
  hits.add(start, end, TAG_OF[kind])
  return end
}

/** Masks the names in a list of quoted values that begins at `start`; returns where the last one ends, 0 without any. */
function readList(text: string, start: number, kind: FieldKind, hits: Hits): number {
  let last = 0
  let from = start
  for (let count = 0; count < MOST_NAMES; count++) {
    const opening = /^[\s,]{0,8}(\\{0,32})(["'])/.exec(text.slice(from, from + 42))
    if (!opening) return last
    from += opening[0].length
    const end = from + quotedEnd(text.slice(from, from + LONGEST_NAME), 0, opening[2]!, opening[1]!.length)
    if (isValue(kind, text.slice(from, end))) {
      hits.add(from, end, TAG_OF[kind])
      last = end
    }
    from = end + opening[1]!.length + 1
  }
  return last
}

/** Eight characters of a value are looked at in a unit of work, here as bits. */
const CHARACTERS = 3
const PARAMETER = /[^\s"'<>&#\\|;{}()]{1,300}/y
/** Others are read as characters (`scan/fold.ts`), or are none. */
const ASCII = /(?:%[0-7][\da-f])+/gi

/** The end of the parameter of a URL or a form that begins at `start`, 0 when it is none: `Olivia%20Carter`, `Ann+Lane`. */
function parameterEnd(text: string, start: number, kind: FieldKind): number {
  if (codeAt(text, start - 1) !== 61) return 0
  PARAMETER.lastIndex = start
  const value = PARAMETER.exec(text)?.[0] ?? ''
  spend(value.length >> CHARACTERS)
  if (!/[%+]/.test(value)) return 0
  return isValue(kind, value.replaceAll('+', ' ').replace(ASCII, decodeURIComponent)) ? start + value.length : 0
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122
}

/** The quote of the key before the colon at `at`, with its backslashes: a bare number cannot become a bare word. */
function quoteOf(text: string, at: number): string {
  return /\\{0,32}"(?=\s{0,8}$)/.exec(textBefore(text, at, 42))?.[0] ?? ''
}
