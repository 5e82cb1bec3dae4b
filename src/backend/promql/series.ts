/** What the evaluator computes with. Times are in milliseconds since 1970. */
import { failed } from './error'
import type { Labels } from './labels'
import { resolutions } from './resolutions'

/** Samples of one series, the oldest first, each time once. */
export interface StoredSeries {
  readonly labels: Labels
  readonly times: Float64Array
  readonly values: Float64Array
  /** 1 where the series ends for now: what a sender says by a point without a value. Undefined: nowhere. */
  readonly ends?: Uint8Array | undefined
  /** Of each, its number among `resolutions`. Undefined: 0. */
  readonly resolutions?: Uint8Array | undefined
}

/** The moments for which something is computed. */
export interface EvaluationGrid {
  readonly start: number
  readonly step: number
  readonly steps: number
}

export const timeAt = ({ start, step }: EvaluationGrid, at: number): number => start + at * step

/** One value at each moment of a grid where there is one. */
export interface Series {
  readonly labels: Labels
  readonly values: Float64Array
  /** 1 where there is a value. */
  readonly has: Uint8Array
}

export interface Scalar {
  readonly type: 'scalar'
  readonly values: Float64Array
}

export interface Vector {
  readonly type: 'vector'
  readonly series: readonly Series[]
}

export interface Text {
  readonly type: 'string'
  readonly value: string
}

export type Value = Scalar | Vector | Text

/**
 * Bounds what one query may hold: samples that are read, and moments of the series that are computed.
 */
export class Samples {
  readonly #most: number
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  get left(): number {
    return this.#most - this.#taken
  }

  /** @throws PromqlError when that is more than a query may have */
  take(samples: number): void {
    this.#taken += samples
    if (this.#taken > this.#most)
      throw failed(
        `query processing would load too many samples into memory in query execution: more than ${this.#most}`,
      )
  }
}

export function newSeries(labels: Labels, { steps }: EvaluationGrid, samples: Samples): Series {
  samples.take(steps)
  return { labels, values: new Float64Array(steps), has: new Uint8Array(steps) }
}

export const isEmpty = ({ has }: Series): boolean => !has.includes(1)

/** What Prometheus says when two series of a result have the same labels at the same moment. */
export const sameLabels = () => failed('vector cannot contain metrics with the same labelset')

/**
 * Series that became the same by a change of their labels, put together.
 * @throws PromqlError where two of them have a value at once
 */
export function merged(series: readonly Series[]): Series[] {
  const found = new Map<string, Series>()
  for (const one of series) {
    const { key } = one.labels
    const known = found.get(key)
    found.set(key, known ? union(known, one) : one)
  }
  return [...found.values()]
}

function union(a: Series, b: Series): Series {
  const values = a.values.slice()
  const has = a.has.slice()
  for (let at = 0; at < has.length; at++) {
    if (b.has[at] === 0) continue
    if (has[at] === 1) throw sameLabels()
    values[at] = b.values[at]!
    has[at] = 1
  }
  return { labels: a.labels, values, has }
}

export const vector = (series: readonly Series[]): Vector => ({ type: 'vector', series })

/** Each value computed anew. The name of the metric says something else then, and goes. */
export function mapped(series: readonly Series[], compute: (value: number, at: number) => number): Vector {
  return vector(
    merged(
      series.map(({ labels, values, has }) => ({
        labels: labels.withoutName,
        values: values.map((value, at) => (has[at] === 1 ? compute(value, at) : 0)),
        has,
      })),
    ),
  )
}

/** The samples alone. */
export function withoutEnds(times: Float64Array, values: Float64Array, ends: Uint8Array) {
  const isValue = (_: number, at: number) => ends[at] === 0
  return { times: times.filter(isValue), values: values.filter(isValue) }
}

/**
 * The last sample before each moment, unless it is too old.
 * @param isTime its time in seconds, instead of its value
 */
export function putLatest(
  { values: latest, has }: Series,
  { times, values, ends, resolutions: numbers }: StoredSeries,
  moment: (at: number) => number,
  isTime: boolean,
): void {
  let next = 0
  for (let at = 0; at < has.length; at++) {
    const end = moment(at)
    while (next < times.length && times[next]! <= end) next++
    const last = next - 1
    if (last < 0 || times[last]! <= end - resolutions[numbers?.[last] ?? 0]!.lookback || ends?.[last] === 1) continue
    latest[at] = isTime ? times[last]! / 1_000 : values[last]!
    has[at] = 1
  }
}
