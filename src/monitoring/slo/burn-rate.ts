/**
 * The burn rate: how many times faster than evenly over the period the error budget is consumed. At 1, it is exhausted at the end of the
 * period.
 */
import { budgetOf, type Slo } from './spec'

/** @param ratio share of bad events, 0 to 1 */
export const burnRate = (slo: Pick<Slo, 'objective'>, ratio: number): number => ratio / budgetOf(slo)

/** The burn rate as PromQL. @param ratio a PromQL expression */
export const burnRateExpr = (slo: Pick<Slo, 'objective'>, ratio: string): string => `${ratio} / ${budgetOf(slo)}`
