// Alerts of Prometheus, by its own metrics. It cannot say that it is down itself: then the Watchdog is silent.
import type { Alert, Watched } from './alert'

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

export const prometheusAlerts = ({ retentionDays }: Watched): Alert[] => [
  {
    name: 'AfnPrometheusDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0`,
    for: '2m',
    summary: 'Prometheus at {{ $labels.instance }} cannot be reached.',
    description:
      'Metrics of its resolution wait in the queue of the Collector, and budgets over 30 days stand still if it is the medium one.',
    remedy: 'Start it again; its log says why it ended.',
  },
  {
    name: 'AfnPrometheusConfigReloadFailed',
    severity: 'high',
    service: part,
    expr: `max_over_time(prometheus_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Prometheus at {{ $labels.instance }} refused its new configuration.',
    description: 'It goes on with the old rules, and would not start with the new ones.',
    remedy:
      'Run promtool check config on prometheus.yml, mend what it names or run afn-otel generate again, then reload.',
  },
  {
    name: 'AfnRuleEvaluationFailing',
    severity: 'high',
    service: part,
    expr: `sum by (instance, rule_group) (increase(prometheus_rule_evaluation_failures_total${job}[5m])) > 0`,
    for: '2m',
    summary: 'Rules of {{ $labels.rule_group }} fail.',
    description: 'What they should raise is not raised: an objective or a part of the pipeline is not watched.',
    remedy: 'Read the error at /rules of Prometheus, and mend the rule or the series that it finds twice.',
  },
  {
    name: 'AfnRuleEvaluationSlow',
    severity: 'medium',
    service: part,
    expr: `sum by (instance, rule_group) (increase(prometheus_rule_group_iterations_missed_total${job}[5m])) > 0`,
    for: '10m',
    summary: 'Evaluations of {{ $labels.rule_group }} are left out, since one takes too long.',
    description: 'Alerts come late, and records have gaps.',
    remedy: 'Give Prometheus more CPU, or its rules fewer series.',
  },
  {
    name: 'AfnPrometheusNoAlertmanager',
    severity: 'high',
    service: part,
    expr: 'max_over_time(prometheus_notifications_alertmanagers_discovered{job="prometheus", resolution="high"}[5m]) < 1',
    for: '5m',
    summary: 'Prometheus knows no Alertmanager.',
    description: 'No alert reaches anybody, this one neither: it stands in Prometheus alone.',
    remedy: 'Correct "alerting" in prometheus.yml, or run afn-otel generate again.',
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
    summary: 'Prometheus could not hand {{ $value | humanize }} alerts to Alertmanager in ten minutes.',
    description: 'It sends what still fires again; what ended meanwhile was never notified.',
    remedy: 'Start Alertmanager again; the log of Prometheus has its answer.',
  },
  {
    name: 'AfnPrometheusDatabaseFailing',
    severity: 'high',
    service: part,
    expr: `(\n${sum(database, '1h')}\n) > 0`,
    summary: 'The database of Prometheus at {{ $labels.instance }} failed to write, compact or clean up.',
    description: 'Its disk is full or broken. Samples may be lost at the next restart, and old ones stay.',
    remedy: 'Make room on its disk; if a block or its log is broken, move that away and start it again.',
  },
  {
    name: 'AfnPrometheusRejectsSamples',
    severity: 'medium',
    service: part,
    expr: `(\n${sum(rejected, '15m')}\n) > 0`,
    for: '5m',
    summary:
      'Prometheus at {{ $labels.instance }} did not store {{ $value | humanize }} samples in a quarter of an hour.',
    description:
      'They were older than it takes, or two of one series had the same time: two processes are taken for one.',
    remedy:
      'Give each process its own service.instance.id, set clocks by NTP, and look for queues that waited too long.',
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
    summary: 'Prometheus at {{ $labels.instance }} does not keep metrics for as long as the table says.',
    description: 'Budgets over a longer window than it keeps are wrong, or data stays longer than was promised.',
    remedy: 'Start it with the prometheus.yml that afn-otel generate writes, without a limit of size.',
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
          summary: 'Records of objectives do not reach the Prometheus that keeps them for 30 days.',
          description: 'Budgets over 30 days stand still. Records wait for two hours and are then lost.',
          remedy: 'Start prometheus-medium again, with --web.enable-remote-write-receiver.',
        } satisfies Alert,
      ]
    : []),
]
