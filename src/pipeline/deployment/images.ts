// Container images, each by its exact version: an image that moved under the same name would be another program on the next
// host. The Collector is our own: collector/Dockerfile, which names its base images itself.
import type { Plan } from './plan'

export const images = {
  collector: 'afn-otel-collector:0.161.0',
  /** The commands of afn-otel: commands/Dockerfile. */
  commands: 'afn-otel:0.1.0',
  tempo: 'grafana/tempo:3.0.0',
  loki: 'grafana/loki:3.7.8',
  prometheus: 'prom/prometheus:v3.16.0',
  thanos: 'quay.io/thanos/thanos:v0.42.4',
  alertmanager: 'prom/alertmanager:v0.35.0',
  grafana: 'grafana/grafana:12.3.0',
  langfuse: 'langfuse/langfuse:4.16.0',
  langfuseWorker: 'langfuse/langfuse-worker:4.16.0',
  clickhouse: 'clickhouse/clickhouse-server:25.12.8.9',
  postgres: 'postgres:17.10',
  redis: 'redis:7.4.9',
  minio: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
} as const

/** Both images of ours have the registry of the plan before their names. */
export const ownImage = ({ registry }: Pick<Plan, 'registry'>, name: 'collector' | 'commands'): string =>
  registry === '' ? images[name] : `${registry}/${images[name]}`
