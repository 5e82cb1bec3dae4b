/** Alerting rules of an SLO: burn rate tiers, absent metrics, and invalid data. */

import { runbookUrl, type Urls } from '../../shared/config/urls'
import { ENVIRONMENT, environmentLabel, TEAM } from '../../shared/otlp/origin-labels'
import type { Severity } from '../../shared/severities'
import {
  absentWords,
  alertName,
  burnWords,
  invalidWords,
  type Language,
  onePercentOf,
  type Words,
  withoutTemplates,
} from './alert-texts'
import { burnRateExpr } from './burn-rate'
import { excludedIn } from './exclude'
import { inWindow, isPerSecond } from './queries'
import { errorsRecord, eventsRecord, filterOf, idLabels, ratioRecord } from './recording-rules'
import type { Rule, RuleGroup } from './rule-file'
import {
  type AlertExtras,
  type AlertKind,
  alertSuffix,
  budgetOf,
  type LatencySli,
  parts,
  type RatioSli,
  type Slo,
} from './spec'
import { canFire, periodSeconds, promDuration, type Tier, tiersOf } from './windows'

/** Targets of an alert's links, and its language. Links to Prometheus use the server that evaluates the rule. */
export type Links = Pick<Urls, 'receiver' | 'grafana'> & { readonly language?: Language }

/** Uid of the Grafana data source that has the recorded series. */
const DATASOURCE = 'prometheus-high'

/** Tiers that have an alert, fastest first. */
export function firingTiers(slo: Slo): Tier[] {
  return tiersOf(slo).filter(
    tier => canFire(tier) && slo.alerts.severities[tier.name] !== 'off' && !extrasOf(slo, tier).disabled,
  )
}

const extrasOf = ({ alerts }: Slo, { slothSeverity }: Tier): AlertExtras => alerts[slothSeverity]

/** What all alerts of an SLO share. */
interface Alerted {
  readonly slo: Slo
  /** Selects the SLO's recorded series. */
  readonly filter: string
  readonly links: Links
  readonly environment: string
}

/** Environments in the alerts. */
export interface Environments {
  /** The environment of series without one. */
  readonly own: string
  /** Environments without notifications, which therefore need no alerts. */
  readonly silent: readonly string[]
}

export function alertGroup(slo: Slo, links: Links, { own, silent }: Environments): RuleGroup {
  const without = `${ENVIRONMENT}!~${JSON.stringify(silent.map(name => name.replaceAll('.', '\\.')).join('|'))}`
  const filter = silent.length > 0 ? filterOf(slo, [without]) : filterOf(slo)
  const alerted = { slo, filter, links, environment: environmentLabel(own) }
  return {
    name: `sloth-slo-alerts-${slo.id}`,
    rules: [
      ...firingTiers(slo).map(tier => burnAlert(alerted, tier)),
      ...absentAlert(alerted),
      ...invalidAlert(alerted),
    ],
  }
}

function burnAlert(alerted: Alerted, tier: Tier): Rule {
  const { slo, filter, links } = alerted
  const { labels, annotations } = extrasOf(slo, tier)
  const [short, long] = [tier.short, tier.long].map(promDuration) as [string, string]
  const above = (window: string) =>
    `max(${ratioRecord(window)}${filter} > (${tier.factor} * ${budgetOf(slo)})) without (sloth_window)`
  const measured = `${ratioRecord(long)}${filter}`
  const shown = {
    ratio: '{{ $value | humanizePercentage }}',
    burn: computed(`vector(${burnRateExpr(slo, '%g')})`, 'printf "%.3g"'),
    lasts: computed(`vector(${periodSeconds[slo.period]} * ${budgetOf(slo)} / %g)`, 'humanizeDuration'),
  }
  const words = burnWords(worded(slo), tier, shown, links.language)
  return {
    alert: alertName(slo, tier.name),
    expr: [above(long), above(short), ...enoughTraffic(alerted, tier)].join('\nand\n'),
    keep_firing_for: KEEP_FIRING,
    labels: { ...labelsOf(alerted, tier.name), sloth_severity: tier.slothSeverity, ...labels },
    annotations: { ...annotationsOf(alerted, tier.name, words, measured, tier.long), ...annotations },
  }
}

