// The rules of Prometheus that watch the pipeline itself.
import { runbookUrl } from '../../shared/config/urls'
import { environmentLabel } from '../../shared/otlp/origin-labels'
import { agentAlerts } from './agent-alerts'
import type { Alert, Group, WatchedPipeline } from './alert'
import { alertmanagerAlerts } from './alertmanager-alerts'
import { cloudflareAlerts } from './cloudflare'
import { collectorAlerts, langfuseAlerts } from './collector-alerts'
import { dataAlerts, freshnessAlerts } from './data-alerts'
import { jobAlerts } from './job-alerts'
import { logAlerts } from './log-alerts'
import { lokiAlerts } from './loki-alerts'
import { machineAlerts } from './machine-alerts'
import { prometheusAlerts } from './prometheus-alerts'
import { receiverAlerts } from './receiver-alerts'
import { tempoAlerts } from './tempo-alerts'
import { thanosAlerts } from './thanos-alerts'
import { japanese } from './words-ja'

/** Fires all the time. Whoever gets it no more knows that Prometheus, Alertmanager or the way between and behind them is broken. */
const watchdog: Alert = {
  name: 'Watchdog',
  severity: 'none',
  service: 'watchdog',
  expr: 'vector(1)',
  summary: 'The alerting pipeline works.',
  description: 'This alert always fires. When it stops arriving, alerting itself is broken.',
  remedy: 'No action is needed while it fires; if it stops, follow its runbook.',
}

/** Every alert of a pipeline, by the part that it watches. */
export function groupsOf(watched: WatchedPipeline): Group[] {
  const groups: Group[] = [
    { name: 'afn-collector', alerts: collectorAlerts(watched) },
    { name: 'afn-langfuse', alerts: langfuseAlerts(watched) },
    { name: 'afn-tempo', alerts: tempoAlerts(watched) },
    { name: 'afn-prometheus', alerts: prometheusAlerts(watched) },
    ...(watched.thanos ? [{ name: 'afn-thanos', alerts: thanosAlerts }] : []),
    { name: 'afn-alertmanager', alerts: alertmanagerAlerts(watched) },
    { name: 'afn-alert-receiver', alerts: receiverAlerts(watched) },
    { name: 'afn-jobs', interval: '1m', alerts: jobAlerts(watched) },
    watched.logDays
      ? { name: 'afn-logs', interval: '1m', alerts: logAlerts(watched.logDays) }
      : { name: 'afn-loki', alerts: lokiAlerts },
    { name: 'afn-data', alerts: dataAlerts(watched) },
    { name: 'afn-agents', alerts: agentAlerts },
    { name: 'afn-freshness', interval: '1m', alerts: freshnessAlerts },
    { name: 'afn-machine', alerts: machineAlerts(watched) },
    { name: 'afn-cloudflare', interval: '1m', alerts: cloudflareAlerts(watched) },
    { name: 'afn-watchdog', alerts: [watchdog] },
  ]
  const { changed } = watched
  return groups
    .map(group => ({ ...group, alerts: group.alerts.filter(({ name }) => changed[name] !== 'off') }))
    .filter(({ alerts }) => alerts.length > 0)
}

/** All that any pipeline has, but for the one that always fires. */
export function alertNames(): string[] {
  const retentionDays = { high: 7, medium: 30 }
  const jobs = [{ name: 'any', seconds: 60 }]
  const all = [{ info: 7 }, undefined].flatMap(logDays =>
    groupsOf({
      ...{
        collectors: 1,
        langfuse: true,
        retentionDays,
        logDays,
        thanos: true,
        alertmanagers: 2,
        scheduledJobs: jobs,
        receiver: true,
      },
      ...{ changed: {}, environment: '', alertsUrl: '', language: 'en' },
    }),
  )
  const names = all.flatMap(({ alerts }) => alerts.map(({ name }) => name))
  return [...new Set(names)].filter(name => name !== watchdog.name)
}

/** As a file of rules has them. */
export const pipelineRules = (watched: WatchedPipeline): { groups: object[] } => ruleGroups(groupsOf(watched), watched)

/** Those about apps alone, whose metrics they are: for a Prometheus without a pipeline. */
export const appRules = (watched: RuleOptions) =>
  ruleGroups(
    [
      { name: 'afn-data', alerts: dataAlerts({ changed: {} }) },
      { name: 'afn-agents', alerts: agentAlerts },
      { name: 'afn-machine', alerts: machineAlerts({ changed: {} }) },
    ],
    watched,
  )

type RuleOptions = Pick<WatchedPipeline, 'alertsUrl' | 'environment' | 'language'>

/** Two alerts that share a name may differ in what follows from them. */
const wordsOf = ({ name, severity, summary, description, remedy }: Alert, language: RuleOptions['language']) =>
  language === 'ja'
    ? (japanese[name] ?? japanese[`${name} ${severity}`]!)
    : { summary, description: `${description} ${remedy}` }

function ruleGroups(groups: readonly Group[], { alertsUrl, environment, language }: RuleOptions) {
  return {
    groups: groups.map(({ name, interval, alerts }) => ({
      name,
      ...(interval && { interval }),
      rules: alerts.map(alert => ({
        alert: alert.name,
        expr: alert.expr,
        ...(alert.for && { for: alert.for }),
        labels: {
          severity: alert.severity,
          service: alert.service,
          environment: environmentLabel(environment),
        },
        annotations: {
          ...wordsOf(alert, language),
          runbook_url: runbookUrl(alertsUrl, alert.name),
        },
      })),
    })),
  }
}
