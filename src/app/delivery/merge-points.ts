// Merges points of a metric with equal attributes. Masking a person can make the attributes of two series equal, and a store accepts only
// one value per series and time.
import type { HrTime } from '@opentelemetry/api'
import { type DataPoint, DataPointType, type ExponentialHistogram, type Histogram } from '@opentelemetry/sdk-metrics'

type Point = DataPoint<unknown>

/** The limit of OpenTelemetry's exponential histogram; beyond it, pairs of buckets are merged. */
const MOST_BUCKETS = 160

/** Adds sums and histograms. Of gauges, the last value is kept; histograms with different bounds stay separate. */
export function mergePoints(points: readonly Point[], type: DataPointType): Point[] {
  const series = new Map<string, Point>()
  const apart: Point[] = []
  for (const point of points) {
    const key = JSON.stringify(Object.entries(point.attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = series.get(key)
    const value = known ? added(known.value, point.value, type) : point.value
    if (value === undefined) apart.push(point)
    else {
      const startTime = known && isBefore(known.startTime, point.startTime) ? known.startTime : point.startTime
      series.set(key, { ...point, startTime, value })
    }
  }
  return [...series.values(), ...apart]
}

/** `undefined` if the points can't be merged. */
function added(a: unknown, b: unknown, type: DataPointType): unknown {
  if (type === DataPointType.GAUGE) return b
  if (type === DataPointType.SUM) return (a as number) + (b as number)
  if (type === DataPointType.HISTOGRAM) return histogram(a as Histogram, b as Histogram)
  return exponential(a as ExponentialHistogram, b as ExponentialHistogram)
}

function histogram(a: Histogram, b: Histogram): Histogram | undefined {
  const { boundaries } = a.buckets
  const isAlike =
    boundaries.length === b.buckets.boundaries.length && boundaries.every((one, i) => one === b.buckets.boundaries[i])
  if (!isAlike) return undefined
  const counts = a.buckets.counts.map((count, i) => count + b.buckets.counts[i]!)
  return { ...totals(a, b), buckets: { boundaries, counts } }
}

type Buckets = ExponentialHistogram['positive']

function exponential(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  for (let scale = Math.min(a.scale, b.scale); ; scale--) {
    const sides = (['positive', 'negative'] as const).map(side =>
      union(coarser(a[side], a.scale - scale), coarser(b[side], b.scale - scale)),
    )
    if (sides.some(({ bucketCounts }) => bucketCounts.length > MOST_BUCKETS)) continue
    const [positive, negative] = sides as [Buckets, Buckets]
    return { ...totals(a, b), scale, zeroCount: a.zeroCount + b.zeroCount, positive, negative }
  }
}

/** Each step of the scale merges two buckets: indices 2i and 2i + 1 become i. */
function coarser({ offset, bucketCounts }: Buckets, steps: number): Buckets {
  if (steps === 0 || bucketCounts.length === 0) return { offset, bucketCounts }
  const joined: Buckets = { offset: offset >> steps, bucketCounts: [] }
  bucketCounts.forEach((count, i) => {
    const index = ((offset + i) >> steps) - joined.offset
    joined.bucketCounts[index] = (joined.bucketCounts[index] ?? 0) + count
  })
  return joined
}

function union(a: Buckets, b: Buckets): Buckets {
  if (a.bucketCounts.length === 0) return b
  if (b.bucketCounts.length === 0) return a
  const offset = Math.min(a.offset, b.offset)
  const end = Math.max(a.offset + a.bucketCounts.length, b.offset + b.bucketCounts.length)
  const at = (buckets: Buckets, index: number) => buckets.bucketCounts[index - buckets.offset] ?? 0
  const bucketCounts = Array.from({ length: end - offset }, (_, i) => at(a, offset + i) + at(b, offset + i))
  return { offset, bucketCounts }
}

interface Totals {
  readonly count: number
  readonly sum?: number
  readonly min?: number
  readonly max?: number
}

function totals(a: Totals, b: Totals): Totals {
  const both = (key: 'sum' | 'min' | 'max', join: (a: number, b: number) => number) =>
    a[key] === undefined || b[key] === undefined ? {} : { [key]: join(a[key], b[key]) }
  const sum = both('sum', (x, y) => x + y)
  return { count: a.count + b.count, ...sum, ...both('min', Math.min), ...both('max', Math.max) }
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
}
