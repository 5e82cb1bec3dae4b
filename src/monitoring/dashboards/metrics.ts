/**
 * Every metric that a board may ask for: what the SDK and the Collector send, by OpenTelemetry's names, and what Prometheus and the
 * rules of the SLOs have by names of their own. A query is written with these and never with a name in quotes, so that a panel
 * can't ask for what nobody sends.
 */
import {
  METRIC_DB_CLIENT_CONNECTION_COUNT,
  METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
  METRIC_NODEJS_EVENTLOOP_DELAY_P50,
  METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  METRIC_NODEJS_EVENTLOOP_UTILIZATION,
  METRIC_PROCESS_CPU_UTILIZATION,
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_UPTIME,
  METRIC_SYSTEM_CPU_UTILIZATION,
  METRIC_SYSTEM_FILESYSTEM_UTILIZATION,
  METRIC_SYSTEM_MEMORY_UTILIZATION,
  METRIC_V8JS_GC_DURATION,
  METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE,
  METRIC_V8JS_MEMORY_HEAP_USED,
} from '@opentelemetry/semantic-conventions/incubating'
import * as names from '../../../semconv'
import { type Kind, labelName, metricName } from '../../shared/otlp/prometheus-names'

export type Instrument = 'counter' | 'gauge' | 'updowncounter' | 'histogram'

/** A metric as OpenTelemetry has it. */
export interface Metric {
  readonly name: string
  /** In UCUM, such as `s` or `{USD}`. */
  readonly unit: string
  readonly instrument: Instrument
}

const of =
  (instrument: Instrument) =>
  (name: string, options: string | { readonly unit: string }): Metric => ({
    name,
    unit: typeof options === 'string' ? options : options.unit,
    instrument,
  })
const [counter, gauge, upDown, histogram] = [of('counter'), of('gauge'), of('updowncounter'), of('histogram')]

