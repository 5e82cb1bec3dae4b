/** Budget alerts for Alertmanager. Each is sent once, because its labels name the period. */
import type { Language } from '../../monitoring/alerts/config'
import { dateAt } from '../../shared/calendar/time-zone'
import { runbookUrl } from '../../shared/config/urls'
import { words } from './alert-words'
import type { CostConfig } from './config'
import { money } from './money'
import type { Notice } from './retirement/notices'
import type { Standing } from './standing'
import type { BrokenTracking } from './tracking'

export interface CostAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** The service label of alerts that concern no single service. */
const OURS = 'afn-otel'

/** The severity of a threshold: at the full amount, somebody has to act; below it, somebody has to know. */
const severityOf = (threshold: number): string => (threshold >= 100 ? 'high' : threshold >= 75 ? 'medium' : 'low')

export interface AlertOptions {
  /** Base URL of the alert receiver, which serves the runbooks. */
  readonly receiver: string
  readonly language: Language
}

export function budgetAlerts(
  standing: Standing,
  config: CostConfig,
  { receiver, language }: AlertOptions,
): CostAlert[] {
  const { budget, period, spent, percent, passed, forecast, willExceed } = standing
  const says = words[language]
  const amount = (value: number) => money(value, config.currency)
  const { service: services = [], team: teams = [], environment: environments = [] } = budget.scope
  const labels = {
    service: services.length === 1 ? services[0]! : OURS,
    ...whose({ team: teams.length === 1 ? teams[0] : undefined, environment: environments.length === 1 ? environments[0] : undefined }), // biome-ignore format: one line
    budget: budget.name,
    period: period.id,
    once: 'true',
  }
  const named = { name: budget.name, period: period.id, amount: amount(budget.amount) }
  const common = {
    description: says.describe({
      ...standing,
      scope: budget.scope,
      credited: standing.credited > 0 ? amount(standing.credited) : undefined,
      expected: forecast && amount(forecast.expected),
      unknownBefore: standing.unknownBefore === undefined ? undefined : new Date(standing.unknownBefore).toISOString(),
    }),
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
      summary: says.threshold(named, threshold, amount(spent), percent.toFixed(1)),
      ...common,
      runbook_url: runbookUrl(receiver, 'AfnBudgetThreshold'),
    },
  }))
  // a forecast is redundant once the amount is exceeded
  if (!budget.forecast || !willExceed || !forecast || percent >= 100) return thresholds
  const { expected, interval } = forecast
  const coming = {
    labels: { alertname: 'AfnBudgetForecast', severity: 'medium', ...labels },
    annotations: {
      summary: says.forecast(named, amount(expected), amount(interval.low), amount(interval.high)),
      ...common,
      runbook_url: runbookUrl(receiver, 'AfnBudgetForecast'),
    },
  }
  return [...thresholds, coming]
}

/** Labels by which `alerts-config.yaml` routes an alert to its owners; omitted if it concerns several. */
const whose = ({ team, environment }: Pick<BrokenTracking, 'team' | 'environment'>) => ({
  ...(team !== undefined && { team }),
  ...(environment !== undefined && { environment }),
})

/** Raised once a day in the account's time zone while the problem lasts; only once per price table. */
export function trackingAlert(broken: BrokenTracking, day: string, { receiver, language }: AlertOptions): CostAlert {
  const { service, team, environment, table } = broken
  return {
    labels: {
      alertname: 'AfnCostTrackingBroken',
      severity: table === undefined ? 'medium' : 'low',
      service: service ?? OURS,
      ...whose({ team, environment }),
      period: table ?? day,
      once: 'true',
    },
    annotations: {
      summary: words[language].untracked(broken),
      description: words[language].tooLow,
      traces: 'afn-otel query unpriced-calls --since 1d',
      runbook_url: runbookUrl(receiver, 'AfnCostTrackingBroken'),
    },
  }
}

/** Raised once for each notice period that is reached; 0 is the day of the retirement. */
export function retirementAlert(notice: Notice, { receiver, language }: AlertOptions): CostAlert {
  const { provider, model, date, service, days, threshold } = notice
  return {
    labels: {
      alertname: 'AfnModelRetirement',
      severity: days <= 7 ? 'high' : days <= 30 ? 'medium' : 'low',
      service,
      period: `${provider}/${model} ${date}`,
      threshold: String(threshold),
      once: 'true',
    },
    annotations: {
      summary: words[language].retiring(notice),
      description: words[language].retirementSource(notice),
      traces: 'afn-otel cost retirements --since 7d',
      runbook_url: runbookUrl(receiver, 'AfnModelRetirement'),
    },
  }
}

/** Identifies an alert among those raised so far. */
export const idOf = ({ labels }: CostAlert): string => {
  const { alertname, service, budget = '', period, threshold = '', environment, team } = labels
  // a budget's scope, and with it the service label, may change
  const whose = [environment, team].filter(name => budget === '' && name !== undefined)
  return JSON.stringify([alertname, budget === '' ? service : budget, period, threshold, ...whose])
}
