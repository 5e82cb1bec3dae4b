// Alerts of Prometheus, by its own metrics. It cannot say that it is down itself: then the Watchdog is silent.
import type { Alert, WatchedPipeline } from './alert'

const part = 'prometheus'
const job = '{job="prometheus"}'
const sum = (names: readonly string[], window: string): string =>
  names.map(name => `sum by (instance) (increase(${name}${job}[${window}]))`).join('\n+ ')

/** Each counts a write, read or clean-up of its database that failed. */
const database = [
  'prometheus_tsdb_wal_writes_failed_total',
  'prometheus_tsdb_wal_corruptions_total',
  'prometheus_tsdb_wal_truncations_failed_total',
  'prometheus_tsdb_out_of_order_wbl_writes_failed_total',
  'prometheus_tsdb_checkpoint_creations_failed_total',
  'prometheus_tsdb_head_truncations_failed_total',
  'prometheus_tsdb_mmap_chunk_corruptions_total',
  'prometheus_tsdb_compactions_failed_total',
  'prometheus_tsdb_reloads_failures_total',
]

/** Each counts samples that were not stored. */
const rejected = [
  'prometheus_tsdb_too_old_samples_total',
  'prometheus_tsdb_out_of_order_samples_total',
  'prometheus_tsdb_out_of_bound_samples_total',
  'prometheus_target_scrapes_sample_out_of_order_total',
  'prometheus_target_scrapes_sample_duplicate_timestamp_total',
]

export const prometheusAlerts = ({ retentionDays }: WatchedPipeline): Alert[] => [
  {
    name: 'AfnPrometheusDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0`,
    for: '2m',
    summary: 'Prometheus at {{ $labels.instance }} is unreachable.',
    description:
      'Metrics of its resolution wait in the queue of the Collector. If it is the medium one, budgets over 30 days are not updated.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnPrometheusConfigReloadFailed',
    severity: 'high',
    service: part,
    expr: `max_over_time(prometheus_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Prometheus at {{ $labels.instance }} failed to load its new configuration.',
    description: 'It keeps running with the old rules, and would not restart with the new ones.',
    remedy:
      'Run promtool check config on prometheus.yml, fix what it reports or run afn-otel generate again, then reload.',
  },
  {
    name: 'AfnRuleEvaluationFailing',
    severity: 'high',
    service: part,
    expr: `sum by (instance, rule_group) (increase(prometheus_rule_evaluation_failures_total${job}[5m])) > 0`,
    for: '2m',
    summary: 'Rules of {{ $labels.rule_group }} fail to evaluate.',
    description: 'Their alerts cannot fire: an objective or a part of the pipeline is not monitored.',
    remedy: 'Read the error at /rules of Prometheus, and fix the rule or the duplicate series.',
  },
  {
    name: 'AfnRuleEvaluationSlow',
    severity: 'medium',
    service: part,
    expr: `sum by (instance, rule_group) (increase(prometheus_rule_group_iterations_missed_total${job}[5m])) > 0`,
    for: '10m',
    summary: 'Evaluations of {{ $labels.rule_group }} are skipped because one takes too long.',
    description: 'Alerts are late, and recorded series have gaps.',
    remedy: 'Give Prometheus more CPU, or its rules fewer series.',
  },
  {
    name: 'AfnPrometheusNoAlertmanager',
    severity: 'high',
    service: part,
    expr: 'max_over_time(prometheus_notifications_alertmanagers_discovered{job="prometheus", resolution="high"}[5m]) < 1',
    for: '5m',
    summary: 'Prometheus has no Alertmanager.',
    description: 'No alert reaches anybody, including this one: it is visible only in Prometheus.',
    remedy: 'Fix "alerting" in prometheus.yml, or run afn-otel generate again.',
  },
  {
    name: 'AfnNotificationsDropped',
    severity: 'high',
    service: part,
    expr: [
      `sum by (instance) (increase(prometheus_notifications_dropped_total${job}[10m]))`,
      `+ sum by (instance) (increase(prometheus_notifications_errors_total${job}[10m])) > 0`,
    ].join('\n'),
    for: '2m',
    summary: 'Prometheus failed to send {{ $value | humanize }} alerts to Alertmanager in ten minutes.',
    description: 'It resends alerts that are still firing; for alerts resolved in the meantime, nobody was notified.',
    remedy: 'Restart Alertmanager; the log of Prometheus shows its response.',
  },
  {
    name: 'AfnPrometheusDatabaseFailing',
    severity: 'high',
    service: part,
    expr: `(\n${sum(database, '1h')}\n) > 0`,
    summary: 'The database of Prometheus at {{ $labels.instance }} failed to write, compact or clean up.',
    description: 'Its disk is full or faulty. Samples may be lost at the next restart, and old ones are not deleted.',
    remedy: 'Free up disk space; if a block or the WAL is corrupt, move it away and restart Prometheus.',
  },
  {
    name: 'AfnPrometheusRejectsSamples',
    severity: 'medium',
    service: part,
    expr: `(\n${sum(rejected, '15m')}\n) > 0`,
    for: '5m',
    summary: 'Prometheus at {{ $labels.instance }} rejected {{ $value | humanize }} samples in 15 minutes.',
    description:
      'They were too old, or two samples of one series had the same timestamp: two processes share an identity.',
    remedy:
      'Give each process its own service.instance.id, synchronize clocks by NTP, and check for queues that waited too long.',
  },
  {
    name: 'AfnPrometheusRetentionWrong',
    severity: 'medium',
    service: part,
    expr: [
      ...Object.entries(retentionDays).map(
        ([resolution, days]) =>
          `prometheus_tsdb_retention_limit_seconds{job="prometheus", resolution="${resolution}"} != ${days * 86_400}`,
      ),
      `increase(prometheus_tsdb_size_retentions_total${job}[1d]) > 0`,
    ].join('\nor '),
    for: '5m',
    summary: 'Prometheus at {{ $labels.instance }} does not keep metrics for the configured retention.',
    description: 'Budgets over a window longer than its retention are wrong, or data is kept longer than promised.',
    remedy: 'Start it with the prometheus.yml that afn-otel generate writes, without a size limit.',
  },
  ...(Object.keys(retentionDays).length > 1
    ? [
        {
          name: 'AfnRemoteWriteFailing',
          severity: 'high',
          service: part,
          expr: [
            'sum by (instance) (increase(prometheus_remote_storage_samples_failed_total{job="prometheus"}[10m])) > 0',
            'or',
            'max by (instance) (max_over_time(prometheus_remote_storage_queue_highest_timestamp_seconds{job="prometheus"}[5m])',
            '  - max_over_time(prometheus_remote_storage_queue_highest_sent_timestamp_seconds{job="prometheus"}[5m])) > 300',
            // where there are no objectives, nothing was ever sent
            'and max by (instance) (min_over_time(prometheus_remote_storage_samples_pending{job="prometheus"}[5m])) > 0',
          ].join('\n'),
          for: '5m',
          summary: 'Recorded series of objectives do not reach the Prometheus that keeps them for 30 days.',
          description: 'Budgets over 30 days are not updated. Samples are queued for two hours and then lost.',
          remedy: 'Restart prometheus-medium with --web.enable-remote-write-receiver.',
        } satisfies Alert,
      ]
    : []),
]
