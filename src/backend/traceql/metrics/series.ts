/** Numbers over time, and the labels that tell them apart. */
import type { AnyValue } from '../../../shared/otlp/any-value'

export interface Label {
  readonly key: string
  /** Types are kept: 42 and "42" are two series. */
  readonly value: AnyValue
}

export interface Exemplar {
  readonly labels: readonly Label[]
  /** NaN: that of the series there. */
  readonly value: number
  readonly timestampMs: bigint
}

export interface MetricsSeries {
  readonly labels: readonly Label[]
  /** One a step of the grid; NaN where there is none. */
  readonly values: readonly number[]
  readonly exemplars: readonly Exemplar[]
}

/** By their labels, see `keyOf`. */
export type SeriesSet = ReadonlyMap<string, MetricsSeries>

const metricName = '__name__'
/** Of a series that has no other label. */
export const unlabelled = ''

export const named = (name: string): Label => ({ key: metricName, value: { stringValue: name } })
export const nameIn = (labels: readonly Label[]): Label | undefined => labels.find(({ key }) => key === metricName)
export const isName = ({ key }: Label): boolean => key === metricName

/** The same for the same labels; the name of a metric is none of them. */
export function keyOf(labels: readonly Label[]): string {
  return labels
    .filter(label => !isName(label))
    .map(({ key, value }) => JSON.stringify([key, value]))
    .sort()
    .join()
}

export const setOf = (series: Iterable<MetricsSeries>): SeriesSet =>
  new Map(Array.from(series, one => [keyOf(one.labels), one]))

/** Series are made when something of them is first seen. */
export function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
