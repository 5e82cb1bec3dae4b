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
  sampler:
    '`record_all` records everything, also when a remote parent says "not sampled": the Collector decides what is kept. What the parent said is sent on, so that other services below keep to it. Metrics count every call, whatever the sampler leaves out.',
  samplerArg: 'Ratio of the `traceidratio` samplers.',
  tracesExporter: 'Where spans go, one or several.',
  metricsExporter:
    'Where metrics go, one or several; `prometheus` is an address of this process that Prometheus scrapes.',
  logsExporter: 'Where log records go, one or several.',
  otlpEndpoint: 'OTLP/HTTP base URL of the Collector; `/v1/traces` and so on are added.',
  otlpHeaders: 'Headers of each export request.',
  otlpProtocol: 'Encoding of exports; gRPC is not offered, every Collector has HTTP on 4318.',
  otlpCompression: 'Compression of exports.',
  otlpTimeout:
    'How long one request waits for its answer, in ms. What nobody took stays in the queue and is sent again, however long that takes.',
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
    'Exceptions as events of spans (`spans`), as log records (`logs`), or as both (`logs/dup`). Where no log records are sent, always `spans`.',
  semconvCompat:
    'The names of v1.41 of the GenAI conventions beside those of v0.1.0: gen_ai.client.token.usage, gen_ai.client.operation.duration for all calls, gen_ai.workflow.name, gen_ai.usage.cache_creation.input_tokens, and the id and version of an agent of this process.',
  sloFiles:
    'Files of SLOs; without it `slo.yaml` in the working directory, where there is one. The threshold of each latency SLO becomes a bucket boundary of its histogram; without a file, histograms have the boundaries of the conventions alone.',
  prometheusHost: 'Address on which Prometheus may scrape `/metrics`; it asks for no password.',
  prometheusPort: 'Port of the same; each process needs its own.',
  metricInterval: 'Time between two metric exports, in ms.',
  metricTimeout: 'Longest time for collecting and exporting metrics, in ms.',
  spanDelay: 'Longest time that an ended span waits for its batch, in ms.',
  spanTimeout:
    'How long one request with spans, and a flush of them, waits, in ms; the shorter one of this and the export timeout.',
  spanQueue:
    'Ended spans that may wait, also while nobody takes them, up to 64 MiB, or a sixteenth of the heap where that is less. Beyond it those that matter least are dropped and counted.',
  spanBatch: 'Spans in one export.',
  logDelay: 'Longest time that a log record waits for its batch, in ms.',
  logTimeout: 'The same of log records.',
  logQueue: 'The same of log records.',
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
  serverRequestHeaders: 'Headers of incoming requests that become attributes, redacted; no others do.',
  serverResponseHeaders: 'Headers of the answers to them that become attributes, redacted; no others do.',
  clientRequestHeaders: 'Headers of outgoing requests that become attributes, redacted; no others do.',
  clientResponseHeaders: 'Headers of the answers to those that become attributes, redacted; no others do.',
  logCorrelation: "Writes trace_id, span_id and trace_flags into the app's pino, winston and bunyan lines.",
  captureContent:
    'Message content of LLM calls: not at all, with personal data and secrets removed, or with secrets removed only.',
  contentEvents:
    'Where content is captured and log records are sent, each call of a model is a log record `gen_ai.client.inference.operation.details` too, with its content as structured data.',
  dialectOriginals:
    'Attributes in the words of other conventions (OpenInference, OpenLLMetry, AI SDK, Langfuse) beside the names of today that they are translated into.',
  includeUsage:
    'Asks OpenAI-shaped streams for their token counts where the app does not, and takes the answer out of what the app reads: auto where the host is known to understand the question (OpenAI, Azure OpenAI from API version 2024-09-01-preview on, Ollama, LM Studio), on wherever streams do not tell them unasked, off nowhere. Of calls by the global fetch; at known hosts also by node:http and https (axios, got, node-fetch) and by npm undici, but for its fetch, where the body is written in one piece. A server that refuses the option by its name gets the request again without it, by fetch at once, and is not asked again.',
  redaction: 'Removes personal data and secrets before anything is exported.',
  redactionMode:
    'What becomes of personal data: `[EMAIL]`, `[EMAIL:` + 16 digits of its HMAC + `]`, nothing, or `[CARD:*1111]`. Secrets are masked in every mode.',
  redactionTypes: 'The same by type, secrets too: `EMAIL=pseudonym,CARD=partial`.',
  redactionKeys: 'The same by attribute key, `*` for any characters; wins over the type: `user.email=drop`.',
  redactionAllow: 'Values that may stay where they are found: as they are written, or `/pattern/`.',
  redactionAllowKeys: 'Attribute keys under which nothing is looked for.',
  redactionDeny: 'Words that never leave, wherever they stand: as they are written, or `/pattern/`.',
  redactionDenyKeys: 'Attribute keys whose whole values never leave.',
  pseudonymizeUserId:
    'Replaces every `user.id` and `session.id` by a pseudonym; without it only one that is an e-mail address or the like.',
  hmacKey: "Key of the pseudonyms, the same as the Collector's; without one they hold for one process alone.",
  hmacKeyFile: 'File with that key, such as the one that `afn-otel collector run` makes.',
  suppressionList:
    'File or URL of the list of subjects who objected, which `afn-otel gdpr suppress` writes: their spans and log records do not leave.',
  suppressionKeyFile:
    'File with the key of that list; without it the key of the pseudonyms. The list cannot be read with another key.',
  suppressionInterval: 'How often the list is looked at, in ms.',
  prices:
    'JSON files with prices of your own, separated by commas; they win over the built-in tables, the first over the others.',
  langfuseAttributes:
    'Usage, cost, type and level of LLM spans in the words of LangFuse too (`langfuse.observation.*`), which the Collector cannot compute. Where no span reaches LangFuse, switch them off: they are a fifth of the bytes of a call.',
  langfuseHost: 'LangFuse, for the scores of `recordEvaluation()`; spans go there through the Collector.',
  langfusePublicKey: 'Public key of the LangFuse project; without both keys no score is sent.',
  langfuseSecretKey: 'Secret key of the LangFuse project.',
  standDown:
    'Stands down when another SDK registers a tracer provider of its own with OpenTelemetry, before this one or later; off, this one stays and others are refused.',
  workers: 'Starts in worker threads too.',
  shutdownTimeout:
    'Longest time that the end of a process waits for its telemetry, when it has nothing left to do or a signal ends it, in ms.',
  spool:
    'Keeps on the disk, redacted, what process.exit() or an uncaught exception leaves, and what finds no room in the queue while nobody takes it. The next start of the service sends it, or this process once somebody takes it.',
  spoolDir:
    'Folder of the same, up to 256 MiB; without it up to 32 MiB for a day, in a folder of the user below that for temporary files, and not with AFN_CAPTURE_CONTENT=full or AFN_REDACTION=false.',
  health:
    'Serves `/health`, `/health/live`, `/health/ready` and `/metrics` on a port of their own; `/metrics` to this machine, and to clients that have the token.',
  healthPort: 'Port of the same.',
  healthHost: 'Address of the same; without it every address of the machine.',
  healthToken:
    'A client that sends it as `Authorization: Bearer` reads the checks one by one; without it an answer is a status alone.',
  healthChecks: 'Which dependencies are checked; `auto` is every one that the environment names.',
  healthRequired: 'Without which of them the app cannot serve: `/health/ready` answers 503. The others only warn.',
  healthCache:
    'How long the result of a check holds, in ms: it asks its dependency no more often, however many probes come.',
  healthDrain:
    'With AFN_HEALTH: how long an app that serves and does not listen for SIGTERM itself goes on after it, in ms; `/health/ready` answers 503 meanwhile.',
  localMaxBytes:
    'Largest size of the file of `afn-otel up` with its log, in bytes; beyond it the oldest goes first. 0 is no limit.',
  auditDir: 'Folder of the audit log; nobody else may write into it.',
  auditKeys:
    'File of the key ring of the audit log, which `afn-otel audit init` makes; the keys of persons are beside it.',
  auditCheckpoints:
    'Folder of the signed checkpoints of the audit log, better on the disk of another machine; without it that of the log.',
  gdprDir: 'Folder of the requests of `afn-otel gdpr`, with their receipts; back it up, they are the evidence.',
  gdprKey:
    'File of the key by which `afn-otel gdpr` signs receipts and encrypts open requests; `afn-otel gdpr init` makes it.',
  logDir:
    'Folder of the log files of `@afn/otel/logs`, such as `/var/log/autoforgenexus`; without it `logs` in the working directory.',
  logConfig:
    'File with the settings of `@afn/otel/logs`; without it `logging-config.json` in the working directory, where there is one.',
  appLogLevel: 'Lowest level that a logger of `@afn/otel/logs` writes; without it `info`.',
  logLevel: '`none` silences us; other levels print each different failure once, at most 20 lines a minute.',
}
