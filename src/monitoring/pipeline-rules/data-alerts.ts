// Alerts of the data itself: whether it still comes, whether it is whole, and whether anything in it should not be there.
import {
  METRIC_AFN_DQ_VIOLATIONS,
  METRIC_AFN_LOGS_DROPPED,
  METRIC_AFN_REDACTION_ERRORS,
  METRIC_AFN_REDACTION_LEAKS,
} from '../../../semconv'
import { metricName } from '../../shared/otlp/prometheus-names'
import type { Alert, WatchedPipeline } from './alert'
import { anyGrown, app, appName, grown } from './growth'
import { limitOf } from './thresholds'

/** A counter as Prometheus has it. None of ours has a unit that becomes a part of the name. */
const total = (metric: string, matchers = ''): string => `${metricName(metric, '', 'counter')}${matchers}`

/** The service of a series that came by OTLP. */
const by = app.join(', ')
/** By which series of several producers fit each other. */
const one = 'job, deployment_environment_name'

/** Rules of data points, as in src/pipeline/deployment/metric-window.ts and collector/components: what breaks one of them is not stored. */
const dropped = 'point_time|invalid_point|invalid_metric|too_many_series'
const ours = 'telemetry_distro_name="@afn/otel"'

/** What OpenTelemetry's SDKs count of themselves: https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics */
const losses = [
  'otel_sdk_exporter_span_exported_total',
  'otel_sdk_exporter_metric_data_point_exported_total',
  'otel_sdk_exporter_log_exported_total',
  'otel_sdk_processor_span_processed_total',
  'otel_sdk_processor_log_processed_total',
].map(counter => `${counter}{error_type!=""}`)

/**
 * Services that sent in at least half of the last day's half hours, at this time of the day too, and in the last half hour nothing. Half a
 * day later such a service is taken for switched off. Nothing is said while the Collector itself was away.
 * @param sent by service, what was sent in the half hour that ended so long ago
 * @param quiet services for which it is no wonder
 */
const silent = (signal: string, sent: (ago: string) => string, quiet = ''): string =>
  `label_replace((
  count_over_time((${sent('')})[1d:30m] offset 30m) >= 24
  and on (${one}) (${sent(' offset 1d')})
  unless on (${one}) (${sent('')})${quiet}
), "signal", "${signal}", "", "") and on () (max(otelcol_process_uptime{job="otelcol"}) > 1800)`

const spans = (ago: string) => `sum by (${by}) (increase(afn_span_calls_total[30m]${ago})) > 0`
const metrics = (ago: string) => `count by (${by}) (last_over_time(target_info{job!~"otelcol(-agent)?"}[30m]${ago}))`

/** A process that is up and has nothing to do sends no spans. */
const idle = `
  unless on (${one}) (
    ${metrics('')}
    unless on (${one}) (
      sum by (${by}) (increase(http_server_request_duration_seconds_count[30m])) > 0
      or sum by (${by}) (increase(gen_ai_client_inference_duration_seconds_count[30m])) > 0
    )
  )`

/** Of the day's half hours: heavier than the others, so it is evaluated each minute. */
export const freshnessAlerts: readonly Alert[] = [
  {
    name: 'AfnServiceSilent',
    severity: 'high',
    service: appName,
    expr: [silent('spans', spans, idle), silent('metrics', metrics)].join('\nor\n'),
    for: '5m',
    summary: `${appName} has sent no {{ $labels.signal }} for 30 minutes, although it sent them all day and at this time yesterday.`,
    description: 'It is down, cannot reach the Collector, or was started without instrumentation.',
    remedy:
      'Run afn-otel doctor on the host of the app; if the service was shut down on purpose, silence the alert for half a day.',
  },
]

