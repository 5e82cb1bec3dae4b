/** Budget metrics for boards, with the same numbers as the command and the alerts. */
import {
  METRIC_AFN_BUDGET_AMOUNT,
  METRIC_AFN_BUDGET_FORECAST,
  METRIC_AFN_BUDGET_SPENT,
  METRIC_AFN_BUDGET_THRESHOLD,
  METRIC_OPTIONS_AFN_BUDGET_SPENT,
} from '../../../semconv'
import type { Standing } from './standing'

export interface BudgetGauge {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly attributes: Readonly<Record<'budget' | 'currency' | 'period' | 'dimension', string>>
}

/** @param standings of current periods @param currency of the account, ISO 4217 */
export function gaugesOf(standings: readonly Standing[], currency: string): BudgetGauge[] {
  return standings.flatMap(({ budget, spent, passed, forecast }) => {
    const dimensions = Object.keys(budget.scope).toSorted()
    const attributes = {
      budget: budget.name,
      currency,
      period: budget.period,
      // the label names dimensions, never their values, which may be users
      dimension: dimensions.length > 0 ? dimensions.join(', ') : 'all',
    }
    const { unit } = METRIC_OPTIONS_AFN_BUDGET_SPENT
    const gauge = (name: string, value: number): BudgetGauge => ({ name, unit, value, attributes })
    return [
      gauge(METRIC_AFN_BUDGET_AMOUNT, budget.amount),
      gauge(METRIC_AFN_BUDGET_SPENT, spent),
      gauge(METRIC_AFN_BUDGET_THRESHOLD, (passed.at(-1) ?? 0) / 100),
      ...(forecast ? [gauge(METRIC_AFN_BUDGET_FORECAST, forecast.expected)] : []),
    ]
  })
}
