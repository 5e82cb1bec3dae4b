// The disks that the Collector writes to as metrics, so that one that fills is known before queues and log files are lost.
import type { Legs } from './collector-sections'
import { env } from './environment'
import { note, type Section } from './yaml-comments'

const [receiver, whose] = ['host_metrics/disks', 'resource/collector']

export const diskReceiver = (): Section => ({
  [receiver]: note('The disks of the queue and of the log files; in a container, those of the mounted volumes.', {
    collection_interval: '1m',
    scrapers: { filesystem: { metrics: { 'system.filesystem.utilization': { enabled: true } } } },
  }),
})

export const diskLegs = (): Legs => ({
  processors: {
    [whose]: note('Each Collector has its own series.', {
      attributes: [
        { key: 'service.name', value: 'otel-collector', action: 'upsert' },
        { key: 'service.instance.id', value: env('AFN_COLLECTOR_NAME'), action: 'upsert' },
      ],
    }),
  },
  exporters: {},
  connectors: {},
  pipelines: {
    'metrics/disks': { receivers: [receiver], processors: [whose], exporters: ['otlp_http/prometheus-high'] },
  },
})
