// Tempo 3 with one tenant for each tier, since it keeps traces for as long as their tenant says.
import type { TraceTier } from '../../shared/tiers'
import { tempoBlocks } from './bucket'
import { tenant } from './exporters'
import { asServer, TEMPO_TLS } from './mutual-tls'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

/** tempo.yaml: a monolith (`target: all`), which needs no Kafka. */
export const tempoConfig = (plan: Plan): Section => ({
  multitenancy_enabled: note('every read and write requires X-Scope-OrgID; without it, the answer is 401', true),
  stream_over_http_enabled: true,
  server: { http_listen_port: 3200, grpc_listen_port: 9095, log_level: 'info' },
  distributor: {
    receivers: {
      otlp: {
        protocols: {
          grpc: {
            endpoint: '0.0.0.0:4317',
            max_recv_msg_size_mib: note("the Collector's largest batch fits", 32),
            ...asServer(plan, TEMPO_TLS),
          },
          http: { endpoint: '0.0.0.0:4318' },
        },
      },
    },
  },
  storage: {
    trace: {
      ...tempoBlocks(plan.bucket, '/var/tempo/blocks'),
      wal: { path: '/var/tempo/wal' },
      blocklist_poll: '5m',
    },
  },
  live_store: {
    wal: {
      path: '/var/tempo/live-store/traces',
      ingestion_time_range_slack: note(
        'older spans are not found by their time; reconcile can restore spans as long as detailed has them',
        `${plan.retention.traces.detailed * 24 + 1}h`,
      ),
    },
    shutdown_marker_dir: '/var/tempo/live-store/shutdown-marker',
    max_trace_idle: note('younger spans are only in memory: a kill -9 of Tempo loses them', '5s'),
    complete_block_timeout: note(
      'flushed blocks stay readable here: longer than query_backend_after, 15 minutes',
      '20m',
    ),
    flush_op_timeout: note(
      'misnamed: how often those blocks are cleaned up; this may remove incomplete blocks of old spans, which reconcile pushes',
      '1h',
    ),
  },
  backend_scheduler: {
    local_work_path: '/var/tempo',
    provider: { retention: { interval: note('how often expired blocks are searched for', '1h') } },
  },
  backend_worker: {
    compaction: {
      block_retention: note(
        'for tenants that the overrides file does not name',
        `${plan.retention.traces.detailed * 24}h`,
      ),
      compacted_block_retention: note('a marked block is removed from the disk after this time', '1h'),
    },
  },
  query_frontend: {
    multi_tenant_queries_enabled: note('X-Scope-OrgID: afn-detailed|afn-sampled|afn-errors', true),
    query_end_cutoff: note('search does not cover the newest seconds; a lookup by trace ID does', '30s'),
    search: { max_result_limit: note('a query without limit= gets 20 traces', 20_000) },
  },
  overrides: { per_tenant_override_config: '/conf/tempo-overrides.yaml', per_tenant_override_period: '10s' },
  usage_report: { reporting_enabled: false },
})

/**
 * tempo-overrides.yaml. An entry replaces all defaults, and what it leaves out is 0, so each is whole. All have the read
 * limits of the longest tier: a query over several tenants is split, and each part has its own tenant's limits.
 */
export function tempoOverrides({ retention, scale }: Plan): Section {
  const days = retention.traces
  const tenants = Object.keys(days) as TraceTier[]
  const bytes = scale.tempoBytesPerSecond
  return {
    overrides: Object.fromEntries(
      tenants.map(tier => [
        tenant(tier),
        note(`Kept for ${days[tier]} days (src/shared/tiers: retention.traces.${tier}).`, {
          ingestion: {
            rate_limit_bytes: bytes,
            burst_size_bytes: bytes,
            max_traces_per_user: 100_000,
            max_attribute_bytes: note('the default of 2048 silently truncates prompts', scale.attributeBytes),
          },
          global: { max_bytes_per_trace: 20_000_000 },
          read: {
            max_bytes_per_tag_values_query: 1_000_000,
            max_condition_groups_per_tag_query: 100,
            max_search_duration: note('the default limits searches to 7 days', `${days.errors}d`),
            max_metrics_duration: note(
              'the default limits metrics to one day; figures of long windows come from the tier errors',
              `${days.errors}d`,
            ),
          },
          compaction: { block_retention: `${days[tier]}d` },
        }),
      ]),
    ),
  }
}