/** Prometheus evaluates templates in labels of alerts, but not in those of recording rules. */
const asText = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, withoutTemplates(value)]))

/**
 * Prepares an SLO for texts: escapes the user's description, and adds environment and team to the service, because an objective is
 * evaluated for each of them.
 */
const worded = (slo: Slo): Slo => ({
  ...slo,
  description: withoutTemplates(slo.description),
  service: `${slo.service}{{ with $labels.${ENVIRONMENT} }} ({{ . }}){{ end }}{{ with $labels.${TEAM} }}, {{ . }}{{ end }}`,
})

/** A value derived from the alert's own: templates cannot divide, so they run a query. */
const computed = (query: string, shown: string): string =>
  `{{ with query (printf "${query}" $value) }}{{ . | first | value | ${shown} }}{{ end }}`

/**
 * Requires a minimum number of failures, since one failure among few events is no trend. Failures in the long window are counted by the
 * counters for one hour, and by the 5-minute records beyond. Those records overlap, so the sum is divided by the number of records in 5
 * minutes.
 */
function enoughTraffic({ slo, filter }: Alerted, tier: Tier): string[] {
  if (slo.sli.kind === 'raw') return []
  const long = promDuration(tier.long)
  const times = (seconds: number) => (isPerSecond(slo.sli) ? ` * ${seconds}` : '')
  const count = (record: (window: '5m' | '1h') => string) =>
    long === '1h'
      ? `${record('1h')}${filter}${times(3_600)}`
      : `sum_over_time(${record('5m')}${filter}[${long}]) / count_over_time(${record('5m')}${filter}[5m])${times(300)}`
  const { events } = slo.lowTraffic
  const failures = slo.lowTraffic.failures[slo.alerts.severities[tier.name] as Severity]
  // rate() extrapolates slightly beyond the first and last sample
  const atLeast = (record: (window: '5m' | '1h') => string, least: number) =>
    `max(${count(record)} > ${least - 0.5}) without (sloth_window)`
  return [atLeast(errorsRecord, failures), ...(events > 0 ? [atLeast(eventsRecord, events)] : [])]
}

/** Bridges gaps of some minutes, such as a restart of Prometheus: resolving and firing again would lose the acknowledgement. */
const KEEP_FIRING = '5m'

/** A shorter time would match restarts of the app. */
const LEAST_ABSENT_SECONDS = 120

/** The time without data until the alert fires: when one percent of the budget might be consumed, in whole minutes. */
export const absentAfter = (slo: Slo): number => Math.max(LEAST_ABSENT_SECONDS, Math.ceil(onePercentOf(slo) / 60) * 60)

/**
 * Parts whose data has ended, or the whole SLO if it has no data at all. After half a day, a part counts as switched off. A part that
 * merely gained a team label has not ended.
 */
function gone({ slo: { sli, alerts }, filter }: Alerted): string {
  const records = sli.kind === 'raw' ? [ratioRecord('5m')] : [eventsRecord('5m'), errorsRecord('5m')]
  const of = (labels: string, query: string) => `group by (${labels}) (${query})`
  const [each, environment] = [parts.join(', '), ENVIRONMENT].map(labels =>
    records.map(record => of(labels, `${record}${filter}`)).join(' and '),
  )
  const before = (query: string) => `${of(parts.join(', '), query)} unless (${each} or ${environment})`
  if (alerts.expectsData === 'as_yesterday') return before(`last_over_time(${records[0]}${filter}[10m] offset 1d)`)
  const absent =
    sli.kind === 'raw' ? [inWindow(sli.errorRatioQuery, '5m')] : records.map(record => `${record}${filter}`)
  const ended = before(`count_over_time(${records[0]}${filter}[1d:30m] offset 30m) >= 24`)
  return `${ended}\nor on()\nmax(${absent.map(query => `absent(${query})`).join(' or ')})`
}

function absentAlert(alerted: Alerted): Rule[] {
  const { slo, filter, links } = alerted
  if (slo.alerts.severities.metric_absent === 'off') return []
  const after = absentAfter(slo)
  return [
    {
      alert: alertName(slo, 'metric_absent'),
      expr: `(\n${gone(alerted)}\n)\nunless on()\n${excludedIn(slo, '5m')}`,
      for: promDuration(after),
      keep_firing_for: KEEP_FIRING,
      labels: {
        ...labelsOf(alerted, 'metric_absent'),
        ...idLabels(slo),
        ...asText(slo.labels),
        ...slo.alerts.page.labels,
      },
      annotations: {
        ...annotationsOf(
          alerted,
          'metric_absent',
          absentWords(worded(slo), after, links.language),
          `${eventsRecord('5m')}${filter}`,
          3_600,
        ),
        ...slo.alerts.page.annotations,
      },
    },
  ]
}

