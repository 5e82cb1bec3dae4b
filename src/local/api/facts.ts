// What the answers tell of a trace beside what Tempo tells. Called by the routes that list traces.
import { traceIdHex, traceIdOf } from '../store/columns'
import type { TraceFacts } from './answers'
import { failures, model, totals } from './own/calls'
import { count, usageOf } from './own/row'
import type { Parts } from './parts'
import { keptOf } from './tiers'

/** @param traceIds 32 hexadecimal digits each; a few */
export async function factsOf(parts: Parts, traceIds: readonly string[]): Promise<Map<string, TraceFacts>> {
  if (traceIds.length === 0) return new Map()
  const ids = traceIds.map(id => `${traceIdOf(id)}::UHUGEINT`).join(', ')
  const rows = await parts.store.query(`
    SELECT ${traceIdHex('s.trace_id')} AS id, count(*) AS spans, ${totals}, ${failures},
      list(DISTINCT ${model} ORDER BY ${model}) FILTER (${model} IS NOT NULL) AS models
    FROM spans s WHERE s.trace_id IN (${ids}) GROUP BY s.trace_id`)
  const keptBy = await keptOf(parts, traceIds)
  const facts = new Map<string, TraceFacts>()
  for (const row of rows) {
    const id = row.id as string
    const kept = keptBy.get(id)
    if (!kept) continue
    const { tier, reason, keptUntil } = kept
    const models = (row.models ?? []) as string[]
    facts.set(id, { tier, reason, keptUntil, spans: count(row.spans), models, ...usageOf(row) })
  }
  return facts
}
