/** Finds the traces that a search matches in the order of one number of each, of all of them and not of the newest. */
import { ofTracesWithin } from '../store/columns'
import type { Store } from '../store/store'
import { type MatchingTrace, ofTrace, overlaps, type TraceSearch, traceOf } from './newest-traces'

export interface TraceOrder {
  /** Of `traces s` and the resource `r` of the root. */
  readonly measure: string
  readonly isAscending: boolean
  /** How many traces stand before the page. */
  readonly offset: number
}

/** Traces of which the number is not known stand last, whichever way; those that are equal stand newest first. */
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
