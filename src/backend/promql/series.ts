/** The evaluator's values. Times are in milliseconds since 1970. */
import { failed } from './error'
import type { Labels } from './labels'
import { resolutions } from './resolutions'

/** Samples of a series, oldest first, without duplicate times. */
export interface StoredSeries {
  readonly labels: Labels
  readonly times: Float64Array
  readonly values: Float64Array
  /** 1 where the series ends because its sender sent a point without a value. Undefined: nowhere. */
  readonly ends?: Uint8Array | undefined
  /** The index of each sample's resolution in `resolutions`. Undefined: all are 0. */
  readonly resolutions?: Uint8Array | undefined
}

/** The times at which an expression is evaluated. */
export interface EvaluationGrid {
  readonly start: number
  readonly step: number
  readonly steps: number
}

export const timeAt = ({ start, step }: EvaluationGrid, at: number): number => start + at * step

/** At most one value per step of a grid. */
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

/** Limits the memory of a query: counts the samples that it reads, and the steps of series that it computes. */
export class Samples {
  readonly #most: number
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  get left(): number {
    return this.#most - this.#taken
  }

  /** @throws PromqlError if the query exceeds its limit */
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

/** Prometheus' error for two series of a result with the same labels in the same step. */
export const sameLabels = () => failed('vector cannot contain metrics with the same labelset')

/**
 * Merges series whose labels have become equal.
 * @throws PromqlError if two of them have a value in the same step
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

/** Applies a function to each value, and drops the metric name, which no longer describes the result. */
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

/** Removes the markers of series ends. */
export function withoutEnds(times: Float64Array, values: Float64Array, ends: Uint8Array) {
  const isValue = (_: number, at: number) => ends[at] === 0
  return { times: times.filter(isValue), values: values.filter(isValue) }
}

/**
 * The last sample before each step, unless it is stale.
 * @param isTime returns its time in seconds instead of its value
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
