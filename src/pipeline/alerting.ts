// What decides on alerts beside the plan: objectives and alerts-config.yaml; and the files that follow from them.
import { alertmanagerConfig } from '../alerts/alertmanager'
import { type AlertsConfig, defaultAlerts } from '../alerts/config'
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
      .map(({ name, groups }) => ({ path: `rules/${name}`, content: renderRules(header, groups) }))
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

/** Paths of the secrets that alerts-config.yaml names, relative to it, and where a container finds each. */
export function secretFiles({ alerts }: Alerting): { readonly file: string; readonly inContainer: string }[] {
  const { channels, heartbeats, receiver } = alerts
  const named = [
    ...Object.values(channels).flatMap(channel => {
      switch (channel.kind) {
        case 'discord':
          return [channel.webhookUrlFile]
        case 'email':
          return channel.login ? [channel.login.passwordFile] : []
        case 'webhook':
          return ['file' in channel.url ? channel.url.file : undefined, channel.tokenFile]
        default:
          return [channel.tokenFile]
      }
    }),
    ...heartbeats.map(({ url }) => ('file' in url ? url.file : undefined)),
    receiver?.keyFile,
  ].filter(file => file !== undefined)
  const files = [...new Set(named)]
  const names = files.map(nameOf)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice) throw new Error(`two secrets of alerts-config.yaml are called ${twice}; give each file its own name`)
  return files.map(file => ({ file, inContainer: `${SECRETS}/${nameOf(file)}` }))
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)
