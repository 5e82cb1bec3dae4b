// The rules of Prometheus that watch the pipeline itself.
import type { Alert, Group, Watched } from './alert'
import { alertmanagerAlerts } from './alertmanager-alerts'
import { cloudflareAlerts } from './cloudflare'
import { collectorAlerts, langfuseAlerts } from './collector-alerts'
import { dataAlerts, freshnessAlerts } from './data-alerts'
import { jobAlerts } from './job-alerts'
import { machineAlerts } from './machine-alerts'
import { prometheusAlerts } from './prometheus-alerts'
import { receiverAlerts } from './receiver-alerts'
import { tempoAlerts } from './tempo-alerts'

/** Fires all the time. Whoever gets it no more knows that Prometheus, Alertmanager or the way between and behind them is broken. */
const watchdog: Alert = {
  name: 'Watchdog',
  severity: 'none',
  service: 'watchdog',
  expr: 'vector(1)',
  summary: 'Alerts reach you.',
  description: 'This alert fires all the time. When a watcher misses it, the alerting itself is broken.',
  remedy: 'Nothing is to be done while it fires; when it is missed, its runbook says where to look.',
}

/** Every alert of a pipeline, by the part that it watches. */
export function groupsOf(watched: Watched): Group[] {
  const groups: Group[] = [
    { name: 'afn-collector', alerts: collectorAlerts(watched) },
    { name: 'afn-langfuse', alerts: langfuseAlerts(watched) },
    { name: 'afn-tempo', alerts: tempoAlerts },
    { name: 'afn-prometheus', alerts: prometheusAlerts(watched) },
    { name: 'afn-alertmanager', alerts: alertmanagerAlerts(watched) },
    { name: 'afn-alert-receiver', alerts: receiverAlerts(watched) },
    { name: 'afn-jobs', interval: '1m', alerts: jobAlerts(watched) },
    { name: 'afn-data', alerts: dataAlerts },
    { name: 'afn-freshness', interval: '1m', alerts: freshnessAlerts },
    { name: 'afn-machine', alerts: machineAlerts },
    { name: 'afn-cloudflare', interval: '1m', alerts: cloudflareAlerts },
    { name: 'afn-watchdog', alerts: [watchdog] },
  ]
  return groups.filter(({ alerts }) => alerts.length > 0)
}

/** As a file of rules has them. */
export const pipelineRules = (watched: Watched): { groups: object[] } => ruleGroups(groupsOf(watched), watched)

/** Those about apps alone, whose metrics they are: for a Prometheus without a pipeline. */
export const appRules = (watched: Pick<Watched, 'alertsUrl'>) =>
  ruleGroups(
    [
      { name: 'afn-data', alerts: dataAlerts },
      { name: 'afn-machine', alerts: machineAlerts },
    ],
    watched,
  )

function ruleGroups(groups: readonly Group[], { alertsUrl }: Pick<Watched, 'alertsUrl'>) {
  const base = alertsUrl.replace(/\/+$/, '')
  return {
    groups: groups.map(({ name, interval, alerts }) => ({
      name,
      ...(interval && { interval }),
      rules: alerts.map(alert => ({
        alert: alert.name,
        expr: alert.expr,
        ...(alert.for && { for: alert.for }),
        labels: { severity: alert.severity, service: alert.service },
        annotations: {
          summary: alert.summary,
          description: `${alert.description} ${alert.remedy}`,
          runbook_url: `${base}/runbooks/${alert.name}`,
        },
      })),
    })),
  }
}
