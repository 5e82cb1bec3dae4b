/**
 * Buckets with powers of two as bounds, as in Tempo; histogram_over_time and quantile_over_time use them. A bucket includes its upper
 * bound.
 */
import type { Typed } from '../typed-sql'

/**
 * SQL of the upper bound of a value's bucket, or NULL. Ints and nanoseconds below 2 have no bucket, as in Tempo. Bounds of durations are in
 * seconds. Tempo has no buckets for doubles; here they have bounds below 1 as well, and one bucket for 0.
 */
export function bucketSql({ int, float, duration }: Typed): string {
  const power = (sql: string) => `pow(2, ceil(log2(${sql})))`
  const bounds = [
    ...(int ? [`CASE WHEN ${int} >= 2 THEN ${power(`${int}::DOUBLE`)} END`] : []),
    ...(duration ? [`CASE WHEN ${duration} >= 2 THEN ${power(`${duration}::DOUBLE`)} / 1e9 END`] : []),
    ...(float
      ? [`CASE WHEN ${float} = 0 THEN 0 WHEN ${float} > 0 AND ${float} < 'Infinity'::DOUBLE THEN ${power(float)} END`]
      : []),
  ]
  return bounds.length === 0 ? 'NULL::DOUBLE' : `coalesce(${bounds.join(', ')}, NULL::DOUBLE)`
}

export interface Bucket {
  /** The upper bound. */
  readonly bound: number
  readonly count: number
}

/**
 * Assumes that values grow exponentially within a bucket, starting at the bound of the previous non-empty bucket, or at half of its own
 * bound if there is none.
 * @param share 0 to 1
 * @param buckets in order of their bounds, without empty ones
 * @returns 0 if there are no buckets
 */
export function quantile(share: number, buckets: readonly Bucket[]): number {
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  // even a share of 0 needs one value
  const wanted = Math.max(1, Math.ceil(share * total))
  let below = 0
  let lower: number | undefined
  for (const { bound, count } of buckets) {
    if (below + count === wanted) return bound
    if (below + count > wanted) return between(lower || bound / 2, bound, (wanted - below) / count)
    below += count
    lower = bound
  }
  return 0
}

function between(lower: number, upper: number, part: number): number {
  if (upper === 0) return 0
  const [from, to] = [Math.log2(lower), Math.log2(upper)]
  return 2 ** (from + (to - from) * part)
}
