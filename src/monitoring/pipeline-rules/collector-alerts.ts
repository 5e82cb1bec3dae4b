// Alerts of the Collector, by its own metrics: https://opentelemetry.io/docs/collector/internal-telemetry. The names are those that
// version 0.161 has at /metrics, without `_total`, whatever the page says.
import type { Alert, WatchedPipeline } from './alert'
import { anyGrown, grown } from './growth'
import { limitOf } from './thresholds'

const part = 'otel-collector'
const signals = ['spans', 'metric_points', 'log_records'] as const
const each = (prefix: string, matchers = '') => signals.map(signal => `${prefix}_${signal}${matchers}`)

/** The leg to LangFuse has alerts of its own: it may lose data rather than hold up the others. */
const ofLangfuse = 'exporter="otlp_http/langfuse"'
const ofOthers = 'exporter!="otlp_http/langfuse"'

/** Something waits in an exporter's queue all the time, and nothing leaves it. */
const stuck = (exporters: string): string => {
  const sent = each('otelcol_exporter_sent', `{${exporters}}`).map(
    counter => `sum by (instance, exporter) (increase(${counter}[5m])) > 0`,
  )
  const waits = `min by (instance, exporter) (min_over_time(otelcol_exporter_queue_size{${exporters}}[5m])) > 0`
  return `${waits}\nunless on (instance, exporter) (\n${sent.join('\nor\n')}\n)`
}

/** Log records go to files, which have no queue. */
const lost = (exporters: string): string =>
  anyGrown(
    [
      `otelcol_exporter_enqueue_failed_spans{${exporters}}`,
      `otelcol_exporter_enqueue_failed_metric_points{${exporters}}`,
      ...each('otelcol_exporter_send_failed', `{${exporters}}`),
    ],
    '10m',
    ['exporter'],
    'otelcol',
  )

export const collectorAlerts = ({ collectors, changed }: WatchedPipeline): Alert[] => [
  {
    name: 'AfnCollectorDown',
    severity: 'critical',
    service: part,
    expr: `${collectors} - (count(up{job="otelcol"} == 1) or vector(0)) > 0`,
    for: '2m',
    summary: '{{ $value }} Collectors are unreachable.',
    description:
      'Apps buffer telemetry for some minutes and then lose it. All other alerts depend on data from the Collector, so they are silent too.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnCollectorRestarting',
    severity: 'high',
    service: part,
    expr: `resets(otelcol_process_uptime[30m]) > ${limitOf('AfnCollectorRestarting', changed)}`,
    summary: 'The Collector at {{ $labels.instance }} restarted {{ $value }} times in 30 minutes.',
    description:
      'After each restart, traces with a pending sampling decision are missing from the tiers sampled and errors.',
    remedy:
      'If its container was OOM-killed, give it more memory; otherwise fix what its log reports. Then run afn-otel reconcile.',
  },
  {
    name: 'AfnCollectorMemoryLimited',
    severity: 'high',
    service: part,
    expr: anyGrown(each('otelcol_processor_memory_limiter_refused'), '10m', ['instance'], 'otelcol'),
    for: '2m',
    summary: 'The Collector at {{ $labels.instance }} is refusing data because it is low on memory.',
    description: 'Apps retry for some minutes, and then lose it.',
    remedy: 'Raise its memory limit, or lower AFN_NUM_TRACES and the queues under pipeline.scale.',
  },
  {
    name: 'AfnCollectorRefused',
    severity: 'medium',
    service: part,
    expr: anyGrown(
      [...each('otelcol_receiver_refused'), ...each('otelcol_receiver_failed')],
      '10m',
      ['instance', 'receiver'],
      'otelcol',
    ),
    for: '5m',
    summary:
      'The receiver {{ $labels.receiver }} refused {{ $value | humanize }} spans, points or records in ten minutes.',
    description:
      'Apps retry a few times, and then lose them. A queue is full, the disk of the queues is full, or memory is low.',
    remedy: 'Restore the store behind the full queue, or free up disk space: afn-otel doctor shows which.',
  },
  {
    name: 'AfnCollectorQueueFilling',
    severity: 'high',
    service: part,
    expr: `max by (instance, exporter) (otelcol_exporter_queue_size{${ofOthers}} / otelcol_exporter_queue_capacity{${ofOthers}}) > ${limitOf('AfnCollectorQueueFilling', changed)}`,
    for: '2m',
    summary: 'The queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full.',
    description: 'When it is full, the Collector refuses all data from apps, for every store.',
    remedy: 'Restore its store before then, or raise the queue size under pipeline.scale.',
  },
  {
    name: 'AfnCollectorNotDelivering',
    severity: 'high',
    service: part,
    expr: stuck(ofOthers),
    for: '5m',
    summary: '{{ $labels.exporter }} has delivered nothing for ten minutes, with {{ $value | humanize }} queued.',
    description: 'Queued data is on disk and arrives late; nothing is lost until the queue is full.',
    remedy: "Restore its store; the Collector's log shows the store's response.",
  },
  {
    name: 'AfnCollectorDataLost',
    severity: 'critical',
    service: part,
    expr: lost(ofOthers),
    summary: '{{ $labels.exporter }} lost {{ $value | humanize }} spans, points or records in ten minutes.',
    description: 'A store rejected them permanently, or the queue was full. They are not retried.',
    remedy:
      "Fix the store's error in the Collector's log, or raise the queue size; afn-otel reconcile restores spans missing from a tier.",
  },
  {
    name: 'AfnCollectorTracesDroppedEarly',
    severity: 'medium',
    service: part,
    expr: grown('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', '10m', ['instance'], 'otelcol'),
    summary: '{{ $value | humanize }} traces were dropped before a sampling decision.',
    description:
      'Failed traces are missing from the tier errors, and slow ones from sampled. The tier detailed has them.',
    remedy: 'Raise AFN_NUM_TRACES to traces/s × AFN_DECISION_WAIT × 2, then run afn-otel reconcile.',
  },
  {
    name: 'AfnCollectorSamplingErrors',
    severity: 'medium',
    service: part,
    expr: grown('otelcol_processor_tail_sampling_sampling_policy_evaluation_error', '10m', ['instance'], 'otelcol'),
    summary: 'A sampling policy failed {{ $value | humanize }} times in ten minutes.',
    description: 'Traces that it should keep may be missing from sampled and errors.',
    remedy: "Fix the policy named in the Collector's log, under pipeline.policies; then run afn-otel reconcile.",
  },
  {
    name: 'AfnCollectorInvalidSpans',
    severity: 'low',
    service: part,
    expr: grown('otelcol_processor_filter_spans_filtered{filter="filter/invalid"}', '1h', ['instance'], 'otelcol'),
    summary: 'The Collector dropped {{ $value | humanize }} spans without IDs in an hour.',
    description: 'Another SDK sends them; ours cannot. Tempo would reject a whole batch because of one such span.',
    remedy: 'Find the client by the service names in the traces before and after, and fix or update it.',
  },
]

