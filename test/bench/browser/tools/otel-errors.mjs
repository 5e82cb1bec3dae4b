import { logs } from '@opentelemetry/api-logs'
import { ErrorsInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/errors'
import { startLogsSdk } from '@opentelemetry/browser-sdk/logs'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { logging } from './otel-logging.mjs'

startLogsSdk({ serviceName: 'bench', exportConfig: { url: `${location.origin}/sink/v1/logs` } })
registerInstrumentations({ instrumentations: [new ErrorsInstrumentation()] })
globalThis.tool = { ...logging, flush: () => logs.getLoggerProvider().forceFlush() }
