/** Computes the cost of a good answer: the average cost of an answer divided by the share of answers that pass. */

import { type Interval, type Passed, shareInterval } from '../../../shared/statistics'

/** Minimum number of passed and failed answers for a result. */
export const LEAST_JUDGED = 30
/** Minimum share of answers with a known cost. */
export const LEAST_PRICED = 0.95
/** The confidence level of all intervals here. */
export const CONFIDENCE = 0.95

/** The answers of a group that passed or failed. */
export interface JudgedCost extends Passed {
  /** Answers with a known cost for all their calls. */
  readonly priced: number
  /** The total cost of these answers. */
  readonly usd: number
}

export type GoodAnswer =
  | (Interval & { readonly usd: number })
  /** `unpriced`: fewer than 95 % of the answers have a known cost for all calls. */
  | { readonly none: 'too_few' | 'unpriced' | 'none_passed' }

/**
 * The mean covers only answers with a known cost, so that it does not depend on how many answers were judged. If all were judged and have a
 * price, the result is the cost of all answers divided by the number that passed.
 * @returns USD with the confidence interval of the share, or why there is none
 */
export function costOfGoodAnswer({ passed, of, priced, usd }: JudgedCost): GoodAnswer {
  if (of < LEAST_JUDGED) return { none: 'too_few' }
  if (priced < LEAST_PRICED * of) return { none: 'unpriced' }
  if (passed === 0) return { none: 'none_passed' }
  const mean = usd / priced
  const { low, high } = shareInterval(passed, of, CONFIDENCE)
  return { usd: (mean * of) / passed, low: mean / high, high: mean / low }
}
