// What each setting does: one sentence with its unit, for `afn-otel config --explain` and the page of settings. Apart from the settings,
// since the start reads those.
import type { SettingName } from './settings'

const inherits = 'overrides the common value for this signal'

export const docs: Readonly<Record<SettingName, string>> = {
  disabled: 'Starts nothing at all.',
  serviceName: 'Name of the service; without it the `name` in the package.json beside the entry file.',
  resourceAttributes: 'Further attributes of the resource.',
  resourceDetectors:
    'Where resource attributes come from; container and the clouds are opt-in, since they read files or call the network.',
  propagators:
    'How trace context travels between services. What comes in is read by all; the last that finds a trace counts.',
  trustBaggage: 'Takes over the `baggage` header of incoming requests; anybody can send one.',
  mcpBaggageHosts: 'Hosts whose MCP servers get the baggage over HTTP; no other server gets it.',
  sampler:
    '`record_all` records everything, also when a remote parent says "not sampled": the Collector decides what is kept. What the parent said is sent on, so that other services below keep to it. Metrics count every call, whatever the sampler leaves out.',
  samplerArg: 'Ratio of the `traceidratio` samplers.',
  tracesExporter: 'Where spans go, one or several.',
  metricsExporter:
    'Where metrics go, one or several; `prometheus` is an address of this process that Prometheus scrapes.',
  logsExporter: 'Where log records go, one or several.',
  otlpEndpoint: 'OTLP/HTTP base URL of the Collector; `/v1/traces` and so on are added.',
  otlpHeaders: 'Headers of each export request.',
  otlpProtocol: "Encoding of exports. gRPC isn't supported; every Collector accepts HTTP on port 4318.",
  otlpCompression: 'Compression of exports.',
  otlpTimeout:
    "Timeout of one request, in ms. Telemetry that wasn't accepted stays in the queue and is sent again, however long that takes.",
  otlpCertificate: 'PEM file with the certificate authority of the endpoint.',
  otlpClientCertificate: 'PEM file with the client certificate for mTLS.',
  otlpClientKey: 'PEM file with the private key for mTLS.',
  tracesEndpoint: `Whole URL for spans; ${inherits}.`,
  tracesHeaders: `Headers for spans; ${inherits}.`,
  tracesProtocol: `Encoding of spans; ${inherits}.`,
  tracesCompression: `Compression of spans; ${inherits}.`,
  tracesTimeout: `Export timeout of spans, ms; ${inherits}.`,
  tracesCertificate: `Certificate authority for spans; ${inherits}.`,
  tracesClientCertificate: `Client certificate for spans; ${inherits}.`,
  tracesClientKey: `Client key for spans; ${inherits}.`,
  metricsEndpoint: `Whole URL for metrics; ${inherits}.`,
  metricsHeaders: `Headers for metrics; ${inherits}.`,
  metricsProtocol: `Encoding of metrics; ${inherits}.`,
  metricsCompression: `Compression of metrics; ${inherits}.`,
  metricsTimeout: `Export timeout of metrics, ms; ${inherits}.`,
  metricsCertificate: `Certificate authority for metrics; ${inherits}.`,
  metricsClientCertificate: `Client certificate for metrics; ${inherits}.`,
  metricsClientKey: `Client key for metrics; ${inherits}.`,
  logsEndpoint: `Whole URL for log records; ${inherits}.`,
  logsHeaders: `Headers for log records; ${inherits}.`,
  logsProtocol: `Encoding of log records; ${inherits}.`,
  logsCompression: `Compression of log records; ${inherits}.`,
  logsTimeout: `Export timeout of log records, ms; ${inherits}.`,
  logsCertificate: `Certificate authority for log records; ${inherits}.`,
  logsClientCertificate: `Client certificate for log records; ${inherits}.`,
  logsClientKey: `Client key for log records; ${inherits}.`,
  metricsTemporality: 'Temporality of exported metrics.',
  metricsHistogram: 'Aggregation of histograms.',
  exceptionSignal:
    'Records exceptions as span events (`spans`), as log records (`logs`), or as both (`logs/dup`). If no log records are sent, always `spans`.',
  semconvCompat:
    'The names of v1.41 of the GenAI conventions beside those of v0.1.0: gen_ai.client.token.usage, gen_ai.client.operation.duration for all calls, gen_ai.workflow.name, gen_ai.usage.cache_creation.input_tokens, and the id and version of an agent of this process.',
  sloFiles:
    'SLO files; by default, `slo.yaml` in the working directory, if it exists. The threshold of each latency SLO becomes a bucket boundary of its histogram; without a file, histograms only have the boundaries of the conventions.',
  prometheusHost: 'Address on which Prometheus can scrape `/metrics`, without a password.',
  prometheusPort: 'Port on which Prometheus can scrape `/metrics`; each process needs its own.',
  metricInterval: 'Time between two metric exports, in ms.',
  metricTimeout: 'Timeout for collecting and exporting metrics, in ms.',
  spanDelay: 'Maximum delay of an ended span before its batch is sent, in ms.',
  spanTimeout:
    'Timeout of one request with spans, and of a flush, in ms; the shorter of this and the export timeout applies.',
  spanQueue:
    'Maximum number of queued spans, up to 64 MiB, or a sixteenth of the heap if that is less. Beyond it, the least important spans are dropped and counted.',
  spanBatch: 'Spans in one export.',
  logDelay: 'Maximum delay of a log record before its batch is sent, in ms.',
  logTimeout: 'The same for log records.',
  logQueue: 'The same for log records.',
  logBatch: 'Log records in one export.',
  spanValueLength: 'Characters of a span attribute; longer values are cut.',
  spanAttributes: 'Attributes of a span.',
  spanEvents: 'Events of a span.',
  spanLinks: 'Links of a span.',
  eventAttributes: 'Attributes of a span event.',
  linkAttributes: 'Attributes of a span link.',
  logValueLength: 'Characters of a log attribute; longer values are cut.',
  logAttributes: 'Attributes of a log record.',
  enabledInstrumentations: 'Only these instrumentations, by short name (`http,pg`).',
  disabledInstrumentations: 'Instrumentations to disable.',
  middlewareSpans:
    'One span for each middleware, hook and router layer; off, a request is one span with its route. On, Express and Fastify are wrapped: handlers that throw null, or compare functions, see a difference.',
  serverRequestHeaders: 'Headers of incoming requests to record as attributes, redacted.',
  serverResponseHeaders: 'Headers of the responses to incoming requests to record as attributes, redacted.',
  clientRequestHeaders: 'Headers of outgoing requests to record as attributes, redacted.',
  clientResponseHeaders: 'Headers of the responses to outgoing requests to record as attributes, redacted.',
  logCorrelation: "Writes trace_id, span_id and trace_flags into the app's pino, winston and bunyan lines.",
  captureContent:
    'Message content of LLM calls: not at all, with personal data and secrets removed, or with secrets removed only.',
  contentEvents:
    'Where content is captured and log records are sent, each call of a model is a log record `gen_ai.client.inference.operation.details` too, with its content as structured data.',
  dialectOriginals:
    'Keeps attributes of other conventions (OpenInference, OpenLLMetry, AI SDK, Langfuse) in addition to the current names that they are translated into.',
  record:
    'Folder in which LLM calls are recorded, redacted, for `afn-otel replay`. Requires message content to be captured. Off by default.',
  includeUsage:
    'Asks OpenAI-shaped streams for their token counts where the app does not, and takes the answer out of what the app reads: auto where the host is known to understand the question (OpenAI, Azure OpenAI from API version 2024-09-01-preview on, Ollama, LM Studio), on wherever streams do not tell them unasked, off nowhere. Of calls by the global fetch; at known hosts also by node:http and https (axios, got, node-fetch) and by npm undici, but for its fetch, where the body is written in one piece. A server that refuses the option by its name gets the request again without it, by fetch at once, and is not asked again.',
  providerTraceHosts:
    "Hosts of model providers that get `traceparent` with each call, so that the provider's own spans are in the app's trace; no other provider gets it, and none gets baggage. A request that has one already, or is signed, is sent as it is.",
  redaction: 'Removes personal data and secrets before anything is exported.',
  redactionNames:
    'Finds names of persons in the sentences of message content, by statistics, where content is sent `redacted`. One word in some hundreds is masked that is no name.',
  redactionMode:
    'How personal data is replaced: with `[EMAIL]`, with `[EMAIL:` + 16 digits of its HMAC + `]`, with nothing, or with `[CARD:*1111]`. Secrets are masked in every mode.',
  redactionTypes: 'The mode by type, for secrets as well: `EMAIL=pseudonym,CARD=partial`.',
  redactionKeys:
    'The mode by attribute key, with `*` for any characters; takes precedence over the type: `user.email=drop`.',
  redactionAllow: "Values that aren't redacted: literal text, or `/pattern/`.",
  redactionAllowKeys: "Attribute keys whose values aren't redacted.",
  redactionDeny: 'Words that are always redacted: literal text, or `/pattern/`.',
  redactionDenyKeys: 'Attribute keys whose entire values are redacted.',
  pseudonymizeUserId:
    'Replaces every `user.id` and `session.id` with a pseudonym; if off, only values that a detector recognizes, such as e-mail addresses.',
  hmacKey: "Key of the pseudonyms, the same as the Collector's; without it, pseudonyms differ between processes.",
  hmacKeyFile: 'File with that key, such as the one that `afn-otel collector run` creates.',
  suppressionList:
    "File or URL of the suppression list that `afn-otel gdpr suppress` writes; spans and log records of these persons aren't sent.",
  suppressionKeyFile:
    "File with the key of that list; by default, the key of the pseudonyms. The list can't be read with another key.",
  suppressionInterval: 'Interval at which the list is checked, in ms.',
  guard:
    'Budgets in USD that this process is held to, such as `20/day,300/month`: a call whose cost may not fit is refused before it is sent. See docs/guard.md.',
  loops:
    'Looks at each request for an agent that repeats itself: `report` marks its calls on their spans, `stop` refuses them, too. See docs/guard.md.',
  loopsAllow: 'Names of tools that may repeat themselves with the same result, such as one that waits for a job.',
  prices:
    'Your own JSON price files, comma-separated; they take precedence over the built-in tables, and earlier files over later ones.',
  evaluators:
    'A file of evaluators that rate answers after their calls have ended, such as `evaluators.yaml` ([evaluations](evaluations.md)).',
  langfuseAttributes:
    "Adds LangFuse's attributes for usage, cost, type and level (`langfuse.observation.*`) to LLM spans, which the Collector can't compute. Turn this off if you don't use LangFuse: they are a fifth of a call's bytes.",
  langfuseHost: 'LangFuse, for the scores of `recordEvaluation()`; spans go there through the Collector.',
  langfusePublicKey: 'Public key of the LangFuse project; scores are only sent if both keys are set.',
  langfuseSecretKey: 'Secret key of the LangFuse project.',
  standDown:
    'Stands down if another SDK registers a tracer provider with OpenTelemetry, before this one or later; if off, this one stays and others are rejected.',
  workers: 'Starts in worker threads as well.',
  shutdownTimeout:
    'Maximum time to send telemetry when the process has nothing left to do, is ended by a signal, or has handled an invocation of Lambda, in ms.',
  spool:
    'Stores telemetry on disk, redacted, after process.exit() or an uncaught exception, and when the queue is full because the Collector is unavailable. The next start of the service sends it, or this process once the Collector is available.',
  spoolDir:
    'Folder of the spool, up to 256 MiB. By default, up to 32 MiB for a day in a per-user temporary folder, but not with AFN_CAPTURE_CONTENT=full or AFN_REDACTION=false.',
  health:
    'Serves `/health`, `/health/live`, `/health/ready` and `/metrics` on a separate port; `/metrics` only to this machine and to clients with the token.',
  healthPort: 'Port of the health endpoints.',
  healthHost: 'Address of the health endpoints; by default, all addresses of the machine.',
  healthToken:
    'Clients that send it as `Authorization: Bearer` get the result of each check; others only get a status.',
  healthChecks: 'Dependencies to check; `auto` means all that are configured in the environment.',
  healthRequired:
    "Dependencies without which the app can't serve requests: `/health/ready` answers 503 if one fails. Others only cause warnings.",
  healthCache: 'How long the result of a check is cached, in ms, regardless of the number of probes.',
  healthDrain:
    'With AFN_HEALTH: how long a server without its own SIGTERM handler continues after SIGTERM, in ms; meanwhile, `/health/ready` answers 503.',
  localMaxBytes:
    'Maximum size of the file of `afn-otel up` and its log, in bytes; beyond it, the oldest data is deleted first. 0 means no limit.',
  auditDir: 'Folder of the audit log; no other user may have write access to it.',
  auditKeys:
    'Key ring file of the audit log, created by `afn-otel audit init`; the keys of persons are stored next to it.',
  auditCheckpoints:
    "Folder of the signed checkpoints of the audit log, preferably on another machine's disk; by default, the folder of the log.",
  gdprDir: 'Folder of the requests of `afn-otel gdpr` and their receipts; back it up, because they are your evidence.',
  gdprKey:
    'File of the key with which `afn-otel gdpr` signs receipts and encrypts open requests, created by `afn-otel gdpr init`.',
  logDir:
    'Folder of the log files of `@afn/otel/logs`, such as `/var/log/autoforgenexus`; by default, `logs` in the working directory.',
  logConfig:
    'Settings file of `@afn/otel/logs`; by default, `logging-config.json` in the working directory, if it exists.',
  appLogLevel: 'Lowest level that a logger of `@afn/otel/logs` writes; `info` by default.',
  logLevel:
    "`none` disables the SDK's own log lines; other levels print each distinct failure once, at most 20 lines a minute.",
}
