/** Arithmetic between series, and comparisons that filter samples. */
import type { Comparison, MetricsMath } from '../ast'
import { isName, keyOf, type Label, type MetricsSeries, named, nameIn, type SeriesSet, unlabelled } from './series'

type Operator = MetricsMath['op']

const compute: Record<Operator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
}

/** Joins series with equal labels, and a series without labels with every other; series without a partner are dropped. */
export function join(op: Operator, left: SeriesSet, right: SeriesSet): SeriesSet {
  const found = new Map<string, MetricsSeries>()
  const keys = right.has(unlabelled) ? left.keys() : right.keys()
  for (const key of keys) {
    const [a, b] = [left, right].map(set => set.get(key) ?? set.get(unlabelled))
    if (!a || !b) continue
    const spread = [left, right].map(set => !set.has(key))
    const exemplars = [...(spread[0] ? [] : a.exemplars), ...(spread[1] ? [] : b.exemplars)]
    const values = a.values.map((value, step) => compute[op](value, b.values[step] ?? Number.NaN))
    found.set(key, { labels: joinLabels(op, a.labels, b.labels), values, exemplars })
  }
  return found
}

function joinLabels(op: Operator, left: readonly Label[], right: readonly Label[]): Label[] {
  const known = new Set(left.map(({ key }) => key))
  const others = [...left, ...right.filter(({ key }) => !known.has(key))].filter(label => !isName(label))
  const names = [left, right].map(labels => nameIn(labels)?.value.stringValue)
  return names.includes(undefined) ? others : [named(`(${names.join(` ${op} `)})`), ...others]
}

/** @param isLeft whether the number is the left operand */
export function withNumber(op: Operator, set: SeriesSet, number: number, isLeft: boolean): SeriesSet {
  const changed = (value: number) => (isLeft ? compute[op](number, value) : compute[op](value, number))
  return mapped(set, ({ labels, values, exemplars }) => ({
    labels,
    values: values.map(changed),
    exemplars: exemplars.map(exemplar => ({ ...exemplar, value: changed(exemplar.value) })),
  }))
}

const holds: Record<Comparison, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** Keeps the samples for which the comparison holds, and drops series that have none left. */
export function compared(op: Comparison, set: SeriesSet, number: number): SeriesSet {
  const left = mapped(set, ({ labels, values, exemplars }) => ({
    labels,
    values: values.map(value => (holds[op](value, number) ? value : Number.NaN)),
    exemplars: exemplars.filter(({ value }) => holds[op](value, number)),
  }))
  return new Map([...left].filter(([, { values }]) => values.some(value => !Number.isNaN(value))))
}

function mapped(set: SeriesSet, change: (series: MetricsSeries) => MetricsSeries): SeriesSet {
  return new Map(Array.from(set.values(), series => [keyOf(series.labels), change(series)]))
}
