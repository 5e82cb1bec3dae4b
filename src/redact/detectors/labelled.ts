/**
 * Names, addresses and postal codes that a key or label announces: `"full_name": "…"` in JSON at any depth of escaping,
 * `Name: …` in a letter, 氏名：…, 住所は…, `<lastName>…`. Called by the scanner at what stands between the two.
 */
import { BEYOND, not, WORDS } from '../anchors'
import { BACKSLASH, BLANK, codeAt, is, LETTER } from '../chars'
import type { Tag } from '../mask'
import { nameWordAt } from '../name-words'
import { withoutKoreanEnding } from '../names/east-asian'
import { isReading, kanaEnd, kanjiEnd, surnameEnd } from '../names/japanese'
import { fullNameAt } from '../names/latin'
import { isArabic, isHangul, isHiragana, isKanji, isKatakana } from '../names/script'
import type { Detector, Hits } from '../scan'
import { isPlaceholder } from './plausible'
import { isAddress, isForeignName, isJapaneseName, isLatinName, type Told, withoutTitle } from './told-value'
import { lineEnd, quotedEnd, slashesBefore } from './value'

/** A word, its quote, a remark, the stars of bold text, a space. */
const KEY_ENDS = `${WORDS}"')* \t${BEYOND}`
const LONGEST_NAME = 80
const LONGEST_ADDRESS = 200
/** How far a bare `name` looks for keys that stand beside a person's name. */
const NEIGHBOURHOOD = 300

const TAG_OF: Record<Told, Tag> = {
  name: 'NAME',
  role: 'NAME',
  bare: 'NAME',
  address: 'ADDRESS',
  postal: 'POSTAL_CODE',
}

