// Alerts of Loki 3, by its own metrics.
import type { Alert } from './alert'
import { anyGrown, grown } from './growth'

const part = 'loki'
const job = '{job="loki"}'

export const lokiAlerts: readonly Alert[] = [
  {
    name: 'AfnLokiDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '2m',
    summary: 'Loki is unreachable.',
    description: 'Log records wait in the queue of the Collector, and no logs can be read.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnLokiDiscarding',
    severity: 'high',
    service: part,
    expr: grown(`loki_discarded_samples_total${job}`, '10m', ['reason'], 'loki'),
    summary: 'Loki rejected {{ $value | humanize }} log records: {{ $labels.reason }}.',
    description: 'Rate-limited records are retried; all others are lost.',
    remedy: 'The reason names the limit in loki.yaml.',
  },
  {
    name: 'AfnLokiRetentionFailing',
    severity: 'medium',
    service: part,
    expr: anyGrown(
      [
        `loki_compactor_apply_retention_operation_total{job="loki", status="failure"}`,
        `loki_compactor_delete_processing_fails_total${job}`,
      ],
      '1h',
      [],
      'loki',
    ),
    summary: 'Loki failed to delete log records {{ $value | humanize }} times in an hour.',
    description: 'Expired log records, and those of erased persons, are kept longer than promised.',
    remedy: 'The log of Loki names the file: give Loki permission to delete it, and free disk space.',
  },
]
