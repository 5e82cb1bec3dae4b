/** Alerting rules of one SLO: its tiers, that its metric is gone, that its numbers can't be right. */

import {
  absentWords,
  alertName,
  burnWords,
  invalidWords,
  onePercentOf,
  type Words,
  withoutTemplates,
} from './alert-texts'
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
  type RatioSli,
  type Severity,
  type Slo,
} from './spec'
import { canFire, periodSeconds, promDuration, type Tier, tiersOf } from './windows'

/** Where the links of an alert lead; addresses without a slash at the end. */
export interface Links {
  /** Of `afn-otel alerts serve`, which has the runbooks. */
  readonly alerts: string
  /** Of Grafana, and the uid of its data source in which the records are. */
  readonly grafana: string
  readonly datasource: string
}

export const defaultLinks: Links = {
  alerts: 'http://localhost:9095',
  grafana: 'http://localhost:3001',
  datasource: 'prometheus-high',
}

/** The tiers that have an alert, the fastest first. */
export function firingTiers(slo: Slo): Tier[] {
  return tiersOf(slo).filter(
    tier => canFire(tier) && slo.alerts.severities[tier.name] !== 'off' && !extrasOf(slo, tier).disabled,
  )
}

const extrasOf = ({ alerts }: Slo, { slothSeverity }: Tier): AlertExtras => alerts[slothSeverity]

export function alertGroup(slo: Slo, links: Links): RuleGroup {
  return {
    name: `sloth-slo-alerts-${slo.id}`,
    rules: [
      ...firingTiers(slo).map(tier => burnAlert(slo, tier, links)),
      ...absentAlert(slo, links),
      ...invalidAlert(slo, links),
    ],
  }
}

function burnAlert(slo: Slo, tier: Tier, links: Links): Rule {
  const { labels, annotations } = extrasOf(slo, tier)
  const [short, long] = [tier.short, tier.long].map(promDuration) as [string, string]
  const above = (window: string) =>
    `max(${ratioRecord(window)}${filterOf(slo)} > (${tier.factor} * ${budgetOf(slo)})) without (sloth_window)`
  const measured = `${ratioRecord(long)}${filterOf(slo)}`
  const words = burnWords(escaped(slo), tier, {
    ratio: '{{ $value | humanizePercentage }}',
    burn: template(`max(${measured}) / ${budgetOf(slo)}`, 'printf "%.3g"'),
    lasts: template(`${periodSeconds[slo.period]} * ${budgetOf(slo)} / max(${measured})`, 'humanizeDuration'),
  })
  return {
    alert: alertName(slo, tier.name),
    expr: [above(long), above(short), ...enoughTraffic(slo, tier)].join('\nand\n'),
    keep_firing_for: KEEP_FIRING,
    labels: { ...labelsOf(slo, tier.name), sloth_severity: tier.slothSeverity, ...labels },
    annotations: { ...annotationsOf(slo, tier.name, words, links, measured, tier.long), ...annotations },
  }
}

/** Prometheus reads labels of alerts as templates, and those of records not. */
const asText = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, withoutTemplates(value)]))

/** The user's own words are text, and no template. */
const escaped = (slo: Slo): Slo => ({ ...slo, description: withoutTemplates(slo.description) })

/** What Prometheus finds when the alert is made; a question for the reader where it finds nothing. */
const template = (query: string, shown: string): string =>
  `{{ with query \`${query}\` }}{{ . | first | value | ${shown} }}{{ else }}?{{ end }}`

/**
 * One failure of few events is no trend. Failures are counted in the long window: over an hour by the counters, else by the records
 * of 5 minutes, of which as many stand in 5 minutes as count one event together.
 */
function enoughTraffic(slo: Slo, tier: Tier): string[] {
  if (slo.sli.kind === 'raw') return []
  const filter = filterOf(slo)
  const long = promDuration(tier.long)
  const times = (seconds: number) => (isPerSecond(slo.sli) ? ` * ${seconds}` : '')
  const count = (record: (window: '5m' | '1h') => string) =>
    long === '1h'
      ? `${record('1h')}${filter}${times(3_600)}`
      : `sum_over_time(${record('5m')}${filter}[${long}]) / count_over_time(${record('5m')}${filter}[5m])${times(300)}`
  const { events } = slo.lowTraffic
  const failures = slo.lowTraffic.failures[slo.alerts.severities[tier.name] as Severity]
  // rate() guesses a little beyond its first and last sample
  const atLeast = (record: (window: '5m' | '1h') => string, least: number) =>
    `max(${count(record)} > ${least - 0.5}) without (sloth_window)`
  return [atLeast(errorsRecord, failures), ...(events > 0 ? [atLeast(eventsRecord, events)] : [])]
}

