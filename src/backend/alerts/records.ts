// Keeps the series that rules recorded, for as long as another rule or query needs them.
import type { Labels } from '../promql/labels'
import type { RecordedSeries } from '../promql/points/record-source'
import type { EvaluationGrid, Series, StoredSeries } from '../promql/series'
import { timeAt } from '../promql/series'

export class Records {
  /** By rule, then by labels. */
  readonly #rules = new Map<object, Map<string, RecordBuffer>>()

  /** Adds what a rule found at the evaluation times of a grid. Series of the rule that are no longer found end. */
  add(rule: object, found: readonly Series[], grid: EvaluationGrid): void {
    const known = this.#rules.get(rule) ?? new Map<string, RecordBuffer>()
    this.#rules.set(rule, known)
    const current = new Set(found.map(({ labels }) => labels.key))
    for (const [key, series] of known) if (!current.has(key)) series.end(grid.start)
    for (const { labels, values, has } of found) {
      const series = known.get(labels.key) ?? new RecordBuffer(labels)
      known.set(labels.key, series)
      for (let at = 0; at < grid.steps; at++)
        if (has[at] === 1) series.add(timeAt(grid, at), values[at]!)
        else series.end(timeAt(grid, at))
    }
  }

  /** Drops what a rule recorded before a time, in milliseconds since 1970. */
  forget(rule: object, before: number): void {
    const known = this.#rules.get(rule)
    for (const [key, series] of known ?? []) if (series.forget(before) === 0) known!.delete(key)
  }

  get series(): readonly RecordedSeries[] {
    return [...this.#rules.values()].flatMap(known => [...known.values()])
  }
}

/** Samples are dropped in batches of this size, so that the remaining ones are not copied each time. */
const SLACK = 1_024

class RecordBuffer implements RecordedSeries {
  readonly labels: Labels
  #times = new Float64Array(64)
  #values = new Float64Array(64)
  #ends = new Uint8Array(64)
  #length = 0

  constructor(labels: Labels) {
    this.labels = labels
  }

  add(time: number, value: number): void {
    this.#put(time, value, 0)
  }

  /** Marks the series as absent at this time. */
  end(time: number): void {
    if (this.#length > 0 && this.#ends[this.#length - 1] === 0) this.#put(time, 0, 1)
  }

  stored(from: number, to: number): StoredSeries | undefined {
    const first = this.#after(from)
    const last = this.#after(to)
    if (first === last) return undefined
    const ends = this.#ends.subarray(first, last)
    return {
      labels: this.labels,
      // stored samples never change, so a view without a copy is safe
      times: this.#times.subarray(first, last),
      values: this.#values.subarray(first, last),
      ends: ends.includes(1) ? ends : undefined,
    }
  }

  /** @returns the number of samples left */
  forget(before: number): number {
    const gone = this.#after(before)
    if (gone > SLACK || gone === this.#length) {
      this.#times = this.#times.slice(gone)
      this.#values = this.#values.slice(gone)
      this.#ends = this.#ends.slice(gone)
      this.#length -= gone
    }
    return this.#length
  }

  #put(time: number, value: number, end: number): void {
    if (this.#length > 0 && time <= this.#times[this.#length - 1]!) return
    if (this.#length === this.#times.length) {
      const room = Math.max(64, 2 * this.#length)
      this.#times = grown(this.#times, new Float64Array(room))
      this.#values = grown(this.#values, new Float64Array(room))
      this.#ends = grown(this.#ends, new Uint8Array(room))
    }
    this.#times[this.#length] = time
    this.#values[this.#length] = value
    this.#ends[this.#length] = end
    this.#length++
  }

  /** The index of the first sample after a time. */
  #after(time: number): number {
    let [from, to] = [0, this.#length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#times[middle]! > time) to = middle
      else from = middle + 1
    }
    return from
  }
}

function grown<Values extends Float64Array | Uint8Array>(values: Values, room: Values): Values {
  room.set(values)
  return room
}
