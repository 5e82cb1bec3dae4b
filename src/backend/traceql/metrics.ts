/**
 * Answers `/api/metrics/query_range` and `/api/metrics/query`. DuckDB computes the functions over spans; the results are few, so arithmetic
 * and filters on them run here.
 */
import type { Store } from '../store/store'
import type { Hint, Metrics, MetricsMath, MetricsQuery } from './ast'
import { contextOf } from './context'
import { TraceqlError } from './error'
import { compared, join, withNumber } from './metrics/arithmetic'
import { best } from './metrics/best'
import { firstStage } from './metrics/first-stage'
import { instantGrid, rangeGrid } from './metrics/grid'
import type { Observing } from './metrics/matched'
import type { QueryRange, RangeQuestion } from './metrics/range-parameters'
import type { SeriesSet } from './metrics/series'
import { type InstantSeries, instantAnswer, type RangeSeries, rangeAnswer } from './metrics/tempo-json'
import { parse } from './parse'
import { checkPatterns } from './patterns'

export interface MetricsAnswer<Series> {
  readonly series: readonly Series[]
  /** A sentence for each construct for which Tempo's own answer would be useless. */
  readonly warnings: readonly string[]
}

/** @throws TraceqlError for an invalid query, or one that is not a metrics query */
export async function answerRange(
  store: Store,
  text: string,
  question: RangeQuestion,
): Promise<MetricsAnswer<RangeSeries>> {
  const query = await metricsQuery(store, text)
  const grid = rangeGrid(question)
  const seen = { grid, restriction: question.restriction }
  const { set, warnings } = await evaluate(store, query, seen, exemplarsOf(query.hints, question.exemplars))
  return { series: rangeAnswer(set, grid), warnings }
}

/** One value per series over the whole range. @throws TraceqlError for an invalid query, or one that is not a metrics query */
export async function answerInstant(
  store: Store,
  text: string,
  range: QueryRange,
): Promise<MetricsAnswer<InstantSeries>> {
  const { set, warnings } = await evaluate(
    store,
    await metricsQuery(store, text),
    { grid: instantGrid(range), restriction: range.restriction },
    0,
  )
  return { series: instantAnswer(set), warnings }
}

async function metricsQuery(store: Store, text: string): Promise<MetricsQuery> {
  const query = parse(text)
  await checkPatterns(store, query)
  if (query.type === 'metrics') return query
  throw new TraceqlError(
    text,
    0,
    'search',
    'returns traces, not metrics',
    'end it with a metrics function such as | rate()',
  )
}

/** The hint takes precedence over the parameter. */
function exemplarsOf(hints: readonly Hint[], wanted: number): number {
  const values = hints.filter(({ name }) => name === 'exemplars').map(({ value }) => value.value)
  for (const value of values) {
    if (value.kind === 'int') return Math.min(Math.max(Number(value.value), 0), wanted)
    if (value.kind === 'bool' && !value.value) return 0
  }
  return wanted
}

async function evaluate(
  store: Store,
  query: MetricsQuery,
  seen: Pick<Observing, 'grid' | 'restriction'>,
  exemplars: number,
): Promise<{ set: SeriesSet; warnings: string[] }> {
  const context = await contextOf(store, query)
  const seriesOf = async (part: Metrics): Promise<SeriesSet> => {
    switch (part.type) {
      case 'firstStage':
        return firstStage(part, { store, context, ...seen }, exemplars)
      case 'metricsFilter':
        return compared(part.op, await seriesOf(part.of), part.value)
      case 'metricsMath':
        return computed(part, seriesOf)
      default:
        return best(part.type, part.limit, await seriesOf(part.of))
    }
  }
  const set = seen.grid.count > 0 ? await seriesOf(query.metrics) : new Map()
  return { set, warnings: [...context.warnings] }
}

type SeriesOf = (part: Metrics) => Promise<SeriesSet>

/** The parser allows a plain number on at most one side. */
async function computed({ op, left, right }: MetricsMath, seriesOf: SeriesOf): Promise<SeriesSet> {
  if (typeof left === 'number') return withNumber(op, await seriesOf(right as Metrics), left, true)
  if (typeof right === 'number') return withNumber(op, await seriesOf(left), right, false)
  return join(op, await seriesOf(left), await seriesOf(right))
}
