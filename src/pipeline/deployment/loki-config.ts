// Loki 3, where log records are kept. One tenant has them all: their class is a label, by which each is kept for its own time.
import { ATTR_AFN_LOGS_CLASS } from '../../../semconv'
import type { LogClass } from '../../shared/tiers'
import { lokiStorage } from './bucket'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

export const LOKI_DATA = '/loki'

/** What its container is started with. */
export const lokiArguments = ['-config.file=/etc/loki/loki.yaml']

/** How far a record's time may be ahead of Loki's clock. */
export const AHEAD_MINUTES = 10

/** As Loki names an attribute. */
const labelOf = (key: string): string => key.replaceAll('.', '_')

/** The longest of all classes. Loki takes no older record, and finds none. */
export const longestOf = ({ retention }: Plan): number => Math.max(...Object.values(retention.logs))

/** How long each class is kept. */
export const streamsOf = ({ retention }: Plan): { selector: string; priority: number; period: string }[] =>
  (Object.entries(retention.logs) as [LogClass, number][]).map(([logClass, days], at) => ({
    selector: `{${labelOf(ATTR_AFN_LOGS_CLASS)}="${logClass}"}`,
    priority: at + 1,
    period: `${days * 24}h`,
  }))

/** loki.yaml: a monolith (`target: all`). */
export function lokiConfig(plan: Plan): Section {
  const days = longestOf(plan)
  const { kind, storage } = lokiStorage(plan.bucket, LOKI_DATA)
  return {
    auth_enabled: note('one tenant, so that one request can read or delete all classes', false),
    server: { http_listen_port: 3100, grpc_listen_port: 9096, log_level: 'info' },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: LOKI_DATA,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage,
    },
    schema_config: {
      configs: [
        {
          from: '2020-01-01',
          store: 'tsdb',
          object_store: kind,
          schema: 'v13',
          index: { prefix: 'index_', period: note('retention requires one day', '24h') },
        },
      ],
    },
    distributor: {
      otlp_config: {
        default_resource_attributes_as_index_labels: note(
          'these identify apps, not processes: each combination of label values is a separate stream. All other attributes are structured metadata',
          ['service.name', 'service.namespace', 'deployment.environment.name'],
        ),
      },
    },
    ingester: {
      max_chunk_age: note(
        'Loki refuses a record that is older than the newest of its stream by more than half of this: a gateway may have more to catch up on than another one',
        '24h',
      ),
      wal: { dir: `${LOKI_DATA}/wal`, replay_memory_ceiling: '512MB' },
    },
    querier: { query_ingesters_within: note('all: a record that waited long may be older than flushed ones', '0s') },
    compactor: {
      working_directory: `${LOKI_DATA}/compactor`,
      retention_enabled: true,
      delete_request_store: kind,
      delete_request_cancel_period: note(
        'records are flushed and indexed before they are deleted; until that, queries do not return them',
        '1h',
      ),
      delete_max_interval: note('otherwise a deletion is split into one request per day', `${(days + 1) * 24}h`),
      retention_delete_delay: note(
        'chunks are rewritten without the deleted lines; the old chunks are removed after this time',
        '2h',
      ),
    },
    limits_config: {
      otlp_config: {
        log_attributes: [
          { action: 'index_label', attributes: [note('set only by the Collector', ATTR_AFN_LOGS_CLASS)] },
        ],
      },
      retention_period: note('for a stream without a class', `${plan.retention.logs.info * 24}h`),
      retention_stream: note('src/shared/tiers: retention.logs', streamsOf(plan)),
      deletion_mode: note('afn-otel gdpr deletes lines', 'filter-and-delete'),
      reject_old_samples_max_age: note(
        'accepts records that waited in a queue or were exported',
        `${(days + 1) * 24}h`,
      ),
      creation_grace_period: `${AHEAD_MINUTES}m`,
      max_line_size: note('prompts are long; longer lines are truncated', '1MB'),
      max_line_size_truncate: true,
      max_structured_metadata_size: '256KB',
      max_structured_metadata_entries_count: note('the attributes of record, scope and resource combined', 512),
      max_query_length: note('afn-otel gdpr searches everything that is kept', `${(days + 1) * 24}h`),
      split_queries_by_interval: '24h',
      ingestion_rate_mb: note('the Collector retries what exceeds the limit', 16),
      ingestion_burst_size_mb: 32,
      per_stream_rate_limit: '16MB',
      per_stream_rate_limit_burst: '32MB',
    },
    analytics: { reporting_enabled: false },
  }
}
