// Tier of a trace, why, and until when it is kept.
import { appliedPolicies, decision, type Policies, retention, type TraceTier } from '../../tiers'
import { failures, totals } from '../store/calls'
import { text, traceIdOf } from '../store/columns'
import { keptFrom } from '../store/retention-start'
import type { Row } from '../store/store'
import { foldedSpans, tierExpression } from '../store/tier'
import type { Overview, TraceSummary } from './answers'
import { count, usageOf } from './own/row'
import { type Period, secondsOf, within } from './parameters'
import type { Parts } from './parts'

const daySeconds = 86_400

/** @returns undefined when there is no such trace */
export async function summaryOf(parts: Parts, traceId: string): Promise<TraceSummary | undefined> {
  const [row] = await parts.store.query(
    `SELECT ${foldedSpans}, count(*) AS spans, ${totals}, ${failures}
    FROM spans s WHERE s.trace_id = ${traceIdOf(traceId)}::UHUGEINT GROUP BY s.trace_id`,
  )
  if (!row) return undefined
  const { first_ns, last_ns } = row as Record<'first_ns' | 'last_ns', bigint>
  return {
    traceId,
    ...keptBy(row, parts),
    start: secondsOf(first_ns),
    durationMs: Number(last_ns - first_ns) / 1e6,
    spans: count(row.spans),
    ...usageOf(row),
  }
}

/** @param row with the columns of `foldedSpans` */
export function keptBy(
  row: Row,
  { policies, retention }: Parts,
): Pick<TraceSummary, 'tier' | 'reason' | 'keptUntil' | 'policies'> {
  const { signals, first_ns, last_ns, received_ns } = row as Record<'first_ns' | 'last_ns' | 'received_ns', bigint> & {
    signals: number
  }
  const { tier, reason } = decision(signals, last_ns - first_ns, policies)
  const days = retention.traces[tier]
  return {
    tier,
    reason,
    keptUntil: secondsOf(keptFrom(last_ns, received_ns, days)) + days * daySeconds,
    policies: appliedPolicies(signals, last_ns - first_ns, policies),
  }
}

/** Of traces with a span that began in the time. */
export async function tierCounts({ store, policies }: Parts, period: Period): Promise<Overview['tiers']> {
  const rows = await store.query(`
    SELECT ${tierExpression(policies)} AS tier, count(*)::INTEGER AS traces FROM (
      SELECT ${foldedSpans} FROM spans s GROUP BY s.trace_id HAVING bool_or(${within(period)})
    ) GROUP BY ALL`)
  return { detailed: 0, sampled: 0, errors: 0, ...Object.fromEntries(rows.map(row => [row.tier, row.traces])) }
}

/** The tier and those above it, whose traces it has too. */
export function tiersFrom(tier: TraceTier): TraceTier[] {
  const tiers = Object.keys(retention.traces) as TraceTier[]
  return tiers.slice(tiers.indexOf(tier))
}

/**
 * A condition on `spans s`: the trace is of this tier or of a higher one.
 * @returns undefined for detailed, which all traces are of
 */
export function ofTier(tier: TraceTier, policies: Policies): string | undefined {
  if (tier === 'detailed') return undefined
  const wanted = tiersFrom(tier).map(text).join(', ')
  return `s.trace_id IN (
    SELECT trace_id FROM (SELECT s.trace_id, ${foldedSpans} FROM spans s GROUP BY s.trace_id)
    WHERE ${tierExpression(policies)} IN (${wanted}))`
}
