// What one span says about the tier of its trace, in bits that fold with `|`. The embedded backend stores them with each span, so that SQL
// can fold them.

import { healthCheck, type Policies, policies } from './retention-table'
import type { Attributes, TierSpan } from './span'

export const tierFlags = {
  errors: 1,
  costly: 2,
  low_quality: 4,
  guardrail: 8,
  /** Says the trace id, not the span: whoever knows the id sets it, see baseline.ts. */
  baseline: 16,
  server: 32,
  /** A SERVER span that answers anything but a health check, or a root span that is neither SERVER nor CLIENT. */
  noHealthCheck: 64,
} as const

/** Without `baseline`. */
export function tierFlagsOf(span: Omit<TierSpan, 'traceId' | 'start' | 'end'>, table: Policies = policies): number {
  const server = span.kind === 'server'
  const stray = server ? !answersHealth(span.attributes) : span.kind !== 'client' && isRoot(span)
  return (
    (isError(span, table.errors) ? tierFlags.errors : 0) |
    (isCostly(span.attributes, table.costly) ? tierFlags.costly : 0) |
    (isPoor(span, table.low_quality) ? tierFlags.low_quality : 0) |
    (span.attributes[table.guardrail.attribute] === true ? tierFlags.guardrail : 0) |
    (server ? tierFlags.server : 0) |
    (stray ? tierFlags.noHealthCheck : 0)
  )
}

/** The only attributes that `tierFlagsOf` looks at, of a span and of its events. */
export function tierFlagAttributes({ errors, costly, low_quality, guardrail }: Policies): ReadonlySet<string> {
  return new Set([
    errors.logged,
    errors.retried,
    ...errors.notOnClient.attributes,
    costly.attribute,
    low_quality.attribute,
    low_quality.orElse,
    guardrail.attribute,
    ...healthCheck.attributes,
  ])
}

function isError(
  span: Pick<TierSpan, 'kind' | 'statusCode' | 'events' | 'attributes'>,
  { event: name, logged, retried, notOnClient }: Policies['errors'],
): boolean {
  const failed =
    span.statusCode === 2 || span.attributes[logged] === true || span.events.some(event => event.name === name)
  const wasRetried = span.attributes[retried]
  if (!failed || wasRetried === true) return false
  return wasRetried === false || !(span.kind === 'client' && wasRefused(span.attributes, notOnClient))
}

function wasRefused(
  attributes: Attributes,
  { attributes: keys, from, below }: Policies['errors']['notOnClient'],
): boolean {
  return keys.some(key => {
    const status = numberAt(attributes, key)
    return status !== undefined && status >= from && status < below
  })
}

function isCostly(attributes: Attributes, { attribute, over }: Policies['costly']): boolean {
  const cost = numberAt(attributes, attribute)
  return cost !== undefined && cost > over
}

function isPoor(
  { attributes, events }: Pick<TierSpan, 'attributes' | 'events'>,
  { attribute, orElse, below }: Policies['low_quality'],
): boolean {
  const isBelow = (one: Attributes) => {
    const score = numberAt(one, one[attribute] === undefined ? orElse : attribute)
    return score !== undefined && score < below
  }
  return isBelow(attributes) || events.some(event => isBelow(event.attributes))
}

const healthPath = new RegExp(healthCheck.path)

const answersHealth = (attributes: Attributes): boolean =>
  healthCheck.attributes.some(key => {
    const path = attributes[key]
    return typeof path === 'string' && healthPath.test(path)
  })

const isRoot = ({ parentSpanId }: Pick<TierSpan, 'parentSpanId'>): boolean => !parentSpanId || /^0+$/.test(parentSpanId)

function numberAt(attributes: Attributes, key: string): number | undefined {
  const value = attributes[key]
  return typeof value === 'number' ? value : undefined
}
