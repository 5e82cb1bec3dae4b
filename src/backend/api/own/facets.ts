// `GET /api/afn/facets`: which services, models, users and tools the traces of a search have, and how many of them each. A number is that of
// the same search with the value as one condition more in its braces.

import { ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_TOOL_NAME, ATTR_USER_ID } from '../../../../semconv'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { attribute, ofTracesWithin, text } from '../../store/columns'
import { CompiledQuery } from '../../traceql/compiled-query'
import { contextOf } from '../../traceql/context'
import { parse } from '../../traceql/parse'
import { service } from '../../traceql/statement'
import type { FacetName, FacetsAnswer } from '../answers'
import { integer } from '../parameters'
import type { Parts } from '../parts'
import { count } from './row'

/** In SQL over `spans s` and `resources r`; NULL where a span has none. */
const values: Readonly<Record<FacetName, string>> = {
  status: "CASE WHEN s.status = 2 THEN 'error' END",
  service: `nullif(${service}, '')`,
  model: attribute('span', ATTR_GEN_AI_REQUEST_MODEL, 'string'),
  user: attribute('span', ATTR_USER_ID, 'string'),
  tool: attribute('span', ATTR_GEN_AI_TOOL_NAME, 'string'),
}
const names = Object.keys(values) as FacetName[]

/** Of traces that overlap the period. @throws TraceqlError, Refused with 400 */
export async function facets({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<FacetsAnswer> {
  const limit = integer(params, 'limit', 1, 100) ?? 8
  const query = parse(params('q') || '{}')
  if (query.type !== 'search') return { facets: [] }
  const compiled = new CompiledQuery(await contextOf(store, query), query.stages)
  if (compiled.readsTree) await store.finalizeTraces()
  const { statement, rows } = compiled.spans(ofTracesWithin(period))
  const columns = names.map(name => `${values[name]} AS ${name}`)
  const part = statement.add(rows.select(['s.trace_id AS trace', ...columns], ['resource']), true)
  const counts = names.map(
    name => `(SELECT ${text(name)} AS facet, ${name} AS value, count(DISTINCT trace) AS traces, count(*) OVER () AS all_values
      FROM ${part} WHERE ${name} IS NOT NULL GROUP BY ${name} ORDER BY traces DESC, value LIMIT ${limit})`,
  )
  const found = await store.query(statement.sql(counts.join(' UNION ALL ')))
  return {
    facets: names.flatMap(name => {
      const own = found.filter(({ facet }) => facet === name)
      if (own.length === 0) return []
      const listed = own
        .map(({ value, traces }) => ({ value: value as string, traces: count(traces) }))
        .sort((a, b) => b.traces - a.traces || (a.value < b.value ? -1 : 1))
      return [{ name, values: listed, total: count(own[0]!.all_values) }]
    }),
  }
}
