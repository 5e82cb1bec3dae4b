/** Series, and the labels that identify them. */
import type { AnyValue } from '../../../shared/otlp/any-value'

export interface Label {
  readonly key: string
  /** Keeps its type: 42 and "42" belong to two series. */
  readonly value: AnyValue
}

export interface Exemplar {
  readonly labels: readonly Label[]
  /** NaN: the value of the series in that step. */
  readonly value: number
  readonly timestampMs: bigint
}

export interface MetricsSeries {
  readonly labels: readonly Label[]
  /** One per step of the grid; NaN where there is none. */
  readonly values: readonly number[]
  readonly exemplars: readonly Exemplar[]
}

/** Keyed by `keyOf` their labels. */
export type SeriesSet = ReadonlyMap<string, MetricsSeries>

const metricName = '__name__'
/** The key of a series without labels. */
export const unlabelled = ''

export const named = (name: string): Label => ({ key: metricName, value: { stringValue: name } })
export const nameIn = (labels: readonly Label[]): Label | undefined => labels.find(({ key }) => key === metricName)
export const isName = ({ key }: Label): boolean => key === metricName

/** Equal for equal labels; the metric's name is ignored. */
export function keyOf(labels: readonly Label[]): string {
  return labels
    .filter(label => !isName(label))
    .map(({ key, value }) => JSON.stringify([key, value]))
    .sort()
    .join()
}

export const setOf = (series: Iterable<MetricsSeries>): SeriesSet =>
  new Map(Array.from(series, one => [keyOf(one.labels), one]))

/** Adds the value that `make` returns if the key is new. */
export function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
