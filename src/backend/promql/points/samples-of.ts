/** The points of one sender's metric → the samples of the series that Prometheus makes of them. */
import type { Row } from '../../store/store'
import { type Label, Labels, METRIC } from '../labels'
import { formatNumber } from '../numbers'
import type { StoredSeries } from '../series'
import { type Family, isDelta, type SeriesKind } from './families'
import { type Moments, momentsOf, type Points } from './moments'

/**
 * One by one, so that others may have their turn between two of them: of a day's histogram there are a hundred thousand samples.
 * @param isWanted whether a bucket is, by its `le`
 * @returns one series for each part, bucket and quantile, with the samples after `from` up to `to`, and thinned ones that still count then
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

/** One series of a part. */
interface OfPart {
  /** Of a point; null: the point says nothing of this series. */
  readonly value: (point: number) => number | null
  readonly more?: readonly Label[]
}

function seriesOf(row: Row, part: SeriesKind, isWanted: (le: string) => boolean): Iterable<OfPart> {
  if (part === 'bucket') return buckets(row, isWanted)
  if (part === 'quantile') return quantiles(row)
  const values = list(row[`points_${part}`])
  // an observation may have no sum, and then there is no sample of it
  return [{ value: point => values[point] ?? (part === 'sum' ? null : 0) }]
}

const INFINITE = '+Inf'

const list = (value: unknown): readonly number[] => (value ?? []) as readonly number[]

/** Each counts all observations up to its bound. */
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

/** Of summaries, which stand as text. */
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

/** @param value of a point; null: the point says nothing of this series */
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
