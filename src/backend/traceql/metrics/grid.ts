/** The steps of time that spans are counted in. */
import { aliases } from '../../store/columns'
import type { QueryRange, RangeQuestion } from './range-parameters'

/** Step `i` covers what starts after `after + i * step` and not after `after + (i + 1) * step`, where its sample stands. */
export interface MetricsGrid {
  /** Nanoseconds since 1970, as all times here. */
  readonly after: bigint
  readonly until: bigint
  readonly step: bigint
  readonly count: number
}

/** Whole multiples of the step; the first sample stands at the start and covers the step before it. */
export function rangeGrid({ start, end, step, now, isRunning = false }: RangeQuestion): MetricsGrid {
  const after = start - (start % step) - step
  const ceiled = end % step === 0n ? end : end - (end % step) + step
  // a step that is not over yet shows too little, for whoever does not ask for it
  const until = ceiled > now && !isRunning ? now - (now % step) : ceiled
  const count = until > after ? Number((until - after) / step) : 0
  return { after, until, step, count }
}

/** One step, exactly as the request has it. */
export function instantGrid({ start, end }: QueryRange): MetricsGrid {
  return { after: start, until: end, step: end - start, count: 1 }
}

export const timestampMs = ({ after, step }: MetricsGrid, index: number): bigint =>
  (after + BigInt(index + 1) * step) / 1_000_000n

/** Which spans are in it. */
export const within = ({ after, until }: MetricsGrid): string =>
  `${aliases.span}.start_ns > ${after} AND ${aliases.span}.start_ns <= ${until}`

/** The number of a span's step. */
export const stepSql = ({ after, step }: MetricsGrid): string =>
  `((${aliases.span}.start_ns - ${after + 1n}) // ${step})::INTEGER`

/** A value for each step. */
export function filled(grid: MetricsGrid, value: number): number[] {
  return new Array<number>(grid.count).fill(value)
}

/** Samples of one answer, at most: what they take of memory is that of the process that stores spans. */
const mostSamples = 2_000_000

/** @param wanted how many series there may be, were there only a few steps */
export function mostSeries(grid: MetricsGrid, wanted: number): number {
  return Math.min(wanted, Math.max(1, Math.floor(mostSamples / Math.max(1, grid.count))))
}
