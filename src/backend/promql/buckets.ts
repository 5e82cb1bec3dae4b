/** Quantiles and fractions of classic histograms, whose buckets are cumulative. */

export interface Bucket {
  readonly bound: number
  readonly count: number
}

export interface Quantile {
  readonly value: number
  /** Whether a bucket had a lower count than the one before it, which is impossible. */
  readonly wasRepaired: boolean
}

/** Relative tolerance: smaller differences are rounding errors. */
const SMALL = 1e-12

/** @param buckets in any order; @returns undefined without a bucket for +Inf */
function ordered(buckets: readonly Bucket[]): { bound: number; count: number }[] | undefined {
  const sorted = buckets.map(bucket => ({ ...bucket })).sort((a, b) => a.bound - b.bound || 0)
  if (sorted.at(-1)?.bound !== Number.POSITIVE_INFINITY) return undefined
  const apart: { bound: number; count: number }[] = []
  for (const bucket of sorted) {
    const last = apart.at(-1)
    if (last?.bound === bucket.bound) last.count += bucket.count
    else apart.push(bucket)
  }
  return apart
}

export function bucketQuantile(q: number, buckets: readonly Bucket[]): Quantile {
  const nothing = (value: number): Quantile => ({ value, wasRepaired: false })
  if (Number.isNaN(q)) return nothing(Number.NaN)
  if (q < 0) return nothing(Number.NEGATIVE_INFINITY)
  if (q > 1) return nothing(Number.POSITIVE_INFINITY)
  const sorted = ordered(buckets)
  if (!sorted) return nothing(Number.NaN)
  const wasRepaired = makeMonotonic(sorted)
  return { value: within(q, sorted), wasRepaired }
}

function within(q: number, buckets: readonly Bucket[]): number {
  const all = buckets.at(-1)!.count
  if (buckets.length < 2 || all === 0) return Number.NaN
  const rank = q * all
  const found = buckets.findIndex(({ count }) => count >= rank)
  const at = found === -1 ? buckets.length - 1 : found
  if (at === buckets.length - 1) return buckets.at(-2)!.bound
  const { bound, count } = buckets[at]!
  if (at === 0 && bound <= 0) return bound
  const below = buckets[at - 1] ?? { bound: 0, count: 0 }
  return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count))
}

function makeMonotonic(buckets: { count: number }[]): boolean {
  let wasRepaired = false
  let before = buckets[0]!.count
  for (const bucket of buckets.slice(1)) {
    if (bucket.count === before) continue
    const isSmall = isAlmost(before, bucket.count)
    if (isSmall || bucket.count < before) {
      bucket.count = before
      wasRepaired ||= !isSmall
    } else before = bucket.count
  }
  return wasRepaired
}

function isAlmost(a: number, b: number): boolean {
  const sum = Math.abs(a) + Math.abs(b)
  const difference = Math.abs(a - b)
  if (a === 0 || b === 0 || sum < Number.MIN_VALUE) return difference < SMALL * Number.MIN_VALUE
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL
}

/** The fraction of observations from `lower` up to `upper`. */
export function bucketFraction(lower: number, upper: number, buckets: readonly Bucket[]): number {
  const sorted = ordered(buckets)
  const all = sorted?.at(-1)?.count
  if (!sorted || !all || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN
  if (lower >= upper) return 0
  return (countBelow(upper, sorted, all) - countBelow(lower, sorted, all)) / all
}

function countBelow(value: number, buckets: readonly Bucket[], all: number): number {
  let from = buckets[0]!.bound <= 0 ? Number.NEGATIVE_INFINITY : 0
  let rank = 0
  for (const { bound, count } of buckets) {
    if (from >= value) return Math.min(rank, all)
    if (bound > value) {
      if (from === Number.NEGATIVE_INFINITY) return Math.min(count, all)
      return Math.min(rank + ((count - rank) * (value - from)) / (bound - from), all)
    }
    rank = count
    from = bound
  }
  return all
}
