// Every OTEL_* variable that OpenTelemetry defines and that no setting of ours reads, with what becomes of it.
// Called by the preload (one AFN112 line when one is set) and by the test that keeps the table whole.

/** Read by the bundled OpenTelemetry code itself; nothing for us to do. */
export const passedOn: Readonly<Record<string, string>> = {
  OTEL_SEMCONV_STABILITY_OPT_IN:
    'read by the HTTP and database instrumentations; the stable names are the default here',
}

/** Not honoured, and why. */
export const notHonoured: Readonly<Record<string, string>> = {
  OTEL_CONFIG_FILE: 'a declarative file leaves no place for our processors; use AFN_CONFIG',
  OTEL_EXPERIMENTAL_CONFIG_FILE: 'a declarative file leaves no place for our processors; use AFN_CONFIG',
  OTEL_ENTITIES: 'entities are experimental; use OTEL_RESOURCE_ATTRIBUTES',
  OTEL_EXPORTER_OTLP_INSECURE: 'for gRPC only; the URL says http or https',
  OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'for gRPC only; the URL says http or https',
  OTEL_EXPORTER_OTLP_METRICS_INSECURE: 'for gRPC only; the URL says http or https',
  OTEL_EXPORTER_OTLP_LOGS_INSECURE: 'for gRPC only; the URL says http or https',
  OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'no Zipkin exporter; send OTLP to the Collector',
  OTEL_EXPORTER_ZIPKIN_TIMEOUT: 'no Zipkin exporter; send OTLP to the Collector',
  OTEL_EXPORTER_JAEGER_ENDPOINT: 'no Jaeger exporter; Jaeger takes OTLP',
  OTEL_METRICS_EXEMPLAR_FILTER: 'the JavaScript SDK records no exemplars; the Collector makes them from spans',
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS:
    'what becomes of exports is always counted, as otel.sdk.exporter.* and otel.sdk.processor.*',
}
