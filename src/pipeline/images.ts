// Container images, pinned. Read by compose.ts and kubernetes.ts. The Collector is our own: collector/Dockerfile.
export const images = {
  collector: 'afn-otel-collector:0.161.0',
  tempo: 'grafana/tempo:3.0.0',
  prometheus: 'prom/prometheus:v3.16.0',
  grafana: 'grafana/grafana:12.3.0',
  langfuse: 'langfuse/langfuse:4.16.0',
  langfuseWorker: 'langfuse/langfuse-worker:4.16.0',
  clickhouse: 'clickhouse/clickhouse-server:25.12',
  postgres: 'postgres:17',
  redis: 'redis:7',
  minio: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
  loki: 'grafana/loki:3.6.0',
  thanos: 'quay.io/thanos/thanos:v0.40.1',
} as const
