// A pipeline in order as series, and what of it is otherwise when a part is broken. Names, labels and order of magnitude are those that
// the real parts had (exposed/); a sample each minute.

/** Series → values in promtool's notation, over the time of a scene. */
export type Series = Readonly<Record<string, string>>

export interface Scene {
  /** Alerts that fire, in that moment and no others but the Watchdog. */
  readonly alerts: readonly string[]
  readonly what: string
  /** Instead of those in order, or besides. */
  readonly series: Series
  /** Minutes after the beginning; the fault is there from minute 60 on. */
  readonly at?: number
}

/** Minutes of a scene. */
export const LENGTH = 150
const FAULT = 60
const rest = LENGTH - FAULT

/** The same value all the time. */
const steady = (value: number) => `${value}x${LENGTH}`
/** A counter that grows evenly. */
const growing = (perMinute: number, from = 0) => `${from}+${perMinute}x${LENGTH}`
/** One value before the fault, another from then on. */
const changing = (before: number, after: number) => `${before}x${FAULT - 1} ${after}x${rest}`
/** A counter that stands still, and grows from the fault on. */
const rising = (perMinute: number, before = 0) => `${before}x${FAULT - 1} ${before + perMinute}+${perMinute}x${rest}`
/** A counter that is not there before its first count, and stays there. */
const appearing = (value: number) => `_x${FAULT} ${value}x${rest}`
/** Nothing from the fault on. */
const ending = (values: string) => `${values.replace(/x\d+$/, `x${FAULT - 1}`)} stale _x${rest}`

const collector = 'job="otelcol", instance="otel-collector:8888"'
const tempo = 'job="tempo", instance="tempo:3200"'
const loki = 'job="loki", instance="loki:3100"'
const high = 'job="prometheus", instance="localhost:9090", resolution="high"'
const medium = 'job="prometheus", instance="prometheus-medium:9090", resolution="medium"'
const low = 'job="prometheus", instance="prometheus-low:9090", resolution="low"'
const alertmanager = 'job="alertmanager", instance="alertmanager:9093"'
const receiver = 'job="alert-receiver", instance="alert-receiver:9095"'
const detailed = `${collector}, exporter="otlp_grpc/tempo-detailed"`
const langfuse = `${collector}, exporter="otlp_http/langfuse"`
const app = 'job="shop", service_name="shop"'
const zone = 'job="afn-otel", service_name="afn-otel", afn_cloudflare_zone_name="shop.example"'
const monitor = 'job="shop/afn-otel-monitor", service_name="afn-otel-monitor", service_namespace="shop"'
const edgeRequests = (status: number, of = zone) =>
  `afn_cloudflare_requests{${of}, http_response_status_code="${status}", afn_cloudflare_cache_status="dynamic"}`
const firstByte = `afn_cloudflare_time_to_first_byte_seconds{${zone}, afn_cloudflare_quantile="0.95"}`
const edgeProbe = `afn_probe_up{${monitor}, afn_probe_name="ready"}`
const workerRun = `afn_monitor_last_run_seconds{${monitor}}`
const database = [
  'wal_writes_failed',
  'wal_corruptions',
  'wal_truncations_failed',
  'out_of_order_wbl_writes_failed',
  'checkpoint_creations_failed',
  'head_truncations_failed',
  'mmap_chunk_corruptions',
  'compactions_failed',
  'reloads_failures',
]
const rejected = [
  'prometheus_tsdb_too_old_samples_total',
  'prometheus_tsdb_out_of_order_samples_total',
  'prometheus_tsdb_out_of_bound_samples_total',
  'prometheus_target_scrapes_sample_out_of_order_total',
  'prometheus_target_scrapes_sample_duplicate_timestamp_total',
]
const DAY = 86_400

