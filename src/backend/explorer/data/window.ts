// The stretch of a trace that the waterfall shows.
import type { Tree } from './tree'

/** Nanoseconds since 1970; `to` is after `from`. */
export interface VisibleRange {
  readonly from: bigint
  readonly to: bigint
}

export function everything({ start, end }: Pick<Tree, 'start' | 'end'>): VisibleRange {
  return { from: start, to: end > start ? end : start + 1n }
}

/** Where a time is: 0 at the left edge, 1 at the right one, never outside. */
export function fractionOf(time: bigint, { from, to }: VisibleRange): number {
  return Math.max(0, Math.min(1, Number(time - from) / Number(to - from)))
}

/** The other way round. */
export function timeAt(fraction: number, { from, to }: VisibleRange): bigint {
  return from + BigInt(Math.round(Number(to - from) * fraction))
}
