// Where a folder keeps what it was sent, and by which variable `afn-otel gdpr` comes to it. compose.ts takes its volumes from here, so that a new
// one has its row: a store that is asked for a person, or why it is not.

/** Each store that is asked, by the variable that says where it is, and what of it nobody has looked at where that is not set. */
export const storesByVariable = {
  AFN_DATA_DIR: 'traces, metrics and log records of an afn-otel up',
  AFN_TEMPO_URL: 'traces in Tempo',
  LANGFUSE_PUBLIC_KEY: 'traces in LangFuse',
  AFN_PROMETHEUS_URL: 'metrics in Prometheus',
  AFN_PROMETHEUS_MEDIUM: 'metrics in the Prometheus that keeps a month',
  AFN_PROMETHEUS_LOW: 'metrics in the Prometheus that keeps a year',
  AFN_LOKI_URL: 'log records in Loki',
  AFN_LOG_DIR: 'log files of apps',
  AFN_COLLECTOR_LOG_DIR: 'log files of a Collector',
  AFN_COST_DATABASE: 'the database of the watch over budgets',
} as const
export type StoreVariable = keyof typeof storesByVariable

/** What nothing asks for a person. */
export interface UnsearchedVolume {
  readonly what: string
  readonly why: string
  /** After which it is gone by itself; null where nothing ends it. */
  readonly days: number | null
}

/** Days for which the folder's MinIO keeps batches as they came to LangFuse; it reads them within minutes. */
export const RAW_BATCH_DAYS = 7

/** `elsewhere`: it stands in every receipt. */
export const dataVolumes = {
  'otelcol-queue': 'elsewhere',
  'otelcol-logs': 'AFN_COLLECTOR_LOG_DIR',
  'tempo-data': 'AFN_TEMPO_URL',
  'prometheus-data': 'AFN_PROMETHEUS_URL',
  'prometheus-medium-data': 'AFN_PROMETHEUS_MEDIUM',
  'prometheus-low-data': 'AFN_PROMETHEUS_LOW',
  'loki-data': 'AFN_LOKI_URL',
  'alertmanager-data': {
    what: 'alerts that Alertmanager has sent, and comments of silences',
    why: 'no API deletes them; no alert of ours names a person, unless a label of a metric or the name of a budget does',
    days: 5,
  },
  'alert-receiver-data': {
    what: 'incidents of the alert receiver, and who acknowledged them',
    why: 'it is the record of who was on call; no alert of ours names another person',
    days: 400,
  },
  'cost-budget-data': 'AFN_COST_DATABASE',
  'grafana-data': {
    what: "accounts, annotations and boards of Grafana's own users",
    why: 'it keeps no telemetry; whoever wrote a name into one of them deletes it there',
    days: null,
  },
  'langfuse-postgres': {
    what: 'accounts of LangFuse, prompts, data sets and comments',
    why: 'a deletion of traces leaves them; whoever copied something into them deletes it there',
    days: null,
  },
  'langfuse-clickhouse': 'LANGFUSE_PUBLIC_KEY',
  'langfuse-redis': {
    what: 'jobs that wait in LangFuse',
    why: 'each has ids, and is gone when its worker has done it; the file of Redis is written anew as it grows',
    days: null,
  },
  'langfuse-minio': 'LANGFUSE_PUBLIC_KEY',
} as const satisfies Record<string, StoreVariable | 'elsewhere' | UnsearchedVolume>

export type DataVolume = keyof typeof dataVolumes
