/** Functions over the samples of a series in a window, such as `rate` and `max_over_time`. */
import { ExactSum, exactVariance, mean, quantileOf } from './arithmetic'

/** The samples from index `from` to before `to`, at least one. Times are in milliseconds. */
export interface RangeSamples {
  readonly times: Float64Array
  readonly values: Float64Array
  /** The number of counter resets up to each sample. */
  readonly resets: Uint32Array
  from: number
  to: number
  /** The bounds of the window; the start is exclusive. */
  start: number
  end: number
  /** The time at which the function is evaluated. */
  now: number
  /** The sum over the previous window of the series, with which this one usually overlaps. */
  before?: { readonly sum: ExactSum; readonly from: number; readonly to: number } | undefined
}

/** @returns undefined if the window has too few samples */
export type RangeFunction = (window: RangeSamples, parameter: number) => number | undefined

export const rangeFunctions: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>([
  ['rate', window => extrapolated(window, true, true)],
  ['increase', window => extrapolated(window, true, false)],
  ['delta', window => extrapolated(window, false, false)],
  ['irate', window => ofLastTwo(window, true)],
  ['idelta', window => ofLastTwo(window, false)],
  ['deriv', window => (window.to - window.from < 2 ? undefined : line(window, window.times[window.from]!).slope)],
  ['predict_linear', predicted],
  ['avg_over_time', window => mean(within(window))],
  ['sum_over_time', summed],
  ['count_over_time', ({ from, to }) => to - from],
  ['min_over_time', window => extreme(window, (value, best) => value < best)],
  ['max_over_time', window => extreme(window, (value, best) => value > best)],
  ['last_over_time', ({ values, to }) => values[to - 1]],
  ['present_over_time', () => 1],
  ['absent_over_time', () => 1],
  ['stdvar_over_time', window => exactVariance(within(window))],
  ['stddev_over_time', window => Math.sqrt(exactVariance(within(window)))],
  ['quantile_over_time', (window, q) => quantileOf(q, Array.from(within(window)))],
  ['changes', changes],
  ['resets', resets],
])

const within = ({ values, from, to }: RangeSamples): Float64Array => values.subarray(from, to)

/** Extrapolates the change between the first and the last sample to the whole window. */
function extrapolated(window: RangeSamples, isCounter: boolean, isRate: boolean): number | undefined {
  const { times, values, from, to, start, end } = window
  const last = to - 1
  if (last - from < 1) return undefined
  const [first, firstTime, lastTime] = [values[from]!, times[from]!, times[last]!]
  let result = values[last]! - first
  if (isCounter && window.resets[last] !== window.resets[from])
    for (let at = from + 1; at < to; at++) if (values[at]! < values[at - 1]!) result += values[at - 1]!
  const sampled = (lastTime - firstTime) / 1_000
  const between = sampled / (last - from)
  // a longer gap at an edge means that the series begins or ends there
  const threshold = between * 1.1
  let toStart = (firstTime - start) / 1_000
  let toEnd = (end - lastTime) / 1_000
  if (toStart >= threshold) toStart = between / 2
  if (isCounter) {
    // a counter never was below 0
    const toZero = result > 0 && first >= 0 ? sampled * (first / result) : toStart
    if (toZero < toStart) toStart = toZero
  }
  if (toEnd >= threshold) toEnd = between / 2
  let factor = (sampled + toStart + toEnd) / sampled
  if (isRate) factor /= (end - start) / 1_000
  return result * factor
}

function ofLastTwo({ times, values, from, to }: RangeSamples, isRate: boolean): number | undefined {
  if (to - from < 2) return undefined
  const [before, last] = [values[to - 2]!, values[to - 1]!]
  const seconds = (times[to - 1]! - times[to - 2]!) / 1_000
  if (!isRate) return last - before
  return (last < before ? last : last - before) / seconds
}

/** Linear regression by least squares. @param zero time of the intercept */
function line({ times, values, from, to }: RangeSamples, zero: number): { slope: number; intercept: number } {
  const count = to - from
  const [x, y, xy, xx] = [new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum()]
  let isConstant = true
  for (let at = from; at < to; at++) {
    const seconds = (times[at]! - zero) / 1_000
    const value = values[at]!
    if (value !== values[from]) isConstant = false
    x.add(seconds)
    y.add(value)
    xy.add(seconds * value)
    xx.add(seconds * seconds)
  }
  if (isConstant) {
    const value = values[from]!
    return Number.isFinite(value) ? { slope: 0, intercept: value } : { slope: Number.NaN, intercept: Number.NaN }
  }
  const slope = (xy.value - (x.value * y.value) / count) / (xx.value - (x.value * x.value) / count)
  return { slope, intercept: y.value / count - (slope * x.value) / count }
}

function predicted(window: RangeSamples, seconds: number): number | undefined {
  if (window.to - window.from < 2) return undefined
  const { slope, intercept } = line(window, window.now)
  return slope * seconds + intercept
}

function summed(window: RangeSamples): number {
  const { values, from, to, before } = window
  const goesOn = before !== undefined && before.to > from && Number.isFinite(before.sum.value)
  const sum = goesOn ? before.sum : new ExactSum()
  if (goesOn) for (let at = before.from; at < from; at++) sum.add(-values[at]!)
  for (let at = goesOn ? before.to : from; at < to; at++) sum.add(values[at]!)
  window.before = { sum, from, to }
  return sum.value
}

function extreme(window: RangeSamples, isBetter: (value: number, best: number) => boolean): number {
  let best = window.values[window.from]!
  for (const value of within(window)) if (isBetter(value, best) || Number.isNaN(best)) best = value
  return best
}

function changes({ values, from, to }: RangeSamples): number {
  let count = 0
  for (let at = from + 1; at < to; at++) if (!Object.is(values[at]! + 0, values[at - 1]! + 0)) count++
  return count
}

function resets({ values, from, to }: RangeSamples): number {
  let count = 0
  for (let at = from + 1; at < to; at++) if (values[at]! < values[at - 1]!) count++
  return count
}
