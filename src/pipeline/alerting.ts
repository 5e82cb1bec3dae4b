// What decides on alerts beside the plan: objectives and alerts-config.yaml; and the files that follow from them.
import { alertmanagerConfig } from '../alerts/alertmanager'
import { type AlertsConfig, type Channel, defaultAlerts } from '../alerts/config'
import { ruleFile } from '../alerts/rules'
import { defaultSloFile } from '../slo/defaults'
import { readSlos } from '../slo/read'
import { renderRules } from '../slo/rule-file'
import { ruleFiles } from '../slo/rule-files'
import type { Slo } from '../slo/spec'
import type { GeneratedFile } from './generate'
import { published, urlOf } from './hosts'
import { monitoringRules } from './monitoring'
import type { Section } from './note'
import type { Plan } from './plan'

export interface Alerting {
  readonly slos: readonly Slo[]
  readonly alerts: AlertsConfig
}

/** What holds where there is neither slo.yaml nor alerts-config.yaml. */
export const defaultAlerting = (): Alerting => ({ slos: readSlos(defaultSloFile()).slos, alerts: defaultAlerts() })

/** Port of `afn-otel alerts serve`, and where Alertmanager and Prometheus find it. */
export const alertmanagerPort = 9093
export const RECEIVER_PORT = 9095
export const RECEIVER = 'alert-receiver'

/** Rule files by the server that evaluates them; paths are beside prometheus.yml. */
export interface Rules {
  readonly high: readonly GeneratedFile[]
  /** Of periods that the high resolution does not keep. */
  readonly medium: readonly GeneratedFile[]
}

/**
 * @param render writes a section with our header
 * @throws Error that says which objectives need a longer retention, with the arithmetic
 */
export function rulesOf(
  plan: Plan,
  { slos, alerts }: Alerting,
  header: string,
  render: (what: string, section: Section) => string,
): Rules {
  const { high, medium } = plan.retention.metrics
  const links = { alerts: plan.alerts.url, grafana: urlOf(published.grafana), datasource: 'prometheus-high' }
  const longDays = plan.metrics === 'three' ? medium : undefined
  const { made, refused } = ruleFiles(slos, { days: high, ...(longDays && { longDays }), links })
  if (refused.length > 0) throw new Error(refused.join('\n'))
  const files = made.flatMap(({ files }) => files)
  const on = (server: 'first' | 'long') =>
    files
      .filter(file => file.server === server)
      .map(({ name, groups }) => ({
        path: `rules/${server === 'long' ? 'period/' : ''}${name}`,
        content: renderRules(header, groups),
      }))
  const own = ruleFile(alerts)
  const watch = {
    path: 'rules/afn-pipeline.yml',
    content: render('Alerts of the pipeline itself. Each has a page in runbooks/.', monitoringRules(plan)),
  }
  const ofConfig = own && {
    path: 'rules/alerts-config.yml',
    content: render('Rules that follow from alerts-config.yaml.', own),
  }
  return { high: [watch, ...(ofConfig ? [ofConfig] : []), ...on('first')], medium: on('long') }
}

/** Where containers find the files of secrets. */
const SECRETS = '/etc/alert-secrets'

/** alertmanager.yml */
export const alertmanagerSection = ({ alerts }: Alerting): Section =>
  alertmanagerConfig(alerts, {
    secret: file => `${SECRETS}/${nameOf(file)}`,
    receiver: `http://${RECEIVER}:${RECEIVER_PORT}`,
  })

interface SecretFile {
  /** Path beside alerts-config.yaml. */
  readonly file: string
  readonly inContainer: string
}

/** What Alertmanager reads itself. */
export const secretsOfAlertmanager = ({ alerts: { channels, heartbeats } }: Alerting): SecretFile[] =>
  named([
    ...Object.values(channels).flatMap(secretsOfChannel),
    ...heartbeats.map(({ url }) => ('file' in url ? url.file : undefined)),
  ])

/** Of a ticket's the receiver's alone. */
function secretsOfChannel(channel: Channel): (string | undefined)[] {
  switch (channel.kind) {
    case 'discord':
      return [channel.webhookUrlFile]
    case 'email':
      return [channel.login?.passwordFile]
    case 'webhook':
      return ['file' in channel.url ? channel.url.file : undefined, channel.tokenFile]
    case 'jira':
      return [channel.tokenFile]
    case 'tickets':
      return []
  }
}

/** What our receiver reads. */
export const secretsOfReceiver = ({ alerts: { channels, receiver } }: Alerting): SecretFile[] =>
  named([
    receiver?.keyFile,
    ...Object.values(channels).flatMap(channel => {
      if (channel.kind === 'tickets') return [channel.tokenFile]
      return channel.kind === 'discord' && channel.through === 'receiver' ? [channel.webhookUrlFile] : []
    }),
  ])

/** @throws Error when two of them have one name: containers find them in one folder */
function named(all: readonly (string | undefined)[]): SecretFile[] {
  const files = [...new Set(all.filter(file => file !== undefined))]
  const names = files.map(nameOf)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice) throw new Error(`two secrets of alerts-config.yaml are called ${twice}; give each file its own name`)
  return files.map(file => ({ file, inContainer: `${SECRETS}/${nameOf(file)}` }))
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)
