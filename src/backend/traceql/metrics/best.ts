import type { AnyValue } from '../../../shared/otlp/any-value'
import { isName, type Label, type MetricsSeries, type SeriesSet } from './series'

/**
 * In each step, keeps the series with the largest or smallest values. Among equal values, topk prefers the labels that sort first and
 * bottomk those that sort last, as in Tempo.
 */
export function best(type: 'topk' | 'bottomk', limit: number, input: SeriesSet): SeriesSet {
  if (input.size <= limit) return input
  const all = [...input]
  const kept = new Map<string, number[]>()
  const steps = Math.max(...all.map(([, { values }]) => values.length))
  for (let step = 0; step < steps; step += 1) {
    const order = (a: MetricsSeries, b: MetricsSeries) =>
      a.values[step]! - b.values[step]! || -compareLabels(a.labels, b.labels)
    const there = all.filter(([, { values }]) => !Number.isNaN(values[step] ?? Number.NaN))
    there.sort(([, a], [, b]) => (type === 'topk' ? order(b, a) : order(a, b)))
    for (const [key, { values }] of there.slice(0, limit)) {
      const chosen = kept.get(key) ?? new Array<number>(steps).fill(Number.NaN)
      chosen[step] = values[step]!
      kept.set(key, chosen)
    }
  }
  return new Map([...kept].map(([key, values]) => [key, { ...input.get(key)!, values }]))
}

/** Negative if `a` sorts first: by text values, then by types, then by the values as bits. */
function compareLabels(a: readonly Label[], b: readonly Label[]): number {
  const [left, right] = [a, b].map(labels => labels.filter(label => !isName(label)))
  for (const [index, label] of left!.entries()) {
    const other = right![index]
    if (!other) return 1
    const order =
      compare(textOf(label), textOf(other)) ||
      compare(label.key, other.key) ||
      compare(rankOf(other), rankOf(label)) ||
      compare(bitsOf(other), bitsOf(label))
    if (order !== 0) return order
  }
  return left!.length - right!.length
}

function compare<Value extends string | number | bigint>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const textOf = ({ value }: Label): string => value.stringValue ?? ''

const typeOrder: readonly (keyof AnyValue)[] = ['intValue', 'doubleValue', 'stringValue', 'boolValue']
const rankOf = ({ value }: Label): number => typeOrder.findIndex(type => value[type] !== undefined)

/** The 64 bits of a value as an unsigned number, which is how Tempo compares them. */
function bitsOf({ value: { intValue, doubleValue, boolValue } }: Label): bigint {
  if (intValue !== undefined) return BigInt.asUintN(64, BigInt(intValue))
  if (doubleValue === undefined) return boolValue ? 1n : 0n
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Number(doubleValue))
  return view.getBigUint64(0)
}
