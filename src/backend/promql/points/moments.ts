/** When the series of a sender have samples, and which point each is of: the same for all series that come of the same points. */
import { resolutions } from '../resolutions'
import { dayOf, sinceWhen } from './times'

/** Lists of the same length, in the order in which the points came. Times are in milliseconds; a start of 0 is none. */
export interface Points {
  readonly times: readonly number[]
  readonly starts: readonly number[]
  /** Twice the number of its resolution, and 1 where the point has no value: the series ends. */
  readonly marks: readonly number[]
}

export interface Moments {
  /** Milliseconds, rising. */
  readonly times: Float64Array
  /** The index of the point of each, from 1. Below 0: what the process counted before it began with 0. */
  readonly points: Int32Array
  /** 1 where the series ends. */
  readonly ends: Uint8Array | undefined
  /** Of each its resolution; undefined: nothing is thinned. */
  readonly resolutions: Uint8Array | undefined
  /** Of points that say what was counted since the one before: their sums, up to each point. */
  readonly sums: ((value: (point: number) => number) => (point: number) => number) | undefined
}

/**
 * Samples after `from` up to `to`, and thinned ones that still count then. The sum of deltas starts anew with each day, and
 * where the point before counts no more: the sender is gone, or what was between is lost.
 */
export function momentsOf(all: Points, isDelta: boolean, from: number, to: number): Moments {
  const points = inOrder(all)
  const times: number[] = []
  const found: number[] = []
  /** Points that count, and whether their sums start anew. */
  const counted: { readonly point: number; readonly isAnew: boolean }[] = []
  let last = Number.NEGATIVE_INFINITY
  let lookback = 0
  let start = 0
  for (const point of points) {
    const time = all.times[point]!
    // of two samples of one moment the first counts
    if (time <= last) continue
    const number = all.marks[point]! >> 1
    const since = sinceWhen(from, number)
    const isAlone = time > last + lookback
    const isAnew = isDelta && (isAlone || dayOf(time) > dayOf(last))
    const begun = all.starts[point]!
    if (!isDelta) start = begun
    // a delta that says nothing else begins where the one before ended
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

/** Indexes by time; they come in order but for what was late. */
function inOrder({ times }: Points): readonly number[] {
  const indexes = Array.from(times, (_, at) => at)
  const isSorted = times.every((time, at) => at === 0 || time >= times[at - 1]!)
  return isSorted ? indexes : indexes.sort((a, b) => times[a]! - times[b]! || a - b)
}
