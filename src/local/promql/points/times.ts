/** Milliseconds of a query as the nanoseconds of the store. */

/** Milliseconds, beyond which DuckDB has no nanoseconds. */
export const LAST = 9_223_372_036_000

/** A time that is later than all points is as good as any later time. */
export const nanos = (milliseconds: number): bigint =>
  BigInt(Math.floor(Math.min(Math.max(milliseconds, -LAST), LAST))) * 1_000_000n
