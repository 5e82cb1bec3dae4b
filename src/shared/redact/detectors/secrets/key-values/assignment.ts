/**
 * Values whose key says that they are secret: `"password": "…"` in JSON at any depth of escaping and also cut off,
 * `API_KEY=…`, `x-api-key: …`, `?access_token=…`, `Cookie: …`. The text is scanned as it is: nothing is parsed, so what is
 * not JSON, or is no longer, is read the same way.
 */

import { isInMask, startsWithMask } from '../../../mask'
import { BEYOND, not, WORDS } from '../../../scan/anchors'
import { BLANK, codeAt, runEnd } from '../../../scan/chars'
import { textBefore } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isCode, type SecretWord } from '../../../words/secret-words'
import { isLabel, isPlaceholder, isPlausible, isStrong, looksRandom } from '../plausible'
import { bareEnd, lineEnd, numberEnd, quotedEnd, slashesBefore } from '../value'
import { inQuery, nameEnd, runOfStars } from './around-operator'
import { maskStrings } from './container'
import { isHeaderText, isHeaderValue } from './header-value'
import { wordBefore } from './key-before'
import { nextLineValue, yamlBlockAt } from './next-line-value'
import { isQuote, type OpeningQuote, openingQuoteAt, openingQuoteInside } from './quote'

/** A word, its quote and bracket, a remark, a mark, the stars of bold text, a space. */
const KEY_ENDS = `${WORDS}"'\`])?* \t${BEYOND}`
/** What is read of a bare value before it is decided on. */
const GLANCE = 128
/** What is read behind it. */
const REST = 40
/** `?code=` carries a one-time code or a language; the latter is shorter. */
const SHORTEST_PARAMETER = 6
const SHORTEST_KEY = 16
const CODE_HEAD = /^\d{3,8}(?![\w-]|[.,:]\d)/

export const assignment: Detector = {
  finds: 'secret',
  anchors: [
    // not ==, !=, <=, =~, ::
    { at: '=', after: `${KEY_ENDS}:|.+}`, before: not('=~'), key: 'secret' },
    { at: ':', after: KEY_ENDS, before: not(':'), key: 'secret' },
    { at: '%', after: KEY_ENDS, before: '3' },
  ],
  at(text, at, hits) {
    const code = codeAt(text, at)
    if (code !== 37) return code === 58 && text.startsWith('//', at + 1) ? at : readPair(text, at, at + 1, hits)
    // %3D in a URL inside a URL
    return (codeAt(text, at + 2) | 32) === 100 ? readPair(text, at, at + 3, hits) : at
  },
}

/** A tab that JSON escapes, at any depth. */
const TAB = /\\{1,32}t\s{0,8}/y

function pastTab(text: string, at: number): number {
  if (codeAt(text, at) !== 92) return at
  TAB.lastIndex = at
  return TAB.test(text) ? TAB.lastIndex : at
}

function readPair(text: string, keyEnd: number, valueStart: number, hits: Hits): number {
  let end = nameEnd(text, keyEnd)
  if (codeAt(text, end - 1) === 93 && isQuote(codeAt(text, end - 2))) end-- // headers["authorization"] =
  const isQuoted = isQuote(codeAt(text, end - 1))
  const keyQuote = end - 1
  const keySlashes = isQuoted ? slashesBefore(text, keyQuote) : 0
  if (isQuoted) end -= 1 + keySlashes
  const word = wordBefore(text, end, keyEnd)
  // `[SECRET:` of a pseudonym is no key
  if (word?.value === 'query' && (isQuoted || codeAt(text, keyEnd) === 58)) return keyEnd
  if (!word || isInMask(text, valueStart, valueStart) || isOtherName(text, keyEnd, word, isQuoted)) return keyEnd

  spend(5)
  let start = valueStart
  if (text[start] === '>' || text[start] === '=') start++ // => and :=
  start = pastTab(text, runEnd(text, start, BLANK, 16))
  const emphasis = runOfStars(text, start)
  start += emphasis
  const opening = openingQuoteAt(text, start)
  if (opening) return quoted(text, opening, word, isQuoted, hits) || keyEnd
  if (!isQuoted && text[start] === '[' && isQuote(codeAt(text, start + 1)))
    return maskStrings(text, start, text[start + 1]!, accepts(word), hits) || keyEnd
  if (isQuoted) {
    // "node_modules/connection-string": { a package
    const isPath = /\/[\w.]*-$/.test(textBefore(text, word.start, 40))
    if (text[start] === '[' || (text[start] === '{' && word.value !== 'token' && !isPath))
      return maskStrings(text, start, text[keyQuote]!, accepts(word), hits) || keyEnd
    const inside = openingQuoteInside(text, start)
    if (inside) return quoted(text, inside, word, isQuoted, hits) || keyEnd
    if (word.value === 'token' || word.value === 'word') return keyEnd
    const number = numberEnd(text, start, word.value === 'code' ? 3 : 4)
    if (number === start) return keyEnd
    hits.add(start, number, 'REDACTED', text.slice(end, keyQuote + 1))
    return number
  }
  if (startsWithMask(text.slice(start, start + GLANCE))) return keyEnd
  const isParameter = codeAt(text, keyEnd) !== 58 && codeAt(text, keyEnd - 1) > 32 && inQuery(text, word.start)
  return (isParameter ? parameter : plain)(text, start, word, hits) || keyEnd
}

