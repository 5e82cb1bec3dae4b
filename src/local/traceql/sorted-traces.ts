/** Finds the traces that a search matches in the order of one number of each, of all of them and not of the newest. */
import { aliases, joins, ofTracesWithin } from '../store/columns'
import type { Store } from '../store/store'
import { fresh, type MatchingTrace, type TraceSearch, traceOf } from './newest-traces'

export interface TraceOrder {
  /** An aggregate over `spans s` and `resources r` of a trace. */
  readonly measure: string
  readonly isAscending: boolean
  /** How many traces stand before the page. */
  readonly offset: number
}

const { span: s } = aliases

/** Traces of which the number is not known stand last, whichever way; those that are equal stand newest first. */
export async function sortedTraces(
  store: Store,
  { query, window, restriction = 'true', limit }: Omit<TraceSearch, 'after'>,
  { measure, isAscending, offset }: TraceOrder,
): Promise<MatchingTrace[]> {
  if (query.readsTree) await store.finalizeTraces()
  const overlaps = window ? ofTracesWithin(window) : 'true'
  const { statement, rows } = query.spans(`${overlaps} AND ${restriction}`)
  const part = statement.add(`${rows.select([`${s}.trace_id`])} GROUP BY ${s}.trace_id`)
  const found = await store.query(
    statement.sql(
      `SELECT ${s}.trace_id, min(${s}.start_ns) AS start_ns, max(${s}.start_ns + ${s}.duration_ns) AS end_ns, min(${fresh(s)}) AS fresh,
        ${measure} AS rank
      FROM ${part} JOIN ${joins.span} ON ${s}.trace_id = ${part}.trace_id ${joins.resource} GROUP BY ${s}.trace_id
      ${window ? `HAVING min(${s}.start_ns) <= ${window.toNs} AND max(${s}.start_ns + ${s}.duration_ns) >= ${window.fromNs}` : ''}
      ORDER BY rank ${isAscending ? 'ASC' : 'DESC'} NULLS LAST, fresh DESC, ${s}.trace_id LIMIT ${limit} OFFSET ${offset}`,
    ),
  )
  return found.map(traceOf)
}