export const inOrder: Series = {
  ...Object.fromEntries(
    [collector, tempo, loki, high, medium, low, alertmanager, receiver].map(labels => [`up{${labels}}`, steady(1)]),
  ),
  [`otelcol_process_uptime{${collector}}`]: growing(60, 100_000),
  [edgeRequests(200)]: steady(600),
  [edgeRequests(503)]: steady(6),
  [firstByte]: steady(0.4),
  [edgeProbe]: steady(1),
  [workerRun]: growing(60),
  [`otelcol_exporter_queue_size{${detailed}, data_type="traces"}`]: steady(0),
  [`otelcol_exporter_queue_capacity{${detailed}, data_type="traces"}`]: steady(500_000),
  [`otelcol_exporter_sent_spans{${detailed}}`]: growing(600),
  [`otelcol_exporter_queue_size{${langfuse}, data_type="traces"}`]: steady(0),
  [`otelcol_exporter_queue_capacity{${langfuse}, data_type="traces"}`]: steady(200_000),
  [`otelcol_exporter_sent_spans{${langfuse}}`]: growing(60),
  [`otelcol_receiver_refused_spans{${collector}, receiver="otlp", transport="http"}`]: steady(3),
  [`otelcol_receiver_failed_spans{${collector}, receiver="otlp", transport="http"}`]: steady(0),
  [`otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{${collector}}`]: steady(0),
  [`otelcol_processor_tail_sampling_sampling_policy_evaluation_error{${collector}}`]: steady(0),
  [`otelcol_processor_filter_spans_filtered{${collector}, filter="filter/invalid"}`]: steady(2),
  [`process_start_time_seconds{${tempo}}`]: steady(-100_000),
  [`tempo_receiver_refused_spans{${tempo}, receiver="otlp/otlp_receiver", transport="grpc"}`]: steady(0),
  [`process_start_time_seconds{${loki}}`]: steady(-100_000),
  [`loki_compactor_apply_retention_operation_total{${loki}, status="success"}`]: growing(1),
  [`loki_compactor_delete_processing_fails_total{${loki}}`]: steady(0),
  [`tempo_live_store_local_failed_flushes_total{${tempo}}`]: steady(0),
  [`tempo_live_store_failed_completions_total{${tempo}}`]: steady(0),
  [`tempodb_compaction_errors_total{${tempo}}`]: steady(0),
  [`tempodb_retention_errors_total{${tempo}}`]: steady(0),
  [`tempo_runtime_config_last_reload_successful{${tempo}, config="overrides"}`]: steady(1),
  ...Object.fromEntries(
    [high, medium, low].flatMap(server => [
      [`prometheus_config_last_reload_successful{${server}}`, steady(1)],
      [`prometheus_tsdb_size_retentions_total{${server}}`, steady(0)],
      ...database.map(counter => [`prometheus_tsdb_${counter}_total{${server}}`, steady(0)]),
      ...rejected.map(counter => [`${counter}{${server}}`, steady(0)]),
    ]),
  ),
  [`prometheus_tsdb_retention_limit_seconds{${high}}`]: steady(7 * DAY),
  [`prometheus_tsdb_retention_limit_seconds{${medium}}`]: steady(32 * DAY),
  [`prometheus_tsdb_retention_limit_seconds{${low}}`]: steady(365 * DAY),
  [`prometheus_rule_evaluation_failures_total{${high}, rule_group="rules/slo-a.yml;a"}`]: steady(0),
  [`prometheus_rule_group_iterations_missed_total{${high}, rule_group="rules/slo-a.yml;a"}`]: steady(0),
  [`prometheus_notifications_alertmanagers_discovered{${high}}`]: steady(1),
  [`prometheus_notifications_dropped_total{${high}, alertmanager="http://alertmanager:9093/api/v2/alerts"}`]: steady(0),
  [`prometheus_notifications_errors_total{${high}, alertmanager="http://alertmanager:9093/api/v2/alerts"}`]: steady(0),
  [`prometheus_remote_storage_samples_failed_total{${high}, remote_name="medium"}`]: steady(0),
  [`prometheus_remote_storage_queue_highest_timestamp_seconds{${high}, remote_name="medium"}`]: growing(60, 1_000),
  [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${high}, remote_name="medium"}`]: growing(60, 985),
  [`prometheus_remote_storage_samples_pending{${high}, remote_name="medium"}`]: steady(0),
  [`alertmanager_config_last_reload_successful{${alertmanager}}`]: steady(1),
  [`alertmanager_notifications_failed_total{${alertmanager}, integration="discord", reason="other"}`]: steady(1),
  [`alertmanager_alerts_invalid_total{${alertmanager}}`]: steady(0),
  'afn_job_last_success_seconds{job="afn-otel", afn_job_name="cost-budget"}': growing(60),
  'afn_job_interval_seconds{job="afn-otel", afn_job_name="cost-budget"}': steady(60),
  'afn_job_last_success_seconds{job="afn-otel", afn_job_name="reconcile"}': growing(60),
  'afn_job_interval_seconds{job="afn-otel", afn_job_name="reconcile"}': steady(600),
  'afn_job_last_success_seconds{job="afn-otel", afn_job_name="logs-sweep"}': growing(60),
  'afn_job_interval_seconds{job="afn-otel", afn_job_name="logs-sweep"}': steady(3600),
  [`afn_span_calls_total{${app}, span_name="chat"}`]: growing(60),
  'target_info{job="shop", telemetry_distro_name="@afn/otel"}': steady(1),
  // counts of before Prometheus was started are old ones
  [`afn_dq_violations_total{${app}, rule="no_usage"}`]: steady(5),
  [`otel_sdk_exporter_span_exported_total{${app}, error_type=""}`]: growing(60),
  [`afn_health_check_status{${app}, afn_health_check_name="redis", afn_health_check_state="fail"}`]: steady(0),
  [`system_filesystem_utilization_ratio{${app}, system_filesystem_mountpoint="/"}`]: steady(0.5),
  'system_filesystem_utilization_ratio{job="otel-collector", mountpoint="/var/lib/otelcol/queue"}': steady(0.5),
  [`system_filesystem_inodes_usage{${app}, system_filesystem_mountpoint="/", system_filesystem_state="used"}`]:
    steady(10),
  [`system_filesystem_inodes_usage{${app}, system_filesystem_mountpoint="/", system_filesystem_state="free"}`]:
    steady(90),
  'afn_tls_certificate_expiry_seconds{job="afn-otel", server_address="otlp.example.com", server_port="443"}': steady(
    30 * DAY,
  ),
}

const counter = (alert: string, series: string, what: string, also: readonly string[] = []): Scene => ({
  alerts: [alert, ...also],
  what,
  series: { [series]: rising(2) },
  at: 80,
})

export const faults: readonly Scene[] = [
  {
    alerts: ['AfnCollectorDown'],
    what: 'the Collector is not reached',
    series: { [`up{${collector}}`]: changing(1, 0) },
  },
  {
    alerts: ['AfnCollectorRestarting'],
    what: 'the Collector is started again and again',
    series: { [`otelcol_process_uptime{${collector}}`]: `100000+60x59 ${'0+60x5 '.repeat(15)}` },
  },
  {
    alerts: ['AfnCollectorMemoryLimited', 'AfnCollectorRefused'],
    what: 'the memory limiter refuses',
    series: {
      [`otelcol_processor_memory_limiter_refused_spans{${collector}, processor="memory_limiter"}`]: `_x${FAULT} 4+4x${rest}`,
      [`otelcol_receiver_refused_spans{${collector}, receiver="otlp", transport="http"}`]: rising(4, 3),
    },
  },
  {
    alerts: ['AfnCollectorRefused'],
    what: 'log records are refused for the first time',
    series: { [`otelcol_receiver_refused_log_records{${collector}, receiver="otlp", transport="grpc"}`]: appearing(8) },
    at: 67,
  },
  {
    alerts: ['AfnCollectorQueueFilling', 'AfnCollectorNotDelivering'],
    what: 'Tempo is away',
    series: {
      [`otelcol_exporter_queue_size{${detailed}, data_type="traces"}`]: `0x59 420000+100x${rest}`,
      [`otelcol_exporter_sent_spans{${detailed}}`]: `0+600x59 35400x${rest}`,
    },
    at: 80,
  },
  {
    alerts: [],
    what: 'a queue is full for a moment, and delivers',
    series: { [`otelcol_exporter_queue_size{${detailed}, data_type="traces"}`]: `0x59 450000 300000 100 0x${rest}` },
    at: 63,
  },
  {
    alerts: ['AfnCollectorDataLost'],
    what: 'a store refuses for good, once',
    series: {
      [`otelcol_exporter_send_failed_metric_points{${collector}, exporter="otlp_http/prometheus-high", error_permanent="true", error_type="InvalidArgument"}`]:
        appearing(22),
    },
    at: 62,
  },
  counter(
    'AfnCollectorTracesDroppedEarly',
    `otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{${collector}}`,
    'undecided traces have no room',
  ),
  counter(
    'AfnCollectorSamplingErrors',
    `otelcol_processor_tail_sampling_sampling_policy_evaluation_error{${collector}}`,
    'a policy fails',
  ),
  {
    alerts: ['AfnCollectorInvalidSpans'],
    what: 'spans without ids',
    series: { [`otelcol_processor_filter_spans_filtered{${collector}, filter="filter/invalid"}`]: rising(1, 2) },
    at: 80,
  },
  {
    alerts: ['AfnLangfuseNotDelivering', 'AfnLangfuseQueueFilling'],
    what: 'LangFuse is away',
    series: {
      [`otelcol_exporter_queue_size{${langfuse}, data_type="traces"}`]: `0x59 190000+60x${rest}`,
      [`otelcol_exporter_sent_spans{${langfuse}}`]: `0+60x59 3540x${rest}`,
    },
    at: 80,
  },
  {
    alerts: ['AfnLangfuseDataLost'],
    what: 'the queue of LangFuse is full',
    series: { [`otelcol_exporter_enqueue_failed_spans{${langfuse}}`]: appearing(12) },
    at: 65,
  },
  { alerts: ['AfnTempoDown'], what: 'Tempo is not reached', series: { [`up{${tempo}}`]: changing(1, 0) } },
  { alerts: ['AfnTempoDown'], what: 'Tempo is gone', series: { [`up{${tempo}}`]: ending(steady(1)) }, at: 80 },
  {
    alerts: ['AfnTempoDiscarding', 'AfnTempoRefusing'],
    what: 'a limit of a tenant is reached',
    series: {
      [`tempo_discarded_spans_total{${tempo}, reason="rate_limited", tenant="afn-detailed"}`]: `_x${FAULT} 3+3x${rest}`,
      [`tempo_receiver_refused_spans{${tempo}, receiver="otlp/otlp_receiver", transport="grpc"}`]: rising(3),
    },
  },
  counter('AfnTempoFlushFailing', `tempo_live_store_local_failed_flushes_total{${tempo}}`, 'Tempo cannot flush'),
  counter(
    'AfnTempoFlushFailing',
    `tempo_live_store_failed_completions_total{${tempo}}`,
    'Tempo cannot complete a block',
  ),
  counter('AfnTempoCompactionFailing', `tempodb_compaction_errors_total{${tempo}}`, 'Tempo cannot compact'),
  counter('AfnTempoRetentionFailing', `tempodb_retention_errors_total{${tempo}}`, 'Tempo cannot delete'),
  {
    alerts: ['AfnTempoOverridesBroken'],
    what: 'overrides that Tempo cannot read',
    series: { [`tempo_runtime_config_last_reload_successful{${tempo}, config="overrides"}`]: changing(1, 0) },
  },
  { alerts: ['AfnPrometheusDown'], what: 'one Prometheus is away', series: { [`up{${medium}}`]: changing(1, 0) } },
  {
    alerts: ['AfnPrometheusConfigReloadFailed'],
    what: 'a configuration that Prometheus refuses',
    series: { [`prometheus_config_last_reload_successful{${high}}`]: changing(1, 0) },
  },
  counter(
    'AfnRuleEvaluationFailing',
    `prometheus_rule_evaluation_failures_total{${high}, rule_group="rules/slo-a.yml;a"}`,
    'a rule fails',
  ),
  counter(
    'AfnRuleEvaluationSlow',
    `prometheus_rule_group_iterations_missed_total{${high}, rule_group="rules/slo-a.yml;a"}`,
    'evaluations are left out',
  ),
  {
    alerts: ['AfnPrometheusNoAlertmanager'],
    what: 'no Alertmanager is known',
    series: { [`prometheus_notifications_alertmanagers_discovered{${high}}`]: changing(1, 0) },
  },
  counter(
    'AfnNotificationsDropped',
    `prometheus_notifications_dropped_total{${high}, alertmanager="http://alertmanager:9093/api/v2/alerts"}`,
    'Alertmanager takes nothing',
  ),
  ...database.map(name =>
    counter('AfnPrometheusDatabaseFailing', `prometheus_tsdb_${name}_total{${medium}}`, `${name} of its database`),
  ),
  ...rejected.map(name => counter('AfnPrometheusRejectsSamples', `${name}{${high}}`, name)),
  {
    alerts: ['AfnPrometheusRetentionWrong'],
    what: 'the medium server keeps 15 days',
    series: { [`prometheus_tsdb_retention_limit_seconds{${medium}}`]: changing(32 * DAY, 15 * DAY) },
  },
  counter('AfnPrometheusRetentionWrong', `prometheus_tsdb_size_retentions_total{${low}}`, 'a limit of size deletes'),
  counter(
    'AfnRemoteWriteFailing',
    `prometheus_remote_storage_samples_failed_total{${high}, remote_name="medium"}`,
    'records are refused',
  ),
  {
    alerts: [],
    what: 'there are no objectives, so that nothing was ever sent',
    series: {
      [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${high}, remote_name="medium"}`]: steady(0),
    },
    at: 80,
  },
  {
    alerts: ['AfnRemoteWriteFailing'],
    what: 'records stand still',
    series: {
      [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${high}, remote_name="medium"}`]: `985+60x59 4525x${rest}`,
      [`prometheus_remote_storage_samples_pending{${high}, remote_name="medium"}`]: changing(0, 190),
    },
    at: 80,
  },
  {
    alerts: ['AfnAlertmanagerDown'],
    what: 'Alertmanager is not reached',
    series: { [`up{${alertmanager}}`]: changing(1, 0) },
  },
  {
    alerts: ['AfnAlertmanagerConfigReloadFailed'],
    what: 'a configuration that Alertmanager refuses',
    series: { [`alertmanager_config_last_reload_successful{${alertmanager}}`]: changing(1, 0) },
  },
  {
    alerts: ['AfnChannelFailing'],
    what: 'Discord is not reached',
    series: {
      [`alertmanager_notifications_failed_total{${alertmanager}, integration="discord", reason="other"}`]: rising(1, 1),
    },
  },
  counter('AfnAlertsInvalid', `alertmanager_alerts_invalid_total{${alertmanager}}`, 'Alertmanager refuses an alert'),
  {
    alerts: ['AfnReceiverChannelBlocked'],
    what: 'the token of a channel is wrong',
    series: { [`afn_alerts_blocked{${receiver}, channel="tickets"}`]: changing(0, 1) },
  },
  {
    alerts: ['AfnReceiverBehind'],
    what: 'posts wait for Discord',
    series: { [`afn_alerts_queue{${receiver}, channel="discord"}`]: changing(0, 40) },
    at: 100,
  },
  { alerts: ['AfnAlertReceiverDown'], what: 'the receiver is away', series: { [`up{${receiver}}`]: changing(1, 0) } },
  {
    alerts: ['AfnJobStale'],
    what: 'reconcile does not succeed any more',
    series: {
      'afn_job_last_success_seconds{job="afn-otel", afn_job_name="reconcile"}': `0+60x59 3540 _x${rest}`,
      'afn_job_interval_seconds{job="afn-otel", afn_job_name="reconcile"}': `600x60 _x${rest}`,
    },
    at: 97,
  },
  {
    alerts: ['AfnJobFailing'],
    what: 'three runs of reconcile have failed, and it goes on trying',
    series: {
      'afn_job_last_success_seconds{job="afn-otel", afn_job_name="reconcile"}': `0+60x59 3540 _x${rest}`,
      'afn_job_interval_seconds{job="afn-otel", afn_job_name="reconcile"}': steady(600),
      'afn_job_failures{job="afn-otel", afn_job_name="reconcile"}': changing(0, 3),
    },
    at: 97,
  },
  {
    alerts: ['AfnJobStale'],
    what: 'cost-budget was stopped',
    series: { 'afn_job_last_success_seconds{job="afn-otel", afn_job_name="cost-budget"}': `0+60x59 3540 _x${rest}` },
    at: 70,
  },
  {
    alerts: ['AfnJobStale', 'AfnJobNeverRan'],
    what: 'cost-budget was stopped and nobody has started it for half an hour',
    series: { 'afn_job_last_success_seconds{job="afn-otel", afn_job_name="cost-budget"}': `0+60x59 3540 _x${rest}` },
    at: 90,
  },
  { alerts: ['AfnLokiDown'], what: 'Loki is not reached', series: { [`up{${loki}}`]: changing(1, 0) } },
  {
    alerts: ['AfnLokiDiscarding'],
    what: 'Loki refuses records of a clock that is wrong',
    series: {
      [`loki_discarded_samples_total{${loki}, reason="too_far_in_future", tenant="fake"}`]: `_x${FAULT} 3+3x${rest}`,
    },
  },
  {
    alerts: ['AfnLokiRetentionFailing'],
    what: 'Loki cannot write its index anew',
    series: { [`loki_compactor_apply_retention_operation_total{${loki}, status="failure"}`]: appearing(1) },
  },
  counter('AfnLokiRetentionFailing', `loki_compactor_delete_processing_fails_total{${loki}}`, 'Loki cannot delete'),
  {
    alerts: ['AfnCloudflareErrors'],
    what: 'the app fails behind the edge',
    series: { [edgeRequests(503)]: changing(6, 60) },
  },
  {
    alerts: ['AfnCloudflareErrors'],
    what: 'Cloudflare cannot reach the origin, for the first time ever',
    series: { [edgeRequests(522)]: appearing(500) },
  },
  {
    alerts: [],
    what: 'two of three requests of a night fail',
    series: { [edgeRequests(200)]: steady(1), [edgeRequests(503)]: steady(2) },
  },
  { alerts: ['AfnCloudflareSlow'], what: 'users wait', series: { [firstByte]: changing(0.4, 9) } },
  { alerts: ['AfnEdgeProbeDown'], what: 'the edge has no answer', series: { [edgeProbe]: changing(1, 0) } },
  {
    alerts: [],
    what: 'two probes in a row are lost',
    series: { [edgeProbe]: `1x${FAULT - 1} 0 0 1x${rest}` },
    at: FAULT + 1,
  },
  {
    alerts: ['AfnEdgeMonitorSilent'],
    what: 'the Worker runs no more',
    series: { [workerRun]: `0+60x${FAULT - 1} _x${rest}` },
    at: 90,
  },
  {
    alerts: ['AfnRedactionLeak'],
    what: 'one leak of ours, the first ever',
    series: {
      [`afn_redaction_leaks_total{${app}, afn_redaction_place="span", telemetry_distro_name="@afn/otel"}`]:
        appearing(1),
    },
    at: 61,
  },
  {
    alerts: ['AfnRedactionForeign'],
    what: 'personal data of another SDK',
    series: {
      'afn_redaction_leaks_total{job="other", afn_redaction_place="log", telemetry_distro_name="none"}': `_x${FAULT} 1+1x${rest}`,
    },
    at: 125,
  },
  {
    alerts: ['AfnRedactionErrors'],
    what: 'a detector fails',
    series: { [`afn_redaction_errors_total{${app}}`]: appearing(1) },
    at: 62,
  },
  {
    alerts: ['AfnCanaryArrived'],
    what: 'the canary arrives',
    series: { [`afn_dq_violations_total{${app}, rule="pii_canary"}`]: appearing(1) },
    at: 61,
  },
  {
    alerts: ['AfnDataQuality'],
    what: 'one span in thirty has no usage',
    series: { [`afn_dq_violations_total{${app}, rule="no_usage"}`]: rising(2, 5) },
    at: 140,
  },
  {
    alerts: ['AfnMetricsDropped'],
    what: 'a service has a wrong clock',
    series: { [`afn_dq_violations_total{${app}, rule="point_time"}`]: appearing(4) },
    at: 65,
  },
  {
    alerts: [],
    what: 'one span in two hundred has no usage',
    series: { [`afn_dq_violations_total{${app}, rule="no_usage"}`]: `5x59 5+0.3x${rest}` },
    at: 140,
  },
  {
    alerts: ['AfnTelemetryLost'],
    what: 'an app finds its queue full',
    series: { [`otel_sdk_processor_span_processed_total{${app}, error_type="queue_full"}`]: `_x${FAULT} 7x${rest}` },
    at: 70,
  },
  {
    alerts: ['AfnLogLinesLost'],
    what: 'log lines have no room',
    series: {
      [`afn_logs_dropped_total{${app}, afn_logs_class="info", afn_logs_drop_reason="disk_full"}`]: appearing(40),
    },
    at: 65,
  },
  {
    alerts: ['AfnAgentLoop'],
    what: 'an agent makes its first call in a loop',
    series: {
      [`afn_llm_looping_operations_total{${app}, gen_ai_operation_name="chat", gen_ai_provider_name="openai", gen_ai_request_model="gpt-5", afn_llm_loop_stopped="true"}`]:
        appearing(1),
    },
    at: 61,
  },
  {
    alerts: ['AfnHealthCheckFailing'],
    what: 'Redis is away, without which the app goes on',
    series: {
      [`afn_health_check_status{${app}, afn_health_check_name="redis", afn_health_check_required="false", afn_health_check_state="fail"}`]:
        changing(0, 1),
    },
  },
  {
    alerts: ['AfnHealthCheckFailing'],
    what: 'the database is away, without which the app takes no requests',
    series: {
      [`afn_health_check_status{${app}, afn_health_check_name="turso", afn_health_check_required="true", afn_health_check_state="fail"}`]:
        changing(0, 1),
    },
  },
  {
    alerts: ['AfnDiskFull', 'AfnDiskFilling'],
    what: 'the disk of the Collector is full',
    series: {
      'system_filesystem_utilization_ratio{job="otel-collector", mountpoint="/var/lib/otelcol/queue"}': changing(
        0.5,
        0.99,
      ),
    },
    at: 80,
  },
  {
    alerts: ['AfnDiskFilling'],
    what: 'a disk fills by two percent in five minutes',
    series: {
      [`system_filesystem_utilization_ratio{${app}, system_filesystem_mountpoint="/"}`]: `0.5x59 0.5+0.004x${rest}`,
    },
    at: 120,
  },
  {
    alerts: ['AfnInodesRunningOut'],
    what: 'inodes run out',
    series: {
      [`system_filesystem_inodes_usage{${app}, system_filesystem_mountpoint="/", system_filesystem_state="used"}`]:
        changing(10, 95),
      [`system_filesystem_inodes_usage{${app}, system_filesystem_mountpoint="/", system_filesystem_state="free"}`]:
        changing(90, 5),
    },
    at: 80,
  },
  {
    alerts: ['AfnCertificateExpiring'],
    what: 'a certificate ends in ten days',
    series: {
      'afn_tls_certificate_expiry_seconds{job="afn-otel", server_address="otlp.example.com", server_port="443"}':
        steady(10 * DAY),
    },
    at: 80,
  },
  {
    alerts: [],
    what: 'Prometheus comes back after an hour, and finds old counts',
    series: Object.fromEntries([
      ...Object.entries(inOrderAfterAPause()),
      [
        `afn_redaction_leaks_total{${app}, afn_redaction_place="span", telemetry_distro_name="@afn/otel"}`,
        appearing(9),
      ],
      [`otelcol_exporter_send_failed_spans{${detailed}}`, appearing(9)],
      [`tempo_discarded_spans_total{${tempo}, reason="rate_limited", tenant="afn-detailed"}`, appearing(9)],
    ]),
    at: 64,
  },
]

/** No sample of anything before the fault. */
function inOrderAfterAPause(): Series {
  const before = (values: string) => {
    const [, from, step = '+0'] = /^(-?[\d.]+)(\+[\d.]+)?x/.exec(values)!
    return `_x${FAULT} ${Number(from) + Number(step) * FAULT}${step}x${rest}`
  }
  return Object.fromEntries(Object.entries(inOrder).map(([series, values]) => [series, before(values)]))
}

/** Where log records are files of the Collector. */
export const ofFiles: readonly Scene[] = [
  {
    alerts: ['AfnLogsKeptTooLong'],
    what: 'nobody sweeps the log files of the Collector',
    series: {
      'afn_logs_oldest_time_seconds{job="afn-otel", afn_logs_class="debug"}': `${-3 * 86_400}x${rest}`,
      'afn_logs_oldest_time_seconds{job="afn-otel", afn_logs_class="error"}': `${-80 * 86_400}x${rest}`,
    },
  },
]

/** Of the cluster's rules: all that they expect, with the fault. */
export const ofCluster: readonly Scene[] = [
  {
    alerts: ['AfnAlertmanagerPeersLost', 'AfnJobNeverRan', 'AfnCollectorDown'],
    what: 'two of three gateways, two Alertmanagers apart, and no run of reconcile',
    series: {
      ...Object.fromEntries(
        Object.entries(inOrder).filter(
          ([series]) => !series.startsWith('afn_job') && !series.startsWith('up{job="alertm'),
        ),
      ),
      'up{job="otelcol", instance="10.0.0.2:8888"}': steady(1),
      ...Object.fromEntries(
        ['10.0.0.3:9093', '10.0.0.4:9093'].flatMap(instance => [
          [`up{job="alertmanager", instance="${instance}"}`, steady(1)],
          [`alertmanager_cluster_members{job="alertmanager", instance="${instance}"}`, changing(2, 1)],
        ]),
      ),
    },
    at: 80,
  },
]

const thanos = (instance: string) => `job="thanos", instance="${instance}"`
const sidecar = thanos('prometheus:10902')
const compactor = thanos('thanos-compactor:10902')
const [cluster] = ofCluster

/** Of the rules of a cluster with a bucket, beside what that cluster has already. */
export const ofBucket: readonly Scene[] = [
  {
    alerts: [...cluster!.alerts, 'AfnThanosDown', 'AfnThanosUploadFailing', 'AfnThanosCompactorHalted'],
    what: 'the bucket refuses its keys, the compactor does not understand a block, and the reader of the bucket is gone',
    series: {
      ...cluster!.series,
      [`prometheus_tsdb_retention_limit_seconds{${high}}`]: steady(32 * DAY),
      ...Object.fromEntries([sidecar, compactor].map(labels => [`up{${labels}}`, steady(1)])),
      [`up{${thanos('thanos-store:10902')}}`]: changing(1, 0),
      [`thanos_shipper_upload_failures_total{${sidecar}}`]: rising(2),
      [`thanos_compact_halted{${compactor}}`]: changing(0, 1),
    },
    at: 110,
  },
  {
    alerts: cluster!.alerts,
    what: 'one upload failed an hour ago, and the next one did not',
    series: {
      ...cluster!.series,
      [`prometheus_tsdb_retention_limit_seconds{${high}}`]: steady(32 * DAY),
      ...Object.fromEntries([sidecar, compactor].map(labels => [`up{${labels}}`, steady(1)])),
      [`thanos_shipper_upload_failures_total{${sidecar}}`]: `0x9 1x${LENGTH - 10}`,
      [`thanos_compact_halted{${compactor}}`]: steady(0),
    },
    at: 80,
  },
]

/** Minutes of a day and some hours; what is silent is known by the day before, a sample each five minutes. */
export const DAY_MINUTES = 24 * 60
const samples = (minutes: number): number => minutes / 5
const all = DAY_MINUTES + 180

interface Silence {
  readonly what: string
  readonly series: Series
  /** Of which signals it is silent. */
  readonly signals: readonly string[]
}

const spans = `afn_span_calls_total{${app}, span_name="chat"}`
const info = 'target_info{job="shop", telemetry_distro_name="@afn/otel"}'
const watched = { [`otelcol_process_uptime{${collector}}`]: `0+300x${samples(all)}` }
const sends = { [spans]: `0+30x${samples(all)}`, [info]: `1x${samples(all)}` }
const requests = `http_server_request_duration_seconds_count{${app}}`
const until = (minutes: number) => ({
  [spans]: `0+30x${samples(minutes)} _x${samples(all - minutes)}`,
  [info]: `1x${samples(minutes)} _x${samples(all - minutes)}`,
})

const endedAnHourAgo = `0+30x${samples(all - 60)} ${30 * samples(all - 60)}x${samples(60)}`

export const silences: readonly Silence[] = [
  { what: 'it still sends', series: { ...watched, ...sends }, signals: [] },
  {
    what: 'its spans ended an hour ago, and it counts requests',
    series: { ...watched, ...sends, [spans]: endedAnHourAgo, [requests]: `0+30x${samples(all)}` },
    signals: ['spans'],
  },
  { what: 'it has nothing to do', series: { ...watched, ...sends, [spans]: endedAnHourAgo }, signals: [] },
  { what: 'it ended an hour ago', series: { ...watched, ...until(all - 60) }, signals: ['spans', 'metrics'] },
  { what: 'it sends for eight hours a day', series: { ...watched, ...until(8 * 60) }, signals: [] },
  {
    what: 'the Collector was started ten minutes ago',
    series: { ...until(all - 60), [`otelcol_process_uptime{${collector}}`]: `0+300x${samples(all) - 3} 0+300x2` },
    signals: [],
  },
]
