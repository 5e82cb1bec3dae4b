/** The samples of a series in each window of a grid. */
import type { RangeSamples } from './range-functions'
import { type EvaluationGrid, type StoredSeries, timeAt, withoutEnds } from './series'

/**
 * Yields only windows with samples, always as the same, updated object.
 * @param moment the end of each window
 * @param range length of a window in milliseconds
 */
export function* windowsOf(
  { times, values, ends }: StoredSeries,
  grid: EvaluationGrid,
  moment: (at: number) => number,
  range: number,
): Iterable<RangeSamples & { readonly at: number }> {
  const there = ends ? withoutEnds(times, values, ends) : { times, values }
  const window = { ...there, resets: resetsOf(there.values), from: 0, to: 0, start: 0, end: 0, now: 0, at: 0 }
  for (let at = 0; at < grid.steps; at++) {
    window.at = at
    window.now = timeAt(grid, at)
    window.end = moment(at)
    window.start = window.end - range
    while (window.to < there.times.length && there.times[window.to]! <= window.end) window.to++
    while (window.from < window.to && there.times[window.from]! <= window.start) window.from++
    if (window.from < window.to) yield window
  }
}

/** The number of counter resets up to each sample. */
function resetsOf(values: Float64Array): Uint32Array {
  const resets = new Uint32Array(values.length)
  for (let at = 1; at < values.length; at++) resets[at] = resets[at - 1]! + Number(values[at]! < values[at - 1]!)
  return resets
}
