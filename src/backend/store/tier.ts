// The tier of a trace in SQL.
import { type Policies, tierFlags } from '../../shared/tiers'

/**
 * What a decision needs of all spans `s` of a trace: columns `signals`, `first_ns` and `last_ns` of a group, and `received_ns`, when
 * its last span came.
 */
export const foldedSpans = `bit_or(s.signals) AS signals, min(s.start_ns) AS first_ns,
  max(s.start_ns + s.duration_ns) AS last_ns, max(s.received_ns) AS received_ns`

/** What `decision` of src/shared/tiers says, as `'errors'`, `'sampled'` or `'detailed'`, of such columns. */
export function tierExpression({ slow }: Policies): string {
  const has = (bits: number) => `(signals & ${bits}) <> 0`
  const { errors, server, noHealthCheck, costly, low_quality, guardrail, baseline } = tierFlags
  // DuckDB's // cuts, as the Collector does.
  const isSlow = `(last_ns - first_ns) // 1000000 > ${slow.overMs}`
  return `CASE WHEN ${has(errors)} THEN 'errors'
    WHEN ${has(server)} AND NOT (${has(noHealthCheck)}) THEN 'detailed'
    WHEN ${has(costly | low_quality | guardrail | baseline)} OR ${isSlow} THEN 'sampled'
    ELSE 'detailed' END`
}
