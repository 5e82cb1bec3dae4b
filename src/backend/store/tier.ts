// The tier of a trace in SQL.
import { type Policies, tierFlags } from '../../shared/tiers'

/**
 * What the choice of a tier needs from the spans `s` of a trace: columns `signals`, `first_ns` and `last_ns`, and `received_ns`, the
 * arrival of the last span.
 */
export const foldedSpans = `bit_or(s.signals) AS signals, min(s.start_ns) AS first_ns,
  max(s.start_ns + s.duration_ns) AS last_ns, max(s.received_ns) AS received_ns`

/** SQL for `decision` of src/shared/tiers over these columns: `'errors'`, `'sampled'` or `'detailed'`. */
export function tierExpression({ slow }: Policies): string {
  const has = (bits: number) => `(signals & ${bits}) <> 0`
  const { errors, server, noHealthCheck, costly, low_quality, guardrail, baseline } = tierFlags
  // DuckDB's // truncates, as the Collector does.
  const isSlow = `(last_ns - first_ns) // 1000000 > ${slow.overMs}`
  return `CASE WHEN ${has(errors)} THEN 'errors'
    WHEN ${has(server)} AND NOT (${has(noHealthCheck)}) THEN 'detailed'
    WHEN ${has(costly | low_quality | guardrail | baseline)} OR ${isSlow} THEN 'sampled'
    ELSE 'detailed' END`
}
