/** `absent` and `absent_over_time`: one series with the labels of the selector, for times at which the selector finds nothing. */
import type { Expr } from './ast'
import { Labels, metricLabels } from './labels'
import { type EvaluationGrid, isEmpty, newSeries, type Samples, type Series } from './series'

/** The labels for which the selector requires an exact value. */
export function labelsOfAbsent(expr: Expr): Labels {
  if (expr.type !== 'selector') return Labels.none
  const known = new Map<string, string>()
  const seen = new Set<string>()
  for (const { label, operator, value } of expr.matchers) {
    if (metricLabels.includes(label)) continue
    if (operator === '=' && !seen.has(label)) known.set(label, value)
    else known.delete(label)
    if (operator === '=') seen.add(label)
  }
  return Labels.of(known)
}

/** Has the value 1 wherever none of the series has a value. */
export function absentWhere(
  series: readonly Series[],
  labels: Labels,
  grid: EvaluationGrid,
  samples: Samples,
): Series[] {
  const result = newSeries(labels, grid, samples)
  for (let at = 0; at < grid.steps; at++) {
    if (series.some(({ has }) => has[at] === 1)) continue
    result.values[at] = 1
    result.has[at] = 1
  }
  return isEmpty(result) ? [] : [result]
}
