/** Turns the points of one sender's metric into samples of Prometheus series. */
import type { Row } from '../../store/store'
import { type Label, Labels, METRIC } from '../labels'
import { formatNumber } from '../numbers'
import type { StoredSeries } from '../series'
import { type Family, isDelta, type SeriesKind } from './families'
import { type Moments, momentsOf, type Points } from './moments'

/**
 * A generator, so that other tasks can run in between: a day of a histogram has a hundred thousand samples.
 * @param isWanted whether to include a bucket, by its `le`
 * @returns a series per part, bucket and quantile, with samples after `from` up to `to`, and downsampled ones that are still valid then
 */
export function* samplesOf(
  row: Row,
  family: Family,
  labels: readonly Label[],
  wanted: ReadonlyMap<string, SeriesKind>,
  [from, to]: readonly [number, number],
  isWanted: (le: string) => boolean,
): Generator<StoredSeries> {
  const points: Points = { times: list(row.times), starts: list(row.starts), marks: list(row.marks) }
  const moments = momentsOf(points, isDelta(family), from, to)
  if (moments.times.length === 0) return
  for (const [name, part] of wanted) {
    for (const { value, more = [] } of seriesOf(row, part, isWanted)) {
      const column = columnOf(moments, value)
      if (column) yield { labels: Labels.of([...labels, ...more, [METRIC, name]]), ...column }
    }
  }
}

/** A series of one part. */
interface OfPart {
  /** The value of a point; null if the point has none for this series. */
  readonly value: (point: number) => number | null
  readonly more?: readonly Label[]
}

function seriesOf(row: Row, part: SeriesKind, isWanted: (le: string) => boolean): Iterable<OfPart> {
  if (part === 'bucket') return buckets(row, isWanted)
  if (part === 'quantile') return quantiles(row)
  const values = list(row[`points_${part}`])
  // a histogram's point may have no sum, and then no sample
  return [{ value: point => values[point] ?? (part === 'sum' ? null : 0) }]
}

const INFINITE = '+Inf'

const list = (value: unknown): readonly number[] => (value ?? []) as readonly number[]

/** Buckets are cumulative, as in Prometheus. */
function* buckets(row: Row, isWanted: (le: string) => boolean): Generator<OfPart> {
  const bounds = list(row.bounds)
  const own = list(row.points_buckets)
  const counts = list(row.points_count)
  const width = row.buckets as number
  const below = new Float64Array(counts.length)
  for (const [index, bound] of bounds.slice(0, width).entries()) {
    for (let point = 0; point < below.length; point++) below[point]! += own[point * width + index]!
    const le = formatNumber(bound)
    if (le !== INFINITE && isWanted(le)) yield { value: point => below[point]!, more: [['le', le]] }
  }
  if (isWanted(INFINITE)) yield { value: point => counts[point] ?? 0, more: [['le', INFINITE]] }
}

/** Quantiles of summaries, which are stored as JSON. */
function* quantiles(row: Row): Generator<OfPart> {
  const points = ((row.points_point ?? []) as (string | null)[]).map(text => {
    const { quantileValues = [] } = JSON.parse(text ?? '{}') as {
      quantileValues?: { quantile?: number; value?: number }[]
    }
    return new Map(quantileValues.map(({ quantile = 0, value = 0 }) => [Number(quantile), Number(value)]))
  })
  for (const quantile of new Set(points.flatMap(point => [...point.keys()])))
    yield { value: point => points[point]!.get(quantile) ?? null, more: [['quantile', formatNumber(quantile)]] }
}

/** @param value of a point; null if the point has none for this series */
function columnOf(moments: Moments, value: (point: number) => number | null): Omit<StoredSeries, 'labels'> | undefined {
  const { times, points, ends, resolutions, sums } = moments
  const total = sums?.(point => value(point) ?? 0) ?? value
  const values = new Float64Array(times.length)
  let hasGaps = false
  for (let at = 0; at < values.length; at++) {
    const point = points[at]!
    const found = value(Math.abs(point) - 1) === null ? null : point < 0 ? 0 : total(point - 1)
    if (found === null) hasGaps = true
    values[at] = found ?? Number.NaN
  }
  if (!hasGaps) return values.length > 0 ? { times, values, ends, resolutions } : undefined
  const isThere = (_: number, at: number) => value(Math.abs(points[at]!) - 1) !== null
  const kept = times.filter(isThere)
  if (kept.length === 0) return undefined
  return {
    times: kept,
    values: values.filter(isThere),
    ends: ends?.filter(isThere),
    resolutions: resolutions?.filter(isThere),
  }
}