/**
 * Tolerates 1 %, because counters are not scraped at the same moment. Errors whose labels match no events would be divided by nothing, and
 * so be ignored.
 */
function invalidAlert(alerted: Alerted): Rule[] {
  const { slo, filter, links } = alerted
  if (slo.alerts.severities.data_invalid === 'off') return []
  const [errors, events] = [`${errorsRecord('1h')}${filter}`, `${eventsRecord('1h')}${filter}`]
  const ratio = `${ratioRecord('1h')}${filter}`
  const expr =
    slo.sli.kind === 'raw'
      ? `${ratio} > 1.01\nor\n${ratio} < -0.01`
      : `${errors} > 1.01 * ${events}\nor\n${errors} < -0.01 * ${events}\nor\n(${errors} > 0 unless ${events})`
  return [
    {
      alert: alertName(slo, 'data_invalid'),
      expr: `max(${expr}) without (sloth_window)`,
      for: '5m',
      labels: { ...labelsOf(alerted, 'data_invalid'), ...slo.alerts.ticket.labels },
      annotations: {
        ...annotationsOf(
          alerted,
          'data_invalid',
          invalidWords(worded(slo), links.language),
          slo.sli.kind === 'raw' ? ratio : errors,
          3_600,
        ),
        ...slo.alerts.ticket.annotations,
      },
    },
  ]
}

const labelsOf = ({ slo, environment }: Alerted, kind: AlertKind): Record<string, string> => ({
  severity: slo.alerts.severities[kind],
  service: slo.service,
  environment,
})

function annotationsOf(
  { slo, links }: Alerted,
  kind: AlertKind,
  words: Words,
  query: string,
  window: number,
): Record<string, string> {
  const traces = tracesOf(slo, window)
  return {
    ...words,
    runbook_url: runbookUrl(links.receiver, `SLO${alertSuffix[kind]}`),
    dashboard_url: exploreUrl(links, query, window),
    query_url: `{{ $externalURL }}/graph?${new URLSearchParams({ 'g0.expr': query, 'g0.tab': '0' })}`,
    ...(traces && { traces }),
  }
}

/** Grafana Explore with the recorded series, over six times the window. */
function exploreUrl({ grafana }: Links, expr: string, window: number): string {
  const panes = {
    slo: {
      datasource: DATASOURCE,
      queries: [{ refId: 'A', datasource: { type: 'prometheus', uid: DATASOURCE }, expr }],
      range: { from: `now-${promDuration(window * 6)}`, to: 'now' },
    },
  }
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes), orgId: '1' })
  return `${grafana}/explore?${parameters}`
}

/** A command that shows examples of failures; a PromQL query does not reveal which spans those are. */
function tracesOf({ sli }: Slo, window: number): string | undefined {
  const since = `--since ${window < 86_400 ? `${window / 3_600}h` : `${window / 86_400}d`}`
  const query = sli.kind === 'ratio' ? ofRatio(sli) : sli.kind === 'latency' ? ofLatency(sli) : undefined
  return query && `afn-otel query ${query} ${since}`
}

function ofRatio({ metric: { name } }: RatioSli): string | undefined {
  if (name.startsWith('gen_ai.')) return 'failed-calls'
  if (name.startsWith('afn.llm.evaluation.')) return 'low-quality'
  return name.startsWith('http.server.') ? 'service-errors' : undefined
}

function ofLatency({ metric: { name, unit }, threshold }: LatencySli): string | undefined {
  const seconds = { s: threshold, ms: threshold / 1_000 }[unit]
  if (seconds === undefined) return undefined
  const spans = name.startsWith('http.server.')
    ? 'kind = server'
    : name.startsWith('gen_ai.')
      ? 'span.gen_ai.operation.name != nil'
      : undefined
  return spans && `'{ ${spans} && duration > ${seconds}s }'`
}
