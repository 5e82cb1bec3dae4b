/** What budgets have to say, as alerts of Alertmanager. Each is sent once: its labels name the period that it is about. */
import type { CostConfig } from './config'
import { money } from './money'
import { whyUnpriced } from './spend'
import type { Standing } from './standing'
import { dateAt } from './time-zone'
import type { Broken } from './tracking'

export interface CostAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** The service of what is of no single one. */
const OURS = 'afn-otel'

/** How urgent a threshold is: above the amount something has to be done, below it somebody has to know. */
const severityOf = (threshold: number): string => (threshold >= 100 ? 'high' : threshold >= 75 ? 'medium' : 'low')

/** @param receiver base URL of the alert receiver, which serves the runbooks */
export function budgetAlerts(standing: Standing, config: CostConfig, receiver: string): CostAlert[] {
  const { budget, period, spent, percent, passed, forecast, willExceed } = standing
  const amount = (value: number) => money(value, config.currency)
  const services = budget.scope.service ?? []
  const labels = {
    service: services.length === 1 ? services[0]! : OURS,
    budget: budget.name,
    period: period.id,
    once: 'true',
  }
  const common = {
    description: describe(standing, config),
    traces: `afn-otel cost report --by service,model --from ${dateAt(period.start, config.timeZone)}`,
  }
  const thresholds = passed.map(threshold => ({
    labels: {
      alertname: 'AfnBudgetThreshold',
      severity: severityOf(threshold),
      ...labels,
      threshold: String(threshold),
    },
    annotations: {
      summary: `Budget ${budget.name} has reached ${threshold} % of ${amount(budget.amount)} for ${period.id}: ${amount(spent)} (${percent.toFixed(1)} %) are spent.`,
      ...common,
      runbook_url: runbook(receiver, 'AfnBudgetThreshold'),
    },
  }))
  // what is exceeded already needs no forecast
  if (!budget.forecast || !willExceed || !forecast || percent >= 100) return thresholds
  const { expected, interval } = forecast
  const coming = {
    labels: { alertname: 'AfnBudgetForecast', severity: 'medium', ...labels },
    annotations: {
      summary: `Budget ${budget.name} is likely to be exceeded in ${period.id}: ${amount(expected)} of ${amount(budget.amount)} at its end, ${amount(interval.low)} to ${amount(interval.high)} with a probability of 80 %.`,
      ...common,
      runbook_url: runbook(receiver, 'AfnBudgetForecast'),
    },
  }
  return [...thresholds, coming]
}

/** Once a day by the clocks of the account, as long as it is so; of a price table once. */
export function trackingAlert({ service, table, why }: Broken, day: string, receiver: string): CostAlert {
  return {
    labels: {
      alertname: 'AfnCostTrackingBroken',
      severity: table === undefined ? 'medium' : 'low',
      service: service ?? OURS,
      period: table ?? day,
      once: 'true',
    },
    annotations: {
      summary: `What LLM calls${service === undefined ? '' : ` of ${service}`} cost is not known: ${why}.`,
      description: 'Every sum and every budget is too low, and no threshold is reached in time.',
      traces: 'afn-otel query unpriced-calls --since 1d',
      runbook_url: runbook(receiver, 'AfnCostTrackingBroken'),
    },
  }
}

function describe(
  { budget, forecast, unpriced, noUsage, unknownBefore, credited }: Standing,
  { currency }: CostConfig,
): string {
  const scope = Object.entries(budget.scope).map(([dimension, names]) => `${dimension} ${names.join(' or ')}`)
  const amount = (value: number) => money(value, currency)
  return [
    `It counts ${scope.length > 0 ? `calls of ${scope.join(', ')}` : 'all calls'}.`,
    ...(credited > 0 ? [`Credits of ${amount(credited)} are taken off.`] : []),
    ...(forecast ? [`At its end the period is likely to have cost ${amount(forecast.expected)}.`] : []),
    ...(unpriced > 0
      ? [`${unpriced} calls have no price (${whyUnpriced({ unpriced, noUsage })}), so that more is spent.`]
      : []),
    ...(unknownBefore === undefined
      ? []
      : [`What was spent before ${new Date(unknownBefore).toISOString()} is not kept, so that more is spent.`]),
  ].join(' ')
}

const runbook = (receiver: string, name: string): string => `${receiver.replace(/\/+$/, '')}/runbooks/${name}`

/** Identifies an alert among those that were raised. */
export const idOf = ({ labels: { alertname, service, budget = '', period, threshold = '' } }: CostAlert): string =>
  // a budget may get another scope, and its alert another service
  JSON.stringify([alertname, budget === '' ? service : budget, period, threshold])
