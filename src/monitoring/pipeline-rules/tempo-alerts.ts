// Alerts of Tempo 3, by its own metrics.
import type { Alert, WatchedPipeline } from './alert'
import { grown } from './growth'
import { limitOf } from './thresholds'

const part = 'tempo'
const job = '{job="tempo"}'

export const tempoAlerts = ({ changed }: Pick<WatchedPipeline, 'changed'>): Alert[] => [
  {
    name: 'AfnTempoDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '2m',
    summary: 'Tempo is unreachable.',
    description: 'Traces wait in the queue of the Collector, and no traces can be read.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnTempoDiscarding',
    severity: 'high',
    service: part,
    expr: grown(`tempo_discarded_spans_total${job}`, '10m', ['tenant', 'reason'], 'tempo'),
    summary: 'Tempo discarded {{ $value | humanize }} spans of {{ $labels.tenant }}: {{ $labels.reason }}.',
    description: 'They are lost for that tier. A limit of the tenant is too low, or a trace is too large.',
    remedy: 'Under pipeline.scale, raise the limit that the reason names; it is written to tempo-overrides.yaml.',
  },
  {
    name: 'AfnTempoRefusing',
    severity: 'high',
    service: part,
    expr: grown(`tempo_receiver_refused_spans${job}`, '10m', ['receiver', 'transport'], 'tempo'),
    for: '5m',
    summary: 'Tempo refused {{ $value | humanize }} spans in ten minutes.',
    description: 'The Collector retries them, or loses them if the error is permanent.',
    remedy: 'The log of Tempo shows the reason: its disk, its limits, or an unknown tenant.',
  },
  {
    name: 'AfnTempoFlushFailing',
    severity: 'critical',
    service: part,
    expr: [
      `sum(increase(tempo_live_store_local_failed_flushes_total${job}[15m]))`,
      `+ sum(increase(tempo_live_store_failed_completions_total${job}[15m])) > 0`,
    ].join('\n'),
    summary: 'Tempo failed to write traces to disk.',
    description: 'Traces held only in memory are lost at a restart.',
    remedy: 'Free up disk space, or repair the disk, before restarting Tempo.',
  },
  {
    name: 'AfnTempoCompactionFailing',
    severity: 'medium',
    service: part,
    expr: `sum(increase(tempodb_compaction_errors_total${job}[1h])) > ${limitOf('AfnTempoCompactionFailing', changed)}`,
    summary: 'Tempo compaction failed {{ $value | humanize }} times in an hour.',
    description: 'Queries slow down with each block, and the disk fills up sooner.',
    remedy: 'Free up disk space; move away any block that its log reports as corrupt.',
  },
  {
    name: 'AfnTempoRetentionFailing',
    severity: 'medium',
    service: part,
    expr: `sum(increase(tempodb_retention_errors_total${job}[6h])) > 0`,
    summary: 'Tempo failed to delete expired traces.',
    description: 'They are kept longer than promised, and the disk fills up.',
    remedy: 'The log of Tempo names the block: give Tempo permission to delete it.',
  },
  {
    name: 'AfnTempoOverridesBroken',
    severity: 'high',
    service: part,
    expr: `max_over_time(tempo_runtime_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Tempo cannot read tempo-overrides.yaml.',
    description: 'It keeps its previous limits and retention, and would not restart.',
    remedy: 'Run afn-otel generate again to rewrite the file; the log of Tempo names the line.',
  },
]