/** What the SDK sends, and what the Collector counts of spans and logs. */
export const metrics = {
  cost: counter(names.METRIC_AFN_LLM_COST, names.METRIC_OPTIONS_AFN_LLM_COST),
  costPerCall: histogram(names.METRIC_AFN_LLM_OPERATION_COST, names.METRIC_OPTIONS_AFN_LLM_OPERATION_COST),
  budgetAmount: gauge(names.METRIC_AFN_BUDGET_AMOUNT, names.METRIC_OPTIONS_AFN_BUDGET_AMOUNT),
  budgetSpent: gauge(names.METRIC_AFN_BUDGET_SPENT, names.METRIC_OPTIONS_AFN_BUDGET_SPENT),
  budgetForecast: gauge(names.METRIC_AFN_BUDGET_FORECAST, names.METRIC_OPTIONS_AFN_BUDGET_FORECAST),
  budgetThreshold: gauge(names.METRIC_AFN_BUDGET_THRESHOLD, names.METRIC_OPTIONS_AFN_BUDGET_THRESHOLD),
  unpriced: counter(names.METRIC_AFN_LLM_UNPRICED_OPERATIONS, names.METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS),
  evaluations: counter(names.METRIC_AFN_LLM_EVALUATION_RESULTS, names.METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS),
  scores: histogram(names.METRIC_AFN_LLM_EVALUATION_SCORE, names.METRIC_OPTIONS_AFN_LLM_EVALUATION_SCORE),
  calls: histogram(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION,
  ),
  otherCalls: histogram(
    names.METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION,
  ),
  embeddings: histogram(
    names.METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  ),
  embeddingTokens: histogram(
    names.METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  ),
  agentRuns: histogram(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, names.METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_DURATION),
  callsPerRun: histogram(
    names.METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
    names.METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  ),
  toolsPerRun: histogram(
    names.METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
    names.METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  ),
  toolRuns: histogram(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, names.METRIC_OPTIONS_GEN_AI_EXECUTE_TOOL_DURATION),
  searches: histogram(names.METRIC_GEN_AI_RETRIEVAL_DURATION, names.METRIC_OPTIONS_GEN_AI_RETRIEVAL_DURATION),
  mcpRequests: histogram(
    names.METRIC_MCP_CLIENT_OPERATION_DURATION,
    names.METRIC_OPTIONS_MCP_CLIENT_OPERATION_DURATION,
  ),
  mcpAnswers: histogram(names.METRIC_MCP_SERVER_OPERATION_DURATION, names.METRIC_OPTIONS_MCP_SERVER_OPERATION_DURATION),
  mcpClientSessions: histogram(
    names.METRIC_MCP_CLIENT_SESSION_DURATION,
    names.METRIC_OPTIONS_MCP_CLIENT_SESSION_DURATION,
  ),
  mcpServerSessions: histogram(
    names.METRIC_MCP_SERVER_SESSION_DURATION,
    names.METRIC_OPTIONS_MCP_SERVER_SESSION_DURATION,
  ),
  firstChunk: histogram(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  ),
  perChunk: histogram(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  ),
  inputTokens: counter(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  ),
  outputTokens: counter(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  ),
  cacheReadTokens: counter(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  ),
  cacheWriteTokens: counter(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ),
  reasoningTokens: counter(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  ),
  inputTokensPerCall: histogram(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  ),
  outputTokensPerCall: histogram(
    names.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
    names.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  ),
  tokenUsage: histogram(names.METRIC_GEN_AI_CLIENT_TOKEN_USAGE, names.METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE),
  checkState: upDown(names.METRIC_AFN_HEALTH_CHECK_STATUS, names.METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS),
  checkDuration: histogram(names.METRIC_AFN_HEALTH_CHECK_DURATION, names.METRIC_OPTIONS_AFN_HEALTH_CHECK_DURATION),
  masked: counter(names.METRIC_AFN_REDACTION_MATCHES, names.METRIC_OPTIONS_AFN_REDACTION_MATCHES),
  maskedValues: counter(names.METRIC_AFN_REDACTION_VALUES, names.METRIC_OPTIONS_AFN_REDACTION_VALUES),
  maskingErrors: counter(names.METRIC_AFN_REDACTION_ERRORS, names.METRIC_OPTIONS_AFN_REDACTION_ERRORS),
  maskingBudget: counter(
    names.METRIC_AFN_REDACTION_BUDGET_EXCEEDED,
    names.METRIC_OPTIONS_AFN_REDACTION_BUDGET_EXCEEDED,
  ),
  leaks: counter(names.METRIC_AFN_REDACTION_LEAKS, names.METRIC_OPTIONS_AFN_REDACTION_LEAKS),
  violations: counter(names.METRIC_AFN_DQ_VIOLATIONS, names.METRIC_OPTIONS_AFN_DQ_VIOLATIONS),
  logsDropped: counter(names.METRIC_AFN_LOGS_DROPPED, names.METRIC_OPTIONS_AFN_LOGS_DROPPED),

  // what the Collector counts of spans and logs, see src/pipeline/deployment/count-connectors.ts
  featureCost: counter(names.METRIC_AFN_LLM_FEATURE_COST, names.METRIC_OPTIONS_AFN_LLM_FEATURE_COST),
  agentCost: counter(names.METRIC_AFN_AGENT_COST, names.METRIC_OPTIONS_AFN_AGENT_COST),
  agentEdits: counter(names.METRIC_AFN_AGENT_EDITS, names.METRIC_OPTIONS_AFN_AGENT_EDITS),
  agentSessions: counter(names.METRIC_AFN_AGENT_SESSIONS, names.METRIC_OPTIONS_AFN_AGENT_SESSIONS),
  guardrails: counter(
    names.METRIC_AFN_LLM_GUARDRAIL_INTERVENTIONS,
    names.METRIC_OPTIONS_AFN_LLM_GUARDRAIL_INTERVENTIONS,
  ),
  auditEntries: counter(names.METRIC_AFN_AUDIT_LOG_ENTRIES, names.METRIC_OPTIONS_AFN_AUDIT_LOG_ENTRIES),
  auditCheckpoint: gauge(
    names.METRIC_AFN_AUDIT_LOG_CHECKPOINT_TIME,
    names.METRIC_OPTIONS_AFN_AUDIT_LOG_CHECKPOINT_TIME,
  ),
  vitals: histogram(names.METRIC_AFN_WEB_VITAL_DURATION, names.METRIC_OPTIONS_AFN_WEB_VITAL_DURATION),
  layoutShift: histogram(names.METRIC_AFN_WEB_VITAL_LAYOUT_SHIFT, names.METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT),

  requests: histogram(METRIC_HTTP_SERVER_REQUEST_DURATION, 's'),
  clientRequests: histogram(METRIC_HTTP_CLIENT_REQUEST_DURATION, 's'),
  queries: histogram(METRIC_DB_CLIENT_OPERATION_DURATION, 's'),
  connections: upDown(METRIC_DB_CLIENT_CONNECTION_COUNT, '{connection}'),
  pendingConnections: upDown(METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS, '{request}'),
  loopDelayP50: gauge(METRIC_NODEJS_EVENTLOOP_DELAY_P50, 's'),
  loopDelayP99: gauge(METRIC_NODEJS_EVENTLOOP_DELAY_P99, 's'),
  loopUtilization: gauge(METRIC_NODEJS_EVENTLOOP_UTILIZATION, '1'),
  heapUsed: upDown(METRIC_V8JS_MEMORY_HEAP_USED, 'By'),
  heapSize: upDown(METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE, 'By'),
  garbageCollection: histogram(METRIC_V8JS_GC_DURATION, 's'),
  residentMemory: upDown(METRIC_PROCESS_MEMORY_USAGE, 'By'),
  processCpu: gauge(METRIC_PROCESS_CPU_UTILIZATION, '1'),
  uptime: gauge(METRIC_PROCESS_UPTIME, 's'),
  machineCpu: gauge(METRIC_SYSTEM_CPU_UTILIZATION, '1'),
  machineMemory: gauge(METRIC_SYSTEM_MEMORY_UTILIZATION, '1'),
  disk: gauge(METRIC_SYSTEM_FILESYSTEM_UTILIZATION, '1'),

  // what `afn-otel cloudflare metrics --watch` and the monitoring Worker send
  edgeRequests: gauge(names.METRIC_AFN_CLOUDFLARE_REQUESTS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_REQUESTS),
  edgeFirstByte: gauge(
    names.METRIC_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE,
    names.METRIC_OPTIONS_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE,
  ),
  originDuration: gauge(
    names.METRIC_AFN_CLOUDFLARE_ORIGIN_DURATION,
    names.METRIC_OPTIONS_AFN_CLOUDFLARE_ORIGIN_DURATION,
  ),
  firewallEvents: gauge(
    names.METRIC_AFN_CLOUDFLARE_FIREWALL_EVENTS,
    names.METRIC_OPTIONS_AFN_CLOUDFLARE_FIREWALL_EVENTS,
  ),
  workerRequests: gauge(
    names.METRIC_AFN_CLOUDFLARE_WORKER_REQUESTS,
    names.METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_REQUESTS,
  ),
  workerErrors: gauge(names.METRIC_AFN_CLOUDFLARE_WORKER_ERRORS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_ERRORS),
  pagesRequests: gauge(names.METRIC_AFN_CLOUDFLARE_PAGES_REQUESTS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_REQUESTS),
  pageLoads: gauge(names.METRIC_AFN_CLOUDFLARE_PAGE_LOADS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_LOADS),
  edgeSampling: gauge(names.METRIC_AFN_CLOUDFLARE_SAMPLE_INTERVAL, names.METRIC_OPTIONS_AFN_CLOUDFLARE_SAMPLE_INTERVAL),
  edgeLag: gauge(names.METRIC_AFN_CLOUDFLARE_LAG, names.METRIC_OPTIONS_AFN_CLOUDFLARE_LAG),
  probeUp: gauge(names.METRIC_AFN_PROBE_UP, names.METRIC_OPTIONS_AFN_PROBE_UP),
  probeDuration: gauge(names.METRIC_AFN_PROBE_DURATION, names.METRIC_OPTIONS_AFN_PROBE_DURATION),
  monitorRun: gauge(names.METRIC_AFN_MONITOR_LAST_RUN, names.METRIC_OPTIONS_AFN_MONITOR_LAST_RUN),
  heartbeatAge: gauge(names.METRIC_AFN_MONITOR_HEARTBEAT_AGE, names.METRIC_OPTIONS_AFN_MONITOR_HEARTBEAT_AGE),

  // of the connector `span_metrics`, in the namespace that src/pipeline/deployment gives it
  spans: counter('afn.span.calls', ''),
  spanDuration: histogram('afn.span.duration', 's'),
} as const satisfies Record<string, Metric>