export const dataAlerts = ({ changed }: Pick<WatchedPipeline, 'changed'>): Alert[] => [
  {
    name: 'AfnRedactionLeak',
    severity: 'critical',
    service: appName,
    expr: grown(total(METRIC_AFN_REDACTION_LEAKS, `{${ours}}`), '10m', [...app, 'afn_redaction_place'], 'otelcol'),
    summary: `The Collector masked personal data in {{ $value | humanize }} records that ${appName} failed to mask.`,
    description:
      'It is masked in the stores, but left the process in clear text. The first line of redaction has a gap, or its settings make an exception.',
    remedy:
      'Find the attribute in the traces of that service, and mask it at the source: redaction.rules in its settings, or a newer @afn/otel.',
  },
  {
    name: 'AfnRedactionForeign',
    severity: 'low',
    service: appName,
    expr: grown(
      total(METRIC_AFN_REDACTION_LEAKS, '{telemetry_distro_name!="@afn/otel"}'),
      '1h',
      [...app, 'afn_redaction_place'],
      'otelcol',
    ),
    for: '1h',
    summary: `${appName} sends personal data that it does not mask itself.`,
    description:
      'The Collector masks it, but it reaches the Collector in clear text. Only the first line finds names in free text.',
    remedy: 'Start that service with @afn/otel, or stop it from sending such data.',
  },
  {
    name: 'AfnRedactionErrors',
    severity: 'high',
    service: appName,
    expr: grown(total(METRIC_AFN_REDACTION_ERRORS), '15m', [...app], 'otelcol'),
    summary: `A detector failed on {{ $value | humanize }} values of ${appName}.`,
    description: 'Each was replaced entirely: nothing leaked, but its content is lost.',
    remedy: 'Fix the custom rule named in the log of the app.',
  },
  {
    name: 'AfnCanaryArrived',
    severity: 'critical',
    service: appName,
    expr: grown(total(METRIC_AFN_DQ_VIOLATIONS, '{rule="pii_canary"}'), '10m', [...app], 'otelcol'),
    summary: `The canary value that must never arrive came through from ${appName}.`,
    description: 'Similar values come through too: redaction of that service does not work.',
    remedy: 'Find the spans by afn.dq.canary, stop that service from sending, and fix its redaction.',
  },
  {
    name: 'AfnDataQuality',
    severity: 'medium',
    service: appName,
    expr: [
      `sum by (rule, ${by}) (increase(${total(METRIC_AFN_DQ_VIOLATIONS, `{rule!~"pii_canary|${dropped}"}`)}[1h]))`,
      `  / on (${one}) group_left () sum by (${one}) (increase(afn_span_calls_total[1h])) > ${limitOf('AfnDataQuality', changed)}`,
    ].join('\n'),
    for: '15m',
    summary: `{{ $value | humanizePercentage }} of the spans of ${appName} break the rule {{ $labels.rule }}.`,
    description: 'Until this is fixed, do not trust the cost, tokens or times of that service.',
    remedy: 'Run afn-otel doctor: it shows what to set for each rule.',
  },
  {
    name: 'AfnMetricsDropped',
    severity: 'medium',
    service: appName,
    expr: grown(total(METRIC_AFN_DQ_VIOLATIONS, `{rule=~"${dropped}"}`), '15m', ['rule', ...app], 'otelcol'),
    summary: `${appName} sent {{ $value | humanize }} data points that were dropped: {{ $labels.rule }}.`,
    description:
      'Prometheus would have rejected the whole request because of them, or they would crowd out other series.',
    remedy:
      'Synchronize the clock of that service by NTP (point_time), remove IDs from its labels (too_many_series), or fix the code that records its metrics (invalid_metric, invalid_point).',
  },
  {
    name: 'AfnTelemetryLost',
    severity: 'medium',
    service: appName,
    expr: anyGrown(losses, '15m', [...app, 'error_type'], 'otelcol'),
    for: '5m',
    summary: `${appName} lost {{ $value | humanize }} of its spans, points or records: {{ $labels.error_type }}.`,
    description: 'The app could not deliver them in time, and its queue is full.',
    remedy: 'Restore the Collector, or raise OTEL_BSP_MAX_QUEUE_SIZE and OTEL_BLRP_MAX_QUEUE_SIZE of the app.',
  },
  {
    name: 'AfnLogLinesLost',
    severity: 'medium',
    service: appName,
    expr: grown(total(METRIC_AFN_LOGS_DROPPED), '15m', [...app, 'afn_logs_class', 'afn_logs_drop_reason'], 'otelcol'),
    summary: `${appName} lost {{ $value | humanize }} log lines of class {{ $labels.afn_logs_class }}.`,
    description: 'Its log folder is full or not writable, and the buffer in memory was full.',
    remedy: 'Free up disk space, or give the app write permission there.',
  },
]
