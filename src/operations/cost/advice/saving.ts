/** The saving from a change, as a share of the calls' cost, with an interval. */
import { type Interval, normalQuantile } from '../../../shared/statistics'
import type { Call, Pricing } from './call'

/** Confidence of the interval. Advice uses its lower bound, which is then right in 95 % of all cases. */
export const CONFIDENCE = 0.9

export interface Saving {
  /** Share of the calls' cost, 0 to 1. */
  readonly share: number
  readonly interval: Interval
  /** Cost of the calls in USD. */
  readonly cost: number
  /** Number of calls with a known price; others are ignored. */
  readonly n: number
}

/**
 * The ratio of two sums; its error is estimated by linearisation.
 * @param otherwise the call's cost, or its properties, after the change; undefined if nothing changes
 * @returns undefined if no price is known
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
