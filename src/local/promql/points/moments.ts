/** When the series of a sender have samples, and which point each is of: the same for all series that come of the same points. */
import type { Points } from './samples-of'

export interface Moments {
  /** Milliseconds, rising. */
  readonly times: Float64Array
  /** The index of the point of each, from 1. Below 0: what the process counted before it began with 0. */
  readonly points: Int32Array
  /** 1 where the series ends. */
  readonly ends: Uint8Array | undefined
  /** Of points that say what was counted since the one before: their sums, up to each point. */
  readonly sums: ((value: (point: number) => number) => (point: number) => number) | undefined
}

/** Milliseconds after which the sum of deltas starts anew: the sender is gone, or what was between is lost. */
const STALE = 300_000

/** Samples after `from` up to `to`. */
export function momentsOf(all: Points, isDelta: boolean, from: number, to: number): Moments {
  const points = inOrder(all)
  const times: number[] = []
  const found: number[] = []
  /** Points that count, and whether their sums start anew. */
  const counted: { readonly point: number; readonly isAnew: boolean }[] = []
  let last = Number.NEGATIVE_INFINITY
  let start = 0
  for (const point of points) {
    const time = all.times[point]!
    // of two samples of one moment the first counts
    if (time <= last) continue
    const isAnew = isDelta && time > last + STALE
    if (!isDelta || isAnew) start = all.starts[point]!
    if (isDelta) counted.push({ point, isAnew })
    if (start !== 0 && start < time && start > last && start > from && start <= to) {
      times.push(start)
      found.push(-1 - point)
    }
    if (time > from && time <= to) {
      times.push(time)
      found.push(1 + point)
    }
    last = time
  }
  const ends = found.some(point => point > 0 && all.ends[point - 1] === 1)
    ? Uint8Array.from(found, point => Number(point > 0 && all.ends[point - 1] === 1))
    : undefined
  const sums = isDelta
    ? (value: (point: number) => number) => {
        const totals = new Map<number, number>()
        let total = 0
        for (const { point, isAnew } of counted) {
          total = (isAnew ? 0 : total) + value(point)
          totals.set(point, total)
        }
        return (point: number) => totals.get(point)!
      }
    : undefined
  return { times: Float64Array.from(times), points: Int32Array.from(found), ends, sums }
}

/** Indexes by time; they come in order but for what was late. */
function inOrder({ times }: Points): readonly number[] {
  const indexes = Array.from(times, (_, at) => at)
  const isSorted = times.every((time, at) => at === 0 || time >= times[at - 1]!)
  return isSorted ? indexes : indexes.sort((a, b) => times[a]! - times[b]! || a - b)
}
