// The time range of the page: the last so many minutes, or from one time to another.
import { changed, go, type Route } from './route'

export interface TimeRange {
  /** Whole seconds since 1970, as Tempo's API wants them. */
  readonly start: number
  readonly end: number
}

/** What is offered, in seconds, by what the address calls it. */
export const LAST: Readonly<Record<string, number>> = {
  '15m': 900,
  '1h': 3_600,
  '6h': 6 * 3_600,
  '24h': 86_400,
  '3d': 3 * 86_400,
  '7d': 7 * 86_400,
  '30d': 30 * 86_400,
  '90d': 90 * 86_400,
}
export const DEFAULT_RANGE = '1h'

/**
 * @param nowMs what `range=1h` is reckoned from; its end is a second later, so that what came just now is in it
 */
export function readRange({ params }: Route, nowMs: number): TimeRange {
  const from = Number(params.get('from'))
  const to = Number(params.get('to'))
  if (from > 0 && to > from) return { start: Math.floor(from), end: Math.ceil(to) }
  const end = Math.floor(nowMs / 1000) + 1
  return { start: end - LAST[rangeName(params)]! - 1, end }
}

/** @returns the name in `LAST`; what the address calls otherwise is the default */
export function rangeName(params: URLSearchParams): string {
  const name = params.get('range') ?? DEFAULT_RANGE
  return Object.hasOwn(LAST, name) ? name : DEFAULT_RANGE
}

/** The step of a chart: some 60 to 120 points, on a round number of seconds. */
export function stepOf({ start, end }: TimeRange): number {
  const rounded = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
  return rounded.find(step => (end - start) / step <= 120) ?? 86_400
}

/** @returns where the step begins that is not over yet, in seconds; undefined where the range has none */
export function runningStep({ start, end }: TimeRange, step: number, now: number): number | undefined {
  const begin = Math.floor(now / step) * step
  return begin + step > start && begin < end ? begin : undefined
}

/** What a reader drew a box around, in seconds. */
export function zoomTo(route: Route, from: number, to: number): void {
  go(changed(route, { range: undefined, from: String(Math.floor(from)), to: String(Math.ceil(to)) }))
}
