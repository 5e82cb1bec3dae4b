// The TraceQL that finds the spans of a group of errors, and no others as far as TraceQL can say what the group has in common.
import type { ErrorGroup } from '../../api/error-answers'
import { escaped, quoted } from '../traceql/write'

/** The server cuts what is longer, so more may follow it. */
const LONG = 250

/** @returns undefined for a group of log records alone */
export function errorQuery({ type, message, service, spans }: ErrorGroup): string | undefined {
  if (spans.length === 0) return undefined
  const anyOf = (conditions: readonly string[]) =>
    conditions.length === 1 ? conditions[0]! : `(${conditions.join(' || ')})`
  const conditions = [
    '(status = error || event:name = "exception")',
    `resource.service.name = ${quoted(service)}`,
    anyOf(spans.map(name => `name = ${quoted(name)}`)),
  ]
  if (type !== '') {
    const kinds = [`span.error.type = ${quoted(type)}`, `event.exception.type = ${quoted(type)}`]
    if (/^\d{3}$/.test(type)) kinds.push(`span.http.response.status_code = ${type}`)
    conditions.push(anyOf(kinds))
  }
  if (message !== '') {
    const pattern = quoted(patternOf(message))
    conditions.push(anyOf([`statusMessage =~ ${pattern}`, `event.exception.message =~ ${pattern}`]))
  }
  return `{ ${conditions.join(' && ')} }`
}

/** What stands for the parts of a message in which its occurrences differ, and what these parts may be. */
const VARIABLE: readonly (readonly [placeholder: RegExp, instead: string])[] = [
  [/<n>/g, '(?:<n>|[0-9]+(?:\\.[0-9]+)*)'],
  [/<id>/g, '(?:<id>|[0-9A-Za-z_-]+)'],
  [/\\\[([A-Z_]+)\\\]/g, '\\[$1(?::[0-9a-f]{16})?\\]'],
]

function patternOf(message: string): string {
  const literal = escaped(message)
  const pattern = VARIABLE.reduce((text, [placeholder, instead]) => text.replace(placeholder, instead), literal)
  return `(?s)${pattern}${message.length > LONG ? '.*' : '(?:\\n.*)?'}`
}
