/**
 * Secrets that a sentence or a statement announces, without an operator: "the password is hunter2", パスワードはhunter2です,
 * `IDENTIFIED BY 'hunter2'`, `setPassword("hunter2")`, `login bob password hunter2` (netrc).
 */

import { startsWithMask } from '../../../mask'
import { BACKSLASH, BLANK, codeAt, is, LETTER, runEnd } from '../../../scan/chars'
import { ending, endingAt } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isSecretKeyword, type SecretWord, secretWordAt } from '../../../words/secret-words'
import { isHighEntropy } from '../high-entropy'
import { isPlaceholder, isPlausible, isStrong } from '../plausible'
import { bareEnd, quotedEnd } from '../value'
import { beforeKeyword, beforePurpose, nextCell, quotedByError, type ValueRange } from './value-range'

const LONGEST_WORD = 24
const LONGEST_VALUE = 256
const PARTICLES = 'はが是为為는은'
/** What stands between the word and its value: "for Bob", a verb or an arrow. */
const VERB =
  /["'`*]{0,2}(?: (?:for|of|von|pour|para) [\w@.-]{1,40}(?: [\w@.-]{1,40})?)?(?:,? {1,2}(?:is|was|ist|lautet|est|es|jest|è|é)(?: (?:now|set to|changed to|reset to))?|(?: has been| was)?(?: set| changed| reset)? to| {0,2}(?:=>|->|<-|→|—|–|\|)| -)[: ] {0,2}/iy
/** The value follows at once, in quotes and perhaps brackets. */
const OPENING = /[ ({]{0,2}(?=\\{0,8}["'`])/y
const COMMA = /\\{0,8}["'`]\)?, {0,2}(?=\\{0,8}["'`])/y
/** A part of a form that is sent as `multipart/form-data` (RFC 7578): its name, an empty line, its value. */
const PART_NAME = ending(/\bname=\\{0,8}"[\w.-]{0,48}/)
const PART = /\\{0,8}"(?:(?:\r?\n){2}|(?:(?:\\{1,8}r)?\\{1,8}n){2})/y
/** The value alone in brackets. */
const BRACKET = / \((?=[^\s()]{6,128}\))/y
/** Words that set a variable of the environment, or an entry of a configuration, to what follows its name. */
const SETS = ending(
  /(?:^|[\n;&|"'`(]\s{0,16})(?:ENV|ARG|setenv|SetEnv|set -\w{1,3}|(?:\w{2,16} )?config(?:ure)? set)[ \t]{1,4}[\w.-]{0,48}/,
)
/** What netrc and statements of SQL have before the value. */
const LOGIN = ending(
  /\b(?:create|alter) user \S{1,64} identified by|\b(?:login|user|username)\s{1,4}(?!(?:and|or|by|with|the|an?|your|name)\s)[^\s,;]{1,64},?\s{1,4}((?:and|with|et|und|y) (?:the )?)?pass\w{0,4}/i,
)
/** `getSecret("prod-db-1")` names a secret. */
const GETTER = ending(/(?:get|read|load|fetch|find|resolve)[A-Za-z_]{0,20}/i)
const PRIVATE = /^priv/i
/** "private key of the wallet 0x…", "private key (account 3): …"; a sentence about a transaction goes on with its hash. */
const OWNED =
  /(?:[\s([#]{1,2}(?!(?:tx|transaction|hash|block|commit|digest|checksum|fingerprint|sha\d+|public|signs?|signed)\b)[\w'’.@-]{1,42}[)\]]?){1,8}[\s:=("'`\\]{1,8}((?:0x)?[\da-f]{64})(?![\da-z])/iy
const IDENTIFIED = ending(/\bidentified (?:with ["'`]?\w{1,40}["'`]? )?by/i)
const OF_USER = ending(/\b(?:user|role|with|identified)\b[^\n]{0,60}/i)

export const keywordSecret: Detector = {
  finds: 'secret',
  anchors: [
    // passWord pWd kennWort wachtWoord, toKen, Key, seCret passCode, identified bY, passpHrase senHa, claVe, _passS"
    { at: 'wW', after: 'sSpPnNtT', before: 'oOdD' },
    { at: 'kK', before: 'eE' },
    { at: 'cC', after: 'eE', before: 'rR' },
    { at: 'cC', after: 'sS', before: 'oO' },
    { at: 'yY', after: 'bB' },
    { at: 'hH', after: 'pP', before: 'rR' },
    { at: 'hH', after: 'nN', before: 'aA' },
    { at: 'vV', after: 'aA', before: 'eE' },
    { at: 'sS', after: 'sS', before: `"'eE` },
    { at: `ñьéè${PARTICLES}` },
  ],
  at(text, at, hits) {
    const code = codeAt(text, at)
    if (code > 0x3000) return afterParticle(text, at, at, hits) || at
    // la clave é, la password è
    if ((code === 0xe9 || code === 0xe8) && codeAt(text, at - 1) === 32)
      return afterParticle(text, at - 1, at, hits) || at
    if (code < 128 && !isInWord(text, at, code | 32)) return at
    let end = at + 1
    while (end < at + LONGEST_WORD && (is(codeAt(text, end), LETTER) || codeAt(text, end) > 127)) end++
    const word = code === 121 || code === 89 ? statementWord(text, end) : secretWordAt(text, end)
    if (!isSecretKeyword(word)) return at
    return afterWord(text, end, word, hits) || at
  },
}

/** `IDENTIFIED WITH some_plugin BY` is `IDENTIFIED BY`, too. */
function statementWord(text: string, end: number): SecretWord | undefined {
  const found = endingAt(IDENTIFIED, text, end)?.[1]
  return found ? { value: 'secret', start: end - found.length } : undefined
}

/** Of toKen, Key and identified bY the letters further out: most words with those of the anchor end here. */
function isInWord(text: string, at: number, letter: number): boolean {
  // mot de passe
  if (letter === 115 && (codeAt(text, at + 1) | 32) === 101) return (codeAt(text, at - 3) | 32) === 112
  if (letter === 107) return (codeAt(text, at - 1) | 32) === 111 || (codeAt(text, at + 2) | 32) === 121
  return letter !== 121 || codeAt(text, at - 2) === 32
}

const FOLLOWS = ' \t\n\r\\"\'`*,=-<|({'

/** What the expressions for what follows a word begin with. */
function mayFollow(code: number): boolean {
  return code > 127 || FOLLOWS.includes(String.fromCharCode(code))
}

function afterWord(text: string, end: number, word: SecretWord, hits: Hits): number {
  spend(10)
  // a value stands behind one of these, or before the word and a space
  if (!mayFollow(codeAt(text, end)) && codeAt(text, word.start - 1) !== 32) return 0
  const isStatement = /^(?:identified .*|PASSWORD)$/i.test(text.slice(word.start, end))
  if (is(codeAt(text, end), LETTER) || text[word.start - 1] === '[') return 0
  const error = quotedByError(text, end)
  if (error) return placed(text, error, isStrong, hits)
  COMMA.lastIndex = end
  // a list of keys holds no secret
  if (COMMA.test(text)) return quoted(text, COMMA.lastIndex, value => acceptsOf(word)(value) && !isKey(value), hits)
  PART.lastIndex = end
  if (PART.test(text) && endingAt(PART_NAME, text, word.start))
    return bare(text, PART.lastIndex, word.value === 'token' ? acceptsOf(word) : () => true, hits)
  OPENING.lastIndex = end
  if (OPENING.test(text)) {
    if (endingAt(GETTER, text, word.start)) return 0
    const isSql = isStatement && text[OPENING.lastIndex] === "'" && isSqlWord(text, word.start, end)
    return quoted(text, OPENING.lastIndex, isSql ? () => true : acceptsOf(word), hits)
  }
  const login = isSpace(text, end) ? endingAt(LOGIN, text, end) : undefined
  // with "and" it may be a sentence about the login form and the password field
  if (login) return bare(text, runEnd(text, end + 1, BLANK, 24), login[2] ? isStrong : () => true, hits)
  if (isSpace(text, end) && endingAt(SETS, text, word.start)) {
    return bare(text, end + 1, word.value === 'token' ? acceptsOf(word) : isStrong, hits)
  }
  BRACKET.lastIndex = end
  if (BRACKET.test(text)) return bare(text, BRACKET.lastIndex, acceptsOf({ ...word, value: 'token' }), hits)
  VERB.lastIndex = end
  if (!VERB.test(text)) return withoutVerb(text, end, word, hits)
  const start = VERB.lastIndex
  const isQuoted = /^\\{0,8}["'`]/.test(text.slice(start, start + 9))
  if (!isQuoted) return bare(text, start, acceptsOf(word), hits)
  return quoted(text, start, word.value === 'token' ? acceptsOf(word) : value => value.length >= 4, hits)
}

function withoutVerb(text: string, end: number, word: SecretWord, hits: Hits): number {
  const isValue = (value: string) => acceptsOf(word)(value) && /\d|[!#$%^&*]/.test(value)
  for (const place of [nextCell(text, word.start, end), beforePurpose(text, end), beforeKeyword(text, word.start)]) {
    const found = place && placed(text, place, isValue, hits)
    if (found) return Math.max(found, end)
  }
  if (word.value === 'token') return 0
  return bare(text, beside(text, end), isObvious, hits) || ownedKey(text, word.start, end, hits)
}

/** Whose key it is may stand before 32 bytes in hexadecimal. */
function ownedKey(text: string, start: number, end: number, hits: Hits): number {
  if (!PRIVATE.test(text.slice(start, end))) return 0
  spend(10)
  OWNED.lastIndex = end
  const found = OWNED.exec(text)
  if (!found) return 0
  hits.add(OWNED.lastIndex - found[1]!.length, OWNED.lastIndex, 'REDACTED')
  return OWNED.lastIndex
}

function placed(text: string, [start, end]: ValueRange, accepts: (value: string) => boolean, hits: Hits): number {
  const value = text.slice(start, end).replace(/[.,;:!?]{1,3}$/, '')
  if (isPlaceholder(value) || startsWithMask(text.slice(start, end + 1)) || !accepts(value)) return 0
  hits.add(start, start + value.length, 'REDACTED')
  return start + value.length
}

/** Where the word after this one begins: beside it, on the next line or after "of". */
function beside(text: string, end: number): number {
  const at = isSpace(text, end) ? end + 1 : text.length
  return text.startsWith('of ', at) ? at + 3 : at
}

/** `users[1].password` */
function isKey(value: string): boolean {
  return secretWordAt(value, value.length) !== undefined
}

/** A key of 128 bits or more in hexadecimal. */
const HEX_KEY = /^(?:0x)?[\da-f]{32,}$/i

/** True for what no sentence has beside the word "password": capitals, small letters and digits, signs, or a key in hexadecimal. */
function isObvious(value: string): boolean {
  return (
    value.length >= 8 &&
    isPlausible(value, '') &&
    !isKey(value) &&
    /\d/.test(value) &&
    (/[A-Za-z\d][!@#$%^&*]/.test(value) ||
      (/[a-z]/.test(value) && /[A-Z]/.test(value) && /\d.*\d/.test(value)) ||
      HEX_KEY.test(value)) &&
    /^[\w!@#$%^&*.+=~-]+$/.test(value)
  )
}

/** PASSWORD and IDENTIFIED BY in capitals, or with a statement before them. */
function isSqlWord(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end)
  return word === word.toUpperCase() || endingAt(OF_USER, text, end) !== null
}

function isSpace(text: string, at: number): boolean {
  const code = codeAt(text, at)
  return code === 32 || code === 9 || code === 10
}

/** パスワードは「hunter2」です */
function afterParticle(text: string, wordEnd: number, at: number, hits: Hits): number {
  const word = secretWordAt(text, wordEnd)
  if (!isSecretKeyword(word)) return 0
  let start = at + 1
  while (start < at + 4 && /[\s、,:"'`「『【]/.test(text[start] ?? '')) start++
  let end = start
  while (end < start + LONGEST_VALUE && /[!#-&(-[\]-_a-~]/.test(text[end] ?? '')) end++
  while (/[.,;:!?)]/.test(text[end - 1] ?? '') && end > start) end--
  if (!acceptsOf(word)(text.slice(start, end))) return 0
  hits.add(start, end, 'REDACTED')
  return end
}

function quoted(text: string, at: number, accepts: (value: string) => boolean, hits: Hits): number {
  let start = at
  while (codeAt(text, start) === BACKSLASH) start++
  const quote = text[start]!
  const end = quotedEnd(text, start + 1, quote, start - at)
  const value = text.slice(start + 1, end)
  if (text[end + start - at] !== quote || value.length > LONGEST_VALUE || /\s/.test(value)) return 0
  // the quote behind a key is its own as often
  if (isPlaceholder(value) || /^[,;:.=+)\]}]/.test(value) || !accepts(value)) return 0
  hits.add(start + 1, end, 'REDACTED')
  return end
}

function bare(text: string, start: number, accepts: (value: string) => boolean, hits: Hits): number {
  const end = bareEnd(text, start, false, LONGEST_VALUE)
  const value = text.slice(start, end)
  if (startsWithMask(text.slice(start, end + 1)) || isPlaceholder(value) || !accepts(value)) return 0
  hits.add(start, end, 'REDACTED')
  return end
}

/** A sentence goes on with words: what it announces has letters with digits or signs, and a token looks made. */
function acceptsOf(word: SecretWord): (value: string) => boolean {
  return value =>
    isStrong(value) &&
    (word.value !== 'token' || (value.length >= 8 && /\d/.test(value) && isHighEntropy(value, 0, value.length, true)))
}
