// Writes TraceQL: a value as a literal, a condition added to a query.
import type { TypedValue } from '../../../shared/otlp/any-value'
import { firstPipe } from './kind'

/** Names that stand as they are; others are quoted. */
const PLAIN = /^[A-Za-z_][\w.-]*$/

/** `span.user.id`, `span."odd key"` */
export function attributeName(scope: 'span' | 'resource' | 'event' | 'link' | 'instrumentation', key: string): string {
  return `${scope}.${PLAIN.test(key) ? key : JSON.stringify(key)}`
}

/** Backticks where JSON's escapes can be done without, since Grafana's grammar knows no escapes. */
export function quoted(text: string): string {
  if (!/["\\\p{Cc}]/u.test(text)) return `"${text}"`
  if (!/[`\p{Cc}]/u.test(text)) return `\`${text}\``
  return JSON.stringify(text)
}

/** @returns the regular expression that matches the text alone */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** @returns undefined for what TraceQL can't compare: maps, bytes, nothing */
export function condition(name: string, value: TypedValue): string | undefined {
  const literal = literalOf(value)
  return literal === undefined ? undefined : `${name} = ${literal}`
}

function literalOf(value: TypedValue): string | undefined {
  if (value.type === 'string') return quoted(value.value)
  if (value.type === 'int' || value.type === 'bool') return String(value.value)
  // a double is never equal to an int
  if (value.type === 'double') return Number.isInteger(value.value) ? value.value.toFixed(1) : decimal(value.value)
  // any element of an array that is equal will do
  if (value.type === 'array' && value.value[0]) return literalOf(value.value[0])
  return undefined
}

/** TraceQL has no exponents. */
function decimal(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}

/** In braces of its own: any span of the trace may meet it. */
export function withBraces(query: string, added: string): string {
  const pipe = firstPipe(query)
  const filter = query.slice(0, pipe).trim()
  return `(${filter}) && { ${added} } ${query.slice(pipe)}`.trim()
}

/** Into the first pair of braces: `{ a && b }`. */
export function withCondition(query: string, added: string): string {
  const match = /^\s*\{([^{}]*)\}/.exec(query)
  if (!match) return `{ ${added} }`
  const inside = match[1]!.trim()
  const rest = query.slice(match[0].length)
  if (inside.includes(added)) return query
  if (inside === '' || inside === 'true') return `{ ${added} }${rest}`
  // && and || bind alike, from left to right
  return `{ ${inside} && ${added} }${rest}`
}
