// Every OTEL_* variable that OpenTelemetry defines and that no setting of ours reads, with what becomes of it.

/** Read by the bundled OpenTelemetry code itself; nothing for us to do. */
export const passedOn: Readonly<Record<string, string>> = {
  OTEL_SEMCONV_STABILITY_OPT_IN:
    'read by the HTTP and database instrumentations; the stable names are the default here. GenAI has no value for its old names since v0.1.0: AFN_SEMCONV_COMPAT writes them',
}

const insecure = 'for gRPC only; the URL says http or https'
const zipkin = 'no Zipkin exporter; send OTLP to the Collector'
const jaeger = 'no Jaeger exporter; Jaeger takes OTLP'
const file = 'a declarative file leaves no place for our processors; use AFN_CONFIG'

/** Not honoured, and why. */
export const notHonoured: Readonly<Record<string, string>> = {
  OTEL_CONFIG_FILE: file,
  OTEL_EXPERIMENTAL_CONFIG_FILE: file,
  OTEL_ENTITIES: 'entities are experimental; use OTEL_RESOURCE_ATTRIBUTES',
  OTEL_EXPORTER_OTLP_INSECURE: insecure,
  OTEL_EXPORTER_OTLP_TRACES_INSECURE: insecure,
  OTEL_EXPORTER_OTLP_METRICS_INSECURE: insecure,
  OTEL_EXPORTER_OTLP_LOGS_INSECURE: insecure,
  OTEL_EXPORTER_OTLP_SPAN_INSECURE: insecure,
  OTEL_EXPORTER_OTLP_METRIC_INSECURE: insecure,
  OTEL_EXPORTER_ZIPKIN_ENDPOINT: zipkin,
  OTEL_EXPORTER_ZIPKIN_TIMEOUT: zipkin,
  OTEL_EXPORTER_ZIPKIN_PROTOCOL: zipkin,
  OTEL_EXPORTER_JAEGER_ENDPOINT: jaeger,
  OTEL_EXPORTER_JAEGER_AGENT_HOST: jaeger,
  OTEL_EXPORTER_JAEGER_AGENT_PORT: jaeger,
  OTEL_METRICS_EXEMPLAR_FILTER: 'the JavaScript SDK records no exemplars; the Collector makes them from spans',
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS:
    'what becomes of exports is always counted, as otel.sdk.exporter.* and otel.sdk.processor.*',
}
