/** What a change would save, as a share of what a group of calls costs, with an interval. */
import { type Interval, normalQuantile } from '../../../shared/statistics'
import type { Call, Pricing } from './call'

/** Of the interval of a saving. Advice counts by its lower end, which is then right nineteen times out of twenty. */
export const CONFIDENCE = 0.9

export interface Saving {
  /** Of the cost of the calls, 0 to 1. */
  readonly share: number
  readonly interval: Interval
  /** USD of the calls that were looked at. */
  readonly cost: number
  /** Calls whose price is known, so that they count. */
  readonly n: number
}

/**
 * The ratio of two sums, whose error follows from how much the calls differ in it (linearisation).
 * @param otherwise what the call would cost, or how it would be otherwise; undefined where it would be as it is
 * @returns undefined where no price is known
 */
export function savingOf(
  calls: readonly Call[],
  price: Pricing,
  otherwise: (call: Call, index: number) => Partial<Call> | { readonly usd: number } | undefined,
): Saving | undefined {
  const pairs: { cost: number; saved: number }[] = []
  for (const [index, call] of calls.entries()) {
    const cost = price(call)
    const changed = otherwise(call, index)
    const instead = changed === undefined ? cost : 'usd' in changed ? changed.usd : price(call, changed)
    if (cost !== undefined && instead !== undefined) pairs.push({ cost, saved: cost - instead })
  }
  const cost = pairs.reduce((sum, one) => sum + one.cost, 0)
  if (cost === 0) return undefined
  const n = pairs.length
  const share = pairs.reduce((sum, one) => sum + one.saved, 0) / cost
  const squares = pairs.reduce((sum, one) => sum + (one.saved - share * one.cost) ** 2, 0)
  const deviation = Math.sqrt((squares / Math.max(1, n - 1)) * n) / cost
  const reach = normalQuantile((1 + CONFIDENCE) / 2) * deviation
  return { share, interval: { low: share - reach, high: share + reach }, cost, n }
}
