// Alerts of the Collector, by its own metrics: https://opentelemetry.io/docs/collector/internal-telemetry. The names are those that
// version 0.161 has at /metrics, without `_total`, whatever the page says.
import type { Alert, Watched } from './alert'
import { anyGrown, grown } from './growth'
import { limitOf } from './limits'

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

export const collectorAlerts = ({ collectors, changed }: Watched): Alert[] => [
  {
    name: 'AfnCollectorDown',
    severity: 'critical',
    service: part,
    expr: `${collectors} - (count(up{job="otelcol"} == 1) or vector(0)) > 0`,
    for: '2m',
    summary: '{{ $value }} of the Collectors cannot be reached.',
    description:
      'Apps keep what they have for some minutes and then lose it. All other alerts go by what the Collector passes on, and are silent too.',
    remedy: 'Start it again; its log says why it ended.',
  },
  {
    name: 'AfnCollectorRestarting',
    severity: 'high',
    service: part,
    expr: `resets(otelcol_process_uptime[30m]) > ${limitOf('AfnCollectorRestarting', changed)}`,
    summary: 'The Collector at {{ $labels.instance }} was started {{ $value }} times in half an hour.',
    description: 'What it had not decided on is missing in the tiers sampled and errors after each end.',
    remedy:
      'Give it more memory if its container was killed for it, else mend what its log names; then run afn-otel reconcile.',
  },
  {
    name: 'AfnCollectorMemoryLimited',
    severity: 'high',
    service: part,
    expr: anyGrown(each('otelcol_processor_memory_limiter_refused'), '10m', ['instance'], 'otelcol'),
    for: '2m',
    summary: 'The Collector at {{ $labels.instance }} refuses data, since its memory is short.',
    description: 'Apps send it again for some minutes, and then lose it.',
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
      'Apps send them again a few times, and then lose them. A queue or the disk of the queues is full, or memory is short.',
    remedy: 'Bring back the store of the queue that is full, or make room on the disk: afn-otel doctor says which.',
  },
  {
    name: 'AfnCollectorQueueFilling',
    severity: 'high',
    service: part,
    expr: `max by (instance, exporter) (otelcol_exporter_queue_size{${ofOthers}} / otelcol_exporter_queue_capacity{${ofOthers}}) > ${limitOf('AfnCollectorQueueFilling', changed)}`,
    for: '2m',
    summary: 'The queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full.',
    description: 'When it is full, the Collector refuses what apps send, for every store.',
    remedy: 'Bring its store back before that, or raise the queue under pipeline.scale.',
  },
  {
    name: 'AfnCollectorNotDelivering',
    severity: 'high',
    service: part,
    expr: stuck(ofOthers),
    for: '5m',
    summary: '{{ $labels.exporter }} has delivered nothing for ten minutes, and {{ $value | humanize }} wait.',
    description: 'What waits is on disk and arrives late; nothing is lost before the queue is full.',
    remedy: "Bring its store back; the Collector's log has the store's answer.",
  },
  {
    name: 'AfnCollectorDataLost',
    severity: 'critical',
    service: part,
    expr: lost(ofOthers),
    summary: '{{ $labels.exporter }} lost {{ $value | humanize }} spans, points or records in ten minutes.',
    description: 'A store refused them for good, or the queue was full. They are not sent again.',
    remedy:
      "Mend what the store answers in the Collector's log, or raise the queue; afn-otel reconcile brings spans back that a tier lacks.",
  },
  {
    name: 'AfnCollectorTracesDroppedEarly',
    severity: 'medium',
    service: part,
    expr: grown('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', '10m', ['instance'], 'otelcol'),
    summary: '{{ $value | humanize }} traces had to go before they were decided on.',
    description: 'Failed traces are missing in the tier errors, and slow ones in sampled. The tier detailed has them.',
    remedy: 'Raise AFN_NUM_TRACES to traces/s × AFN_DECISION_WAIT × 2, then run afn-otel reconcile.',
  },
  {
    name: 'AfnCollectorSamplingErrors',
    severity: 'medium',
    service: part,
    expr: grown('otelcol_processor_tail_sampling_sampling_policy_evaluation_error', '10m', ['instance'], 'otelcol'),
    summary: 'A sampling policy failed {{ $value | humanize }} times in ten minutes.',
    description: 'Traces that it should keep may be missing in sampled and errors.',
    remedy: "Correct the policy that the Collector's log names, under pipeline.policies; then run afn-otel reconcile.",
  },
  {
    name: 'AfnCollectorInvalidSpans',
    severity: 'low',
    service: part,
    expr: grown('otelcol_processor_filter_spans_filtered{filter="filter/invalid"}', '1h', ['instance'], 'otelcol'),
    summary: '{{ $value | humanize }} spans without ids were left out in an hour.',
    description: 'Some client sends them; this SDK cannot. Tempo would refuse the whole batch for one of them.',
    remedy: 'Find the client by its service name in the traces before and after, and mend or update it.',
  },
]

export const langfuseAlerts = ({ langfuse, changed }: Watched): Alert[] =>
  langfuse
    ? [
        {
          name: 'AfnLangfuseNotDelivering',
          severity: 'medium',
          service: 'langfuse',
          expr: stuck(ofLangfuse),
          for: '5m',
          summary: 'LangFuse has taken nothing for ten minutes, and {{ $value | humanize }} LLM spans wait.',
          description:
            'LangFuse, what is behind it, or the proxy before it is away. Spans wait on disk; when the queue is full they are lost for LangFuse, not for Tempo.',
          remedy: 'Start the proxy and LangFuse again, or give the Collector the keys that LangFuse has now.',
        },
        {
          name: 'AfnLangfuseQueueFilling',
          severity: 'high',
          service: 'langfuse',
          expr: `max by (instance) (otelcol_exporter_queue_size{${ofLangfuse}} / otelcol_exporter_queue_capacity{${ofLangfuse}}) > ${limitOf('AfnLangfuseQueueFilling', changed)}`,
          for: '2m',
          summary: 'The queue of LLM spans for LangFuse is {{ $value | humanizePercentage }} full.',
          description: 'What does not fit is lost for LangFuse; Tempo gets it all the same.',
          remedy: 'Bring LangFuse back, or raise pipeline.scale.langfuse_queue.',
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
          description: 'It refused them for good, or the queue was full. Tempo has them.',
          remedy: "Mend what LangFuse answers in the Collector's log, or bring LangFuse back.",
        },
      ]
    : []