/** `arn:aws:…:secret:name`, `"AWS::IAM::AccessKey":`, `"node_modules/cookie": {`, `--- PASS: TestX` */
function isOtherName(text: string, keyEnd: number, word: SecretWord, isQuoted: boolean): boolean {
  if (codeAt(text, keyEnd) !== 58) return false
  // ${PASSWORD:?a message}
  if (codeAt(text, keyEnd + 1) === 63) return true
  const before = codeAt(text, word.start - 1)
  if (before === 58 || (before === 47 && word.value === 'header')) return true
  if (isQuoted) return /::\w{0,40}$/.test(textBefore(text, word.start, 48))
  return text.startsWith('PASS:', word.start) && word.start + 4 === keyEnd
}

/** What a string in a list has to be. */
function accepts(word: SecretWord): (value: string) => boolean {
  return word.value === 'token' ? looksRandom : () => word.value !== 'query'
}

/** Masks the quoted value that begins at `start`; returns its end, 0 when it is no secret. */
function quoted(
  text: string,
  { start, slashes, isInside }: OpeningQuote,
  word: SecretWord,
  isQuotedKey: boolean,
  hits: Hits,
): number {
  const end = quotedEnd(text, start, text[start - 1]!, slashes)
  const value = text.slice(start, end)
  if (word.value === 'query' || isPlaceholder(value) || (word.value !== 'header' && isLabel(value))) return 0
  // 'Password:', x: the quote ends a text that ends with the key
  if (!isQuotedKey && /^(?:[\s,;)\]}]|\+[\s"'(])/.test(value)) return 0
  // `KEY: \`"a": …\`` of a comment, `secret: 'a' | 'b'` of a type
  if (
    !isQuotedKey &&
    ((text[start - 1] === '`' && /[\s"]/.test(value)) || /^["'] ?\| ?["'\w]/.test(text.slice(end, end + 5)))
  )
    return 0
  if (word.value === 'token' && !looksRandom(value)) return 0
  if (word.value === 'word' && /\s|^\d{1,5}$/.test(value)) return 0
  if (word.value === 'code' && !isCode(value) && !isStrong(value)) return 0
  if (word.value === 'header' && !isHeaderText(value)) return 0
  if (isInside && !isStrong(value)) return 0
  hits.add(start, end, 'REDACTED')
  return end
}

/** Masks the parameter of a URL whose value begins at `start`; returns its end, 0 when it is no secret. */
function parameter(text: string, start: number, word: SecretWord, hits: Hits): number {
  const end = bareEnd(text, start, true, text.length)
  const value = text.slice(start, end)
  if (isPlaceholder(value)) return 0
  // ?key= is the key of a row as often
  const least = /^key/i.test(text.slice(word.start, word.start + 3)) ? SHORTEST_KEY : SHORTEST_PARAMETER
  if (word.value === 'query' && value.length < least) return 0
  hits.add(start, end, 'REDACTED')
  return end
}

/** The same for any other value without quotes. */
function plain(text: string, start: number, word: SecretWord, hits: Hits): number {
  if (word.value === 'query') return 0
  if (word.value === 'header') {
    if (!isHeaderValue(text.slice(start, start + GLANCE))) return 0
    const end = lineEnd(text, start)
    hits.add(start, end, 'REDACTED')
    return end
  }
  const below = yamlBlockAt(text, start)
  if (below) return lines(text, below, word, isPlaceholder, hits)
  const next = nextLineValue(text, start)
  if (next) return lines(text, next, word, value => !isStrong(value) || isPlaceholder(value), hits)
  const inside = openingQuoteInside(text, start)
  if (inside) return quoted(text, inside, word, false, hits)
  const braced = codeAt(text, start) === 123 ? bracedEnd(text, start, word) : 0
  if (braced > 0) {
    hits.add(start + 1, braced, 'REDACTED')
    return braced
  }
  let end = bareEnd(text, start, false, GLANCE)
  const value = text.slice(start, end)
  if (word.value === 'code') {
    // a sentence goes on behind the digits: 验证码：482913，请勿泄露
    const digits = CODE_HEAD.exec(value)?.[0].length
    if (digits !== undefined) end = start + digits
    else if (!isStrong(value)) return 0
    hits.add(start, end, 'REDACTED')
    return end
  }
  if (!isPlausible(value, text.slice(end, end + REST)) || (word.value === 'token' && !looksRandom(value))) return 0
  if (end === start + GLANCE) end = bareEnd(text, start, false, text.length)
  while (text[end - 1] === '*') end--
  hits.add(start, end, 'REDACTED')
  return end
}

const BRACED = /\{((?:[^{}\n]|\}\}){1,128})\}(?=;|["'\s]|$)/y

/** The end of the value in the braces of a connection string of ODBC (`Uid=u;Pwd={a;b}`), without them; 0 when it is none. */
function bracedEnd(text: string, start: number, word: SecretWord): number {
  BRACED.lastIndex = start
  const value = BRACED.exec(text)?.[1]
  if (value === undefined || !/;[\w ]{0,24}$/.test(textBefore(text, word.start, 25))) return 0
  return isPlaceholder(value) ? 0 : BRACED.lastIndex - 1
}

/** The same for what stands below the key. */
function lines(
  text: string,
  [start, end]: [number, number],
  word: SecretWord,
  isNone: (value: string) => boolean,
  hits: Hits,
): number {
  const value = text.slice(start, end)
  if (isNone(value) || (word.value === 'token' && !looksRandom(value))) return 0
  hits.add(start, end, 'REDACTED')
  return end
}
