// Alerts of Thanos, by its own metrics.
import type { Alert } from './alert'

const part = 'thanos'
const job = '{job="thanos"}'

export const thanosAlerts: readonly Alert[] = [
  {
    name: 'AfnThanosDown',
    severity: 'medium',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '5m',
    summary: 'The part of Thanos at {{ $labels.instance }} is unreachable.',
    description:
      'Metrics that are older than the high resolution cannot be read, or are not uploaded or compacted. Nothing is lost within a month: Prometheus keeps them.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnThanosUploadFailing',
    severity: 'high',
    service: part,
    expr: `sum(increase(thanos_shipper_upload_failures_total${job}[1h])) > 0`,
    for: '30m',
    summary: 'Blocks of Prometheus cannot be uploaded to the bucket: {{ $value | humanize }} failures in an hour.',
    description: 'They are only on the disk of Prometheus, which deletes them when its retention is over.',
    remedy: 'The log of thanos-sidecar shows the answer of the bucket: its keys, its name, or its address.',
  },
  {
    name: 'AfnThanosCompactorHalted',
    severity: 'high',
    service: part,
    expr: `max(thanos_compact_halted${job}) == 1`,
    for: '5m',
    summary: 'The compactor of Thanos has halted.',
    description:
      'No coarser resolution is made, and nothing is deleted from the bucket: it is kept longer than promised.',
    remedy: 'Its log names the block; mark that block with thanos tools bucket mark, and restart the compactor.',
  },
]
