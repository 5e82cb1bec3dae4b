// The tier of a trace, the reason for it, and the end of its retention.
import { appliedPolicies, decision, type Policies, retention, type TraceTier } from '../../shared/tiers'
import type { QueryParams } from '../request-parameters'
import { text, traceIdOf } from '../store/columns'
import { keptFrom } from '../store/retention-start'
import type { Row } from '../store/store'
import { tierExpression } from '../store/tier'
import type { Overview, TraceSummary } from './answers'
import { count, usageOf } from './own/row'
import { oneOf, secondsOf } from './parameters'
import type { Parts } from './parts'
import type { TracesWithin } from './traces-within'

const daySeconds = 86_400

/** @returns undefined if there is no such trace */
export async function summaryOf(parts: Parts, traceId: string): Promise<TraceSummary | undefined> {
  const [row] = await parts.store.query(`SELECT * FROM traces WHERE trace_id = ${traceIdOf(traceId)}::UHUGEINT`)
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

/** @param row from the table `traces` */
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

/** Counts traces with a span that began in the time range. */
export async function tierCounts({ store, policies }: Parts, { begun }: TracesWithin): Promise<Overview['tiers']> {
  const rows = await store.query(
    `SELECT ${tierExpression(policies)} AS tier, count(*)::INTEGER AS traces FROM traces WHERE ${begun} GROUP BY ALL`,
  )
  return { detailed: 0, sampled: 0, errors: 0, ...Object.fromEntries(rows.map(row => [row.tier, row.traces])) }
}

/** The tier and all higher ones, whose traces it includes. */
export function tiersFrom(tier: TraceTier): TraceTier[] {
  const tiers = Object.keys(retention.traces) as TraceTier[]
  return tiers.slice(tiers.indexOf(tier))
}

/**
 * A condition on `spans s`: the trace has exactly the tier that the parameter `tier` names.
 * @returns undefined without the parameter
 * @throws Refused with 400
 */
export function onlyTier(params: QueryParams, policies: Policies): string | undefined {
  if (!params('tier')) return undefined
  const tier = oneOf(params, 'tier', Object.keys(retention.traces) as TraceTier[], 'detailed')
  return `s.trace_id IN (SELECT trace_id FROM traces WHERE ${tierExpression(policies)} = ${text(tier)})`
}

/**
 * A condition on `spans s`: the trace has this tier or a higher one.
 * @returns undefined for detailed, which includes all traces
 */
export function ofTier(tier: TraceTier, policies: Policies): string | undefined {
  if (tier === 'detailed') return undefined
  const wanted = tiersFrom(tier).map(text).join(', ')
  return `s.trace_id IN (SELECT trace_id FROM traces WHERE ${tierExpression(policies)} IN (${wanted}))`
}
