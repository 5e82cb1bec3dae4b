// What the answers tell of a trace beside what Tempo tells. Called by tempo/search.ts.
import { traceIdHex, traceIdOf } from '../store/columns'
import { foldedSpans } from '../store/tier'
import type { TraceFacts } from './answers'
import { failures, model, totals } from './own/calls'
import { count, usageOf } from './own/row'
import type { Parts } from './parts'
import { keptBy } from './tiers'

export interface Found {
  /** 32 hexadecimal digits. */
  readonly traceID: string
  /** Of its first span. */
  readonly startTimeUnixNano: string
  readonly durationMs?: number
}

/** By trace id. @param traces a few */
export async function factsOf(parts: Parts, traces: readonly Found[]): Promise<Map<string, TraceFacts>> {
  if (traces.length === 0) return new Map()
  const rows = await parts.store.query(`
    SELECT ${traceIdHex('s.trace_id')} AS id, ${foldedSpans}, count(*) AS spans, ${totals}, ${failures},
      list(DISTINCT ${model} ORDER BY ${model}) FILTER (${model} IS NOT NULL) AS models
    FROM spans s WHERE ${spansOf(traces)} GROUP BY s.trace_id`)
  return new Map(
    rows.map(row => {
      const { tier, reason, keptUntil } = keptBy(row, parts)
      const models = (row.models ?? []) as string[]
      return [row.id as string, { tier, reason, keptUntil, spans: count(row.spans), models, ...usageOf(row) }]
    }),
  )
}

/** They begin while their trace lasts, so that DuckDB need not look at others. */
function spansOf(traces: readonly Found[]): string {
  const ids = traces.map(({ traceID }) => `${traceIdOf(traceID)}::UHUGEINT`).join(', ')
  let [from, to] = [BigInt(traces[0]!.startTimeUnixNano), 0n]
  for (const { startTimeUnixNano, durationMs = 0 } of traces) {
    const start = BigInt(startTimeUnixNano)
    const end = start + BigInt(durationMs + 1) * 1_000_000n
    if (start < from) from = start
    if (end > to) to = end
  }
  return `s.trace_id IN (${ids}) AND s.start_ns BETWEEN ${from} AND ${to}`
}
