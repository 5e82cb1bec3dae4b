/** Collects the samples of a series, oldest first. */
import type { Labels } from '../labels'
import type { StoredSeries } from '../series'
import { sinceWhen } from './times'

export class SampleColumn {
  readonly #times: number[] = []
  readonly #values: number[] = []
  /** Indexes of samples that end the series. */
  #ends: Set<number> | undefined
  /** Undefined: all are 0. */
  #resolutions: number[] | undefined

  get last(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY
  }

  /** Ignores a second sample at the same time. */
  add(time: number, value: number, { isEnd = false, resolution = 0 } = {}): void {
    if (time <= this.last) return
    if (resolution > 0) this.#resolutions ??= this.#times.map(() => 0)
    this.#resolutions?.push(resolution)
    if (isEnd) {
      this.#ends ??= new Set()
      this.#ends.add(this.#times.length)
    }
    this.#times.push(time)
    this.#values.push(value)
  }

  /** Samples after `from` up to `to`, and downsampled ones that are still valid then; undefined if there are none. */
  stored(labels: Labels, from: number, to: number): StoredSeries | undefined {
    let [first, last] = [0, this.#times.length]
    const numbers = this.#resolutions
    while (first < last && this.#times[first]! <= sinceWhen(from, numbers?.[first])) first++
    while (last > first && this.#times[last - 1]! > to) last--
    if (first === last) return undefined
    const ends = this.#ends
    return {
      labels,
      times: Float64Array.from(this.#times.slice(first, last)),
      values: Float64Array.from(this.#values.slice(first, last)),
      ends: ends && Uint8Array.from({ length: last - first }, (_, at) => Number(ends.has(first + at))),
      resolutions: numbers && Uint8Array.from(numbers.slice(first, last)),
    }
  }
}

/** Merges the samples of several senders of a series; of two at the same time, the first counts. */
export function united(all: readonly StoredSeries[]): StoredSeries {
  const [first] = all as [StoredSeries]
  if (all.length === 1) return first
  const column = new SampleColumn()
  const order = all
    .flatMap(({ times }, sender) => Array.from(times, (time, at) => ({ time, sender, at })))
    .sort((a, b) => a.time - b.time || a.sender - b.sender)
  for (const { time, sender, at } of order) {
    const { values, ends, resolutions } = all[sender]!
    column.add(time, values[at]!, { isEnd: ends?.[at] === 1, resolution: resolutions?.[at] ?? 0 })
  }
  return column.stored(first.labels, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)!
}
