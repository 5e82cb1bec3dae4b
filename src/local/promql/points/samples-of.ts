/** The points of one sender's metric → the samples of the series that Prometheus makes of them. */
import type { Row } from '../../store/store'
import { type Label, Labels, METRIC } from '../labels'
import { formatNumber } from '../numbers'
import type { Stored } from '../series'
import { type Family, isDelta, type Part } from './families'
import { type Moments, momentsOf } from './moments'

/** Lists of the same length, in the order in which the points came. Times are in milliseconds; a start of 0 is none. */
export interface Points {
  readonly times: readonly number[]
  readonly starts: readonly number[]
  /** Twice the number of its resolution, and 1 where the point has no value: the series ends. */
  readonly marks: readonly number[]
}

/**
 * @param isWanted whether a bucket is, by its `le`
 * @returns one series for each part, bucket and quantile, with the samples after `from` up to `to`, and thinned ones that still count then
 */
export function samplesOf(
  row: Row,
  family: Family,
  labels: readonly Label[],
  wanted: ReadonlyMap<string, Part>,
  [from, to]: readonly [number, number],
  isWanted: (le: string) => boolean,
): Stored[] {
  const points: Points = { times: list(row.times), starts: list(row.starts), marks: list(row.marks) }
  const moments = momentsOf(points, isDelta(family), from, to)
  if (moments.times.length === 0) return []
  const stored: Stored[] = []
  for (const [name, part] of wanted) {
    const put = (value: (point: number) => number | null, more: readonly Label[] = []) => {
      const column = columnOf(moments, value)
      if (column) stored.push({ labels: Labels.of([...labels, ...more, [METRIC, name]]), ...column })
    }
    if (part === 'bucket') putBuckets(row, put, isWanted)
    else if (part === 'quantile') putQuantiles(row, put)
    else {
      const values = list(row[`points_${part}`])
      // an observation may have no sum, and then there is no sample of it
      put(point => values[point] ?? (part === 'sum' ? null : 0))
    }
  }
  return stored
}

const INFINITE = '+Inf'

type Put = (value: (point: number) => number | null, more: readonly Label[]) => void

const list = (value: unknown): readonly number[] => (value ?? []) as readonly number[]

/** Each counts all observations up to its bound. */
function putBuckets(row: Row, put: Put, isWanted: (le: string) => boolean): void {
  const bounds = list(row.bounds)
  const buckets = list(row.points_buckets)
  const counts = list(row.points_count)
  const width = row.buckets as number
  const below = Float64Array.from(buckets)
  for (let at = 0; at < below.length; at++) if (at % width > 0) below[at]! += below[at - 1]!
  for (const [index, bound] of bounds.slice(0, width).entries()) {
    const le = formatNumber(bound)
    if (le !== INFINITE && isWanted(le)) put(point => below[point * width + index]!, [['le', le]])
  }
  if (isWanted(INFINITE)) put(point => counts[point] ?? 0, [['le', INFINITE]])
}

/** Of summaries, which stand as text. */
function putQuantiles(row: Row, put: Put): void {
  const points = ((row.points_point ?? []) as (string | null)[]).map(text => {
    const { quantileValues = [] } = JSON.parse(text ?? '{}') as {
      quantileValues?: { quantile?: number; value?: number }[]
    }
    return new Map(quantileValues.map(({ quantile = 0, value = 0 }) => [Number(quantile), Number(value)]))
  })
  for (const quantile of new Set(points.flatMap(point => [...point.keys()])))
    put(point => points[point]!.get(quantile) ?? null, [['quantile', formatNumber(quantile)]])
}

/** @param value of a point; null: the point says nothing of this series */
function columnOf(moments: Moments, value: (point: number) => number | null): Omit<Stored, 'labels'> | undefined {
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
