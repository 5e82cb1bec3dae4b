// Which spans of a trace a query matches: `q` of `GET /api/v2/traces/{id}`. Called by index.ts.
import { traceIdOf } from '../../store/columns'
import type { Store } from '../../store/store'
import { contextOf } from '../../traceql/context'
import { TraceqlError } from '../../traceql/error'
import { parse } from '../../traceql/parse'
import { Rows } from '../../traceql/rows'
import { SpansetCompiler } from '../../traceql/spansets'
import { Statement } from '../../traceql/statement'

/** @throws TraceqlError for what is no search */
export async function spansOfTrace(store: Store, traceId: string, query: string): Promise<Set<bigint>> {
  const parsed = parse(query)
  if (parsed.type !== 'search')
    throw new TraceqlError(query, 0, 'metrics', 'choose no spans of a trace', 'leave them out')
  const statement = new Statement(`s.trace_id = ${traceIdOf(traceId)}::UHUGEINT`)
  const compiler = new SpansetCompiler(await contextOf(store, parsed), statement)
  const rows = compiler.stages(parsed.stages, Rows.all(statement))
  if (compiler.readsTree) await store.settle()
  const found = await store.query(statement.sql(rows.select(['s.span_id'])))
  return new Set(found.map(row => row.span_id as bigint))
}
