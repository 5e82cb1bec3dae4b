// Called by generate.ts: one Prometheus for each resolution that is kept. They receive by OTLP; what they scrape is the
// pipeline itself.
import { promoted } from '../config/promoted'
import type { Resolution } from '../tiers'
import { prometheusOf } from './hosts'
import { steps } from './metric-resolutions'
import { note, type Section } from './note'
import type { Plan } from './plan'

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

/** Prometheus calls a series stale after this, so it has to be longer than the time between two samples. */
const lookback: Partial<Record<Resolution, string>> = { medium: '15m', low: '3h' }

/** What its container is started with: the file and the folder are those of the image. */
export function prometheusArguments(resolution: Resolution): string[] {
  const window = lookback[resolution]
  return [
    '--config.file=/etc/prometheus/prometheus.yml',
    '--storage.tsdb.path=/prometheus',
    '--web.enable-otlp-receiver',
    noOrigins,
    resolution === 'high' ? features : featuresOfThinned,
    ...(window ? [`--query.lookback-delta=${window}`] : []),
  ]
}

export function prometheusConfig(resolution: Resolution, plan: Plan): Section {
  const { retention } = plan
  const step = resolution === 'high' ? undefined : steps[resolution]
  return {
    global: { scrape_interval: step ?? '15s', evaluation_interval: step ?? '15s' },
    otlp: {
      translation_strategy: note(
        'plain names, so that rules and dashboards stay readable',
        'UnderscoreEscapingWithSuffixes',
      ),
      promote_resource_attributes: promoted,
    },
    storage: {
      tsdb: {
        out_of_order_time_window: note('queues and retries change the order of samples', step ? '3h' : '30m'),
        retention: {
          time: note(`src/tiers: retention.metrics.${resolution}`, `${retention.metrics[resolution]}d`),
        },
      },
      ...(step ? {} : { exemplars: { max_exemplars: 100_000 } }),
    },
    ...(step ? {} : { rule_files: ['rules/*.yml'], scrape_configs: scraped(plan) }),
  }
}

/** Of a cluster the headless service names every gateway. The rules of src/monitoring go by the jobs, and by `resolution`. */
const scraped = ({ profile, metrics }: Plan): Section[] => [
  profile === 'cluster'
    ? { job_name: 'otelcol', dns_sd_configs: [{ names: ['otel-gateway-headless'], type: 'A', port: 8888 }] }
    : job('otelcol', { targets: ['otel-collector:8888'] }),
  job('tempo', { targets: ['tempo:3200'] }),
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
