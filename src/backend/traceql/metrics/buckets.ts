/**
 * Buckets whose bounds are powers of two, as Tempo's: a value lies in the first one whose bound is not below it. They
 * count the values of histogram_over_time and quantile_over_time.
 */
import type { Typed } from '../typed-sql'

/**
 * SQL of the upper bound of a value's bucket; NULL for what has none. Ints and nanoseconds below 2 have none, as in Tempo.
 * Durations are in seconds. Doubles, for which Tempo has no buckets, have bounds below 1 too, and one bucket for 0.
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
  /** Upper bound. */
  readonly bound: number
  readonly count: number
}

/**
 * Within the bucket the values are taken to grow exponentially, from the bound of the bucket before it that has values, or
 * from half of its own.
 * @param share 0 to 1
 * @param buckets by their bounds, none of them empty
 * @returns 0 when there is none
 */
export function quantile(share: number, buckets: readonly Bucket[]): number {
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  // one has to be read
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
