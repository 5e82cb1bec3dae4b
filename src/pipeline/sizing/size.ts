// From a load to what its parts take: arithmetic alone. Nothing is rounded but replicas.
import { type Retention, resolutionSteps } from '../../shared/tiers'
import { coefficients as c, replica } from './coefficients'

export interface Load {
  /** A second. */
  readonly spans: number
  /** Of a span without its prompts and answers. */
  readonly spanBytes: number
  /** Of prompts and answers of one call of a model, as far as they are recorded. */
  readonly promptBytes: number
  /** Shares of spans that are calls of a model, of traces that are kept as sampled (errors among them), and of those with errors. */
  readonly calls: number
  readonly sampled: number
  readonly errors: number
  /** Apps redact by themselves and say so, so that agents do not. */
  readonly isMarked: boolean
  readonly series: number
  /** Seconds between two samples of a series. */
  readonly interval: number
  /** A second. */
  readonly logs: number
  readonly logBytes: number
  /** By class, of all log records. */
  readonly logShares: Readonly<Partial<Record<keyof Retention['logs'], number>>>
  /** Share of the spans that go to LangFuse. */
  readonly langfuse: number
  readonly retention: Retention
  /** Of a core or a store's memory that may be in use at the given rates. */
  readonly utilisation: number
  /** Cores of one Collector. */
  readonly collectorCores: number
  /** Seconds. */
  readonly decisionWait: number
  readonly outage: number
}

export interface SizedComponent {
  readonly name: string
  readonly replicas: number
  /** Cores and bytes of all replicas together. */
  readonly cpu: number
  readonly memory: number
  readonly disk: number
  readonly bucket: number
  readonly note?: string
}

const DAY = 86_400
const [MEDIUM_STEP, LOW_STEP] = [300, 3_600] satisfies [number, number]
/** A pair of each, so that one may go. */
const LEAST_COLLECTORS = 2

export const bytesOfSpan = ({ spanBytes, promptBytes, calls }: Load): number => spanBytes + calls * promptBytes

/** Each tier has its own copy in Tempo: what is kept longest is in all three. Bytes, uncompressed. */
export function tempoBytes(load: Load): number {
  const { detailed, sampled, errors } = load.retention.traces
  const days = detailed + sampled * load.sampled + errors * load.errors
  return load.spans * bytesOfSpan(load) * days * DAY
}

/** One copy, kept as long as its highest tier. */
function days({ retention: { traces }, sampled, errors }: Load): number {
  return traces.detailed * (1 - sampled) + traces.sampled * (sampled - errors) + traces.errors * errors
}

export function size(load: Load): SizedComponent[] {
  return [agents(load), gateways(load), ...tempo(load), prometheus(load), ...loki(load), ...langfuse(load)]
}

const none = { disk: 0, bucket: 0 }

/** At least two, and as many as their cores ask for. */
function collectors(load: Load, cpu: number): number {
  return Math.max(LEAST_COLLECTORS, Math.ceil(cpu / (load.collectorCores * load.utilisation)))
}

function agents(load: Load): SizedComponent {
  const busy = load.spans * (c.agentCpu.value + (load.isMarked ? 0 : c.redactionCpu.value))
  const replicas = collectors(load, busy)
  return {
    name: 'agents',
    replicas,
    cpu: busy / load.utilisation,
    memory: replicas * c.collectorMemory.value,
    disk: load.spans * bytesOfSpan(load) * load.outage + load.logs * load.logBytes * load.outage,
    bucket: 0,
    note: 'one a node in Kubernetes, however many that is; the disk is their queues for the outage',
  }
}

function gateways(load: Load): SizedComponent {
  const busy = load.spans * c.gatewayCpu.value
  const replicas = collectors(load, busy)
  const undecided = load.spans * bytesOfSpan(load) * load.decisionWait * c.undecided.value
  return {
    name: 'gateways',
    replicas,
    cpu: busy / load.utilisation,
    memory: (replicas * c.collectorMemory.value + undecided) / load.utilisation,
    disk: tierTraffic(load) * load.outage,
    bucket: 0,
    note: 'memory as if each trace waited for the whole decision wait',
  }
}

/** Bytes a second: each tier is written for itself. */
const tierTraffic = (load: Load): number => load.spans * bytesOfSpan(load) * (1 + load.sampled + load.errors)

