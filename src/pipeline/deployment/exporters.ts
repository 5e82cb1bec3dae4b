// Where the legs end. Each has its own queue on disk, so that one store's outage leaves the other
// legs alone.
import type { LogClass, Resolution, TraceTier } from '../../shared/tiers'
import { env, type VariableName } from './environment'
import { asClient } from './mutual-tls'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

/** An outage is waited out, however long; what bounds it is the queue. */
const retry = { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' }
const queue = { enabled: true, storage: 'file_storage/queue', sizer: 'items' }

/** Tempo has one tenant a tier, since its retention is set by tenant. */
export const tenant = (tier: TraceTier): string => `afn-${tier}`

export function tempo(tier: TraceTier, plan: Plan): Section {
  const { retention, scale } = plan
  return note(`Kept for ${retention.traces[tier]} days (src/shared/tiers: retention.traces.${tier}).`, {
    endpoint: env('AFN_TEMPO'),
    tls: asClient(plan),
    headers: { 'x-scope-orgid': tenant(tier) },
    retry_on_failure: retry,
    sending_queue: {
      ...queue,
      queue_size: scale.tempoQueue,
      block_on_overflow: note(
        'a full queue makes the sender wait; a refusal would make it send to every leg again',
        true,
      ),
      num_consumers: tier === 'detailed' ? 4 : 2,
      batch: { flush_timeout: '500ms', min_size: 2048, max_size: 8192 },
    },
  })
}

export const langfuse = ({ scale }: Plan): Section => ({
  traces_endpoint: `${env('AFN_LANGFUSE')}/api/public/otel/v1/traces`,
  headers: { Authorization: `Basic ${env('AFN_LANGFUSE_AUTH')}`, 'x-langfuse-ingestion-version': '4' },
  compression: 'gzip',
  retry_on_failure: retry,
  sending_queue: {
    ...queue,
    queue_size: scale.langfuseQueue,
    block_on_overflow: note('a full queue must not delay Tempo: see batch/swallow', false),
  },
})

const prometheusOf: Record<Resolution, VariableName> = {
  high: 'AFN_PROMETHEUS',
  medium: 'AFN_PROMETHEUS_MEDIUM',
  low: 'AFN_PROMETHEUS_LOW',
}

export function prometheus(resolution: Resolution, { retention }: Plan): Section {
  return note(`Kept for ${retention.metrics[resolution]} days (src/shared/tiers: retention.metrics.${resolution}).`, {
    metrics_endpoint: `${env(prometheusOf[resolution])}/api/v1/otlp/v1/metrics`,
    compression: 'gzip',
    retry_on_failure: retry,
    sending_queue: {
      ...queue,
      sizer: 'requests',
      queue_size: 5000,
      num_consumers: note('keeps samples in order', 1),
    },
  })
}

export const lokiExporter = 'otlp_http/loki'

export function loki({ scale }: Plan): Section {
  return note('Kept by class, as loki.yaml says (src/shared/tiers: retention.logs).', {
    logs_endpoint: `${env('AFN_LOKI')}/otlp/v1/logs`,
    compression: 'gzip',
    retry_on_failure: retry,
    sending_queue: {
      ...queue,
      queue_size: scale.lokiQueue,
      block_on_overflow: note('a full queue makes the sender wait, so that acknowledged data is kept', true),
      num_consumers: 2,
      batch: { flush_timeout: '500ms', min_size: 1024, max_size: 4096 },
    },
  })
}

/** The exporter looks for files that are too old whenever it begins a new one: when one is full, and at its start. It knows no time of a line. */
export function logFile(logClass: LogClass, { retention }: Plan): Section {
  const [days, from] = [retention.logs[logClass], `src/shared/tiers: retention.logs.${logClass}`]
  return note(
    `Kept for ${days} days (${from}) by "afn-otel logs sweep"; by itself it turns to a new file by size alone.`,
    {
      path: `${env('AFN_LOG_DIR')}/${logClass}.json`,
      create_directory: true,
      rotation: {
        max_megabytes: 100,
        max_days: retention.logs[logClass],
        max_backups: note('as many as there are; days decide', 0),
      },
      flush_interval: '1s',
    },
  )
}
