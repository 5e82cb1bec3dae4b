/**
 * Statements of databases without the values that are written into them: SQL, Cypher, the JSON of MongoDB, the commands of
 * Redis and memcached. It runs on `db.query.text` and on what that was called before, when the detectors are done.
 * Placeholders stay. Literals beside them go, unlike in OpenTelemetry's conventions for databases, since a placeholder
 * anywhere says nothing of the other values.
 */

import { isMask, startsWithMask } from './mask'
import { codeAt, DIGIT, is, LETTER } from './scan/chars'

/** SQL of all dialects and Cypher begin with one of these, perhaps behind comments and brackets. */
const QUERY =
  /^\s{0,64}(?:(?:\/\*(?:[^*]|\*(?!\/)){0,512}\*\/|--[^\n]{0,512}\n|\()\s{0,64}){0,8}(?:select|insert|update|delete|merge|replace|upsert|with|values|call|exec|execute|explain|declare|begin|commit|create|alter|copy|grant|revoke|drop|truncate|show|describe|desc|use|pragma|attach|detach|analyze|vacuum|refresh|lock|do|prepare|deallocate|fetch|if|while|print|kill|match|optional match|unwind|return|foreach|load|table|from)\b|^\s{0,64}set\s{1,8}[\w.@]{1,64}\s{0,8}(?:=|:=|to\b)/i

/** Commands of Redis that carry values, and the key that stands before them; scripts have no key of their own. */
const REDIS =
  /^(\s{0,16}(?:(?:SET|SETEX|PSETEX|SETNX|GETSET|SETRANGE|APPEND|MSET|MSETNX|H(?:SET|MSET|SETNX|GET|MGET|DEL|EXISTS|STRLEN|INCRBY(?:FLOAT)?)|[LR]PUSHX?|L(?:SET|INSERT|REM|POS)|S(?:ADD|REM|ISMEMBER|MISMEMBER|MOVE)|Z(?:ADD|REM|SCORE|MSCORE|RANK|REVRANK|INCRBY|RANGEBYLEX|LEXCOUNT)|S?PUBLISH|XADD|PFADD|GEO(?:ADD|DIST|POS|HASH)|[A-Z]{2,10}\.(?:SET|MSET|ADD|INSERT|ARRAPPEND|ARRINDEX|STRAPPEND|MERGE|SEARCH|QUERY))[ \t]{1,4}\S{1,512}|EVAL(?:SHA)?(?:_RO)?|FCALL(?:_RO)?)[ \t]{1,4})(?!\?|\[)[^\n]{1,65536}$/gim
/** memcached has the value on the line below its length. */
const MEMCACHED = /^((?:set|add|replace|append|prepend|cas) \S{1,250} \d{1,10} \d{1,10} \d{1,10}[^\n]{0,40}\n)[\s\S]+/i

export function withoutValues(statement: string): string {
  if (/^\s{0,16}[{[]/.test(statement)) return withoutLeaves(statement)
  if (MEMCACHED.test(statement)) return statement.replace(MEMCACHED, '$1?')
  return QUERY.test(statement) ? withoutLiterals(statement) : statement.replace(REDIS, '$1?')
}

const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKTICK = 96
const DOLLAR = 36
const BACKSLASH = 92

/** Keys of MongoDB's commands whose value is a name. */
const NAMES =
  /^(?:find|aggregate|insert|update|delete|findAndModify|count|distinct|getMore|collection|create|drop|createIndexes|listIndexes|mapReduce|\$db|lsid|op|ns|command)$/

/** The JSON with `?` in the place of each text and number, but for the names of collections. What cannot be parsed loses its quoted texts. */
function withoutLeaves(statement: string): string {
  try {
    return JSON.stringify(JSON.parse(statement), (key, value) =>
      (typeof value === 'string' || typeof value === 'number') &&
      !NAMES.test(key) &&
      !(typeof value === 'string' && isMask(value))
        ? '?'
        : value,
    )
  } catch {
    return withoutLiterals(statement)
  }
}

/** Texts and numbers become `?`; a text that is a mask of ours says more, and stays. */
function withoutLiterals(statement: string): string {
  let result = ''
  let kept = 0
  let at = 0
  let isInValues = false
  const reading = readingOf(statement)
  while (at < statement.length) {
    if (codeAt(statement, at) === DOLLAR && is(codeAt(statement, at + 1), DIGIT)) {
      at = wordEnd(statement, at + 1)
      continue
    }
    const end = literalEnd(statement, at, isInValues, reading)
    if (end === at) {
      if (/^values?\b/i.test(statement.slice(at, at + 7)) && !is(codeAt(statement, at - 1), LETTER)) isInValues = true
      const next = skipped(statement, at)
      const comment = next > at + 1 ? statement.slice(at, next) : ''
      if (comment.startsWith('--') || comment.startsWith('/*')) {
        result += statement.slice(kept, at) + comment.replace(/=[^\s,*;]{1,512}/g, '=?')
        kept = next
      }
      at = next
      continue
    }
    if (!isMask(statement.slice(at + 1, end - 1))) {
      result += `${statement.slice(kept, at)}?`
      kept = end
    }
    at = end
  }
  return result + statement.slice(kept)
}

/** The end of the text or number that begins here, `at` when there is none. */
function literalEnd(text: string, at: number, isInValues: boolean, reading: Reading): number {
  const code = codeAt(text, at)
  if (code === QUOTE) return textEnd(text, at, codeAt(text, at - 1) === 69 ? 'escapes' : reading)
  if (code === DOLLAR) {
    const [tag] = /^\$\w{0,32}\$/.exec(text.slice(at, at + 34)) ?? []
    const end = tag ? text.indexOf(tag, at + tag.length) : -1
    return tag ? (end < 0 ? text.length : end + tag.length) : at
  }
  if (code === DOUBLE_QUOTE) {
    // to some databases a text, to others a name, which has no blanks and is not what a column is compared with
    const end = quoteEnd(text, at, DOUBLE_QUOTE, true)
    const isName = /^[\w$.-]{1,64}$/.test(text.slice(at + 1, end - 1))
    return isName && !isInValues && !isCompared(text, at, end) ? at : end
  }
  if (!is(code, DIGIT) || isPartOfName(codeAt(text, at - 1))) return at
  return numberEnd(text, at)
}

/** `= "Zoe"`, but not `= "users"."id"`. */
function isCompared(text: string, at: number, end: number): boolean {
  return codeAt(text, end) !== 46 && /(?:[=<>:]|\blike|\bin ?\()\s{0,4}$/i.test(text.slice(Math.max(0, at - 12), at))
}

function numberEnd(text: string, at: number): number {
  let end = at
  while (is(codeAt(text, end), DIGIT | LETTER) || codeAt(text, end) === 46) end++
  return end
}

function wordEnd(text: string, at: number): number {
  let end = at
  while (isPartOfName(codeAt(text, end))) end++
  return end
}

/**
 * How a backslash before a quote is read. To MySQL it escapes the quote, to PostgreSQL (but for `E'…'`) and SQLite it does not.
 * `both` where the statement has a sense to either.
 */
type Reading = 'escapes' | 'plain' | 'both'

/** By the reading in which each text of the statement is closed. */
function readingOf(statement: string): Reading {
  if (!statement.includes("\\'")) return 'plain'
  const [escapes, plain] = [isClosed(statement, true), isClosed(statement, false)]
  return escapes === plain ? 'both' : escapes ? 'escapes' : 'plain'
}

function isClosed(text: string, hasEscapes: boolean): boolean {
  let at = text.indexOf("'")
  while (at >= 0) {
    const end = quoteEnd(text, at, QUOTE, hasEscapes)
    if (codeAt(text, end - 1) !== QUOTE || end === at + 1) return false
    at = text.indexOf("'", end)
  }
  return true
}

/** The end of a text in single quotes; where both readings have a sense, the place at which both have ended. */
function textEnd(text: string, at: number, reading: Reading): number {
  if (reading !== 'both') return quoteEnd(text, at, QUOTE, reading === 'escapes')
  let [escaped, plain] = [quoteEnd(text, at, QUOTE, true), quoteEnd(text, at, QUOTE, false)]
  // the reading that ended first goes on with its next text while the other is still inside of its own
  while (escaped !== plain) {
    const [first, last] = [Math.min(escaped, plain), Math.max(escaped, plain)]
    const next = text.indexOf("'", first)
    if (next < 0 || next >= last) return last
    if (escaped < plain) escaped = quoteEnd(text, next, QUOTE, true)
    else plain = quoteEnd(text, next, QUOTE, false)
  }
  return plain
}

/** The index after the closing quote, which is doubled or escaped where it is meant; the end where it was cut off. */
function quoteEnd(text: string, at: number, quote: number, hasEscapes: boolean): number {
  for (let end = at + 1; end < text.length; end++) {
    const code = codeAt(text, end)
    if (code === BACKSLASH && hasEscapes) end++
    else if (code === quote) {
      if (codeAt(text, end + 1) !== quote) return end + 1
      end++
    }
  }
  return text.length
}

/** The index after what holds no literal: a name in quotes, a comment, a mask; else the next one. */
function skipped(text: string, at: number): number {
  const code = codeAt(text, at)
  if (code === DOUBLE_QUOTE || code === BACKTICK) return quoteEnd(text, at, code, true)
  if (text.startsWith('--', at)) return after(text, '\n', at)
  if (text.startsWith('/*', at)) return after(text, '*/', at)
  if (code === 91 && startsWithMask(text.slice(at, at + 64))) return after(text, ']', at)
  return at + 1
}

function after(text: string, end: string, at: number): number {
  const found = text.indexOf(end, at)
  return found < 0 ? text.length : found + end.length
}

function isPartOfName(code: number): boolean {
  return is(code, DIGIT | LETTER) || code === 95 || code === DOLLAR
}
