/** Whose a record of telemetry is: a log line as it was parsed, or a message of OTLP in its JSON form. */
import { type KeyValue, plainValue } from '../../shared/otlp/any-value'
import type { Matcher } from './person-attributes'

/** A text or a number of a record, and the attribute that it is of; '' for what is none, such as a message or a key. */
export type Leaf = readonly [key: string, value: string | number | bigint]

/** `own`: it names the subject, and nobody else; `shared`: somebody else, too. */
export type Whose = 'own' | 'shared' | undefined

/** @param leaves of the record @param above whose its resource or its scope is: those of a text that names the subject are of others, too */
export function whoseIs(matcher: Matcher, leaves: readonly Leaf[], above?: Whose): Whose {
  if (above !== 'own' && !leaves.some(leaf => names(matcher, leaf))) return above
  if (namesOther(matcher, leaves)) return 'shared'
  // what is the subject's own may have others in its texts
  const isOwn = above === 'own' || leaves.some(([key, value]) => matcher.person(key, String(value)) === 'subject')
  return isOwn || !leaves.some(([key, value]) => matcher.others(key, String(value))) ? 'own' : 'shared'
}

/** Whether an attribute that holds a person has another one. */
export const namesOther = (matcher: Matcher, leaves: readonly Leaf[]): boolean =>
  leaves.some(([key, value]) => matcher.person(key, String(value)) === 'other')

/** A number is an id under a key that says so, and elsewhere a size or a duration. */
export const names = (matcher: Matcher, [key, value]: Leaf): boolean =>
  typeof value === 'string' ? matcher.attribute(key, value) : matcher.exact(key, String(value))

/** `{ user: { id: 'x' } }` has the attribute `user.id`, as `{ 'user.id': 'x' }` has. */
export function* leavesOf(value: unknown, key = ''): Generator<Leaf> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') yield [key, value]
  else if (Array.isArray(value)) for (const one of value) yield* leavesOf(one, key)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      yield ['', name]
      yield* leavesOf(member, key === '' ? name : `${key}.${name}`)
    }
}

/** Members of OTLP that are texts; other strings are ids, times and integers. */
export const textMembers: ReadonlySet<string> = new Set(
  'stringValue key name message description eventName severityText traceState version unit schemaUrl'.split(' '),
)

/** Of a span, a log record, a resource or a scope of OTLP: its attributes by their keys, the rest by any text in it. */
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
