// Finds the spans of a trace that match a query: `q` of `GET /api/v2/traces/{id}`.
import { traceIdOf } from '../../store/columns'
import type { Store } from '../../store/store'
import { CompiledQuery } from '../../traceql/compiled-query'
import { contextOf } from '../../traceql/context'
import { TraceqlError } from '../../traceql/error'
import { parse } from '../../traceql/parse'

/** @throws TraceqlError if the query is not a search */
export async function spansOfTrace(store: Store, traceId: string, query: string): Promise<Set<bigint>> {
  const parsed = parse(query)
  if (parsed.type !== 'search')
    throw new TraceqlError(query, 0, 'metrics', 'cannot select spans of a trace', 'remove the metrics function')
  const compiled = new CompiledQuery(await contextOf(store, parsed), parsed.stages)
  if (compiled.readsTree) await store.finalizeTraces()
  const { statement, rows } = compiled.spans(`s.trace_id = ${traceIdOf(traceId)}::UHUGEINT`)
  const found = await store.query(statement.sql(rows.select(['s.span_id'])))
  return new Set(found.map(row => row.span_id as bigint))
}
