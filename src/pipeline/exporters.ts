// Called by collector.ts: where the legs end. Each has its own queue on disk, so that one store's outage leaves the other
// legs alone.
import { retention, type TraceTier } from '../tiers'
import { env } from './environment'
import { note, type Section } from './note'

/** An outage is waited out, however long; what bounds it is the queue. */
const retry = { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' }
const queue = { enabled: true, storage: 'file_storage/queue', sizer: 'items' }

/** Tempo has one tenant a tier, since its retention is set by tenant. */
const tenant = (tier: TraceTier): string => `afn-${tier}`

export function tempo(tier: TraceTier): Section {
  return note(`Kept for ${retention.traces[tier]} days (src/tiers: retention.traces.${tier}).`, {
    endpoint: env('AFN_TEMPO'),
    tls: { insecure: true },
    headers: { 'x-scope-orgid': tenant(tier) },
    retry_on_failure: retry,
    sending_queue: {
      ...queue,
      queue_size: 500_000,
      block_on_overflow: note('a full queue holds the sender; refusing would make it send to every leg again', true),
      num_consumers: tier === 'detailed' ? 4 : 2,
      batch: { flush_timeout: '500ms', min_size: 2048, max_size: 8192 },
    },
  })
}

export const langfuse = (): Section => ({
  traces_endpoint: `${env('AFN_LANGFUSE')}/api/public/otel/v1/traces`,
  headers: { Authorization: `Basic ${env('AFN_LANGFUSE_AUTH')}`, 'x-langfuse-ingestion-version': '4' },
  compression: 'gzip',
  retry_on_failure: retry,
  sending_queue: {
    ...queue,
    queue_size: 200_000,
    block_on_overflow: note('a full queue must not hold up Tempo: see batch/swallow', false),
  },
})

export const prometheus = (): Section => ({
  metrics_endpoint: `${env('AFN_PROMETHEUS')}/api/v1/otlp/v1/metrics`,
  compression: 'gzip',
  retry_on_failure: retry,
  sending_queue: {
    ...queue,
    sizer: 'requests',
    queue_size: 5000,
    num_consumers: note('samples stay in order', 1),
  },
})

export const loki = (): Section => ({
  logs_endpoint: `${env('AFN_LOKI')}/otlp/v1/logs`,
  compression: 'gzip',
  retry_on_failure: retry,
  sending_queue: { ...queue, queue_size: 200_000, block_on_overflow: false },
})
