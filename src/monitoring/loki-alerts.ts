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
    summary: 'Loki cannot be reached.',
    description: 'Log records wait in the queue of the Collector, and nobody can read any.',
    remedy: 'Start it again; its log says why it ended.',
  },
  {
    name: 'AfnLokiDiscarding',
    severity: 'high',
    service: part,
    expr: grown(`loki_discarded_samples_total${job}`, '10m', ['reason'], 'loki'),
    summary: 'Loki refused {{ $value | humanize }} log records: {{ $labels.reason }}.',
    description: 'Those that came too fast are sent again; all others are lost.',
    remedy: 'The reason names what loki.yaml does not allow.',
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
    summary: 'Loki could not delete log records {{ $value | humanize }} times in an hour.',
    description: 'What is too old, or of a person who was erased, stays for longer than was promised.',
    remedy: 'The log of Loki names the file: give Loki the right to delete it, and room on its disk.',
  },
]
