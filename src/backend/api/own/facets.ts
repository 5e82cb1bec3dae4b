// `GET /api/afn/facets`: the tiers, status codes, routes, services, models, users and other values in the traces of a search, with the
// number of traces for each. The number equals that of the same search with one more condition: in its braces, or with `of=traces` in
// separate braces.

import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_USER_ID,
} from '../../../../semconv'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { attribute, joins, ofTracesWithin, text } from '../../store/columns'
import { tierExpression } from '../../store/tier'
import { CompiledQuery } from '../../traceql/compiled-query'
import { contextOf } from '../../traceql/context'
import { parse } from '../../traceql/parse'
import { service } from '../../traceql/statement'
import type { FacetName, FacetsAnswer } from '../answers'
import { integer, oneOf } from '../parameters'
import type { Parts } from '../parts'
import { onlyTier } from '../tiers'
import { count } from './row'

/** SQL over `spans s` and `resources r`; NULL if a span has no value. */
const values: Readonly<Record<Exclude<FacetName, 'tier'>, string>> = {
  status: "CASE WHEN s.status = 2 THEN 'error' END",
  code: `${attribute('span', ATTR_HTTP_RESPONSE_STATUS_CODE, 'int')}::VARCHAR`,
  service: `nullif(${service}, '')`,
  route: attribute('span', 'http.route', 'string'),
  environment: attribute('resource', 'deployment.environment.name', 'string'),
  version: attribute('resource', 'service.version', 'string'),
  model: attribute('span', ATTR_GEN_AI_REQUEST_MODEL, 'string'),
  user: attribute('span', ATTR_USER_ID, 'string'),
  tool: attribute('span', ATTR_GEN_AI_TOOL_NAME, 'string'),
}
const names = Object.keys(values) as (keyof typeof values)[]

/** Counts traces that overlap the period. @throws TraceqlError, Refused with 400 */
export async function facets(
  { store, policies }: Parts,
  params: QueryParams,
  period: TimeRangeNs,
): Promise<FacetsAnswer> {
  const limit = integer(params, 'limit', 1, 100) ?? 8
  const ofTraces = oneOf(params, 'of', ['spans', 'traces'], 'spans') === 'traces'
  const query = parse(params('q') || '{}')
  if (query.type !== 'search') return { facets: [] }
  const compiled = new CompiledQuery(await contextOf(store, query), query.stages)
  if (compiled.readsTree) await store.finalizeTraces()
  const { statement, rows } = compiled.spans(`${ofTracesWithin(period)} AND ${onlyTier(params, policies) ?? 'true'}`)
  const columns = ['s.trace_id AS trace', ...names.map(name => `${values[name]} AS ${name}`)]
  const spansOf = (traces: string) =>
    `SELECT ${columns.join(', ')} FROM ${joins.span} ${joins.resource} WHERE s.trace_id IN (SELECT trace FROM ${traces})`
  const matched = statement.add(
    ofTraces ? rows.select(['s.trace_id AS trace']) : rows.select(columns, ['resource']),
    true,
  )
  const part = ofTraces ? statement.add(spansOf(matched), true) : matched
  const counts = names.map(
    name => `(SELECT ${text(name)} AS facet, ${name} AS value, count(DISTINCT trace) AS traces, count(*) OVER () AS all_values
      FROM ${part} WHERE ${name} IS NOT NULL GROUP BY ${name} ORDER BY traces DESC, value LIMIT ${limit})`,
  )
  const tiers = `(SELECT 'tier' AS facet, ${tierExpression(policies)} AS value, count(*) AS traces, count(*) OVER () AS all_values
      FROM traces WHERE trace_id IN (SELECT trace FROM ${matched}) GROUP BY value)`
  const found = await store.query(statement.sql([tiers, ...counts].join(' UNION ALL ')))
  return {
    facets: (['tier', ...names] as const).flatMap(name => {
      const own = found.filter(({ facet }) => facet === name)
      if (own.length === 0) return []
      const listed = own
        .map(({ value, traces }) => ({ value: value as string, traces: count(traces) }))
        .sort((a, b) => b.traces - a.traces || (a.value < b.value ? -1 : 1))
      return [{ name, values: listed, total: count(own[0]!.all_values) }]
    }),
  }
}
