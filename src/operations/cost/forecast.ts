/**
 * What a period is going to cost, with an interval, from what is spent and from the days or hours before. Spend follows the week: each
 * weekday (each hour of the week) has a factor of its own, as far as the weeks agree about it. What is left over is noise, and the level
 * is that of the last days, of which an older one weighs less.
 */
import { type Interval, mean, studentQuantile, variance } from '../../shared/statistics'

export interface Forecast {
  /** At the end of the period, what is spent already included. */
  readonly expected: number
  /** In which the end lies with the probability of `CONFIDENCE`. */
  readonly interval: Interval
}

/** Of the interval. That its lower end is above an amount is then right nine times out of ten. */
export const CONFIDENCE = 0.8

/** Before so much of a period is over, and so many calls were made in it, nothing is forecast. */
export const LEAST_ELAPSED = 0.1
export const LEAST_CALLS = 30

export interface ForecastInput {
  /** Of the days or hours before the present one, the oldest first; those of the period are among them. */
  readonly before: readonly number[]
  /** In the period up to now. */
  readonly spent: number
  /** How much of the present one is over, 0 to 1. */
  readonly presentElapsed: number
  /** How many days or hours of the period follow the present one. */
  readonly following: number
  /** After so many the season begins anew: 7 days, 168 hours. */
  readonly season: number
  /** How much of the period is over, 0 to 1. */
  readonly elapsed: number
  /** In the period up to now. */
  readonly calls: number
}

/** Days, or hours; of fewer no noise can be known. */
const LEAST_BEFORE = 3
/** Seasons from which the factors come, at most. */
const MOST_SEASONS = 8

/** @returns undefined while too little is known */
export function forecast(known: ForecastInput): Forecast | undefined {
  const { spent, presentElapsed, following, season, elapsed, calls } = known
  if (elapsed < LEAST_ELAPSED || calls < LEAST_CALLS) return undefined
  const before = known.before.slice(-MOST_SEASONS * season)
  if (before.length < LEAST_BEFORE) return undefined
  const factors = factorsOf(before, season)
  const factorAt = (position: number): number => factors?.[modulo(position, season)] ?? 1
  // by position: the present one has 0, those before it count down
  const positions = before.map((_, index) => index - before.length)
  const weights = positions.map(position => 0.5 ** (-position / halfLifeOf(season)))
  const expected = positions.map(factorAt)
  const count = total(weights) ** 2 / total(weights.map(weight => weight ** 2))
  const plain = fit(before, expected, positions, weights, false)
  // a trend counts where a season or more is still to come, three are known, and it is beyond doubt
  const sloping =
    following < season || before.length < 3 * season ? undefined : fit(before, expected, positions, weights, true)
  const isTrend = sloping !== undefined && Math.abs(sloping.slope) > SURE * sloping.slopeError(count)
  const { level, slope, noise, residuals } = isTrend ? sloping : plain

  const rest = [1 - presentElapsed, ...Array.from({ length: following }, () => 1)]
  const more = rest.map((share, position) => Math.max(0, level + slope * position) * factorAt(position) * share)
  const parameters = 1 + (isTrend ? 1 : 0) + (factors === undefined ? 0 : Math.min(season - 1, count / 2))
  const degrees = Math.max(2, count - parameters)
  // days that follow each other are alike: then their sum is less sure, and so is the level
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
  // what is spent stays spent
  return { expected: end, interval: { low: Math.max(spent, end - reach), high: end + reach } }
}

/** Standard errors of a slope that is beyond doubt. */
const SURE = 4

interface Fit {
  /** At the present position, where the factor is 1. */
  readonly level: number
  /** By position. */
  readonly slope: number
  readonly residuals: readonly number[]
  /** Their variance. */
  readonly noise: number
  /** @param count how many values the weights amount to */
  readonly slopeError: (count: number) => number
}

/** Weighted least squares of `(level + slope * position) * factor`. */
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

/** In days or hours: half of what is known of the level is not older than a season of days, or a day of hours. */
const halfLifeOf = (season: number): number => Math.min(season, 24)

/**
 * By position in the season, 1 on average. Drawn towards 1 by as much as the seasons disagree, so that noise does not count as a season.
 * @returns undefined where fewer than two seasons are known
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

/** Of each with the one before it. */
function correlation(values: readonly number[]): number {
  const middle = mean(values)
  const around = values.map(value => value - middle)
  const whole = around.reduce((sum, value) => sum + value ** 2, 0)
  return whole === 0 ? 0 : around.slice(1).reduce((sum, value, index) => sum + value * around[index]!, 0) / whole
}
