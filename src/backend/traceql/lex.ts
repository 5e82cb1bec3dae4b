/**
 * Splits the text into tokens like Tempo's lexer (pkg/traceql/lexer.go): the name of an attribute extends to the next blank or one of
 * `{}()=~!<>&|^,`, so `span.a+1` is a name and `span.a + 1` is a sum.
 */
import { parseDuration } from '../durations'
import { TraceqlError } from './error'
import { intOf, unescaped } from './literals'

export type Token = { readonly at: number; readonly text: string } & (
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int' | 'duration'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'attribute'; readonly scope: string; readonly name: string }
  /** A word, a word with a scope such as `span:name`, an operator, or the end. */
  | { readonly type: 'word' | 'scoped' | 'operator' | 'end' }
)

const blank = /(?:\p{White_Space}|\/\/[^\n]*|\/\*.*?\*\/)+/suy
const word = /[\p{L}_][\p{L}\p{Nd}_]*/uy
/** Operators of one character; those below may continue. */
const wholeOperators = new Set('{}(),+-*/%^')
const operators = new Set('|=<>~!&')
const operator = /!>>|!<<|&>>|&<<|&&|\|\||=~|!~|!=|>=|<=|>>|<<|!>|!<|&>|&<|&~|[|=<>~!]/y
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const moreOfDuration = /[\p{N}nsumhµdwy.]{1,100}/uy
const quoted = /"((?:[^"\\\n]|\\.)*)"/sy
const raw = /`([^`]*)`/y
const attributePart = /"(?:[^"\\]|\\["\\])*"|[^\p{White_Space}{}()=~!<>&|^,"]+/suy

const dotted = new Set(['span', 'resource', 'event', 'link', 'instrumentation', 'parent'])
const withColon = new Set(['span', 'trace', 'event', 'link', 'instrumentation'])

/** The token at `from`, after any blanks and comments. @throws TraceqlError */
export function tokenAt(text: string, from: number): Token {
  let at = from
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text) ?? undefined
  }
  if (mayBeBlank(text.charCodeAt(at))) at += match(blank)?.[0].length ?? 0
  return at < text.length ? next(text, at, match) : { type: 'end', at: text.length, text: '' }
}

const mayBeBlank = (code: number): boolean => code <= 0x20 || code === 0x2f || code > 0x7e

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

type Match = (pattern: RegExp) => RegExpExecArray | undefined

function next(text: string, at: number, match: Match): Token {
  if (text.startsWith('/*', at)) throw new TraceqlError(text, at, '/*', 'the comment is not closed', 'close it with */')
  const first = text[at]!
  if (wholeOperators.has(first)) return { type: 'operator', at, text: first }
  const symbol = operators.has(first) ? match(operator)?.[0] : undefined
  if (symbol !== undefined) return { type: 'operator', at, text: symbol }
  const scope = isDigit(text.charCodeAt(at)) ? undefined : match(word)?.[0]
  const after = text[at + (scope?.length ?? 0)]
  if (scope !== undefined) {
    if (after === '.' && dotted.has(scope)) return attribute(text, at, scope)
    if (after === ':' && withColon.has(scope)) return scoped(text, at, scope)
    return { type: 'word', at, text: scope }
  }
  const digits = match(number)?.[0]
  if (digits !== undefined) return numeric(text, at, digits)
  if (after === '.') return attribute(text, at, '')
  const string = match(quoted)
  if (string) {
    const value = unescaped(string[1] ?? '')
    if (value !== undefined) return { type: 'string', at, text: string[0], value }
    throw new TraceqlError(
      text,
      at,
      string[0],
      'contains an unknown escape sequence',
      'use \\\\ for a backslash, or use backticks',
    )
  }
  const plain = match(raw)
  // Go drops carriage returns in raw strings
  if (plain) return { type: 'string', at, text: plain[0], value: (plain[1] ?? '').replaceAll('\r', '') }
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (char === '"' || char === '`')
    throw new TraceqlError(text, at, char, 'the string is not closed', `close it with ${char}`)
  if (char === "'") throw new TraceqlError(text, at, char, 'is not a valid quote', 'use " or `')
  throw new TraceqlError(text, at, char, 'is not part of TraceQL')
}

/** The name begins after the dot; parts of it may be quoted. */
function attribute(text: string, at: number, scope: string): Token {
  const start = at + scope.length + 1
  let end = start
  let name = ''
  for (;;) {
    attributePart.lastIndex = end
    const part = attributePart.exec(text)?.[0]
    if (part === undefined) break
    name += part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/gs, '$1') : part
    end += part.length
  }
  if (text[end] === '"')
    throw new TraceqlError(text, end, '"', 'the name is not closed, or has an escape other than \\" and \\\\')
  if (end === start) throw new TraceqlError(text, at, `${scope}.`, 'the name is missing', `write ${scope}.name`)
  return { type: 'attribute', at, text: text.slice(at, end), scope, name }
}

function scoped(text: string, at: number, scope: string): Token {
  const start = at + scope.length + 1
  const inner = /\p{White_Space}*([\p{L}_][\p{L}\p{Nd}_]*)/uy
  inner.lastIndex = start
  const found = inner.exec(text)
  if (!found)
    throw new TraceqlError(
      text,
      at,
      `${scope}:`,
      'the name is missing',
      `for example ${scope === 'link' ? 'link:spanID' : `${scope}:name`}`,
    )
  return { type: 'scoped', at, text: text.slice(at, start + found[0].length) }
}

function numeric(text: string, at: number, digits: string): Token {
  moreOfDuration.lastIndex = at + digits.length
  const more = moreOfDuration.exec(text)?.[0]
  if (more !== undefined) {
    const value = parseDuration(digits + more)
    if (value !== undefined) return { type: 'duration', at, text: digits + more, value }
  }
  if (!/^\d+$/.test(digits)) return { type: 'float', at, text: digits, value: Number(digits) }
  const value = intOf(digits)
  if (value === undefined) throw new TraceqlError(text, at, digits, 'does not fit into 64 bits')
  return { type: 'int', at, text: digits, value }
}
