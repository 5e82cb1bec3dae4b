/** The steps of a metrics query. */
import { aliases } from '../../store/columns'
import type { QueryRange, RangeQuestion } from './range-parameters'

/** Step `i` covers spans that start after `after + i * step` and up to `after + (i + 1) * step`, which is the time of its sample. */
export interface MetricsGrid {
  /** All times are nanoseconds since 1970. */
  readonly after: bigint
  readonly until: bigint
  readonly step: bigint
  readonly count: number
}

/** Aligns steps to multiples of the step; the first sample is at the start and covers the step before it. */
export function rangeGrid({ start, end, step, now, isRunning = false }: RangeQuestion): MetricsGrid {
  const after = start - (start % step) - step
  const ceiled = end % step === 0n ? end : end - (end % step) + step
  // an unfinished step would show too low a value, so it is only included on request
  const until = ceiled > now && !isRunning ? now - (now % step) : ceiled
  const count = until > after ? Number((until - after) / step) : 0
  return { after, until, step, count }
}

/** A single step with exactly the requested range. */
export function instantGrid({ start, end }: QueryRange): MetricsGrid {
  return { after: start, until: end, step: end - start, count: 1 }
}

export const timestampMs = ({ after, step }: MetricsGrid, index: number): bigint =>
  (after + BigInt(index + 1) * step) / 1_000_000n

/** A condition for spans within the grid. */
export const within = ({ after, until }: MetricsGrid): string =>
  `${aliases.span}.start_ns > ${after} AND ${aliases.span}.start_ns <= ${until}`

/** SQL of the index of a span's step. */
export const stepSql = ({ after, step }: MetricsGrid): string =>
  `((${aliases.span}.start_ns - ${after + 1n}) // ${step})::INTEGER`

/** One value per step. */
export function filled(grid: MetricsGrid, value: number): number[] {
  return new Array<number>(grid.count).fill(value)
}

/** Maximum number of samples in an answer: they take memory of the process that stores spans. */
const mostSamples = 2_000_000

/** @param wanted maximum number of series if there are few steps */
export function mostSeries(grid: MetricsGrid, wanted: number): number {
  return Math.min(wanted, Math.max(1, Math.floor(mostSamples / Math.max(1, grid.count))))
}
