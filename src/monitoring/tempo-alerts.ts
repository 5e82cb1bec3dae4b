// Alerts of Tempo 3, by its own metrics.
import type { Alert, Watched } from './alert'
import { grown } from './growth'
import { limitOf } from './limits'

const part = 'tempo'
const job = '{job="tempo"}'

export const tempoAlerts = ({ changed }: Pick<Watched, 'changed'>): Alert[] => [
  {
    name: 'AfnTempoDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '2m',
    summary: 'Tempo cannot be reached.',
    description: 'Traces wait in the queue of the Collector, and nobody can read any.',
    remedy: 'Start it again; its log says why it ended.',
  },
  {
    name: 'AfnTempoDiscarding',
    severity: 'high',
    service: part,
    expr: grown(`tempo_discarded_spans_total${job}`, '10m', ['tenant', 'reason'], 'tempo'),
    summary: 'Tempo threw away {{ $value | humanize }} spans of {{ $labels.tenant }}: {{ $labels.reason }}.',
    description: 'They are lost for that tier. A limit of the tenant is too low, or a trace is too large.',
    remedy: 'Raise the limit that the reason names in tempo-overrides.yaml by pipeline.scale.',
  },
  {
    name: 'AfnTempoRefusing',
    severity: 'high',
    service: part,
    expr: grown(`tempo_receiver_refused_spans${job}`, '10m', ['receiver', 'transport'], 'tempo'),
    for: '5m',
    summary: 'Tempo refused {{ $value | humanize }} spans in ten minutes.',
    description: 'The Collector sends them again, or loses them where the answer is final.',
    remedy: 'The log of Tempo has the reason: its disk, its limits, or a tenant that it does not know.',
  },
  {
    name: 'AfnTempoFlushFailing',
    severity: 'critical',
    service: part,
    expr: [
      `sum(increase(tempo_live_store_local_failed_flushes_total${job}[15m]))`,
      `+ sum(increase(tempo_live_store_failed_completions_total${job}[15m])) > 0`,
    ].join('\n'),
    summary: 'Tempo could not write traces to its disk.',
    description: 'What is in memory alone is lost with a restart.',
    remedy: 'Make room on its disk, or mend it, before Tempo is started again.',
  },
  {
    name: 'AfnTempoCompactionFailing',
    severity: 'medium',
    service: part,
    expr: `sum(increase(tempodb_compaction_errors_total${job}[1h])) > ${limitOf('AfnTempoCompactionFailing', changed)}`,
    summary: 'Tempo failed to compact {{ $value | humanize }} times in an hour.',
    description: 'Queries become slower with each block, and the disk fills sooner.',
    remedy: 'Make room on its disk; move a block away that its log calls broken.',
  },
  {
    name: 'AfnTempoRetentionFailing',
    severity: 'medium',
    service: part,
    expr: `sum(increase(tempodb_retention_errors_total${job}[6h])) > 0`,
    summary: 'Tempo could not delete traces that are too old.',
    description: 'They are kept for longer than was promised, and the disk fills.',
    remedy: 'The log of Tempo names the block: give Tempo the right to delete it.',
  },
  {
    name: 'AfnTempoOverridesBroken',
    severity: 'high',
    service: part,
    expr: `max_over_time(tempo_runtime_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Tempo cannot read tempo-overrides.yaml.',
    description: 'It goes on with the limits and retention that it had, and would not start again.',
    remedy: 'Run afn-otel generate again, which writes the file; its log names the line.',
  },
]
