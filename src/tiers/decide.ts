// Called by the demo, the embedded backend and reconcile, wherever no Collector has decided. test/collector proves that
// the real Collector decides the same.
import { inBaseline } from './baseline'
import type { Attributes, TierSpan } from './span'
import { healthCheck, type Policies, type PolicyName, policies, type TraceTier } from './table'

export interface Decision {
  /** The highest tier that holds the trace, and so the answer to how long it lives. */
  readonly tier: TraceTier
  /** The first policy that applies, in the order of the table. */
  readonly reason: PolicyName | 'no policy'
}

/**
 * The tier of one whole trace, as the Collector decides it.
 * @param spans all spans of one trace, in any order
 * @param given the thresholds, where a settings file has changed them
 * @throws RangeError when there is no span, a trace id is not 32 hexadecimal digits, or the spans are of several traces
 */
export function decide(spans: readonly TierSpan[], given: Policies = policies): Decision {
  const traceId = traceIdOf(spans)
  if (spans.some(span => isError(span, given.errors))) return { tier: 'errors', reason: 'errors' }
  if (isHealthCheck(spans)) return { tier: 'detailed', reason: 'no policy' }
  const reason = lifting.find(name => applies[name](spans, given, traceId))
  return reason ? { tier: 'sampled', reason } : { tier: 'detailed', reason: 'no policy' }
}

type Applies = (spans: readonly TierSpan[], given: Policies, traceId: string) => boolean

const applies: Record<Exclude<PolicyName, 'errors'>, Applies> = {
  slow: (spans, { slow }) => durationMs(spans) > slow.overMs,
  costly: (spans, { costly }) =>
    spans.some(span => {
      const cost = numberAt(span.attributes, costly.attribute)
      return cost !== undefined && cost > costly.over
    }),
  low_quality: (spans, { low_quality: quality }) =>
    spans.some(span => isPoor(span.attributes, quality) || span.events.some(e => isPoor(e.attributes, quality))),
  guardrail: (spans, { guardrail }) => spans.some(span => span.attributes[guardrail.attribute] === true),
  baseline: (_, { baseline }, traceId) => inBaseline(traceId, baseline),
}
const lifting = Object.keys(applies) as (keyof typeof applies)[]

function traceIdOf(spans: readonly TierSpan[]): string {
  const traceId = spans[0]?.traceId
  if (traceId === undefined) throw new RangeError('decide: no spans; pass all spans of one trace')
  if (!/^(?!0+$)[0-9a-f]{32}$/i.test(traceId)) {
    throw new RangeError(
      `decide: trace id ${JSON.stringify(traceId)} is not valid; it has 32 hexadecimal digits, not all 0`,
    )
  }
  const other = spans.find(span => span.traceId !== traceId)
  if (other) {
    throw new RangeError(`decide: spans of two traces, ${traceId} and ${other.traceId}; group them by trace id first`)
  }
  return traceId
}

function isError(span: TierSpan, { event: name, notOnClient }: Policies['errors']): boolean {
  const failed = span.statusCode === 2 || span.events.some(event => event.name === name)
  return failed && !(span.kind === 'client' && wasRefused(span.attributes, notOnClient))
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

function isPoor(attributes: Attributes, { attribute, orElse, below }: Policies['low_quality']): boolean {
  const score = numberAt(attributes, attributes[attribute] === undefined ? orElse : attribute)
  return score !== undefined && score < below
}

function durationMs(spans: readonly TierSpan[]): bigint {
  let first = spans[0]!.start
  let last = spans[0]!.end
  for (const { start, end } of spans) {
    if (start < first) first = start
    if (end > last) last = end
  }
  return (last - first) / 1_000_000n
}

const healthPath = new RegExp(healthCheck.path)

function isHealthCheck(spans: readonly TierSpan[]): boolean {
  const servers = spans.filter(span => span.kind === 'server')
  return (
    servers.length > 0 &&
    servers.every(answersHealth) &&
    spans.every(span => !isRoot(span) || span.kind === 'server' || span.kind === 'client')
  )
}

const answersHealth = (span: TierSpan): boolean =>
  healthCheck.attributes.some(key => {
    const path = span.attributes[key]
    return typeof path === 'string' && healthPath.test(path)
  })

const isRoot = (span: TierSpan): boolean => !span.parentSpanId || /^0+$/.test(span.parentSpanId)

function numberAt(attributes: Attributes, key: string): number | undefined {
  const value = attributes[key]
  return typeof value === 'number' ? value : undefined
}
