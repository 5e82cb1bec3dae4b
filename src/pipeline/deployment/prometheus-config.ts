// One Prometheus for each resolution that is kept. They receive by OTLP; what they scrape is the
// pipeline itself.
import { promoted } from '../../shared/config/promoted-attributes'
import { type Resolution, resolutionLookbacks, resolutionSteps } from '../../shared/tiers'
import { type Alerting, RECEIVER, RECEIVER_PORT, receiverToken } from './alerting'
import { alertmanagerPort, prometheusOf } from './hosts'
import { outOfOrder } from './metric-window'
import { type Plan, prometheusDays } from './plan'
import { awaitsUpload, scrapedThanos, UPLOADER, uploader } from './thanos'
import { note, type Section } from './yaml-comments'

/**
 * Of every Prometheus of the pipeline. A series of a counter starts with a 0 at the start time that OTLP gives it: without it
 * `increase()` misses what a process counted before its first export, and so all of a process that exports once.
 */
export const features = '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion'
/** Of one whose samples are thinned out: an exemplar would be there by chance, and no data source leads to it. */
const featuresOfThinned = '--enable-feature=created-timestamp-zero-ingestion'

/**
 * Of every Prometheus of the pipeline: no page of another origin reads it, or writes by its OTLP receiver. Prometheus' own default
 * is any origin. Nothing here needs one: Grafana asks from its server.
 */
export const noOrigins = '--web.cors.origin=^$'

/** What its container is started with: the file and the folder are those of the image. */
export function prometheusArguments(resolution: Resolution, { urls, metrics }: Plan): string[] {
  const window = resolution === 'high' ? undefined : resolutionLookbacks[resolution]
  return [
    '--config.file=/etc/prometheus/prometheus.yml',
    '--storage.tsdb.path=/prometheus',
    '--web.enable-otlp-receiver',
    ...(resolution === 'medium' ? ['--web.enable-remote-write-receiver'] : []),
    // of the one that evaluates alerts
    ...(resolution === 'high' ? [`--web.external-url=${urls.prometheus}`, '--web.route-prefix=/'] : []),
    noOrigins,
    resolution === 'high' ? features : featuresOfThinned,
    ...(window ? [`--query.lookback-delta=${window}`] : []),
    ...(metrics === 'thanos' ? [awaitsUpload('/prometheus')] : []),
  ]
}

/** Of the rules of objectives: what is rated over longer than the high resolution keeps is for another server. */
const rules: Partial<Record<Resolution, string>> = { high: 'rules/*.yml', medium: 'rules/period/*.yml' }

/** @param alerting whose receiver is scraped; none without it */
export function prometheusConfig(resolution: Resolution, plan: Plan, alerting?: Alerting): Section {
  const pattern = rules[resolution]
  const step = resolution === 'high' ? undefined : resolutionSteps[resolution]
  const days = `${prometheusDays(plan, resolution)}d`
  return {
    global: {
      scrape_interval: step ?? '15s',
      evaluation_interval: step ?? '15s',
      ...(plan.metrics === 'thanos' && { external_labels: uploader }),
    },
    otlp: {
      translation_strategy: note('plain names keep rules and dashboards readable', 'UnderscoreEscapingWithSuffixes'),
      promote_resource_attributes: promoted,
      keep_identifying_resource_attributes: note('target_info identifies its target too', true),
    },
    storage: {
      tsdb: {
        out_of_order_time_window: note('queues and retries reorder samples', outOfOrder(resolution)),
        retention: {
          time:
            plan.metrics === 'thanos'
              ? note('rules of 30 days are evaluated here; the bucket keeps metrics for longer', days)
              : note(`src/shared/tiers: retention.metrics.${resolution}`, days),
        },
      },
      ...(step ? {} : { exemplars: { max_exemplars: 100_000 } }),
    },
    ...(pattern && { rule_files: [pattern] }),
    ...(step
      ? {}
      : {
          alerting: {
            alert_relabel_configs: [
              ...(plan.metrics === 'thanos' ? [{ regex: UPLOADER, action: 'labeldrop' }] : []),
              ...withEnvironment(alerting),
            ],
            alertmanagers: alertmanagers(plan),
          },
          scrape_configs: [...scraped(plan), ...scrapedReceiver(alerting)],
        }),
    ...(!step && plan.metrics === 'three' && { remote_write: [toMedium()] }),
  }
}

/** Budgets over 30 days are rated where 30 days are kept. */
const toMedium = (): Section =>
  note('Only the recording rules of objectives.', {
    name: 'medium',
    url: `http://${prometheusOf.medium}:9090/api/v1/write`,
    write_relabel_configs: [{ source_labels: ['__name__'], regex: 'slo:.*|sloth_slo_info', action: 'keep' }],
  })

/** It shows its metrics only to a client that has its token. */
function scrapedReceiver(alerting: Alerting | undefined): Section[] {
  const token = alerting && receiverToken(alerting)
  if (!token) return []
  return [
    {
      ...job(RECEIVER, { targets: [`${RECEIVER}:${RECEIVER_PORT}`] }),
      authorization: { credentials_file: token.inContainer },
    },
  ]
}

/** Each member by its own address, as a headless service names them. */
const ofCluster = (port: number, ...names: string[]): Section => ({ dns_sd_configs: [{ names, type: 'A', port }] })

const alertmanagers = ({ profile }: Plan): Section[] => [
  profile === 'cluster'
    ? ofCluster(alertmanagerPort, 'alertmanager-headless')
    : { static_configs: [{ targets: [`alertmanager:${alertmanagerPort}`] }] },
]

/** Of a cluster the headless service names every gateway. The rules of src/monitoring/pipeline-rules go by the jobs, and by `resolution`. */
const scraped = ({ profile, metrics, logs }: Plan): Section[] => [
  ...(profile === 'cluster'
    ? [
        { job_name: 'otelcol', ...ofCluster(8888, 'otel-gateway-headless') },
        { job_name: 'otelcol-agent', ...ofCluster(8888, 'otel-agent-headless', 'otel-agent-edge-headless') },
      ]
    : [job('otelcol', { targets: ['otel-collector:8888'] })]),
  job('tempo', { targets: ['tempo:3200'] }),
  ...(logs === 'loki' ? [job('loki', { targets: ['loki:3100'] })] : []),
  ...(metrics === 'thanos' ? [job('thanos', { targets: scrapedThanos })] : []),
  profile === 'cluster'
    ? { job_name: 'alertmanager', ...ofCluster(alertmanagerPort, 'alertmanager-headless') }
    : job('alertmanager', { targets: [`alertmanager:${alertmanagerPort}`] }),
  job(
    'prometheus',
    { targets: ['localhost:9090'], labels: { resolution: 'high' } },
    ...(metrics === 'three' ? (['medium', 'low'] as const) : []).map(resolution => ({
      targets: [`${prometheusOf[resolution]}:9090`],
      labels: { resolution },
    })),
  ),
]

function job(name: string, ...static_configs: Section[]): Section {
  return { job_name: name, static_configs }
}

/** What alerts-config.yaml routes by: that of the series where a rule says none, and that of the pipeline where there is none. */
const withEnvironment = (alerting: Alerting | undefined): Section[] => {
  const environment = alerting?.alerts.environment ?? 'production'
  return [
    {
      source_labels: ['environment', 'deployment_environment_name'],
      regex: ';(.+)',
      target_label: 'environment',
      replacement: '$1',
    },
    { source_labels: ['environment'], regex: '', target_label: 'environment', replacement: environment },
  ]
}