/** An incident goes on through gaps of some minutes, as where Prometheus restarts: "resolved" and a new page would forget who has it. */
const KEEP_FIRING = '5m'

/** Shorter would be a restart of the app. */
const LEAST_ABSENT_SECONDS = 120

/** How long nothing may be recorded: until one percent of the budget could be gone, in whole minutes. */
export const absentAfter = (slo: Slo): number => Math.max(LEAST_ABSENT_SECONDS, Math.ceil(onePercentOf(slo) / 60) * 60)

const recorded = ({ sli }: Slo): string => (sli.kind === 'raw' ? ratioRecord : eventsRecord)('5m')

function absentAlert(slo: Slo, links: Links): Rule[] {
  if (slo.alerts.severities.metric_absent === 'off') return []
  const filter = filterOf(slo)
  const gone =
    slo.sli.kind === 'raw'
      ? `absent(${inWindow(slo.sli.errorRatioQuery, '5m')})`
      : `absent(${eventsRecord('5m')}${filter})\nor\nabsent(${errorsRecord('5m')}${filter})`
  const after = absentAfter(slo)
  const expected =
    slo.alerts.expectsData === 'always' ? '' : `\nand on()\nlast_over_time(${recorded(slo)}${filter}[10m] offset 1d)`
  return [
    {
      alert: alertName(slo, 'metric_absent'),
      expr: `max(${gone})${expected}\nunless on()\n${excludedIn(slo, '5m')}`,
      for: promDuration(after),
      keep_firing_for: KEEP_FIRING,
      labels: { ...labelsOf(slo, 'metric_absent'), ...idLabels(slo), ...asText(slo.labels), ...slo.alerts.page.labels },
      annotations: {
        ...annotationsOf(
          slo,
          'metric_absent',
          absentWords(escaped(slo), after),
          links,
          `${eventsRecord('5m')}${filter}`,
          3_600,
        ),
        ...slo.alerts.page.annotations,
      },
    },
  ]
}

/**
 * A hundredth may be that the counters are not read at the same time. Errors whose labels no events have are divided by nothing, and
 * would be no errors.
 */
function invalidAlert(slo: Slo, links: Links): Rule[] {
  if (slo.alerts.severities.data_invalid === 'off') return []
  const filter = filterOf(slo)
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
      labels: { ...labelsOf(slo, 'data_invalid'), ...slo.alerts.ticket.labels },
      annotations: {
        ...annotationsOf(
          slo,
          'data_invalid',
          invalidWords(escaped(slo)),
          links,
          slo.sli.kind === 'raw' ? ratio : errors,
          3_600,
        ),
        ...slo.alerts.ticket.annotations,
      },
    },
  ]
}

const labelsOf = (slo: Slo, kind: AlertKind): Record<string, string> => ({
  severity: slo.alerts.severities[kind],
  service: slo.service,
})

function annotationsOf(
  slo: Slo,
  kind: AlertKind,
  words: Words,
  links: Links,
  query: string,
  window: number,
): Record<string, string> {
  const traces = tracesOf(slo, window)
  return {
    ...words,
    runbook_url: `${links.alerts}/runbooks/SLO${alertSuffix[kind]}`,
    dashboard_url: exploreUrl(links, query, window),
    query_url: `{{ $externalURL }}/graph?${new URLSearchParams({ 'g0.expr': query, 'g0.tab': '0' })}`,
    ...(traces && { traces }),
  }
}

/** Grafana's Explore with the record, over six times the window. */
function exploreUrl({ grafana, datasource }: Links, expr: string, window: number): string {
  const panes = {
    slo: {
      datasource,
      queries: [{ refId: 'A', datasource: { type: 'prometheus', uid: datasource }, expr }],
      range: { from: `now-${promDuration(window * 6)}`, to: 'now' },
    },
  }
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes), orgId: '1' })
  return `${grafana}/explore?${parameters}`
}

/** A command that shows examples of what failed; a query of PromQL alone does not say which spans those are. */
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
