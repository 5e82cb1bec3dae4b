/** How many times faster than evenly over the period an error budget burns: at 1 it is gone when the period ends. */
import { budgetOf, type Slo } from './spec'

/** @param ratio the share of bad events, 0 to 1 */
export const burnRate = (slo: Pick<Slo, 'objective'>, ratio: number): number => ratio / budgetOf(slo)

/** The same for Prometheus. @param ratio an expression */
export const burnRateExpr = (slo: Pick<Slo, 'objective'>, ratio: string): string => `${ratio} / ${budgetOf(slo)}`
