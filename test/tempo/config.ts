// Tempo with a tenant for each tier, for a test: one process, files in a folder, everything searchable at once.
export interface Places {
  folder: string
  http: number
  grpc: number
  otlp: number
}

/** File name → text. */
export function tempoConfig({ folder, http, grpc, otlp }: Places): Record<string, string> {
  const tenant = (days: number) => ({
    // an entry replaces every default: what is not set is 0 or off
    ingestion: {
      rate_limit_bytes: 30_000_000,
      burst_size_bytes: 30_000_000,
      max_traces_per_user: 100_000,
      max_attribute_bytes: 65_536,
    },
    global: { max_bytes_per_trace: 20_000_000 },
    read: {
      max_bytes_per_tag_values_query: 1_000_000,
      max_condition_groups_per_tag_query: 100,
      max_search_duration: '90d',
      max_metrics_duration: '30d',
    },
    compaction: { block_retention: `${days}d` },
  })
  const config = {
    multitenancy_enabled: true,
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: http,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpc,
    },
    distributor: { receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } } },
    storage: {
      trace: { backend: 'local', wal: { path: `${folder}/wal` }, local: { path: `${folder}/blocks` } },
    },
    live_store: {
      wal: { path: `${folder}/live-store/traces` },
      shutdown_marker_dir: `${folder}/live-store/shutdown-marker`,
      max_trace_idle: '1s',
    },
    backend_scheduler: { local_work_path: folder },
    query_frontend: { multi_tenant_queries_enabled: true, query_end_cutoff: '0s' },
    overrides: { per_tenant_override_config: `${folder}/overrides.yaml` },
    usage_report: { reporting_enabled: false },
  }
  const overrides = { 'afn-detailed': tenant(3), 'afn-sampled': tenant(30), 'afn-errors': tenant(90) }
  // JSON is YAML
  return { 'tempo.yaml': JSON.stringify(config), 'overrides.yaml': JSON.stringify({ overrides }) }
}
