/** Determines whom a telemetry record names: a parsed log line, or an OTLP message in JSON form. */
import { type KeyValue, plainValue } from '../../shared/otlp/any-value'
import type { Matcher } from './person-attributes'

/** A text or number of a record with its attribute; '' for other fields, such as messages and keys. */
export type Leaf = readonly [key: string, value: string | number | bigint]

/** `own`: names only the subject; `shared`: names somebody else as well. */
export type Whose = 'own' | 'shared' | undefined

/**
 * @param leaves of the record @param above the result for its resource or scope, whose records also belong to others if only a text names
 * the subject
 */
export function whoseIs(matcher: Matcher, leaves: readonly Leaf[], above?: Whose): Whose {
  if (above !== 'own' && !leaves.some(leaf => names(matcher, leaf))) return above
  if (namesOther(matcher, leaves)) return 'shared'
  // the subject's own records may name others in their text
  const isOwn = above === 'own' || leaves.some(([key, value]) => matcher.person(key, String(value)) === 'subject')
  return isOwn || !leaves.some(([key, value]) => matcher.others(key, String(value))) ? 'own' : 'shared'
}

/** Whether an identity attribute names another person. */
export const namesOther = (matcher: Matcher, leaves: readonly Leaf[]): boolean =>
  leaves.some(([key, value]) => matcher.person(key, String(value)) === 'other')

/** A number only counts under an identity key; elsewhere it is a size or a duration. */
export const names = (matcher: Matcher, [key, value]: Leaf): boolean =>
  typeof value === 'string' ? matcher.attribute(key, value) : matcher.exact(key, String(value))

/** `{ user: { id: 'x' } }` has the attribute `user.id`, as `{ 'user.id': 'x' }` does. */
export function* leavesOf(value: unknown, key = ''): Generator<Leaf> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') yield [key, value]
  else if (Array.isArray(value)) for (const one of value) yield* leavesOf(one, key)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      yield ['', name]
      yield* leavesOf(member, key === '' ? name : `${key}.${name}`)
    }
}

/** Text members of OTLP messages; other strings are ids, times and integers. */
export const textMembers: ReadonlySet<string> = new Set(
  'stringValue key name message description eventName severityText traceState version unit schemaUrl'.split(' '),
)

/** The leaves of a span, log record, resource or scope: attributes by key, and all other text. */
export function* otlpLeaves(message: unknown): Generator<Leaf> {
  if (Array.isArray(message)) for (const one of message) yield* otlpLeaves(one)
  if (Array.isArray(message) || typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return
  for (const [member, value] of Object.entries(message))
    if (typeof value === 'string') {
      if (textMembers.has(member)) yield ['', value]
    } else if (member !== 'attributes') yield* otlpLeaves(value)
    else
      for (const { key, value: any } of value as readonly KeyValue[]) {
        yield ['', key]
        yield* leavesOf(plainValue(any), key)
      }
}
