/**
 * Forecasts the cost of a period, with an interval, from the spend so far and earlier days or hours. Each weekday, or each hour of the
 * week, has its own factor, as far as the weeks agree on it. The rest is noise around a level that is an exponentially weighted average of
 * recent days.
 */
import { type Interval, mean, studentQuantile, variance } from '../../shared/statistics'

export interface Forecast {
  /** The total at the end of the period. */
  readonly expected: number
  /** The final total lies in this interval with probability `CONFIDENCE`. */
  readonly interval: Interval
}

/** Confidence of the interval. If its lower bound exceeds an amount, that is right in 90 % of all cases. */
export const CONFIDENCE = 0.8

/** There is no forecast before this share of the period has passed, with at least this number of calls. */
export const LEAST_ELAPSED = 0.1
export const LEAST_CALLS = 30

export interface ForecastInput {
  /** Spend per day or hour before the current one, oldest first, including those of the period. */
  readonly before: readonly number[]
  /** Spend in the period so far. */
  readonly spent: number
  /** The share of the current day or hour that has passed, 0 to 1. */
  readonly presentElapsed: number
  /** The number of days or hours of the period after the current one. */
  readonly following: number
  /** The length of a season: 7 days, or 168 hours. */
  readonly season: number
  /** The share of the period that has passed, 0 to 1. */
  readonly elapsed: number
  /** Number of calls in the period so far. */
  readonly calls: number
}

/** Minimum number of days or hours to estimate the noise. */
const LEAST_BEFORE = 3
/** Maximum number of seasons to estimate factors from. */
const MOST_SEASONS = 8

/** @returns undefined if there is too little data */
export function forecast(known: ForecastInput): Forecast | undefined {
  const { spent, presentElapsed, following, season, elapsed, calls } = known
  if (elapsed < LEAST_ELAPSED || calls < LEAST_CALLS) return undefined
  const before = known.before.slice(-MOST_SEASONS * season)
  if (before.length < LEAST_BEFORE) return undefined
  const factors = factorsOf(before, season)
  const factorAt = (position: number): number => factors?.[modulo(position, season)] ?? 1
  // positions: the current day or hour is 0, earlier ones are negative
  const positions = before.map((_, index) => index - before.length)
  const weights = positions.map(position => 0.5 ** (-position / halfLifeOf(season)))
  const expected = positions.map(factorAt)
  const count = total(weights) ** 2 / total(weights.map(weight => weight ** 2))
  const plain = fit(before, expected, positions, weights, false)
  // a trend only counts over at least a season ahead, with three seasons of data, and if it is significant
  const sloping =
    following < season || before.length < 3 * season ? undefined : fit(before, expected, positions, weights, true)
  const isTrend = sloping !== undefined && Math.abs(sloping.slope) > SURE * sloping.slopeError(count)
  const { level, slope, noise, residuals } = isTrend ? sloping : plain

  const rest = [1 - presentElapsed, ...Array.from({ length: following }, () => 1)]
  const more = rest.map((share, position) => Math.max(0, level + slope * position) * factorAt(position) * share)
  const parameters = 1 + (isTrend ? 1 : 0) + (factors === undefined ? 0 : Math.min(season - 1, count / 2))
  const degrees = Math.max(2, count - parameters)
  // consecutive days correlate, which makes their sum and the level less certain
  const alike = Math.min(0.9, Math.max(0, correlation(residuals)))
  const inflation = (1 + alike) / (1 - alike)
  const length = total(rest)
  const variances = (noise * count) / degrees
  const ofSlope = isTrend
    ? (sloping.slopeError(count) * total(rest.map((share, position) => share * position))) ** 2
    : 0
  const deviation = Math.sqrt(variances * inflation * (length + length ** 2 / count) + ofSlope * inflation)
  const reach = studentQuantile((1 + CONFIDENCE) / 2, degrees) * deviation
  const end = spent + total(more)
  // the total cannot fall below the spend so far
  return { expected: end, interval: { low: Math.max(spent, end - reach), high: end + reach } }
}

/** Standard errors from which a slope counts as significant. */
const SURE = 4

interface Fit {
  /** The level at the current position, without its factor. */
  readonly level: number
  /** Change per position. */
  readonly slope: number
  readonly residuals: readonly number[]
  /** Variance of the residuals. */
  readonly noise: number
  /** @param count effective sample size of the weighted values */
  readonly slopeError: (count: number) => number
}

/** Weighted least squares fit of `(level + slope * position) * factor`. */
function fit(
  values: readonly number[],
  factors: readonly number[],
  positions: readonly number[],
  weights: readonly number[],
  hasSlope: boolean,
): Fit {
  const sum = (of: (index: number) => number) => total(values.map((_, index) => weights[index]! * of(index)))
  const ff = sum(index => factors[index]! ** 2)
  const fx = sum(index => factors[index]! ** 2 * positions[index]!)
  const xx = sum(index => (factors[index]! * positions[index]!) ** 2)
  const fy = sum(index => factors[index]! * values[index]!)
  const xy = sum(index => factors[index]! * positions[index]! * values[index]!)
  const spread = xx - fx ** 2 / ff
  const slope = hasSlope && spread > 0 ? (xy - (fx * fy) / ff) / spread : 0
  const level = (fy - slope * fx) / ff
  const residuals = values.map((value, index) => value - (level + slope * positions[index]!) * factors[index]!)
  const noise = sum(index => residuals[index]! ** 2) / total(weights)
  const slopeError = (count: number) =>
    spread > 0 ? Math.sqrt((noise * total(weights)) / spread / Math.max(1, count - 2)) : Number.POSITIVE_INFINITY
  return { level, slope, residuals, noise, slopeError }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const modulo = (value: number, of: number): number => ((value % of) + of) % of

/** Half-life of the weights, in days or hours: a season of days, or one day of hours. */
const halfLifeOf = (season: number): number => Math.min(season, 24)

/**
 * Factors by position in the season, 1 on average. They shrink towards 1 as far as the seasons disagree, so that noise does not count as a
 * season.
 * @returns undefined with fewer than two seasons
 */
function factorsOf(before: readonly number[], season: number): readonly number[] | undefined {
  const seasons = Math.floor(before.length / season)
  if (seasons < 2) return undefined
  const shares: number[][] = Array.from({ length: season }, () => [])
  for (let index = 1; index <= seasons; index++) {
    const one = before.slice(before.length - index * season, before.length - (index - 1) * season)
    const middle = mean(one)
    if (middle > 0) for (const [position, value] of one.entries()) shares[position]!.push(value / middle)
  }
  if (shares[0]!.length < 2) return undefined
  const middles = shares.map(mean)
  const noise = mean(shares.map(variance)) / shares[0]!.length
  const between = variance(middles)
  const trust = between > 0 ? Math.max(0, 1 - noise / between) : 0
  return middles.map(middle => 1 + trust * (middle - 1))
}

/** Autocorrelation at lag 1. */
function correlation(values: readonly number[]): number {
  const middle = mean(values)
  const around = values.map(value => value - middle)
  const whole = around.reduce((sum, value) => sum + value ** 2, 0)
  return whole === 0 ? 0 : around.slice(1).reduce((sum, value, index) => sum + value * around[index]!, 0) / whole
}