function tempo(load: Load): SizedComponent[] {
  const traffic = tierTraffic(load)
  const part = (
    name: string,
    key: 'tempoDistributor' | 'tempoIngester' | 'tempoQuerier' | 'tempoCompactor',
    bucket = 0,
  ): SizedComponent => {
    const replicas = Math.max(1, Math.ceil(traffic / c[key].value))
    const { cpu, memory } = replica[key]
    return { name, replicas, cpu: replicas * cpu, memory: replicas * memory, disk: 0, bucket }
  }
  return [
    part('tempo distributor', 'tempoDistributor'),
    {
      ...part('tempo ingester', 'tempoIngester', tempoBytes(load)),
      note: 'the bucket as if nothing were compressed; memory 4 of 4 to 20 GB',
    },
    { ...part('tempo querier', 'tempoQuerier'), note: 'CPU depends on questions; 1 core is a guess' },
    part('tempo compactor', 'tempoCompactor'),
  ]
}

function prometheus(load: Load): SizedComponent {
  const { high, medium, low } = load.retention.metrics
  const samples = DAY * (high / load.interval + medium / MEDIUM_STEP + low / LOW_STEP)
  return {
    name: 'prometheus',
    replicas: 3,
    cpu: (3 * load.series * c.seriesCpu.value) / load.utilisation,
    memory: (3 * load.series * c.seriesMemory.value) / load.utilisation,
    disk: load.series * samples * c.sample.value,
    bucket: 0,
    note: `high, medium (${resolutionSteps.medium}) and low (${resolutionSteps.low}); churn of series comes on top`,
  }
}

function loki(load: Load): SizedComponent[] {
  const traffic = load.logs * load.logBytes
  if (traffic === 0) return []
  const kept = Object.entries(load.logShares).reduce(
    (sum, [name, share]) => sum + share * load.retention.logs[name as keyof Retention['logs']],
    0,
  )
  const part = (name: string, key: 'lokiWrite' | 'lokiRead', bucket: number): SizedComponent => {
    const share = traffic / c[key].value
    return {
      name,
      replicas: Math.max(1, Math.ceil(share)),
      cpu: share * replica[key].cpu,
      memory: share * replica[key].memory,
      ...none,
      bucket,
    }
  }
  return [
    { ...part('loki write', 'lokiWrite', traffic * kept * DAY), note: 'the bucket as if nothing were compressed' },
    { ...part('loki read', 'lokiRead', 0), note: 'a usual load of questions, as the source has it' },
  ]
}

function langfuse(load: Load): SizedComponent[] {
  if (load.langfuse === 0) return []
  const bytes = load.spans * load.langfuse * load.spanBytes + load.spans * load.calls * load.promptBytes
  const stored = bytes * days(load) * DAY
  return [
    {
      name: 'langfuse web and worker',
      replicas: 2,
      ...replica.langfuse,
      ...none,
      note: 'the published minimum: what more spans need is not published',
    },
    {
      name: 'langfuse stores',
      replicas: 3,
      ...replica.langfuseStores,
      disk: stored,
      bucket: stored,
      note: 'Postgres, Redis, ClickHouse; both copies as if nothing were compressed',
    },
  ]
}

/** All of it in one process in the place of the stores; undefined where it is more than that takes. */
export function sizeOfUp(load: Load): SizedComponent | undefined {
  if (load.spans > c.upMost.value * load.utilisation) return undefined
  const perSpan = c.upDisk.value + load.calls * load.promptBytes
  return {
    name: 'up, in the place of all',
    replicas: 1,
    cpu: (load.spans * c.upCpu.value) / load.utilisation,
    memory: c.upMemory.value,
    disk: load.spans * perSpan * days(load) * DAY,
    bucket: 0,
    note: 'spans alone, prompts as if nothing were compressed; AFN_LOCAL_MAX_BYTES bounds it',
  }
}

export interface Prices {
  readonly cpuHour: number
  readonly memoryHour: number
  readonly diskMonth: number
  readonly bucketMonth: number
}

const HOURS = 730

/** USD a month; prices are of a core, a GiB of memory, and a GB of disk or bucket. */
export function costOf({ cpu, memory, disk, bucket }: SizedComponent, prices: Prices): number {
  return (
    HOURS * (cpu * prices.cpuHour + (memory / 2 ** 30) * prices.memoryHour) +
    (disk / 1e9) * prices.diskMonth +
    (bucket / 1e9) * prices.bucketMonth
  )
}
