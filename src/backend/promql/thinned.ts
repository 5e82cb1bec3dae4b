/** Adds a note where an expression needs a finer resolution than the store has kept. */
import type { Selector } from './ast'
import { METRIC } from './labels'
import type { Notes } from './notes'
import { resolutions } from './resolutions'
import type { EvaluationGrid, StoredSeries } from './series'

/**
 * @param moment time at which the selector is evaluated, for each step
 * @param all the selected series
 */
export function explainThinned(
  expr: Selector,
  all: readonly StoredSeries[],
  grid: EvaluationGrid,
  moment: (at: number) => number,
  notes: Notes,
): void {
  const [from, to] = [moment(0) - (expr.range ?? 0), moment(grid.steps - 1)]
  const asked = expr.range === undefined ? grid.step : expr.range / 2
  const coarsest = new Map<string, { step: number; last: number }>()
  for (const one of all) {
    const found = coarsestIn(one, from, to)
    const name = one.labels.get(METRIC)
    const known = coarsest.get(name)
    if (found.step > asked && !(known && (known.step - found.step || known.last - found.last) >= 0))
      coarsest.set(name, found)
  }
  for (const [name, { step, last }] of coarsest) {
    const kept = `${name} has one sample every ${written(step)} until ${new Date(last).toISOString()}`
    if (expr.range === undefined) notes.explain(`${kept}: between two samples the older one counts`)
    else notes.warn(`${kept}: use a range of [${written(2 * step)}] or longer there`, expr)
  }
}

/** The coarsest step among the samples in this range, and the time of the last such sample. */
function coarsestIn({ times, resolutions: numbers }: StoredSeries, from: number, to: number) {
  const coarsest = { step: 0, last: 0 }
  for (let at = 0; numbers && at < times.length; at++) {
    const { step, lookback } = resolutions[numbers[at]!]!
    if (step < coarsest.step || times[at]! > to || times[at]! <= from - lookback) continue
    coarsest.step = step
    coarsest.last = times[at]!
  }
  return coarsest
}

const written = (milliseconds: number): string =>
  milliseconds % 3_600_000 === 0 ? `${milliseconds / 3_600_000}h` : `${milliseconds / 60_000}m`