export const langfuseAlerts = ({ langfuse, changed }: WatchedPipeline): Alert[] =>
  langfuse
    ? [
        {
          name: 'AfnLangfuseNotDelivering',
          severity: 'medium',
          service: 'langfuse',
          expr: stuck(ofLangfuse),
          for: '5m',
          summary: 'LangFuse has accepted nothing for ten minutes; {{ $value | humanize }} LLM spans are queued.',
          description:
            'LangFuse, its backends or the proxy in front of it is down. Spans are queued on disk; once the queue is full, LangFuse loses them, but Tempo does not.',
          remedy: 'Restart the proxy and LangFuse, or give the Collector the current keys of LangFuse.',
        },
        {
          name: 'AfnLangfuseQueueFilling',
          severity: 'high',
          service: 'langfuse',
          expr: `max by (instance) (otelcol_exporter_queue_size{${ofLangfuse}} / otelcol_exporter_queue_capacity{${ofLangfuse}}) > ${limitOf('AfnLangfuseQueueFilling', changed)}`,
          for: '2m',
          summary: 'The queue of LLM spans for LangFuse is {{ $value | humanizePercentage }} full.',
          description: 'LangFuse loses what does not fit; Tempo still receives it.',
          remedy: 'Restore LangFuse, or raise pipeline.scale.langfuse_queue.',
        },
        {
          name: 'AfnLangfuseDataLost',
          severity: 'high',
          service: 'langfuse',
          expr: anyGrown(
            ['enqueue', 'send'].map(step => `otelcol_exporter_${step}_failed_spans{${ofLangfuse}}`),
            '10m',
            ['exporter'],
            'otelcol',
          ),
          summary: 'LangFuse lost {{ $value | humanize }} LLM spans in ten minutes.',
          description: 'It rejected them permanently, or the queue was full. Tempo has them.',
          remedy: "Fix the LangFuse error in the Collector's log, or restore LangFuse.",
        },
      ]
    : []
