// `GET /api/afn/logs/summary`: how many log records match, over time by level, and by the values of each facet.
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { text } from '../../store/columns'
import type { LogFacetName, LogLevel, LogSummary } from '../log-answers'
import { integer, stepOf } from '../parameters'
import type { Parts } from '../parts'
import { logFacetNames, logFacets, logFiltersOf } from './log-filters'
import { count } from './row'

/** As they are stacked in the chart. */
const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'none']

/** Reads the records once; everything else counts groups of them. @throws Refused with 400 */
export async function logSummary({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<LogSummary> {
  const step = stepOf(params, period)
  const limit = integer(params, 'limit', 1, 100) ?? 8
  const { contains, values, wanted } = logFiltersOf(params)
  const where = (but?: LogFacetName) =>
    [...wanted].flatMap(([name, value]) => (name === but ? [] : [`${name} = ${text(value)}`])).join(' AND ') || 'true'
  const facet = (name: LogFacetName) =>
    `(SELECT ${text(name)} AS facet, ${name} AS value, NULL AS step, sum(n) AS n, count(*) OVER () AS total
      FROM known WHERE ${name} IS NOT NULL AND ${where(name)} GROUP BY ${name} ORDER BY n DESC, value LIMIT ${limit})`
  const rows = await store.query(
    `WITH counted AS MATERIALIZED (
      SELECT l.severity, l.class, l.event_name, l.resource, l.time_ns // ${BigInt(step) * 1_000_000_000n} AS step, count(*) AS n
      FROM logs l WHERE l.time_ns >= ${period.fromNs} AND l.time_ns < ${period.toNs} AND ${contains} GROUP BY ALL
    ), known AS MATERIALIZED (
      SELECT ${logFacetNames.map(name => `${logFacets[name]} AS ${name}`).join(', ')}, l.step, l.n
      FROM counted l JOIN resources r ON r.id = l.resource
    )
    SELECT NULL AS facet, level AS value, step, sum(n) AS n, 0 AS total FROM known WHERE ${where()} GROUP BY level, step
    UNION ALL ${logFacetNames.map(facet).join(' UNION ALL ')}`,
    values,
  )
  const points = rows.filter(row => row.facet === null).sort((a, b) => Number(a.step) - Number(b.step))
  return {
    stepSeconds: step,
    levels: levels.flatMap(level => {
      const own = points.filter(({ value }) => value === level)
      if (own.length === 0) return []
      return [
        {
          level,
          total: own.reduce((sum, { n }) => sum + count(n), 0),
          points: own.map(row => [Number(row.step) * step, count(row.n)] as const),
        },
      ]
    }),
    facets: logFacetNames.flatMap(name => {
      const own = rows.filter(row => row.facet === name)
      if (own.length === 0) return []
      const listed = own
        .map(row => ({ value: row.value as string, count: count(row.n) }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      return [{ name, values: listed, total: count(own[0]!.total) }]
    }),
  }
}
