/** Finds the matching traces in the order of a number, such as the cost, over all traces instead of only the newest. */
import { ofTracesWithin } from '../store/columns'
import type { Store } from '../store/store'
import { type MatchingTrace, ofTrace, overlaps, type TraceSearch, traceOf } from './newest-traces'

export interface TraceOrder {
  /** SQL over `traces s` and the root's resource `r`. */
  readonly measure: string
  readonly isAscending: boolean
  /** The number of traces before this page. */
  readonly offset: number
}

/** Traces without the number come last in either direction; equal ones are sorted newest first. */
export async function sortedTraces(
  store: Store,
  { query, window, restriction, limit }: Omit<TraceSearch, 'after'>,
  { measure, isAscending, offset }: TraceOrder,
): Promise<MatchingTrace[]> {
  if (query.readsTree) await store.finalizeTraces()
  const { statement, rows } = query.spans(
    [...(window ? [ofTracesWithin(window)] : []), restriction ?? 'true'].join(' AND '),
  )
  const conditions = [
    window ? overlaps(window) : 'true',
    query.matchesAll
      ? (restriction ?? 'true')
      : `s.trace_id IN (SELECT trace_id FROM ${statement.add(rows.select(['s.trace_id']))})`,
  ]
  const found = await store.query(
    statement.sql(
      `SELECT ${ofTrace}, ${measure} AS rank FROM traces s LEFT JOIN resources r ON r.id = s.root_resource
      WHERE ${conditions.join(' AND ')}
      ORDER BY rank ${isAscending ? 'ASC' : 'DESC'} NULLS LAST, fresh DESC, s.trace_id LIMIT ${limit} OFFSET ${offset}`,
    ),
  )
  return found.map(traceOf)
}
