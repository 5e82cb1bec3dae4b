/** What a good answer costs: what an answer costs on average, divided by the share of answers that pass. */

import { type Interval, type Passed, shareInterval } from '../../../shared/statistics'

/** Answers that passed or failed; of fewer nothing is said. */
export const LEAST_JUDGED = 30
/** Of the calls that were answered, so many need a price. */
export const LEAST_PRICED = 0.95
/** Of each interval here. */
export const CONFIDENCE = 0.95

/** The answers of a group that passed or failed. */
export interface JudgedCost extends Passed {
  /** Those of which the cost of all calls is known. */
  readonly priced: number
  /** What these cost together. */
  readonly usd: number
}

export type GoodAnswer =
  | (Interval & { readonly usd: number })
  /** `unpriced`: of fewer than 95 % of the answers the cost of all calls is known. */
  | { readonly none: 'too_few' | 'unpriced' | 'none_passed' }

/**
 * The mean is of the answers whose cost is known, so that it does not depend on how many of all answers were judged. Where each was
 * judged and has a price, it is the cost of all answers, divided by how many passed.
 * @returns USD with the interval that the share leaves open, or why there is none
 */
export function costOfGoodAnswer({ passed, of, priced, usd }: JudgedCost): GoodAnswer {
  if (of < LEAST_JUDGED) return { none: 'too_few' }
  if (priced < LEAST_PRICED * of) return { none: 'unpriced' }
  if (passed === 0) return { none: 'none_passed' }
  const mean = usd / priced
  const { low, high } = shareInterval(passed, of, CONFIDENCE)
  return { usd: (mean * of) / passed, low: mean / high, high: mean / low }
}
