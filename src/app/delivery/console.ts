// Chunk `console`: OpenTelemetry's exporters to stdout, loaded only if configured.
export { ConsoleLogRecordExporter } from '@opentelemetry/sdk-logs'
export { ConsoleMetricExporter } from '@opentelemetry/sdk-metrics'
export { ConsoleSpanExporter } from '@opentelemetry/sdk-trace'
