// What a part takes, each figure with where it is from. Ours were measured on two cores of AMD EPYC; a published one names its page.

export interface Coefficient {
  readonly value: number
  readonly unit: string
  readonly source: string
}

const PIPELINE = 'docs/benchmarks.md, pipeline, 2026-11-28'
const LOCAL = 'docs/decisions/0112 and docs/plan.md, bench:local with 300,000 spans'
const TEMPO = 'https://grafana.com/docs/tempo/latest/setup/size'
const MIMIR =
  "https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity, ingester, whose head is Prometheus'"
const LOKI = 'grafana/helm-charts, charts/enterprise-logs/small.yaml, requests for 11 MiB/s'
const LANGFUSE = 'https://langfuse.com/self-hosting/configuration/scaling, minimum'

const of = (value: number, unit: string, source: string): Coefficient => ({ value, unit, source })

const GB = 1e9
const GiB = 2 ** 30

export const coefficients = {
  /** Of a pipeline without tiers: memory_limiter, batch, one store. */
  agentCpu: of(9.2e-6, 'CPU s a span', `${PIPELINE}: plain`),
  redactionCpu: of(
    23.8e-6,
    'CPU s a span without the mark',
    `${PIPELINE}: our components without the mark, less with it`,
  ),
  gatewayCpu: of(21.2e-6, 'CPU s a span', `${PIPELINE}: our components, with the mark`),
  collectorMemory: of(290e6, 'bytes a Collector', `${PIPELINE}: plain, RSS at most`),
  undecided: of(
    2.2,
    'bytes of memory a byte of undecided spans',
    `${PIPELINE}: (525 - 290) MB for 300,000 spans of 357 bytes, all of them undecided`,
  ),
  upCpu: of(28.5e-6, 'CPU s a span', LOCAL),
  upMost: of(41_903, 'spans/s', LOCAL),
  upMemory: of(1.025e9, 'bytes', 'docs/plan.md, issue 31: highest RSS of up under bench:receivers'),
  upDisk: of(97, 'bytes a span without prompts', 'docs/decisions/0010: 97 MB a million spans'),
  tempoDistributor: of(10e6, 'bytes/s a replica of 2 cores and 2 GB', TEMPO),
  tempoIngester: of(3e6, 'bytes/s a replica of 2.5 cores and 4 to 20 GB', TEMPO),
  tempoQuerier: of(1e6, 'bytes/s a replica of 4 to 20 GB', TEMPO),
  tempoCompactor: of(3e6, 'bytes/s a replica of 1 core and 4 to 20 GB', TEMPO),
  sample: of(2, 'bytes a sample', 'https://prometheus.io/docs/prometheus/latest/storage: 1 to 2'),
  seriesMemory: of((2.5 * GB) / 300_000, 'bytes a series', MIMIR),
  seriesCpu: of(1 / 300_000, 'cores a series', MIMIR),
  lokiWrite: of(11 * 2 ** 20, 'bytes/s for 5.5 cores and 29.5 GiB of distributors and ingesters', LOKI),
  lokiRead: of(11 * 2 ** 20, 'bytes/s for 32 cores and 48 GiB of queriers', LOKI),
  langfuse: of(9, 'cores and 21.5 GiB of web, worker, Postgres, Redis and ClickHouse', LANGFUSE),
} as const satisfies Record<string, Coefficient>

/** Of one replica, where a source says it together with a rate. */
export const replica = {
  tempoDistributor: { cpu: 2, memory: 2 * GB },
  tempoIngester: { cpu: 2.5, memory: 4 * GB },
  tempoQuerier: { cpu: 1, memory: 4 * GB },
  tempoCompactor: { cpu: 1, memory: 4 * GB },
  lokiWrite: { cpu: 5.5, memory: 29.5 * GiB },
  lokiRead: { cpu: 32, memory: 48 * GiB },
  langfuse: { cpu: 4, memory: 8 * GiB },
  langfuseStores: { cpu: 5, memory: 13.5 * GiB },
} as const

/** USD. List prices of AWS in us-east-1. */
export const prices = {
  cpuHour: { value: 0.04048, source: 'AWS Fargate, Linux/x86, us-east-1, as of March 2026' },
  memoryHour: { value: 0.004445, source: 'AWS Fargate, Linux/x86, us-east-1, as of March 2026' },
  diskMonth: { value: 0.08, source: 'AWS EBS gp3, us-east-1, as known in 2025' },
  bucketMonth: { value: 0.023, source: 'AWS S3 Standard, first 50 TB, us-east-1, as known in 2025' },
} as const
