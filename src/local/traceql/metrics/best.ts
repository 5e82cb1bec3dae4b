/** topk() and bottomk(): in each step the series with the largest or smallest values. Called by metrics.ts. */
import { isName, type Label, type Series, type SeriesSet } from './series'

/** Of what is equal, topk takes the labels that come first, bottomk those that come last, as Tempo does. */
export function best(type: 'topk' | 'bottomk', limit: number, input: SeriesSet): SeriesSet {
  if (input.size <= limit) return input
  const all = [...input]
  const kept = new Map<string, number[]>()
  const steps = Math.max(...all.map(([, { values }]) => values.length))
  for (let step = 0; step < steps; step += 1) {
    const order = (a: Series, b: Series) => a.values[step]! - b.values[step]! || -compareLabels(a.labels, b.labels)
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

function compareLabels(a: readonly Label[], b: readonly Label[]): number {
  const [left, right] = [a, b].map(labels => labels.filter(label => !isName(label)))
  for (const [index, label] of left!.entries()) {
    const other = right![index]
    if (!other) return 1
    const order =
      compareTexts(textOf(label), textOf(other)) ||
      compareTexts(label.key, other.key) ||
      numberOf(label) - numberOf(other)
    if (order !== 0) return order
  }
  return left!.length - right!.length
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const textOf = ({ value }: Label): string => value.stringValue ?? ''
/** The greater one comes first. */
const numberOf = ({ value }: Label): number => -Number(value.intValue ?? value.doubleValue ?? value.boolValue) || 0
