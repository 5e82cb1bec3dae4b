/** Aggregations such as `sum by (…)`: one series per group. */
import { ascending, ExactSum, mean, quantileOf, variance } from './arithmetic'
import type { Aggregate, AggregateOperator } from './ast'
import { failed } from './error'
import { type Labels, metricLabels } from './labels'
import { formatNumber } from './numbers'
import { type EvaluationGrid, isEmpty, newSeries, type Samples, type Series } from './series'

interface Group {
  readonly labels: Labels
  readonly members: readonly Series[]
}

/** `parameter` has a value per step. */
export interface Aggregation {
  readonly grid: EvaluationGrid
  readonly samples: Samples
  readonly parameter: Float64Array | undefined
  /** The label that count_values adds. */
  readonly label: string
}

type Reduce = (values: Float64Array, parameter: number) => number

const reducers: Partial<Record<AggregateOperator, Reduce>> = {
  avg: mean,
  group: () => 1,
  stdvar: variance,
  stddev: values => Math.sqrt(variance(values)),
  quantile: (values, q) => quantileOf(q, Array.from(values)),
}

export function aggregate(expr: Aggregate, series: readonly Series[], how: Aggregation): Series[] {
  const { operator } = expr
  const groups = groupsOf(expr, series)
  if (operator === 'topk' || operator === 'bottomk') return best(groups, operator === 'topk', how)
  if (operator === 'count_values') return groups.flatMap(group => countValues(group, how))
  return groups.map(group => {
    const result = newSeries(group.labels, how.grid, how.samples)
    if (operator === 'sum') sum(group, result)
    else if (operator === 'count') count(group, result)
    else if (operator === 'min') extreme(group, result, (value, found) => value < found)
    else if (operator === 'max') extreme(group, result, (value, found) => value > found)
    else reduce(group, result, reducers[operator]!, how.parameter)
    return result
  })
}

function groupsOf({ without, labels }: Aggregate, series: readonly Series[]): Group[] {
  const names = new Set(without ? [...labels, ...metricLabels] : labels)
  const groups = new Map<string, { labels: Labels; members: Series[] }>()
  for (const one of series) {
    if (isEmpty(one)) continue
    const of = without ? one.labels.without(names) : one.labels.only(names)
    const group = groups.get(of.key)
    if (group) group.members.push(one)
    else groups.set(of.key, { labels: of, members: [one] })
  }
  return [...groups.values()]
}

function sum({ members }: Group, { values, has }: Series): void {
  const sums = Array.from(values, () => new ExactSum())
  for (const member of members) {
    for (let at = 0; at < values.length; at++) {
      if (member.has[at] === 0) continue
      has[at] = 1
      sums[at]!.add(member.values[at]!)
    }
  }
  for (let at = 0; at < values.length; at++) values[at] = sums[at]!.value
}

function count({ members }: Group, { values, has }: Series): void {
  for (const member of members) {
    for (let at = 0; at < values.length; at++) {
      if (member.has[at] === 0) continue
      has[at] = 1
      values[at]!++
    }
  }
}

function extreme({ members }: Group, { values, has }: Series, isBetter: (value: number, found: number) => boolean) {
  for (const member of members) {
    for (let at = 0; at < values.length; at++) {
      if (member.has[at] === 0) continue
      const value = member.values[at]!
      const isFirst = has[at] === 0
      if (isFirst || isBetter(value, values[at]!) || Number.isNaN(values[at]!)) values[at] = value
      has[at] = 1
    }
  }
}

function reduce({ members }: Group, { values, has }: Series, to: Reduce, parameter: Float64Array | undefined): void {
  const found = new Float64Array(members.length)
  for (let at = 0; at < values.length; at++) {
    let length = 0
    for (const member of members) if (member.has[at] === 1) found[length++] = member.values[at]!
    if (length === 0) continue
    has[at] = 1
    values[at] = to(found.subarray(0, length), parameter?.[at] ?? 0)
  }
}

/** topk and bottomk. Results of an instant query are sorted by value. */
function best(groups: readonly Group[], isLargest: boolean, { grid, samples, parameter }: Aggregation): Series[] {
  const kept = new Map<Series, Series>()
  for (let at = 0; at < grid.steps; at++) {
    const most = limitOf(parameter![at]!)
    for (const { members } of groups) {
      const there = members.filter(({ has }) => has[at] === 1)
      // NaN sorts last in both directions
      const order = (a: Series, b: Series) => {
        const [left, right] = [a.values[at]!, b.values[at]!]
        if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
        return isLargest ? ascending(right, left) : ascending(left, right)
      }
      for (const one of there.sort(order).slice(0, most)) {
        const result = kept.get(one) ?? newSeries(one.labels, grid, samples)
        kept.set(one, result)
        result.values[at] = one.values[at]!
        result.has[at] = 1
      }
    }
  }
  return [...kept.values()]
}

function limitOf(parameter: number): number {
  if (Number.isNaN(parameter)) throw failed('Parameter value is NaN')
  if (parameter >= 2 ** 63) throw failed(`Scalar value ${formatNumber(parameter)} overflows int64`)
  if (parameter <= -(2 ** 63)) throw failed(`Scalar value ${formatNumber(parameter)} underflows int64`)
  return Math.max(0, Math.trunc(parameter))
}

function countValues({ labels, members }: Group, { grid, samples, label }: Aggregation): Series[] {
  const found = new Map<string, Series>()
  for (const member of members) {
    for (let at = 0; at < grid.steps; at++) {
      if (member.has[at] === 0) continue
      const value = formatNumber(member.values[at]!)
      const result = found.get(value) ?? newSeries(labels.with([[label, value]]), grid, samples)
      found.set(value, result)
      result.has[at] = 1
      result.values[at]!++
    }
  }
  return [...found.values()]
}
