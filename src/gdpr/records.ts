/** Whether a record of telemetry names the subject: a log line as it was parsed, or a message of OTLP in its JSON form. */
import { type KeyValue, plainValue } from '../otlp/any-value'
import type { Matcher } from './subject'

/** `{ user: { id: 'x' } }` has the attribute `user.id`, as `{ 'user.id': 'x' }` has. Keys are looked at too. */
export function namesIn(matcher: Matcher, value: unknown, key = ''): boolean {
  if (typeof value === 'string') return matcher.attribute(key, value)
  // an id may be sent as a number
  if (typeof value === 'number' || typeof value === 'bigint') return matcher.attribute(key, String(value))
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(one => namesIn(matcher, one, key))
  return Object.entries(value).some(
    ([name, member]) => matcher.text(name) || namesIn(matcher, member, key === '' ? name : `${key}.${name}`),
  )
}

/** A span, a log record, a resource or a scope of OTLP: its attributes by their keys, the rest by any text in it. */
export function namesInOtlp(matcher: Matcher, message: Readonly<Record<string, unknown>>): boolean {
  const { attributes = [], ...rest } = message as { attributes?: readonly KeyValue[] }
  return (
    attributes.some(({ key, value }) => matcher.text(key) || namesIn(matcher, plainValue(value), key)) ||
    Object.values(rest).some(value => inTexts(matcher, value))
  )
}

function inTexts(matcher: Matcher, value: unknown): boolean {
  if (typeof value === 'string') return matcher.text(value)
  if (typeof value !== 'object' || value === null) return false
  if (!Array.isArray(value) && 'attributes' in value) return namesInOtlp(matcher, value as Record<string, unknown>)
  return Object.values(value).some(one => inTexts(matcher, one))
}
