// How much memory and CPU a container of compose.yaml may take. Without limits one store that grows takes the host with it,
// and the Collector's memory_limiter, which goes by its container's limit, would go by the whole host's memory.
import type { ProfileName } from './profiles'

export interface Limit {
  /** MiB. */
  readonly memory: number
  readonly cpus: number
}

type Service =
  | 'otel-collector'
  | 'tempo'
  | 'prometheus'
  | 'prometheus-medium'
  | 'prometheus-low'
  | 'loki'
  | 'alertmanager'
  | 'alert-receiver'
  | 'jobs'
  | 'grafana'
  | 'langfuse'
  | 'langfuse-proxy'
  | 'langfuse-worker'
  | 'langfuse-postgres'
  | 'langfuse-clickhouse'
  | 'langfuse-redis'
  | 'langfuse-minio'

const laptop: Partial<Record<Service, Limit>> = {
  'otel-collector': { memory: 768, cpus: 2 },
  tempo: { memory: 1024, cpus: 2 },
  prometheus: { memory: 512, cpus: 1 },
  loki: { memory: 512, cpus: 1 },
  alertmanager: { memory: 128, cpus: 1 },
  'alert-receiver': { memory: 256, cpus: 1 },
  jobs: { memory: 512, cpus: 1 },
  grafana: { memory: 512, cpus: 1 },
  'langfuse-proxy': { memory: 256, cpus: 1 },
}

/** At rest they take less than a third of it: 0.8 GB without Grafana and LangFuse. Docker refuses a container that may take more CPUs than its host has. */
const single: Partial<Record<Service, Limit>> = {
  'otel-collector': { memory: 3072, cpus: 2 },
  tempo: { memory: 4096, cpus: 2 },
  prometheus: { memory: 2048, cpus: 2 },
  'prometheus-medium': { memory: 1024, cpus: 1 },
  'prometheus-low': { memory: 1024, cpus: 1 },
  loki: { memory: 2048, cpus: 2 },
  alertmanager: { memory: 256, cpus: 1 },
  'alert-receiver': { memory: 256, cpus: 1 },
  jobs: { memory: 512, cpus: 1 },
  grafana: { memory: 512, cpus: 1 },
  langfuse: { memory: 2048, cpus: 2 },
  'langfuse-proxy': { memory: 256, cpus: 1 },
  'langfuse-worker': { memory: 2048, cpus: 2 },
  'langfuse-postgres': { memory: 1024, cpus: 1 },
  'langfuse-clickhouse': { memory: 4096, cpus: 2 },
  'langfuse-redis': { memory: 512, cpus: 1 },
  'langfuse-minio': { memory: 1024, cpus: 1 },
}

const limits: Partial<Record<ProfileName, Partial<Record<Service, Limit>>>> = { laptop, single }

/** @throws Error when the table lacks the service */
export function limitOf(profile: ProfileName, service: string): Limit {
  const limit = limits[profile]?.[service as Service]
  if (!limit) throw new Error(`src/pipeline/deployment/container-limits.ts: no limits for ${service} in ${profile}`)
  return limit
}

/** What a service of compose.yaml says; `docker compose up` obeys it without a swarm. */
export const limited = ({ memory, cpus }: Limit) => ({
  deploy: { resources: { limits: { cpus: String(cpus), memory: `${memory}M` } } },
})

/** Go's collector works harder before the limit is reached, not after. */
export const goMemoryLimit = ({ memory }: Limit): string => `${Math.floor(memory * 0.8)}MiB`

/** What a host has to have: memory for all containers together, and as many CPUs as the one that may take most. */
export function hostOf(profile: ProfileName): Limit {
  const all = Object.values(limits[profile] ?? {})
  return {
    memory: all.reduce((total, { memory }) => total + memory, 0),
    cpus: Math.max(...all.map(({ cpus }) => cpus)),
  }
}
