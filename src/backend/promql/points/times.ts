/** Converts between the times of a query, in milliseconds, and those of the store, in nanoseconds. */
import { LOOKBACK, resolutions } from '../resolutions'

/** The largest time in milliseconds that DuckDB can hold in nanoseconds. */
export const LAST = 9_223_372_036_000

/** @returns the time after which a sample of this resolution is still valid for a query that begins at `from` */
export const sinceWhen = (from: number, resolution = 0): number => from + LOOKBACK - resolutions[resolution]!.lookback

const DAY = 86_400_000

/** Sums of deltas restart with each UTC day, so that a query only needs the deltas of its days. */
export const dayOf = (time: number): number => Math.floor(time / DAY) * DAY

/** Times beyond all points are clamped. */
export const nanos = (milliseconds: number): bigint =>
  BigInt(Math.floor(Math.min(Math.max(milliseconds, -LAST), LAST))) * 1_000_000n
