/** The points of one sender's metric → the samples of the series that Prometheus makes of them. */
import type { Row } from '../../store/store'
import { type Label, Labels, METRIC } from '../labels'
import { formatNumber } from '../numbers'
import type { Stored } from '../series'
import { Column } from './column'
import { type Family, isDelta, type Part } from './families'

/** Lists of the same length, by time. Times are in milliseconds; a start of 0 is none. */
export interface Points {
  readonly times: readonly number[]
  readonly starts: readonly number[]
  /** 1 where the point has no value: the series ends. */
  readonly ends: readonly number[]
  readonly values: readonly (number | null)[]
  readonly counts: readonly (number | null)[]
  readonly sums: readonly (number | null)[]
  readonly bounds: readonly (readonly number[] | null)[]
  readonly buckets: readonly (readonly number[] | null)[]
  /** The points as OTLP JSON, of summaries alone. */
  readonly points: readonly (string | null)[]
}

/** Milliseconds after which the sum of deltas starts anew: the sender is gone, or what was between is lost. */
const STALE = 300_000

/** @returns one series for each part, bucket and quantile, with the samples after `from` up to `to` */
export function samplesOf(
  row: Row,
  family: Family,
  labels: readonly Label[],
  wanted: ReadonlyMap<string, Part>,
  [from, to]: readonly [number, number],
): Stored[] {
  const points = pointsOf(row)
  const columns = new Map<string, { readonly labels: Labels; readonly column: Column }>()
  const columnOf = (name: string, more: Label | undefined): Column => {
    const key = `${name} ${more?.[1] ?? ''}`
    const known = columns.get(key)
    if (known) return known.column
    const made = { labels: Labels.of([...labels, ...(more ? [more] : []), [METRIC, name]]), column: new Column() }
    columns.set(key, made)
    return made.column
  }
  const totals = new Totals(isDelta(family))
  for (let at = 0; at < points.times.length; at++) {
    const time = points.times[at]!
    const isEnd = points.ends[at] === 1
    const start = totals.begin(time, points.starts[at]!)
    const put = (name: string, value: number, more?: Label) => {
      const column = columnOf(name, more)
      const total = totals.add(`${name} ${more?.[1] ?? ''}`, value)
      // what the process counted before this point began with 0
      if (start !== 0 && start < time) column.add(start, 0)
      column.add(time, isEnd ? Number.NaN : total, isEnd)
    }
    for (const [name, part] of wanted) putPart(part, points, at, (value, more) => put(name, value, more))
  }
  return [...columns.values()].flatMap(({ labels, column }) => column.stored(labels, from, to) ?? [])
}

function putPart(part: Part, points: Points, at: number, put: (value: number, more?: Label) => void): void {
  const count = points.counts[at] ?? 0
  if (part === 'value') put(points.values[at] ?? 0)
  else if (part === 'count') put(count)
  else if (part === 'sum') {
    const sum = points.sums[at]
    if (sum !== null && sum !== undefined) put(sum)
  } else if (part === 'bucket') {
    const buckets = points.buckets[at] ?? []
    let below = 0
    for (const [index, bound] of (points.bounds[at] ?? []).entries()) {
      if (index >= buckets.length) break
      below += buckets[index]!
      if (bound !== Number.POSITIVE_INFINITY) put(below, ['le', formatNumber(bound)])
    }
    put(count, ['le', '+Inf'])
  } else {
    const { quantileValues = [] } = JSON.parse(points.points[at] ?? '{}') as {
      quantileValues?: { quantile?: number; value?: number }[]
    }
    for (const { quantile = 0, value = 0 } of quantileValues)
      put(Number(value), ['quantile', formatNumber(Number(quantile))])
  }
}

/** Sums of deltas, as the Collector's processor `deltatocumulative` makes them; other points stay as they are. */
class Totals {
  readonly #isDelta: boolean
  readonly #totals = new Map<string, number>()
  #start = 0
  #time = Number.NEGATIVE_INFINITY
  #isAnew = false

  constructor(isDelta: boolean) {
    this.#isDelta = isDelta
  }

  /** @returns since when the sums count */
  begin(time: number, start: number): number {
    if (!this.#isDelta) return start
    this.#isAnew = time > this.#time + STALE
    if (this.#isAnew) {
      this.#totals.clear()
      this.#start = start
    }
    this.#time = time
    return this.#start
  }

  add(key: string, value: number): number {
    if (!this.#isDelta) return value
    const total = (this.#totals.get(key) ?? 0) + value
    this.#totals.set(key, total)
    return total
  }
}

function pointsOf(row: Row): Points {
  const list = (column: string) => (row[column] ?? []) as never[]
  return {
    times: list('times'),
    starts: list('starts'),
    ends: list('ends'),
    values: list('points_value'),
    counts: list('points_count'),
    sums: list('points_sum'),
    bounds: list('points_bounds'),
    buckets: list('points_buckets'),
    points: list('points_point'),
  }
}
