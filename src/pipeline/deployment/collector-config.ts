// otel-collector.yaml: the receivers, the second line of redaction, the samplers and the exporters.
import { ATTR_AFN_REDACTION_KEY_ID, DOUBLE_KEYS } from '../../../semconv'
import { agentLogs, agentMetrics, agentSpans, agents } from './coding-agents'
import type { CollectorSections } from './collector-sections'
import { countLegs, counts } from './count-connectors'
import { dataQuality, dataQualityLegs } from './data-quality'
import { env } from './environment'
import { tempo } from './exporters'
import { langfuseLeg } from './langfuse-leg'
import { leakCount, leakLegs } from './leak-count'
import { logLegs } from './log-classes'
import { metricLegs } from './metric-resolutions'
import { withOwnComponents } from './own-components'
import { diskLegs, diskReceiver } from './own-disks'
import type { Plan } from './plan'
import { metricText, redaction, restoreLogs, restoreTraces, stashLogs, stashTraces } from './redaction'
import { errorsPolicy, keepPolicies } from './sampling'
import { byClock, spanMetrics } from './span-metrics'
import { ingestToken, toLlm, toRedact, trustedReceiver, trustLegs } from './trust'
import { fromAgents, gatewayToken } from './trusted-hop'
import { note, type Section } from './yaml-comments'

/** A bigger trace is dropped by the samplers, and stays in detailed alone. */
const maximumTraceBytes = 20 * 2 ** 20

/** The Collector's configuration: the funnel detailed ⊇ sampled ⊇ errors, and the legs next to it. */
export function collectorConfig(plan: Plan): Section {
  const config = stockConfig(plan)
  return plan.components === 'afn' ? withOwnComponents(config) : config
}

/** By upstream's components alone. */
function stockConfig(plan: Plan): CollectorSections {
  const { scale, policies, profile } = plan
  const [metrics, logs, langfuse, leaks] = [metricLegs(plan), logLegs(plan), langfuseLeg(plan), leakLegs()]
  const [trust, quality, disks, counted] = [trustLegs(plan), dataQualityLegs(), diskLegs(), countLegs(plan)]
  return {
    extensions: { ...extensions(plan), ...(profile === 'cluster' ? gatewayToken() : ingestToken()) },
    receivers: {
      otlp: otlpReceiver(),
      'otlp/trusted': profile === 'cluster' ? fromAgents(plan) : trustedReceiver(),
      ...diskReceiver(),
    },
    processors: {
      memory_limiter: memoryLimiter(plan),
      'filter/invalid': note('A single span without IDs makes Tempo refuse its whole batch.', {
        error_mode: 'ignore',
        trace_conditions: [
          'span.trace_id == TraceID(0x00000000000000000000000000000000)',
          'span.span_id == SpanID(0x0000000000000000)',
        ],
      }),
      [agents.spans]: agentSpans(),
      [agents.logs]: agentLogs(),
      [agents.metrics]: agentMetrics(),
      'transform/types': types(),
      'transform/stash': note(
        'Names and messages are copied into attributes, so that they are redacted too.',
        stashTraces(),
      ),
      'redaction/pii': redaction('info'),
      'transform/restore': restoreTraces(),
      'redaction/pii-metrics': note(
        'Silent, because a count of hits would become a label of the series.',
        redaction('silent'),
      ),
      'transform/pii-metrics': metricText(),
      'transform/stash-logs': stashLogs(),
      'transform/restore-logs': restoreLogs(),
      'tail_sampling/keep': note(
        'Selects the traces that are kept longer than detailed (src/shared/tiers: policies).',
        {
          decision_wait: env('AFN_DECISION_WAIT'),
          decision_wait_after_root_received: env('AFN_AFTER_ROOT'),
          num_traces: env('AFN_NUM_TRACES', scale.numTraces),
          block_on_overflow: note('true would stall every leg, including detailed', false),
          maximum_trace_size_bytes: maximumTraceBytes,
          decision_cache: { sampled_cache_size: scale.decisionCache, non_sampled_cache_size: scale.decisionCache },
          policies: keepPolicies(policies),
        },
      ),
      'tail_sampling/errors': note('Receives whole traces, which tail_sampling/keep releases at once.', {
        decision_wait: '2s',
        num_traces: env('AFN_NUM_TRACES_ERRORS', scale.numTracesErrors),
        maximum_trace_size_bytes: maximumTraceBytes,
        decision_cache: { sampled_cache_size: scale.decisionCache },
        policies: [errorsPolicy(policies)],
      }),
      'batch/swallow': note(
        [
          'For legs that may lose data, but must not refuse it. It answers before the queue does: a full queue drops data (counted',
          'in otelcol_exporter_enqueue_failed_*) instead of sending the client a 503, whose retry would put the same spans',
          'into every other leg again.',
        ].join('\n'),
        { timeout: '1s', send_batch_size: 512, send_batch_max_size: 1024 },
      ),
      'batch/kept': note(
        'Batches kept traces. A sampler releases them one by one, and three queue transactions for each cost more than the trace.',
        {
          timeout: '200ms',
          send_batch_size: 2048,
        },
      ),
      ...metrics.processors,
      ...logs.processors,
      ...langfuse.processors,
      ...leaks.processors,
      ...trust.processors,
      ...quality.processors,
      ...disks.processors,
      ...counted.processors,
    },
    exporters: {
      'otlp_grpc/tempo-detailed': tempo('detailed', plan),
      'otlp_grpc/tempo-sampled': tempo('sampled', plan),
      'otlp_grpc/tempo-errors': tempo('errors', plan),
      ...langfuse.exporters,
      ...metrics.exporters,
      ...logs.exporters,
    },
    connectors: {
      'forward/clean': {},
      'forward/kept': {},
      span_metrics: spanMetrics(byClock),
      ...metrics.connectors,
      ...logs.connectors,
      ...langfuse.connectors,
      ...leaks.connectors,
      ...trust.connectors,
      ...quality.connectors,
      ...counted.connectors,
    },
    service: {
      extensions: [
        'health_check',
        'file_storage/queue',
        `bearertokenauth/${profile === 'cluster' ? 'gateway' : 'ingest'}`,
      ],
      telemetry: telemetry(),
      pipelines: {
        ...trust.pipelines,
        ...tracePipelines(plan),
        ...langfuse.pipelines,
        ...metrics.pipelines,
        ...logs.pipelines,
        ...leaks.pipelines,
        ...quality.pipelines,
        ...disks.pipelines,
        ...counted.pipelines,
      } as CollectorSections['service']['pipelines'],
    },
  }
}

