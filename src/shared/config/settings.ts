// The one table of settings. `resolve.ts` reads it; `docs/settings.md`, `afn-otel config --explain` and the `Settings`
// type are made from it. OpenTelemetry's own names come first; `AFN_*` stands only where it has none.
import {
  attributes,
  choices,
  cipherKey,
  duration,
  flag,
  headers,
  type Kind,
  list,
  otelFlag,
  ratio,
  text,
  timeout,
  url,
  whole,
  word,
  words,
} from './kinds'

export interface Setting<T> {
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[]
  /** Path in the settings file. */
  readonly file: string
  readonly kind: Kind<T>
  readonly fallback: T
  /** Never printed. */
  readonly secret?: true
}

function setting<T>(env: string | string[], file: string, kind: Kind<T>, fallback: T): Setting<T> {
  return { env: [env].flat(), file, kind, fallback }
}

/** A setting without a default: `undefined` when nothing is given. */
function optional<T>(env: string | string[], file: string, kind: Kind<T>): Setting<T | undefined> {
  return { env: [env].flat(), file, kind, fallback: undefined }
}

function secret<T>(of: Setting<T>): Setting<T> {
  return { ...of, secret: true }
}

const exporters = ['otlp', 'console', 'none'] as const
const protocols = ['http/protobuf', 'http/json'] as const
const modes = ['mask', 'pseudonym', 'drop', 'partial'] as const
const compressions = ['gzip', 'none'] as const
const checks = ['turso', 'redis', 'postgres', 'langfuse', 'llm', 'collector', 'disk'] as const
const samplers = [
  'record_all',
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

const per = (signal: string) => (name: string) => `OTEL_EXPORTER_OTLP_${signal}_${name}`
const traces = per('TRACES')
const metrics = per('METRICS')
const logs = per('LOGS')

export const settings = {
  disabled: setting('OTEL_SDK_DISABLED', 'disabled', otelFlag, false),
  serviceName: optional('OTEL_SERVICE_NAME', 'service.name', text),
  resourceAttributes: setting('OTEL_RESOURCE_ATTRIBUTES', 'resource', attributes, {}),
  resourceDetectors: setting(
    'OTEL_NODE_RESOURCE_DETECTORS',
    'resource_detectors',
    words(
      ['env', 'host', 'os', 'process', 'serviceinstance', 'container', 'aws', 'gcp', 'azure', 'alibaba', 'all', 'none'],
      ['all', 'none'],
    ),
    ['env', 'host', 'os', 'process', 'serviceinstance'],
  ),
  propagators: setting(
    'OTEL_PROPAGATORS',
    'propagators',
    words(['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger', 'xray', 'none'], ['none']),
    ['tracecontext', 'baggage'],
  ),
  trustBaggage: setting('AFN_TRUST_BAGGAGE', 'trust_baggage', flag, false),
  mcpBaggageHosts: setting('AFN_MCP_BAGGAGE_HOSTS', 'mcp_baggage_hosts', list, []),
  sampler: setting('OTEL_TRACES_SAMPLER', 'traces.sampler', word(samplers), 'record_all'),
  samplerArg: setting('OTEL_TRACES_SAMPLER_ARG', 'traces.sampler_arg', ratio, 1),
  tracesExporter: setting<readonly (typeof exporters)[number][]>(
    'OTEL_TRACES_EXPORTER',
    'traces.exporter',
    words(exporters, ['none']),
    ['otlp'],
  ),
  metricsExporter: setting<readonly ('prometheus' | (typeof exporters)[number])[]>(
    'OTEL_METRICS_EXPORTER',
    'metrics.exporter',
    words([...exporters, 'prometheus'], ['none']),
    ['otlp'],
  ),
  logsExporter: setting<readonly (typeof exporters)[number][]>(
    'OTEL_LOGS_EXPORTER',
    'logs.exporter',
    words(exporters, ['none']),
    ['otlp'],
  ),
  otlpEndpoint: setting('OTEL_EXPORTER_OTLP_ENDPOINT', 'otlp.endpoint', url, 'http://localhost:4318'),
  otlpHeaders: secret(setting('OTEL_EXPORTER_OTLP_HEADERS', 'otlp.headers', headers, {})),
  otlpProtocol: setting('OTEL_EXPORTER_OTLP_PROTOCOL', 'otlp.protocol', word(protocols), 'http/protobuf'),
  otlpCompression: setting('OTEL_EXPORTER_OTLP_COMPRESSION', 'otlp.compression', word(compressions), 'gzip'),
  otlpTimeout: setting('OTEL_EXPORTER_OTLP_TIMEOUT', 'otlp.timeout', timeout, 10_000),
  otlpCertificate: optional('OTEL_EXPORTER_OTLP_CERTIFICATE', 'otlp.certificate', text),
  otlpClientCertificate: optional('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', 'otlp.client_certificate', text),
  otlpClientKey: optional('OTEL_EXPORTER_OTLP_CLIENT_KEY', 'otlp.client_key', text),
  tracesEndpoint: optional(traces('ENDPOINT'), 'traces.endpoint', url),
  tracesHeaders: secret(optional(traces('HEADERS'), 'traces.headers', headers)),
  tracesProtocol: optional(traces('PROTOCOL'), 'traces.protocol', word(protocols)),
  tracesCompression: optional(traces('COMPRESSION'), 'traces.compression', word(compressions)),
  tracesTimeout: optional(traces('TIMEOUT'), 'traces.timeout', timeout),
  tracesCertificate: optional(traces('CERTIFICATE'), 'traces.certificate', text),
  tracesClientCertificate: optional(traces('CLIENT_CERTIFICATE'), 'traces.client_certificate', text),
  tracesClientKey: optional(traces('CLIENT_KEY'), 'traces.client_key', text),
  metricsEndpoint: optional(metrics('ENDPOINT'), 'metrics.endpoint', url),
  metricsHeaders: secret(optional(metrics('HEADERS'), 'metrics.headers', headers)),
  metricsProtocol: optional(metrics('PROTOCOL'), 'metrics.protocol', word(protocols)),
  metricsCompression: optional(metrics('COMPRESSION'), 'metrics.compression', word(compressions)),
  metricsTimeout: optional(metrics('TIMEOUT'), 'metrics.timeout', timeout),
  metricsCertificate: optional(metrics('CERTIFICATE'), 'metrics.certificate', text),
  metricsClientCertificate: optional(metrics('CLIENT_CERTIFICATE'), 'metrics.client_certificate', text),
  metricsClientKey: optional(metrics('CLIENT_KEY'), 'metrics.client_key', text),
  logsEndpoint: optional(logs('ENDPOINT'), 'logs.endpoint', url),
  logsHeaders: secret(optional(logs('HEADERS'), 'logs.headers', headers)),
  logsProtocol: optional(logs('PROTOCOL'), 'logs.protocol', word(protocols)),
  logsCompression: optional(logs('COMPRESSION'), 'logs.compression', word(compressions)),
  logsTimeout: optional(logs('TIMEOUT'), 'logs.timeout', timeout),
  logsCertificate: optional(logs('CERTIFICATE'), 'logs.certificate', text),
  logsClientCertificate: optional(logs('CLIENT_CERTIFICATE'), 'logs.client_certificate', text),
  logsClientKey: optional(logs('CLIENT_KEY'), 'logs.client_key', text),
  metricsTemporality: setting(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'metrics.temporality',
    word(['cumulative', 'delta', 'lowmemory']),
    'cumulative',
  ),
  metricsHistogram: setting(
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'metrics.histogram',
    word(['explicit_bucket_histogram', 'base2_exponential_bucket_histogram']),
    'explicit_bucket_histogram',
  ),
  exceptionSignal: setting(
    'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN',
    'semconv.exceptions',
    word(['spans', 'logs', 'logs/dup']),
    'spans',
  ),
  semconvCompat: setting('AFN_SEMCONV_COMPAT', 'semconv.compat', word(['none', 'v1.41']), 'none'),
  evaluators: optional('AFN_EVALUATORS', 'llm.evaluators', text),
  sloFiles: setting('AFN_SLO_FILE', 'pipeline.slo', list, []),
  prometheusHost: setting('OTEL_EXPORTER_PROMETHEUS_HOST', 'metrics.prometheus.host', text, '127.0.0.1'),
  prometheusPort: setting('OTEL_EXPORTER_PROMETHEUS_PORT', 'metrics.prometheus.port', whole(1, 65_535), 9_464),
  metricInterval: setting('OTEL_METRIC_EXPORT_INTERVAL', 'metrics.interval', duration(1), 60_000),
  metricTimeout: setting('OTEL_METRIC_EXPORT_TIMEOUT', 'metrics.export_timeout', timeout, 30_000),
  spanDelay: setting('OTEL_BSP_SCHEDULE_DELAY', 'traces.batch.delay', duration(), 5_000),
  spanTimeout: setting('OTEL_BSP_EXPORT_TIMEOUT', 'traces.batch.timeout', timeout, 30_000),
  spanQueue: setting('OTEL_BSP_MAX_QUEUE_SIZE', 'traces.batch.queue', whole(1), 65_536),
  spanBatch: setting('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'traces.batch.size', whole(1), 512),
  logDelay: setting('OTEL_BLRP_SCHEDULE_DELAY', 'logs.batch.delay', duration(), 1_000),
  logTimeout: setting('OTEL_BLRP_EXPORT_TIMEOUT', 'logs.batch.timeout', timeout, 30_000),
  logQueue: setting('OTEL_BLRP_MAX_QUEUE_SIZE', 'logs.batch.queue', whole(1), 65_536),
  logBatch: setting('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 'logs.batch.size', whole(1), 512),
  spanValueLength: optional(
    ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    'limits.span_value_length',
    whole(0),
  ),
  spanAttributes: setting(
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    'limits.span_attributes',
    whole(0),
    128,
  ),
  spanEvents: setting('OTEL_SPAN_EVENT_COUNT_LIMIT', 'limits.span_events', whole(0), 128),
  spanLinks: setting('OTEL_SPAN_LINK_COUNT_LIMIT', 'limits.span_links', whole(0), 128),
  eventAttributes: setting(
    ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'],
    'limits.event_attributes',
    whole(0),
    128,
  ),
  linkAttributes: setting(
    ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'],
    'limits.link_attributes',
    whole(0),
    128,
  ),
  logValueLength: optional(
    ['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    'limits.log_value_length',
    whole(0),
  ),
  logAttributes: setting(
    ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    'limits.log_attributes',
    whole(0),
    128,
  ),
  enabledInstrumentations: optional('OTEL_NODE_ENABLED_INSTRUMENTATIONS', 'instrumentations.enabled', list),
  disabledInstrumentations: setting('OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'instrumentations.disabled', list, []),
  middlewareSpans: setting('AFN_MIDDLEWARE_SPANS', 'instrumentations.middleware_spans', flag, false),
  serverRequestHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST',
    'instrumentations.headers.server_request',
    list,
    [],
  ),
  serverResponseHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE',
    'instrumentations.headers.server_response',
    list,
    [],
  ),
  clientRequestHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST',
    'instrumentations.headers.client_request',
    list,
    [],
  ),
  clientResponseHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE',
    'instrumentations.headers.client_response',
    list,
    [],
  ),
  logCorrelation: setting('AFN_LOG_CORRELATION', 'logs.correlation', flag, true),
  captureContent: setting(
    ['AFN_CAPTURE_CONTENT', 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'],
    'llm.capture_content',
    word(['off', 'redacted', 'full'], {
      false: 'off',
      no_content: 'off',
      true: 'redacted',
      span_only: 'redacted',
      event_only: 'redacted',
      span_and_event: 'redacted',
    }),
    'off',
  ),
  contentEvents: setting('OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT', 'llm.content_events', flag, true),
  dialectOriginals: setting('AFN_DIALECT_ORIGINALS', 'llm.dialect_originals', word(['keep', 'drop']), 'keep'),
  includeUsage: setting(
    'AFN_INCLUDE_USAGE',
    'llm.include_usage',
    word(['auto', 'on', 'off'], { true: 'on', 1: 'on', yes: 'on', false: 'off', 0: 'off', no: 'off', none: 'off' }),
    'auto',
  ),
  providerTraceHosts: setting('AFN_PROVIDER_TRACE_HOSTS', 'llm.provider_trace_hosts', list, []),
  record: optional('AFN_RECORD', 'llm.record', text),
  redaction: setting('AFN_REDACTION', 'redaction.enabled', flag, true),
  redactionNames: setting('AFN_REDACTION_NAMES', 'redaction.names', flag, true),
  redactionMode: setting('AFN_REDACTION_MODE', 'redaction.mode', word(modes), 'mask'),
  redactionTypes: setting('AFN_REDACTION_TYPES', 'redaction.types', choices(modes), {}),
  redactionKeys: setting('AFN_REDACTION_KEYS', 'redaction.keys', choices(modes), {}),
  redactionAllow: setting('AFN_REDACTION_ALLOW', 'redaction.allow.values', list, []),
  redactionAllowKeys: setting('AFN_REDACTION_ALLOW_KEYS', 'redaction.allow.keys', list, []),
  redactionDeny: setting('AFN_REDACTION_DENY', 'redaction.deny.values', list, []),
  redactionDenyKeys: setting('AFN_REDACTION_DENY_KEYS', 'redaction.deny.keys', list, []),
  pseudonymizeUserId: setting('AFN_PSEUDONYMIZE_USER_ID', 'redaction.pseudonymize_user_id', flag, false),
  hmacKey: secret(optional('AFN_HMAC_KEY', 'redaction.hmac_key', cipherKey)),
  hmacKeyFile: optional('AFN_HMAC_KEY_FILE', 'redaction.hmac_key_file', text),
  suppressionList: optional('AFN_SUPPRESSION_LIST', 'suppression.list', text),
  suppressionKeyFile: optional('AFN_SUPPRESSION_KEY_FILE', 'suppression.key_file', text),
  suppressionInterval: setting('AFN_SUPPRESSION_INTERVAL', 'suppression.interval', whole(100, 30_000), 15_000),
  prices: optional('AFN_PRICES', 'llm.prices', text),
  guard: setting('AFN_GUARD', 'llm.guard', list, []),
  loops: setting('AFN_LOOPS', 'llm.loops', word(['off', 'report', 'stop']), 'off'),
  loopsAllow: setting('AFN_LOOPS_ALLOW', 'llm.loops_allow', list, []),
  langfuseAttributes: setting('AFN_LANGFUSE_ATTRIBUTES', 'langfuse.attributes', flag, true),
  langfuseHost: setting(
    ['LANGFUSE_HOST', 'LANGFUSE_BASE_URL', 'LANGFUSE_BASEURL'],
    'langfuse.host',
    url,
    'https://cloud.langfuse.com',
  ),
  langfusePublicKey: optional('LANGFUSE_PUBLIC_KEY', 'langfuse.public_key', text),
  langfuseSecretKey: secret(optional('LANGFUSE_SECRET_KEY', 'langfuse.secret_key', text)),
  standDown: setting('AFN_STAND_DOWN', 'stand_down', flag, true),
  workers: setting('AFN_WORKERS', 'workers', flag, false),
  shutdownTimeout: setting('AFN_SHUTDOWN_TIMEOUT', 'shutdown_timeout', duration(), 2_000),
  spool: setting('AFN_SPOOL', 'spool', flag, true),
  spoolDir: optional('AFN_SPOOL_DIR', 'spool_dir', text),
  health: setting('AFN_HEALTH', 'health.enabled', flag, false),
  healthPort: setting('AFN_HEALTH_PORT', 'health.port', whole(1, 65_535), 8_000),
  healthHost: optional('AFN_HEALTH_HOST', 'health.host', text),
  healthToken: secret(optional('AFN_HEALTH_TOKEN', 'health.token', text)),
  healthChecks: setting<readonly ('auto' | 'none' | (typeof checks)[number])[]>(
    'AFN_HEALTH_CHECKS',
    'health.checks',
    words(['auto', 'none', ...checks], ['none', 'auto']),
    ['auto'],
  ),
  healthRequired: setting<readonly ('none' | 'turso' | 'redis' | 'postgres' | 'disk')[]>(
    'AFN_HEALTH_REQUIRED',
    'health.required',
    words(['none', 'turso', 'redis', 'postgres', 'disk'], ['none']),
    ['turso', 'postgres'],
  ),
  healthCache: setting('AFN_HEALTH_CACHE', 'health.cache', duration(100), 5_000),
  healthDrain: setting('AFN_HEALTH_DRAIN', 'health.drain', duration(), 5_000),
  localMaxBytes: setting('AFN_LOCAL_MAX_BYTES', 'local.max_bytes', whole(0), 10 * 2 ** 30),
  auditDir: optional('AFN_AUDIT_DIR', 'audit.dir', text),
  auditKeys: optional('AFN_AUDIT_KEYS', 'audit.keys', text),
  auditCheckpoints: optional('AFN_AUDIT_CHECKPOINTS', 'audit.checkpoints', text),
  gdprDir: optional('AFN_GDPR_DIR', 'gdpr.dir', text),
  gdprKey: optional('AFN_GDPR_KEY', 'gdpr.key', text),
  logDir: optional('AFN_LOG_DIR', 'logs.dir', text),
  logConfig: optional('AFN_LOG_CONFIG', 'logs.config', text),
  appLogLevel: optional(
    'LOG_LEVEL',
    'logs.level',
    word(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  ),
  logLevel: setting(
    ['AFN_LOG_LEVEL', 'OTEL_LOG_LEVEL'],
    'log_level',
    word(['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all']),
    'warn',
  ),
}

export type SettingName = keyof typeof settings
export type Settings = { readonly [K in SettingName]: (typeof settings)[K] extends Setting<infer T> ? T : never }