const PERSONAL_KEY =
  /(?:e-?mail|phone|tel|mobile|address|birth(?:day|_?date)?|dob|gender|\bage|ssn|(?:first|last|full)_?name|surname|メール(?:アドレス)?|電話(?:番号)?|住所|生年月日|性別|年齢)[\\"']{0,40}\s{0,2}[:=：]/i

/** `"customer": {"id": 3, "name": "…"`, `"customers": [{"name": "…"`: the object is a person's; in YAML, XML and code too. */
const PERSON_AROUND =
  /(?:customer|client|patient|employee|guest|passenger|contact|recipient|sender|receiver|buyer|applicant|candidate|student|person|people|owner|assignee|user|member|attendee|participant|manager|doctor|physician|driver|teacher|reporter|requester|billing|shipping|(?:bill|ship)_?to|holder|payer|payee|beneficiary|tenant|traveler|subscriber|spouse|signer|顧客|患者|担当者|お客様|利用者|会員|社員|従業員|参加者)s?(?:[\\"']{0,40}\s{0,2}[:=]\s{0,2}(?:\{[^{}]{0,80}|\[[^[\]]{0,200}|\n\s{1,12}[\w-]{0,12})|\([^()]{0,80}|>\s{0,8}<\w{0,12})$/i
/** How far before the value it stands. */
const LONGEST_AROUND = 320

const PIPE = 124
/** The rest of a table's header, which a line of dashes follows: its cells are labels all. */
const HEADER = /^[^\n]{0,200}\n[ \t]{0,4}\|?[ :]{0,2}--/
/** The last characters of labels that only a space follows. */
const SELF = 'ナな号'
/** Between the label and the value: spaces, the stars of bold text, and tags. */
const GAP = /(?:[ \t\u00a0\u202f*]|<\/?[a-z]{1,8}>){0,12}/y
/** The end of an element after its label: `<th>Name</th>`. */
const CLOSING_TAG = /<\/[a-z]{1,8}$/
/** Names in a list that are read. */
const MOST_NAMES = 20

export const labelled: Detector = {
  names: ['name', 'address', 'postal code'],
  finds: 'personal',
  anchors: [
    // not ::, ://, ==, =>: no key stands before these
    { at: ':', after: KEY_ENDS, before: not(':/') },
    { at: '=', after: KEY_ENDS, before: not('=>') },
    { at: '>', after: `${KEY_ENDS}=`, before: not('>') },
    { at: '|', after: KEY_ENDS, before: not('|') },
    { at: 'は】' },
    // フリガナ ヤマダ, 郵便番号 150-0041
    { at: SELF },
  ],
  at(text, at, hits) {
    const code = codeAt(text, at)
    if (code === PIPE && HEADER.test(text.slice(at, at + 240))) return at
    const isLabel = code > 127 && SELF.includes(text[at]!)
    if (isLabel && !is(codeAt(text, at + 1), BLANK)) return at
    let end = isLabel ? at + 1 : keyEnd(text, at)
    const quote = codeAt(text, end - 1)
    const isQuoted = quote === 34 || quote === 39
    if (isQuoted) end -= 1 + slashesBefore(text, end - 1)
    const word = nameWordAt(text, end)
    if (!word) return at
    if (word.value !== 'recipient') return readValue(text, at, isQuoted, word.value, hits)
    const settled = readValue(text, at, isQuoted, 'address', hits)
    return settled > at ? settled : readValue(text, at, isQuoted, 'role', hits)
  },
}

/** Where the label before the separator ends: without spaces, the stars of bold text, and a remark in brackets. */
function keyEnd(text: string, at: number): number {
  // 'full_name' => 'Ann'
  let end = codeAt(text, at) === 62 && codeAt(text, at - 1) === 61 ? at - 1 : at
  while (end > at - 4 && isSpace(codeAt(text, end - 1))) end--
  if (codeAt(text, at) === 62) end -= CLOSING_TAG.exec(text.slice(Math.max(0, end - 10), end))?.[0].length ?? 0
  if (codeAt(text, end - 1) !== 41) return end
  // not looked for beyond them: a text may have no bracket that opens
  const remark = text.slice(Math.max(0, end - 15), end)
  const open = remark.lastIndexOf('(')
  return open >= 0 ? end - remark.length + open : end
}

/** Space, tab, no-break spaces (French), the star of bold text. */
function isSpace(code: number): boolean {
  return is(code, BLANK) || code === 42 || code === 0xa0 || code === 0x202f
}

function readValue(text: string, at: number, isQuotedKey: boolean, kind: Told, hits: Hits): number {
  GAP.lastIndex = at + 1
  const start = GAP.test(text) ? GAP.lastIndex : at + 1
  if (text[start] === '[') return kind === 'name' || kind === 'role' ? readList(text, start + 1, kind, hits) || at : at
  let opening = start
  while (codeAt(text, opening) === BACKSLASH) opening++
  const quote = codeAt(text, opening)
  if (quote === 34 || quote === 39) {
    // most values under a bare `name` are the name of a tool, a model, a field
    if (kind === 'bare' && isSmall(codeAt(text, opening + 1)) && !text.slice(opening + 1, opening + 6).includes(' '))
      return at
    const from = opening + 1
    // a bounded piece: what is no value is read again from the next label on
    const piece = text.slice(from, from + LONGEST_ADDRESS)
    const end = from + quotedEnd(piece, 0, text[opening]!, opening - start)
    const value = text.slice(from, end)
    if (!isValue(kind, value) && !(kind === 'bare' && isBareName(text, at, value))) return at
    hits.add(from, end, TAG_OF[kind])
    return end
  }
  if (kind === 'postal') return postal(text, start, isQuotedKey ? quoteOf(text, at) : '', hits) || at
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
function readList(text: string, start: number, kind: Told, hits: Hits): number {
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

const PARAMETER = /[^\s"'<>&#\\|;{}()]{1,300}/y

/** The end of the parameter of a URL or a form that begins at `start`, 0 when it is none: `Olivia%20Carter`, `Ann+Lane`. */
function parameterEnd(text: string, start: number, kind: Told): number {
  if (codeAt(text, start - 1) !== 61) return 0
  PARAMETER.lastIndex = start
  const value = PARAMETER.exec(text)?.[0]
  if (!value || !/[%+]/.test(value)) return 0
  try {
    return isValue(kind, decodeURIComponent(value.replaceAll('+', ' '))) ? start + value.length : 0
  } catch {
    return 0
  }
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122
}

/** The quote of the key before the colon at `at`, with its backslashes: a bare number cannot become a bare word. */
function quoteOf(text: string, at: number): string {
  return /\\{0,32}"(?=\s{0,8}$)/.exec(text.slice(Math.max(0, at - 42), at))?.[0] ?? ''
}

function isValue(kind: Told, value: string): boolean {
  if (value.length > LONGEST_ADDRESS || isPlaceholder(value) || nameWordAt(value, value.length)) return false
  if (kind === 'postal') return POSTAL.test(value)
  if (kind === 'address') return isAddress(value)
  if (value.length > LONGEST_NAME) return false
  return isForeignName(kind, value) || isLatinName(kind, value) || isJapaneseName(kind, value)
}

/** A `name` in a person's object, or beside an e-mail address, a phone number and the like, is a person's. */
function isBareName(text: string, at: number, value: string): boolean {
  if (isPlaceholder(value) || value.length > LONGEST_NAME) return false
  if (!isLatinName('name', value) && !isJapaneseName('role', value) && !isForeignName('role', value)) return false
  return (
    PERSON_AROUND.test(text.slice(Math.max(0, at - LONGEST_AROUND), at)) ||
    PERSONAL_KEY.test(text.slice(Math.max(0, at - NEIGHBOURHOOD), at + NEIGHBOURHOOD))
  )
}

/** Most countries in four to six digits, Japan, the USA, Brazil, Poland, Sweden, the Netherlands, Canada, UK. */
const POSTAL =
  /^(?:\d{4,6}|\d{3}-?\d{4}|\d{5}-\d{3,4}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{1,2}-\d{4,5})$/i
const POSTAL_HEAD =
  /^(?:\d{5}-\d{3,4}|\d{3}-?\d{4}|\d{2}-\d{3}|\d{3} \d{2}(?!\d)|\d{4} [A-Z]{2}\b|\d{4,6}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\w-])/

/** Masks the postal code without quotes that begins at `start`; returns its end, 0 when there is none. */
function postal(text: string, start: number, quote: string, hits: Hits): number {
  const found = POSTAL_HEAD.exec(text.slice(start, start + 12))?.[0]
  if (!found) return 0
  hits.add(start, start + found.length, 'POSTAL_CODE', quote)
  return start + found.length
}

/** The end of the address without quotes that begins at `start`: of its line, or of the Japanese text that it is. */
function addressEnd(text: string, start: number): number {
  const line = start + lineEnd(text.slice(start, start + LONGEST_ADDRESS), 0)
  let end = start
  while (end < line && !/[|;<>\t。、]/.test(text[end]!) && !(is(codeAt(text, end), BLANK) && isLabelAhead(text, end)))
    end++
  while (end > start && /[\s.,*]/.test(text[end - 1]!)) end--
  const value = text.slice(start, end)
  return end - start <= 120 && !isPlaceholder(value) && isAddress(value) ? end : 0
}

/** True when the next label stands behind the space at `at`: `住所：… 電話：…`. */
function isLabelAhead(text: string, at: number): boolean {
  return /^\s+(?!No[:.])[\p{L}]{1,12}[:=]/u.test(text.slice(at, at + 20))
}

/** The end of the name without quotes that begins at `start`, 0 when there is none. */
function bareNameEnd(text: string, at: number, start: number, kind: Told): number {
  const code = codeAt(text, start)
  if (isArabic(code)) {
    const value = ARABIC.exec(text.slice(start, start + LONGEST_NAME))![0]
    return isForeignName(kind, value) ? start + value.length : 0
  }
  if (isKanji(code) || isKatakana(code) || isHiragana(code) || isHangul(code)) {
    const end = foreignEnd(text, start)
    const value = text.slice(start, end)
    // 報告者は何故: は is no colon
    const isLabel = codeAt(text, at) < 128
    return end > start && ((isLabel && isForeignName(kind, value)) || isJapaneseName(kind, value)) ? end : 0
  }
  const name = fullNameAt(text, start, kind === 'name')
  if (!name || /[\w.([{@/]/.test(nextOf(text, name.end))) return 0
  if (kind === 'bare') {
    if (name.words > 1 && PERSON_AROUND.test(text.slice(Math.max(0, at - LONGEST_AROUND), at))) return name.end
    const near = PERSONAL_KEY.test(text.slice(Math.max(0, at - NEIGHBOURHOOD), at + NEIGHBOURHOOD))
    return near ? name.end : name.isKnown && name.words > 1 ? name.end : 0
  }
  // a sentence goes on after `client: Create`
  if (kind === 'role' && !name.isKnown && (name.words < 2 || /^ [\p{L}\d]/u.test(text.slice(name.end, name.end + 2))))
    return 0
  return name.end
}

/** The character after a name that would make it code or a host; a full stop at the end of a sentence is none. */
function nextOf(text: string, at: number): string {
  const char = text[at] ?? ''
  // </lastName>, not Map<string>
  if (char === '<') return text[at + 1] === '/' ? '' : '('
  if (char === ':') return text[at + 1] === ':' ? '(' : ''
  return char === '.' && !is(codeAt(text, at + 1), LETTER) ? '' : char
}

/** Arabic words, a comma behind the first ones. */
const ARABIC = /^[\u0621-\u06d3]{1,12}(?:[,،]? [\u0621-\u06d3]{1,12}){0,3}/

/** The end of a Japanese, Chinese or Korean name without quotes: one or two words of one script, without a title. */
function foreignEnd(text: string, start: number): number {
  const surname = surnameEnd(text, start)
  let end = scriptEnd(text, start)
  if (end > surname && surname > start) {
    const given = withoutTitle(text, surname, kanjiEnd(text, surname, 6))
    if (given >= surname) end = given
  } else if (surname > start && end === surname) {
    // 加藤さくら
    for (let kana = kanaEnd(text, surname, 5); kana > surname; kana--)
      if (isReading(text.slice(surname, kana))) return kana
  }
  if ((codeAt(text, end) === 32 || codeAt(text, end) === 0x30fb) && end - start <= 10) {
    const second = scriptEnd(text, end + 1)
    // the next label is no given name
    if (second > end + 1 && second - end <= 10 && codeAt(text, second) !== 58) end = withoutTitle(text, end + 1, second)
  }
  return withoutTitle(text, start, end)
}

function scriptEnd(text: string, at: number): number {
  const code = codeAt(text, at)
  if (isKanji(code)) return kanjiEnd(text, at, 8)
  if (!isHangul(code)) return kanaEnd(text, at, 12)
  let end = at
  while (end < at + 8 && isHangul(codeAt(text, end))) end++
  return at + withoutKoreanEnding(text.slice(at, end)).length
}
