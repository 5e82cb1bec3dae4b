// The three sizes for which configuration is generated. Read by plan.ts; a settings file may change each number.

export interface Scale {
  /** Undecided traces in the Collector's memory: at least traces/s × decision wait × 2. About 20 kB each. */
  readonly numTraces: number
  /** Traces of one burst of decisions of the first sampler. */
  readonly numTracesErrors: number
  /** Trace ids whose decision is remembered for late spans. */
  readonly decisionCache: number
  /** Spans that wait on disk while Tempo is away. */
  readonly tempoQueue: number
  /** Spans that wait on disk while LangFuse is away; more are dropped and counted. */
  readonly langfuseQueue: number
  /** Log records that wait on disk while Loki is away. */
  readonly lokiQueue: number
  /** Bytes of all queues on disk. */
  readonly queueBytes: number
  /** Percent of the memory that the Collector may have. */
  readonly memoryPercent: number
  /** Attribute values that Tempo cuts off, in bytes; its own default of 2048 cuts prompts. */
  readonly attributeBytes: number
  /** Bytes a second that Tempo takes for one tenant. */
  readonly tempoBytesPerSecond: number
  /** Collector gateways of a cluster. Scaled by hand: an autoscaler would split traces. */
  readonly gateways: number
}

export interface Profile {
  readonly scale: Scale
  /** `one` server keeps the high resolution alone; `three` servers one resolution each; Thanos makes and keeps the others in a bucket. */
  readonly metrics: 'one' | 'three' | 'thanos'
  /** LLM spans go to LangFuse, too. Without one, a leg would fill its queue and then lose spans, and doctor would say so. */
  readonly langfuse: boolean
  /** Where log records are kept: `files` of the Collector, a file for each class, or `loki`. */
  readonly logs: 'files' | 'loki'
}

const single: Scale = {
  numTraces: 50_000,
  numTracesErrors: 20_000,
  decisionCache: 500_000,
  tempoQueue: 500_000,
  langfuseQueue: 200_000,
  lokiQueue: 500_000,
  queueBytes: 2 ** 31,
  memoryPercent: 75,
  attributeBytes: 65_536,
  tempoBytesPerSecond: 30_000_000,
  gateways: 1,
}

export const profiles = {
  /** One developer: Collector, Tempo, Prometheus and Grafana. */
  laptop: {
    scale: {
      ...single,
      numTraces: 5_000,
      numTracesErrors: 2_000,
      decisionCache: 50_000,
      tempoQueue: 50_000,
      langfuseQueue: 20_000,
      lokiQueue: 50_000,
    },
    metrics: 'one',
    langfuse: false,
    logs: 'files',
  },
  /** One host for a team: everything of the table on it, LangFuse too. */
  single: { scale: single, metrics: 'three', langfuse: true, logs: 'loki' },
  /** Kubernetes: agents, gateways, Tempo, Prometheus and Loki, each store on a disk of its own. */
  cluster: {
    scale: { ...single, numTraces: 100_000, numTracesErrors: 40_000, decisionCache: 1_000_000, gateways: 3 },
    metrics: 'three',
    langfuse: false,
    logs: 'loki',
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
