// Tier of a trace, why, and until when it is kept. Called by the routes that tell it.
import { appliedPolicies, decision, type Policies, retention, type TraceTier } from '../../tiers'
import { text, traceIdHex, traceIdOf } from '../store/columns'
import { foldedSpans, tierExpression } from '../store/tier'
import type { Kept, Overview } from './answers'
import { type Period, within } from './parameters'
import type { Parts } from './parts'

const daySeconds = 86_400

/**
 * @param traceIds 32 hexadecimal digits each; a few
 * @returns by trace id; without those of which there are no spans
 */
export async function keptOf(parts: Parts, traceIds: readonly string[]): Promise<Map<string, Kept>> {
  if (traceIds.length === 0) return new Map()
  const ids = traceIds.map(id => `${traceIdOf(id)}::UHUGEINT`).join(', ')
  const rows = await parts.store.query(`
    SELECT ${traceIdHex('s.trace_id')} AS id, ${foldedSpans}
    FROM spans s WHERE s.trace_id IN (${ids}) GROUP BY s.trace_id`)
  return new Map(
    rows.map(row => {
      const { id, signals, first_ns, last_ns } = row as {
        id: string
        signals: number
        first_ns: bigint
        last_ns: bigint
      }
      const { tier, reason } = decision(signals, last_ns - first_ns, parts.policies)
      const policies = appliedPolicies(signals, last_ns - first_ns, parts.policies)
      const keptUntil = Number(last_ns / 1_000_000n) / 1_000 + parts.retention.traces[tier] * daySeconds
      return [id, { traceId: id, tier, reason, keptUntil, policies }]
    }),
  )
}

export async function tierCounts(parts: Parts, period: Period): Promise<Overview['tiers']> {
  const rows = await parts.store.query(`
    SELECT ${tierExpression(parts.policies)} AS tier, count(*)::INTEGER AS traces
    FROM (SELECT ${foldedSpans} FROM spans s WHERE ${within(period)} GROUP BY s.trace_id) GROUP BY ALL`)
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
