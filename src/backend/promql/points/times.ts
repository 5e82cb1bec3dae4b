/** Times of a query, in milliseconds, and those of the store, in nanoseconds. */
import { LOOKBACK, resolutions } from '../resolutions'

/** Milliseconds, beyond which DuckDB has no nanoseconds. */
export const LAST = 9_223_372_036_000

/** @returns after which time a sample has to be so that it counts for a query of what is after `from` */
export const sinceWhen = (from: number, resolution = 0): number => from + LOOKBACK - resolutions[resolution]!.lookback

const DAY = 86_400_000

/** The sum of deltas starts anew with each day of UTC, so that no query needs more of them than those of its days. */
export const dayOf = (time: number): number => Math.floor(time / DAY) * DAY

/** A time that is later than all points is as good as any later time. */
export const nanos = (milliseconds: number): bigint =>
  BigInt(Math.floor(Math.min(Math.max(milliseconds, -LAST), LAST))) * 1_000_000n
