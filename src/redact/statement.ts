/**
 * Statements of databases without the values that are written into them. Called by `walk.ts` with `db.query.text` and
 * what it was called before, when the detectors are done. As OpenTelemetry's conventions for databases have it, a
 * statement with placeholders is left: its values are elsewhere.
 */
import { codeAt, DIGIT, is, LETTER } from './chars'
import { isMask, startsWithMask } from './mask'

const SQL =
  /^\s{0,64}(?:(?:\/\*(?:[^*]|\*(?!\/)){0,512}\*\/|\()\s{0,64}){0,4}(?:select|insert|update|delete|merge|replace|upsert|with|values|call|exec|execute|explain|declare|begin|create|alter|copy|grant)\b|^\s{0,64}set\s{1,8}[\w.@]{1,64}\s{0,8}(?:=|:=|to\b)/i

/** Commands that write, and the key that they write to. */
const REDIS =
  /^(\s{0,16}(?:SET|SETEX|PSETEX|SETNX|GETSET|APPEND|MSET|MSETNX|HSET|HMSET|HSETNX|[LR]PUSHX?|LSET|LINSERT|SADD|ZADD|S?PUBLISH|XADD|PFADD|GEOADD)[ \t]{1,4}\S{1,512}[ \t]{1,4})(?!\?|\[)[^\n]{1,65536}$/gim

export function withoutValues(statement: string): string {
  return SQL.test(statement) ? withoutLiterals(statement) : statement.replace(REDIS, '$1?')
}

const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKTICK = 96
const DOLLAR = 36

/** Texts and numbers become `?`; a text that is a mask of ours says more, and stays. */
function withoutLiterals(statement: string): string {
  let result = ''
  let kept = 0
  let at = 0
  while (at < statement.length) {
    if (isPlaceholder(statement, at)) return statement
    const end = literalEnd(statement, at)
    if (end === at) {
      at = skipped(statement, at)
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

/** `?`, `$1`, `:name`, `@name`, `%s`, `%(name)s` */
function isPlaceholder(text: string, at: number): boolean {
  const next = codeAt(text, at + 1)
  switch (text[at]) {
    case '?':
      return true
    case '$':
      return is(next, DIGIT)
    case ':':
      return is(next, LETTER) && text[at - 1] !== ':'
    case '@':
      return is(next, LETTER)
    case '%':
      return next === 115 || next === 40
    default:
      return false
  }
}

/** The end of the text or number that begins here, `at` when there is none. */
function literalEnd(text: string, at: number): number {
  const code = codeAt(text, at)
  if (code === QUOTE) return quoteEnd(text, at, QUOTE)
  if (code === DOLLAR) {
    const [tag] = /^\$\w{0,32}\$/.exec(text.slice(at, at + 34)) ?? []
    const end = tag ? text.indexOf(tag, at + tag.length) : -1
    return tag ? (end < 0 ? text.length : end + tag.length) : at
  }
  if (code === DOUBLE_QUOTE) {
    // to some databases a text, to others a name, which has no blanks
    const end = quoteEnd(text, at, DOUBLE_QUOTE)
    return /^[\w$.-]{1,64}$/.test(text.slice(at + 1, end - 1)) ? at : end
  }
  if (!is(code, DIGIT) || isPartOfName(codeAt(text, at - 1))) return at
  let end = at
  while (is(codeAt(text, end), DIGIT | LETTER) || codeAt(text, end) === 46) end++
  return end
}

/** The index after the closing quote, which is doubled or escaped where it is meant; the end where it was cut off. */
function quoteEnd(text: string, at: number, quote: number): number {
  for (let end = at + 1; end < text.length; end++) {
    const code = codeAt(text, end)
    if (code === 92) end++
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
  if (code === DOUBLE_QUOTE || code === BACKTICK) return quoteEnd(text, at, code)
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
