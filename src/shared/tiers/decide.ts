// Decides on the tier of a trace where no Collector has decided. test/collector proves that the real Collector decides the same.
import { inBaseline } from './baseline'
import { type Policies, type PolicyName, policies, type TraceTier } from './retention-table'
import type { TierSpan } from './span'
import { tierFlags, tierFlagsOf } from './tier-flags'

export interface Decision {
  /** The highest tier that holds the trace, and so the answer to how long it lives. */
  readonly tier: TraceTier
  /** The first policy that applies, in the order of the table. */
  readonly reason: PolicyName | 'no policy'
}

/**
 * The tier of one whole trace, as the Collector decides it.
 * @param spans all spans of one trace, in any order
 * @param table the thresholds, where a settings file has changed them
 * @throws RangeError when there is no span, a trace id is not 32 hexadecimal digits, or the spans are of several traces
 */
export function decide(spans: readonly TierSpan[], table: Policies = policies): Decision {
  const baseline = inBaseline(traceIdOf(spans), table.baseline) ? tierFlags.baseline : 0
  const folded = spans.reduce((bits, span) => bits | tierFlagsOf(span, table), baseline)
  return decision(folded, durationNs(spans), table)
}

/**
 * The same from what is folded of the spans already.
 * @param folded the flags of all spans, and `baseline` where the trace id says so
 * @param durationNs from the first span's start to the last span's end
 */
export function decision(folded: number, durationNs: bigint, table: Policies = policies): Decision {
  const [reason] = appliedPolicies(folded, durationNs, table)
  if (reason === undefined) return { tier: 'detailed', reason: 'no policy' }
  return { tier: reason === 'errors' ? 'errors' : 'sampled', reason }
}

/** All policies that lift the trace, in the order of the table. Of a health check, which passed, none. */
export function appliedPolicies(folded: number, durationNs: bigint, table: Policies = policies): PolicyName[] {
  const isHealthCheck = (folded & tierFlags.server) !== 0 && (folded & tierFlags.noHealthCheck) === 0
  if (isHealthCheck && (folded & tierFlags.errors) === 0) return []
  const applies = (name: PolicyName) =>
    name === 'slow' ? durationNs / 1_000_000n > table.slow.overMs : (folded & tierFlags[name]) !== 0
  return (Object.keys(policies) as PolicyName[]).filter(applies)
}

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

function durationNs(spans: readonly TierSpan[]): bigint {
  let first = spans[0]!.start
  let last = spans[0]!.end
  for (const { start, end } of spans) {
    if (start < first) first = start
    if (end > last) last = end
  }
  return last - first
}
