// `sdk-trace-web` as most guides set it up, without zone.js: spans alone, so what an app records is a span too.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load'
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch'
import { UserInteractionInstrumentation } from '@opentelemetry/instrumentation-user-interaction'
import { XMLHttpRequestInstrumentation } from '@opentelemetry/instrumentation-xml-http-request'
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web'

const exporter = new OTLPTraceExporter({ url: `${location.origin}/sink/v1/traces` })
const provider = new WebTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
provider.register()
registerInstrumentations({
  instrumentations: [
    new DocumentLoadInstrumentation(),
    new UserInteractionInstrumentation(),
    new FetchInstrumentation({ ignoreUrls: [/\/sink\//] }),
    new XMLHttpRequestInstrumentation({ ignoreUrls: [/\/sink\//] }),
  ],
})
const tracer = trace.getTracer('bench')
globalThis.tool = {
  event: (name, attributes) => tracer.startSpan(name, { attributes }).end(),
  error(error) {
    const span = tracer.startSpan('error')
    span.recordException(error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  },
  flush: () => provider.forceFlush(),
}