export const extensions = ({ scale }: Plan): Section => ({
  health_check: { endpoint: env('AFN_COLLECTOR_HEALTH') },
  'file_storage/queue': {
    directory: env('AFN_QUEUE_DIR'),
    create_directory: true,
    fsync: env('AFN_QUEUE_FSYNC'),
    recreate: note('a corrupt queue file is set aside instead of preventing the start', true),
    max_size: scale.queueBytes,
    compaction: {
      on_start: true,
      on_rebound: true,
      rebound_needed_threshold_mib: note('frees the space of a small full disk once its queues are empty', 8),
      rebound_trigger_threshold_mib: 4,
      directory: env('AFN_QUEUE_DIR'),
      cleanup_on_start: true,
    },
  },
})

export const memoryLimiter = ({ scale }: Plan): Section =>
  note('First in every pipeline.', {
    check_interval: '1s',
    limit_percentage: scale.memoryPercent,
    spike_limit_percentage: 20,
  })

export const telemetry = (): Section => ({
  resource: {
    [ATTR_AFN_REDACTION_KEY_ID]: note(
      'tells afn-otel doctor which key the Collector has; the word id keeps eight digits from becoming a number',
      `id ${env('AFN_HMAC_KEY_ID')}`,
    ),
    'service.instance.id': note(
      'identifies the Collector in the series of connectors, even after a restart',
      env('AFN_COLLECTOR_NAME'),
    ),
    'collector.instance.id': env('AFN_COLLECTOR_NAME'),
  },
  logs: { level: 'info', encoding: 'json' },
  metrics: {
    level: note('also counts requests by response, the only count of refused ones', 'detailed'),
    readers: [
      {
        pull: {
          exporter: { prometheus: { host: env('AFN_SELF_METRICS_HOST'), port: env('AFN_SELF_METRICS_PORT') } },
        },
      },
    ],
  },
})

const tracePipelines = ({ langfuse }: Plan): Section => ({
  'traces/redact': {
    receivers: [toRedact],
    processors: [
      'filter/invalid',
      agents.spans,
      'transform/types',
      'transform/stash',
      'redaction/pii',
      'transform/restore',
    ],
    exporters: ['forward/clean', ...(langfuse ? [toLlm] : []), leakCount, dataQuality.llm, counts.llm],
  },
  // Behind forward/clean, not parallel to it: the batch behind the samplers may change spans, so the Collector takes all that leads
  // there for a change, and makes a copy of every span for each other place where it is read.
  'traces/watch': { receivers: ['forward/clean'], exporters: ['span_metrics', dataQuality.every] },
  'traces/detailed': { receivers: ['forward/clean'], exporters: ['otlp_grpc/tempo-detailed'] },
  'traces/keep': {
    receivers: ['forward/clean'],
    processors: ['tail_sampling/keep', 'batch/kept'],
    exporters: ['forward/kept'],
  },
  'traces/sampled': { receivers: ['forward/kept'], exporters: ['otlp_grpc/tempo-sampled'] },
  'traces/errors': {
    receivers: ['forward/kept'],
    processors: ['tail_sampling/errors', 'batch/kept'],
    exporters: ['otlp_grpc/tempo-errors'],
  },
})

export const otlpReceiver = (): Section => ({
  protocols: note(
    [
      'Loopback by default: the receiver requires no password, and anyone who reaches it can write to',
      'every tier. A container sets AFN_OTLP_HTTP and AFN_OTLP_GRPC, and its network decides who reaches it.',
    ].join('\n'),
    {
      grpc: { endpoint: env('AFN_OTLP_GRPC'), max_recv_msg_size_mib: 16 },
      http: {
        endpoint: env('AFN_OTLP_HTTP'),
        max_request_body_size: note(
          'bytes, uncompressed; larger requests get a 400, which OTLP clients do not retry',
          16 * 2 ** 20,
        ),
      },
    },
  ),
})

/** The attributes that the registry calls doubles, as doubles. */
function types(): Section {
  const doubles = (context: string, keys: readonly string[]): Section => ({
    statements: keys.map(key => {
      const attribute = `${context}.attributes["${key}"]`
      return `set(${attribute}, Double(${attribute})) where IsInt(${attribute})`
    }),
  })
  // vitals come from our browser SDK alone, which writes them as doubles; each statement costs every span
  const keys = [...DOUBLE_KEYS].filter(key => !key.startsWith('afn.web_vital.'))
  const ofEvaluations = keys.filter(key => key.includes('.evaluation.'))
  return note(
    'JavaScript sends 1.0 as an int, and TraceQL never matches an int with a float, so queries would find nothing.',
    {
      error_mode: 'ignore',
      trace_statements: [doubles('span', keys), doubles('spanevent', ofEvaluations)],
    },
  )
}
