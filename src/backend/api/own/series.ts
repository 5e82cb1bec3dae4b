// `GET /api/afn/series`: one number over time, by model, provider, user or service.

import { ATTR_GEN_AI_PROVIDER_NAME, ATTR_USER_ID } from '../../../../semconv'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { cost, firstTokenMs, isCall, model, tokens, unpriced } from '../../store/calls'
import { attribute } from '../../store/columns'
import type { Row } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import type { SeriesAnswer, SeriesKey, SeriesMetric, SeriesTotal } from '../answers'
import { oneOf, stepOf, within } from '../parameters'
import type { Parts } from '../parts'
import { count, numberOrNull, unpricedOf } from './row'

const keys: Record<SeriesKey, string> = {
  model,
  provider: attribute('span', ATTR_GEN_AI_PROVIDER_NAME, 'string'),
  user: attribute('span', ATTR_USER_ID, 'string'),
  service: attribute('resource', 'service.name', 'string'),
  none: "''",
}

interface Metric {
  /** An aggregate over the spans of a step. */
  readonly value: string
  readonly of: (by: SeriesKey) => string
}

const ofCalls = () => isCall
/** Grouped by model or provider, only calls count; for a service, its requests count. */
const callsOr = (others: string) => (by: SeriesKey) => (by === 'service' || by === 'none' ? others : isCall)

const metrics = (ttft: string): Record<SeriesMetric, Metric> => ({
  // unpriced calls count too, because a model without a price is not free
  cost: { value: `sum(${cost})`, of: () => `(${cost} IS NOT NULL OR ${isCall})` },
  calls: { value: 'count(*)', of: ofCalls },
  tokens: { value: `sum(${tokens})`, of: ofCalls },
  errors: { value: 'count(*)', of: by => `s.status = 2 AND ${callsOr('true')(by)}` },
  latency: { value: 'quantile_cont(s.duration_ns / 1e6, 0.95)', of: callsOr('s.parent_id = 0') },
  ttft: { value: `quantile_cont(${ttft}, 0.95)`, of: () => `${isCall} AND ${ttft} IS NOT NULL` },
})

/** Maximum number of series; nobody can tell more lines apart. */
const mostSeries = 20

/**
 * Steps without a span have no point. `total` is the aggregate over the whole window. `key` selects the spans of one key.
 * @throws Refused with 400
 */
export async function series({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<SeriesAnswer> {
  const known = metrics(firstTokenMs(await knownKeys(store)))
  const name = oneOf(params, 'metric', Object.keys(known) as SeriesMetric[], 'cost')
  const by = oneOf(params, 'by', Object.keys(keys) as SeriesKey[], 'none')
  const step = stepOf(params, period)
  const key = params('key')
  const { value, of } = known[name]
  const isCost = name === 'cost'
  const counts = isCost ? `, count(*) FILTER (${isCall}) AS calls, ${unpriced}` : ''
  const from = by === 'service' ? 'spans s JOIN resources r ON r.id = s.resource' : 'spans s'
  const rows = await store.query(
    `WITH step AS MATERIALIZED (
      SELECT ${keys[by]} AS key, s.start_ns // ${BigInt(step) * 1_000_000_000n} AS step, GROUPING(key, step) AS level,
        ${value} AS value${counts}
      FROM ${from} WHERE ${within(period)} AND (${of(by)})${key === undefined ? '' : ` AND ${keys[by]} = $1`}
      GROUP BY GROUPING SETS ((key, step), (key), ())
    ), best AS MATERIALIZED (
      SELECT *, count(*) OVER () AS series FROM step
      WHERE level = ${ofKey} AND key IS NOT NULL${isCost ? ' AND (value IS NOT NULL OR no_price + no_usage > 0)' : ''}
      ORDER BY value DESC NULLS LAST, key LIMIT ${mostSeries}
    ), points AS (
      SELECT key, list([step, value] ORDER BY step) AS points FROM step
      WHERE level = ${ofStep} AND value IS NOT NULL AND key IN (SELECT key FROM best) GROUP BY key
    )
    (SELECT best.*, points FROM best LEFT JOIN points USING (key) ORDER BY value DESC NULLS LAST, key)
    UNION ALL SELECT *, 0, NULL FROM step WHERE level = ${ofAll}`,
    key === undefined ? [] : [key],
  )
  const totalOf = (row: Row): SeriesTotal => ({
    total: numberOrNull(row.value),
    ...(isCost && { calls: count(row.calls), ...unpricedOf(row) }),
  })
  const found = rows.filter(({ level }) => Number(level) === ofKey)
  const all = rows.find(({ level }) => Number(level) === ofAll)
  return {
    stepSeconds: step,
    series: found.map(row => ({
      key: row.key as string,
      ...totalOf(row),
      points: ((row.points ?? []) as [unknown, unknown][]).map(
        ([at, value]) => [Number(at) * step, Number(value)] as const,
      ),
    })),
    all: { ...totalOf(all!), series: count(found[0]?.series) },
  }
}

/** The values of GROUPING(key, step): a bit is set if the rows are not grouped by that column. */
const [ofStep, ofKey, ofAll] = [0, 1, 3]
