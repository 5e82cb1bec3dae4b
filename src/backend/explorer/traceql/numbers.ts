// What the numbers of a query are: durations, dollars or counts, whether they may be added up, and whether a step without spans has one.
import { count, durationMs, usd } from '../data/format'

export interface Numbers {
  format(value: number): string
  /** Whether the sum over time means something: that of quantiles, means and rates does not. */
  readonly addUp: boolean
  /** Whether 0 is what the server says of a step in which there was nothing to measure. */
  readonly zeroIsNothing: boolean
}

const FUNCTION = /\|\s*(rate|count_over_time|(?:sum|avg|min|max|quantile|histogram)_over_time)\s*\(([^()]*)/g

/** Of the last function that makes numbers of spans. */
export function numbersOf(query: string): Numbers {
  const [, name = '', of = ''] = [...query.matchAll(FUNCTION)].at(-1) ?? []
  const isMeasured = /^(?:sum|avg|min|max|quantile)_over_time$/.test(name)
  return {
    format: isMeasured ? formatOf(of.trim()) : count,
    addUp: name === 'count_over_time' || name === 'sum_over_time' || name === 'histogram_over_time',
    zeroIsNothing: name === 'quantile_over_time',
  }
}

function formatOf(measured: string): (value: number) => string {
  if (/^(?:(?:span|trace):?)?duration\b|^traceDuration\b|^event:timeSinceStart\b/i.test(measured))
    return seconds => durationMs(seconds * 1_000)
  if (/\bcost\b/.test(measured)) return usd
  return count
}
