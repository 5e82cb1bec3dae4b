// Chunk `console`: OpenTelemetry's exporters to stdout, for those who ask for them.
export { ConsoleLogRecordExporter } from '@opentelemetry/sdk-logs'
export { ConsoleMetricExporter } from '@opentelemetry/sdk-metrics'
export { ConsoleSpanExporter } from '@opentelemetry/sdk-trace'
