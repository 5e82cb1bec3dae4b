/** The times of samples and the points that they come from; all series of the same points share them. */
import { resolutions } from '../resolutions'
import { dayOf, sinceWhen } from './times'

/** Arrays of equal length, in the order of arrival. Times are in milliseconds; a start of 0 means none. */
export interface Points {
  readonly times: readonly number[]
  readonly starts: readonly number[]
  /** Twice the index of its resolution, plus 1 if the point has no value, which ends the series. */
  readonly marks: readonly number[]
}

export interface Moments {
  /** Milliseconds, ascending. */
  readonly times: Float64Array
  /** The index of each sample's point, from 1. Negative for the sample with value 0 at the start of a counter. */
  readonly points: Int32Array
  /** 1 where the series ends. */
  readonly ends: Uint8Array | undefined
  /** The index of each sample's resolution; undefined if nothing was downsampled. */
  readonly resolutions: Uint8Array | undefined
  /** Cumulative sums of delta points. */
  readonly sums: ((value: (point: number) => number) => (point: number) => number) | undefined
}

/**
 * Samples after `from` up to `to`, and downsampled ones that are still valid then. A sum of deltas restarts with each day, and where the
 * previous point is stale, since the sender may have stopped or points may be lost.
 */
export function momentsOf(all: Points, isDelta: boolean, from: number, to: number): Moments {
  const points = inOrder(all)
  const times: number[] = []
  const found: number[] = []
  /** Points that count, and whether the sum restarts there. */
  const counted: { readonly point: number; readonly isAnew: boolean }[] = []
  let last = Number.NEGATIVE_INFINITY
  let lookback = 0
  let start = 0
  for (const point of points) {
    const time = all.times[point]!
    // of two samples at the same time, the first counts
    if (time <= last) continue
    const number = all.marks[point]! >> 1
    const since = sinceWhen(from, number)
    const isAlone = time > last + lookback
    const isAnew = isDelta && (isAlone || dayOf(time) > dayOf(last))
    const begun = all.starts[point]!
    if (!isDelta) start = begun
    // unless it has a start of its own, a delta begins where the previous one ended
    else if (isAnew) start = isAlone && begun === 0 ? 0 : Math.max(begun, last + 1)
    if (isDelta) counted.push({ point, isAnew })
    if (start !== 0 && start < time && start > last && start > since && start <= to) {
      times.push(start)
      found.push(-1 - point)
    }
    if (time > since && time <= to) {
      times.push(time)
      found.push(1 + point)
    }
    last = time
    lookback = resolutions[number]!.lookback
  }
  const marked = (mark: (point: number) => number): Uint8Array | undefined => {
    const marks = Uint8Array.from(found, mark)
    return marks.some(one => one > 0) ? marks : undefined
  }
  const sums = isDelta
    ? (value: (point: number) => number) => {
        const totals = new Float64Array(all.times.length)
        let total = 0
        for (const { point, isAnew } of counted) {
          total = (isAnew ? 0 : total) + value(point)
          totals[point] = total
        }
        return (point: number) => totals[point]!
      }
    : undefined
  return {
    times: Float64Array.from(times),
    points: Int32Array.from(found),
    ends: marked(point => (point > 0 ? all.marks[point - 1]! & 1 : 0)),
    resolutions: marked(point => all.marks[Math.abs(point) - 1]! >> 1),
    sums,
  }
}

/** Indexes by time; only late points are out of order. */
function inOrder({ times }: Points): readonly number[] {
  const indexes = Array.from(times, (_, at) => at)
  const isSorted = times.every((time, at) => at === 0 || time >= times[at - 1]!)
  return isSorted ? indexes : indexes.sort((a, b) => times[a]! - times[b]! || a - b)
}