/** By OpenTelemetry's name. */
export const metricNamed = (name: string): Metric | undefined =>
  Object.values(metrics).find(metric => metric.name === name)

/** What Prometheus calls it; of a histogram the stem of its three series. */
export function nameOf({ name, unit, instrument }: Metric): string {
  const kinds: Partial<Record<Instrument, Kind>> = { counter: 'counter', gauge: 'gauge' }
  return metricName(name, unit, kinds[instrument] ?? 'other') ?? name
}

/** What Prometheus calls an attribute. */
export const labelOf = (attribute: string): string => labelName(attribute) ?? attribute

/** Records of the SLOs, by the names that Sloth gave them. */
export const records = {
  objective: 'slo:objective:ratio',
  budget: 'slo:error_budget:ratio',
  budgetLeft: 'slo:period_error_budget_remaining:ratio',
  periodBurn: 'slo:period_burn_rate:ratio',
  currentBurn: 'slo:current_burn_rate:ratio',
  errors1h: 'slo:sli_error:ratio_rate1h',
  errors6h: 'slo:sli_error:ratio_rate6h',
  errors3d: 'slo:sli_error:ratio_rate3d',
  /** 1 while something is excluded from an SLO, as in a maintenance window. */
  excluded: 'slo_exclude',
} as const

/** Of Prometheus and of the Collector's own metrics. */
export const ofServers = {
  alerts: 'ALERTS',
  up: 'up',
  target: 'target_info',
  refusedSpans: 'otelcol_receiver_refused_spans',
  acceptedSpans: 'otelcol_receiver_accepted_spans',
  failedSpans: 'otelcol_exporter_send_failed_spans',
  queueSize: 'otelcol_exporter_queue_size',
} as const

/** The series of a metric in Prometheus. */
export const seriesOf = (metric: Metric): readonly string[] => {
  const name = nameOf(metric)
  return metric.instrument === 'histogram' ? ['_bucket', '_count', '_sum'].map(suffix => name + suffix) : [name]
}

/** Every name that a query may have in it. */
export const knownSeries: ReadonlySet<string> = new Set([
  ...Object.values(metrics).flatMap(seriesOf),
  ...Object.values(records),
  ...Object.values(ofServers),
])
