// A tracer provider and a logger provider that export in batches, for instrumentations that bring none.
const { logs } = require('@opentelemetry/api-logs')
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-proto')
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto')
const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs')
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')

exports.register = instrumentation => {
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
  const loggerProvider = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
  })
  tracerProvider.register()
  logs.setGlobalLoggerProvider(loggerProvider)
  registerInstrumentations({ tracerProvider, loggerProvider, instrumentations: [instrumentation] })
  globalThis.flush = () => Promise.all([tracerProvider.forceFlush(), loggerProvider.forceFlush()])
}
