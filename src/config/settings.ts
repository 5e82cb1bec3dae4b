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
  /** One sentence: what it does, and the unit. */
  readonly doc: string
}

function setting<T>(env: string | string[], file: string, kind: Kind<T>, fallback: T, doc: string): Setting<T> {
  return { env: [env].flat(), file, kind, fallback, doc }
}

/** A setting without a default: `undefined` when nothing is given. */
function optional<T>(env: string | string[], file: string, kind: Kind<T>, doc: string): Setting<T | undefined> {
  return { env: [env].flat(), file, kind, fallback: undefined, doc }
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
const inherits = 'overrides the common value for this signal'

export const settings = {
  disabled: setting('OTEL_SDK_DISABLED', 'disabled', otelFlag, false, 'Starts nothing at all.'),
  serviceName: optional(
    'OTEL_SERVICE_NAME',
    'service.name',
    text,
    'Name of the service; without it the `name` in the package.json beside the entry file.',
  ),
  resourceAttributes: setting(
    'OTEL_RESOURCE_ATTRIBUTES',
    'resource',
    attributes,
    {},
    'Further attributes of the resource.',
  ),
  resourceDetectors: setting(
    'OTEL_NODE_RESOURCE_DETECTORS',
    'resource_detectors',
    words(
      ['env', 'host', 'os', 'process', 'serviceinstance', 'container', 'aws', 'gcp', 'azure', 'alibaba', 'all', 'none'],
      ['all', 'none'],
    ),
    ['env', 'host', 'os', 'process', 'serviceinstance'],
    'Where resource attributes come from; container and the clouds are opt-in, since they read files or call the network.',
  ),
  propagators: setting(
    'OTEL_PROPAGATORS',
    'propagators',
    words(['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger', 'xray', 'none'], ['none']),
    ['tracecontext', 'baggage'],
    'How trace context travels between services. What comes in is read by all; the last that finds a trace counts.',
  ),
  trustBaggage: setting(
    'AFN_TRUST_BAGGAGE',
    'trust_baggage',
    flag,
    false,
    'Takes over the `baggage` header of incoming requests; anybody can send one.',
  ),
  sampler: setting(
    'OTEL_TRACES_SAMPLER',
    'traces.sampler',
    word(samplers),
    'record_all',
    '`record_all` records everything, also when a remote parent says "not sampled": the Collector decides what is kept. What the parent said is sent on, so that other services below keep to it. Metrics count every call, whatever the sampler leaves out.',
  ),
  samplerArg: setting(
    'OTEL_TRACES_SAMPLER_ARG',
    'traces.sampler_arg',
    ratio,
    1,
    'Ratio of the `traceidratio` samplers.',
  ),
  tracesExporter: setting<readonly (typeof exporters)[number][]>(
    'OTEL_TRACES_EXPORTER',
    'traces.exporter',
    words(exporters, ['none']),
    ['otlp'],
    'Where spans go, one or several.',
  ),
  metricsExporter: setting<readonly ('prometheus' | (typeof exporters)[number])[]>(
    'OTEL_METRICS_EXPORTER',
    'metrics.exporter',
    words([...exporters, 'prometheus'], ['none']),
    ['otlp'],
    'Where metrics go, one or several; `prometheus` is an address of this process that Prometheus scrapes.',
  ),
  logsExporter: setting<readonly (typeof exporters)[number][]>(
    'OTEL_LOGS_EXPORTER',
    'logs.exporter',
    words(exporters, ['none']),
    ['otlp'],
    'Where log records go, one or several.',
  ),
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'otlp.endpoint',
    url,
    'http://localhost:4318',
    'OTLP/HTTP base URL of the Collector; `/v1/traces` and so on are added.',
  ),
  otlpHeaders: secret(
    setting('OTEL_EXPORTER_OTLP_HEADERS', 'otlp.headers', headers, {}, 'Headers of each export request.'),
  ),
  otlpProtocol: setting(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'otlp.protocol',
    word(protocols),
    'http/protobuf',
    'Encoding of exports; gRPC is not offered, every Collector has HTTP on 4318.',
  ),
  otlpCompression: setting(
    'OTEL_EXPORTER_OTLP_COMPRESSION',
    'otlp.compression',
    word(compressions),
    'gzip',
    'Compression of exports.',
  ),
  otlpTimeout: setting(
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'otlp.timeout',
    timeout,
    10_000,
    'Longest time for one export with its retries, in ms.',
  ),
  otlpCertificate: optional(
    'OTEL_EXPORTER_OTLP_CERTIFICATE',
    'otlp.certificate',
    text,
    'PEM file with the certificate authority of the endpoint.',
  ),
  otlpClientCertificate: optional(
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    'otlp.client_certificate',
    text,
    'PEM file with the client certificate for mTLS.',
  ),
  otlpClientKey: optional(
    'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    'otlp.client_key',
    text,
    'PEM file with the private key for mTLS.',
  ),
  tracesEndpoint: optional(traces('ENDPOINT'), 'traces.endpoint', url, `Whole URL for spans; ${inherits}.`),
  tracesHeaders: secret(optional(traces('HEADERS'), 'traces.headers', headers, `Headers for spans; ${inherits}.`)),
  tracesProtocol: optional(traces('PROTOCOL'), 'traces.protocol', word(protocols), `Encoding of spans; ${inherits}.`),
  tracesCompression: optional(
    traces('COMPRESSION'),
    'traces.compression',
    word(compressions),
    `Compression of spans; ${inherits}.`,
  ),
  tracesTimeout: optional(traces('TIMEOUT'), 'traces.timeout', timeout, `Export timeout of spans, ms; ${inherits}.`),
  tracesCertificate: optional(
    traces('CERTIFICATE'),
    'traces.certificate',
    text,
    `Certificate authority for spans; ${inherits}.`,
  ),
  tracesClientCertificate: optional(
    traces('CLIENT_CERTIFICATE'),
    'traces.client_certificate',
    text,
    `Client certificate for spans; ${inherits}.`,
  ),
  tracesClientKey: optional(traces('CLIENT_KEY'), 'traces.client_key', text, `Client key for spans; ${inherits}.`),
  metricsEndpoint: optional(metrics('ENDPOINT'), 'metrics.endpoint', url, `Whole URL for metrics; ${inherits}.`),
  metricsHeaders: secret(optional(metrics('HEADERS'), 'metrics.headers', headers, `Headers for metrics; ${inherits}.`)),
  metricsProtocol: optional(
    metrics('PROTOCOL'),
    'metrics.protocol',
    word(protocols),
    `Encoding of metrics; ${inherits}.`,
  ),
  metricsCompression: optional(
    metrics('COMPRESSION'),
    'metrics.compression',
    word(compressions),
    `Compression of metrics; ${inherits}.`,
  ),
  metricsTimeout: optional(
    metrics('TIMEOUT'),
    'metrics.timeout',
    timeout,
    `Export timeout of metrics, ms; ${inherits}.`,
  ),
  metricsCertificate: optional(
    metrics('CERTIFICATE'),
    'metrics.certificate',
    text,
    `Certificate authority for metrics; ${inherits}.`,
  ),
  metricsClientCertificate: optional(
    metrics('CLIENT_CERTIFICATE'),
    'metrics.client_certificate',
    text,
    `Client certificate for metrics; ${inherits}.`,
  ),
  metricsClientKey: optional(metrics('CLIENT_KEY'), 'metrics.client_key', text, `Client key for metrics; ${inherits}.`),
  logsEndpoint: optional(logs('ENDPOINT'), 'logs.endpoint', url, `Whole URL for log records; ${inherits}.`),
  logsHeaders: secret(optional(logs('HEADERS'), 'logs.headers', headers, `Headers for log records; ${inherits}.`)),
  logsProtocol: optional(logs('PROTOCOL'), 'logs.protocol', word(protocols), `Encoding of log records; ${inherits}.`),
  logsCompression: optional(
    logs('COMPRESSION'),
    'logs.compression',
    word(compressions),
    `Compression of log records; ${inherits}.`,
  ),
  logsTimeout: optional(logs('TIMEOUT'), 'logs.timeout', timeout, `Export timeout of log records, ms; ${inherits}.`),
  logsCertificate: optional(
    logs('CERTIFICATE'),
    'logs.certificate',
    text,
    `Certificate authority for log records; ${inherits}.`,
  ),
  logsClientCertificate: optional(
    logs('CLIENT_CERTIFICATE'),
    'logs.client_certificate',
    text,
    `Client certificate for log records; ${inherits}.`,
  ),
  logsClientKey: optional(logs('CLIENT_KEY'), 'logs.client_key', text, `Client key for log records; ${inherits}.`),
  metricsTemporality: setting(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'metrics.temporality',
    word(['cumulative', 'delta', 'lowmemory']),
    'cumulative',
    'Temporality of exported metrics.',
  ),
  metricsHistogram: setting(
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'metrics.histogram',
    word(['explicit_bucket_histogram', 'base2_exponential_bucket_histogram']),
    'explicit_bucket_histogram',
    'Aggregation of histograms.',
  ),
  metricsCompat: setting(
    'AFN_METRICS_COMPAT',
    'metrics.compat',
    word(['none', 'v1.41']),
    'none',
    'Emits gen_ai.client.token.usage and, for all calls, gen_ai.client.operation.duration too, as v1.41 of the conventions.',
  ),
  sloFiles: setting(
    'AFN_SLO_FILE',
    'pipeline.slo',
    list,
    [],
    'Files of SLOs; without it `slo.yaml` in the working directory, where there is one. The threshold of each latency SLO becomes a bucket boundary of its histogram; without a file, histograms have the boundaries of the conventions alone.',
  ),
  prometheusHost: setting(
    'OTEL_EXPORTER_PROMETHEUS_HOST',
    'metrics.prometheus.host',
    text,
    '127.0.0.1',
    'Address on which Prometheus may scrape `/metrics`; it asks for no password.',
  ),
  prometheusPort: setting(
    'OTEL_EXPORTER_PROMETHEUS_PORT',
    'metrics.prometheus.port',
    whole(1, 65_535),
    9_464,
    'Port of the same; each process needs its own.',
  ),
  metricInterval: setting(
    'OTEL_METRIC_EXPORT_INTERVAL',
    'metrics.interval',
    duration(1),
    60_000,
    'Time between two metric exports, in ms.',
  ),
  metricTimeout: setting(
    'OTEL_METRIC_EXPORT_TIMEOUT',
    'metrics.export_timeout',
    timeout,
    30_000,
    'Longest time for collecting and exporting metrics, in ms.',
  ),
  spanDelay: setting(
    'OTEL_BSP_SCHEDULE_DELAY',
    'traces.batch.delay',
    duration(),
    5_000,
    'Longest time that an ended span waits for its batch, in ms.',
  ),
  spanTimeout: setting(
    'OTEL_BSP_EXPORT_TIMEOUT',
    'traces.batch.timeout',
    timeout,
    30_000,
    'Longest time for one batch of spans, in ms.',
  ),
  spanQueue: setting(
    'OTEL_BSP_MAX_QUEUE_SIZE',
    'traces.batch.queue',
    whole(1),
    8_192,
    'Ended spans that may wait; beyond it those that matter least are dropped and counted.',
  ),
  spanBatch: setting('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'traces.batch.size', whole(1), 512, 'Spans in one export.'),
  logDelay: setting(
    'OTEL_BLRP_SCHEDULE_DELAY',
    'logs.batch.delay',
    duration(),
    1_000,
    'Longest time that a log record waits for its batch, in ms.',
  ),
  logTimeout: setting(
    'OTEL_BLRP_EXPORT_TIMEOUT',
    'logs.batch.timeout',
    timeout,
    30_000,
    'Longest time for one batch of log records, in ms.',
  ),
  logQueue: setting(
    'OTEL_BLRP_MAX_QUEUE_SIZE',
    'logs.batch.queue',
    whole(1),
    8_192,
    'Log records that may wait; beyond it those that matter least are dropped and counted.',
  ),
  logBatch: setting('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 'logs.batch.size', whole(1), 512, 'Log records in one export.'),
  spanValueLength: optional(
    ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    'limits.span_value_length',
    whole(0),
    'Characters of a span attribute; longer values are cut.',
  ),
  spanAttributes: setting(
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    'limits.span_attributes',
    whole(0),
    128,
    'Attributes of a span.',
  ),
  spanEvents: setting('OTEL_SPAN_EVENT_COUNT_LIMIT', 'limits.span_events', whole(0), 128, 'Events of a span.'),
  spanLinks: setting('OTEL_SPAN_LINK_COUNT_LIMIT', 'limits.span_links', whole(0), 128, 'Links of a span.'),
  eventAttributes: setting(
    ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'],
    'limits.event_attributes',
    whole(0),
    128,
    'Attributes of a span event.',
  ),
  linkAttributes: setting(
    ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'],
    'limits.link_attributes',
    whole(0),
    128,
    'Attributes of a span link.',
  ),
  logValueLength: optional(
    ['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    'limits.log_value_length',
    whole(0),
    'Characters of a log attribute; longer values are cut.',
  ),
  logAttributes: setting(
    ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    'limits.log_attributes',
    whole(0),
    128,
    'Attributes of a log record.',
  ),
  enabledInstrumentations: optional(
    'OTEL_NODE_ENABLED_INSTRUMENTATIONS',
    'instrumentations.enabled',
    list,
    'Only these instrumentations, by short name (`http,pg`).',
  ),
  disabledInstrumentations: setting(
    'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
    'instrumentations.disabled',
    list,
    [],
    'Instrumentations to disable.',
  ),
  middlewareSpans: setting(
    'AFN_MIDDLEWARE_SPANS',
    'instrumentations.middleware_spans',
    flag,
    false,
    'One span for each middleware, hook and router layer; off, a request is one span with its route. On, Express and Fastify are wrapped: handlers that throw null, or compare functions, see a difference.',
  ),
  serverRequestHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST',
    'instrumentations.headers.server_request',
    list,
    [],
    'Headers of incoming requests that become attributes, redacted; no others do.',
  ),
  serverResponseHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE',
    'instrumentations.headers.server_response',
    list,
    [],
    'Headers of the answers to them that become attributes, redacted; no others do.',
  ),
  clientRequestHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST',
    'instrumentations.headers.client_request',
    list,
    [],
    'Headers of outgoing requests that become attributes, redacted; no others do.',
  ),
  clientResponseHeaders: setting(
    'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE',
    'instrumentations.headers.client_response',
    list,
    [],
    'Headers of the answers to those that become attributes, redacted; no others do.',
  ),
  logCorrelation: setting(
    'AFN_LOG_CORRELATION',
    'logs.correlation',
    flag,
    true,
    "Writes trace_id, span_id and trace_flags into the app's pino, winston and bunyan lines.",
  ),
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
    'Message content of LLM calls: not at all, with personal data and secrets removed, or with secrets removed only.',
  ),
  dialectOriginals: setting(
    'AFN_DIALECT_ORIGINALS',
    'llm.dialect_originals',
    word(['keep', 'drop']),
    'keep',
    'Attributes in the words of other conventions (OpenInference, OpenLLMetry, AI SDK, Langfuse) beside the names of today that they are translated into.',
  ),
  includeUsage: setting(
    'AFN_INCLUDE_USAGE',
    'llm.include_usage',
    word(['auto', 'on', 'off'], { true: 'on', 1: 'on', yes: 'on', false: 'off', 0: 'off', no: 'off', none: 'off' }),
    'auto',
    'Asks OpenAI-shaped streams for their token counts where the app does not, and takes the answer out of what the app reads: auto where the host is known to understand the question (OpenAI, Azure OpenAI from API version 2024-09-01-preview on, Ollama, LM Studio), on wherever streams do not tell them unasked, off nowhere. Of calls by the global fetch; at known hosts also by node:http and https (axios, got, node-fetch) and by npm undici, but for its fetch, where the body is written in one piece. A server that refuses the option by its name gets the request again without it, by fetch at once, and is not asked again.',
  ),
  redaction: setting(
    'AFN_REDACTION',
    'redaction.enabled',
    flag,
    true,
    'Removes personal data and secrets before anything is exported.',
  ),
  redactionMode: setting(
    'AFN_REDACTION_MODE',
    'redaction.mode',
    word(modes),
    'mask',
    'What becomes of personal data: `[EMAIL]`, `[EMAIL:` + 16 digits of its HMAC + `]`, nothing, or `[CARD:*1111]`. Secrets are masked in every mode.',
  ),
  redactionTypes: setting(
    'AFN_REDACTION_TYPES',
    'redaction.types',
    choices(modes),
    {},
    'The same by type, secrets too: `EMAIL=pseudonym,CARD=partial`.',
  ),
  redactionKeys: setting(
    'AFN_REDACTION_KEYS',
    'redaction.keys',
    choices(modes),
    {},
    'The same by attribute key, `*` for any characters; wins over the type: `user.email=drop`.',
  ),
  redactionAllow: setting(
    'AFN_REDACTION_ALLOW',
    'redaction.allow.values',
    list,
    [],
    'Values that may stay where they are found: as they are written, or `/pattern/`.',
  ),
  redactionAllowKeys: setting(
    'AFN_REDACTION_ALLOW_KEYS',
    'redaction.allow.keys',
    list,
    [],
    'Attribute keys under which nothing is looked for.',
  ),
  redactionDeny: setting(
    'AFN_REDACTION_DENY',
    'redaction.deny.values',
    list,
    [],
    'Words that never leave, wherever they stand: as they are written, or `/pattern/`.',
  ),
  redactionDenyKeys: setting(
    'AFN_REDACTION_DENY_KEYS',
    'redaction.deny.keys',
    list,
    [],
    'Attribute keys whose whole values never leave.',
  ),
  pseudonymizeUserId: setting(
    'AFN_PSEUDONYMIZE_USER_ID',
    'redaction.pseudonymize_user_id',
    flag,
    false,
    'Replaces every `user.id` and `session.id` by a pseudonym; without it only one that is an e-mail address or the like.',
  ),
  hmacKey: secret(
    optional(
      'AFN_HMAC_KEY',
      'redaction.hmac_key',
      cipherKey,
      "Key of the pseudonyms, the same as the Collector's; without one they hold for one process alone.",
    ),
  ),
  hmacKeyFile: optional(
    'AFN_HMAC_KEY_FILE',
    'redaction.hmac_key_file',
    text,
    'File with that key, such as the one that `afn-otel collector run` makes.',
  ),
  suppressionList: optional(
    'AFN_SUPPRESSION_LIST',
    'suppression.list',
    text,
    'File or URL of the list of subjects who objected, which `afn-otel gdpr suppress` writes: their spans and log records do not leave.',
  ),
  suppressionKeyFile: optional(
    'AFN_SUPPRESSION_KEY_FILE',
    'suppression.key_file',
    text,
    'File with the key of that list; without it the key of the pseudonyms. The list cannot be read with another key.',
  ),
  suppressionInterval: setting(
    'AFN_SUPPRESSION_INTERVAL',
    'suppression.interval',
    whole(100, 30_000),
    15_000,
    'How often the list is looked at, in ms.',
  ),
  prices: optional(
    'AFN_PRICES',
    'llm.prices',
    text,
    'JSON files with prices of your own, separated by commas; they win over the built-in tables, the first over the others.',
  ),
  langfuseAttributes: setting(
    'AFN_LANGFUSE_ATTRIBUTES',
    'langfuse.attributes',
    flag,
    true,
    'Usage, cost, type and level of LLM spans in the words of LangFuse too (`langfuse.observation.*`), which the Collector cannot compute. Where no span reaches LangFuse, switch them off: they are a fifth of the bytes of a call.',
  ),
  langfuseHost: setting(
    ['LANGFUSE_HOST', 'LANGFUSE_BASE_URL', 'LANGFUSE_BASEURL'],
    'langfuse.host',
    url,
    'https://cloud.langfuse.com',
    'LangFuse, for the scores of `recordEvaluation()`; spans go there through the Collector.',
  ),
  langfusePublicKey: optional(
    'LANGFUSE_PUBLIC_KEY',
    'langfuse.public_key',
    text,
    'Public key of the LangFuse project; without both keys no score is sent.',
  ),
  langfuseSecretKey: secret(
    optional('LANGFUSE_SECRET_KEY', 'langfuse.secret_key', text, 'Secret key of the LangFuse project.'),
  ),
  standDown: setting(
    'AFN_STAND_DOWN',
    'stand_down',
    flag,
    true,
    'Stands down when another SDK registers a tracer provider of its own with OpenTelemetry, before this one or later; off, this one stays and others are refused.',
  ),
  workers: setting('AFN_WORKERS', 'workers', flag, false, 'Starts in worker threads too.'),
  shutdownTimeout: setting(
    'AFN_SHUTDOWN_TIMEOUT',
    'shutdown_timeout',
    duration(),
    2_000,
    'Longest time that the end of a process waits for its telemetry, when it has nothing left to do or a signal ends it, in ms.',
  ),
  spool: setting(
    'AFN_SPOOL',
    'spool',
    flag,
    true,
    'Keeps what process.exit() or an uncaught exception leaves, redacted, on the disk; the next start of the service sends it.',
  ),
  spoolDir: optional(
    'AFN_SPOOL_DIR',
    'spool_dir',
    text,
    'Folder of the same, up to 256 MiB; without it up to 32 MiB for a day, in a folder of the user below that for temporary files, and not with AFN_CAPTURE_CONTENT=full or AFN_REDACTION=false.',
  ),
  health: setting(
    'AFN_HEALTH',
    'health.enabled',
    flag,
    false,
    'Serves `/health`, `/health/live`, `/health/ready` and `/metrics` on a port of their own; `/metrics` to this machine, and to clients that have the token.',
  ),
  healthPort: setting('AFN_HEALTH_PORT', 'health.port', whole(1, 65_535), 8_000, 'Port of the same.'),
  healthHost: optional(
    'AFN_HEALTH_HOST',
    'health.host',
    text,
    'Address of the same; without it every address of the machine.',
  ),
  healthToken: secret(
    optional(
      'AFN_HEALTH_TOKEN',
      'health.token',
      text,
      'A client that sends it as `Authorization: Bearer` reads the checks one by one; without it an answer is a status alone.',
    ),
  ),
  healthChecks: setting<readonly ('auto' | 'none' | (typeof checks)[number])[]>(
    'AFN_HEALTH_CHECKS',
    'health.checks',
    words(['auto', 'none', ...checks], ['none', 'auto']),
    ['auto'],
    'Which dependencies are checked; `auto` is every one that the environment names.',
  ),
  healthRequired: setting<readonly ('none' | 'turso' | 'redis' | 'postgres' | 'disk')[]>(
    'AFN_HEALTH_REQUIRED',
    'health.required',
    words(['none', 'turso', 'redis', 'postgres', 'disk'], ['none']),
    ['turso', 'postgres'],
    'Without which of them the app cannot serve: `/health/ready` answers 503. The others only warn.',
  ),
  healthCache: setting(
    'AFN_HEALTH_CACHE',
    'health.cache',
    duration(100),
    5_000,
    'How long the result of a check holds, in ms: it asks its dependency no more often, however many probes come.',
  ),
  healthDrain: setting(
    'AFN_HEALTH_DRAIN',
    'health.drain',
    duration(),
    5_000,
    'With AFN_HEALTH: how long an app that serves and does not listen for SIGTERM itself goes on after it, in ms; `/health/ready` answers 503 meanwhile.',
  ),
  localMaxBytes: setting(
    'AFN_LOCAL_MAX_BYTES',
    'local.max_bytes',
    whole(0),
    10 * 2 ** 30,
    'Largest size of the file of `afn-otel up` with its log, in bytes; beyond it the oldest goes first. 0 is no limit.',
  ),
  auditDir: optional('AFN_AUDIT_DIR', 'audit.dir', text, 'Folder of the audit log; nobody else may write into it.'),
  auditKeys: optional(
    'AFN_AUDIT_KEYS',
    'audit.keys',
    text,
    'File of the key ring of the audit log, which `afn-otel audit init` makes; the keys of persons are beside it.',
  ),
  auditCheckpoints: optional(
    'AFN_AUDIT_CHECKPOINTS',
    'audit.checkpoints',
    text,
    'Folder of the signed checkpoints of the audit log, better on the disk of another machine; without it that of the log.',
  ),
  gdprDir: optional(
    'AFN_GDPR_DIR',
    'gdpr.dir',
    text,
    'Folder of the requests of `afn-otel gdpr`, with their receipts; back it up, they are the evidence.',
  ),
  gdprKey: optional(
    'AFN_GDPR_KEY',
    'gdpr.key',
    text,
    'File of the key by which `afn-otel gdpr` signs receipts and encrypts open requests; `afn-otel gdpr init` makes it.',
  ),
  logDir: optional(
    'AFN_LOG_DIR',
    'logs.dir',
    text,
    'Folder of the log files of `@afn/otel/logs`, such as `/var/log/autoforgenexus`; without it `logs` in the working directory.',
  ),
  logConfig: optional(
    'AFN_LOG_CONFIG',
    'logs.config',
    text,
    'File with the settings of `@afn/otel/logs`; without it `logging-config.json` in the working directory, where there is one.',
  ),
  appLogLevel: optional(
    'LOG_LEVEL',
    'logs.level',
    word(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'Lowest level that a logger of `@afn/otel/logs` writes; without it `info`.',
  ),
  logLevel: setting(
    ['AFN_LOG_LEVEL', 'OTEL_LOG_LEVEL'],
    'log_level',
    word(['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all']),
    'warn',
    '`none` silences us; other levels print each different failure once, at most 20 lines a minute.',
  ),
}

export type SettingName = keyof typeof settings
export type Settings = { readonly [K in SettingName]: (typeof settings)[K] extends Setting<infer T> ? T : never }
