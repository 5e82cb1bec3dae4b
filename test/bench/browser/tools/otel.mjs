// OpenTelemetry's browser SDK with what it has for the features of ours, sessions among them. Its console is left out.
import { trace } from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
import { ErrorsInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/errors'
import { NavigationInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/navigation'
import { NavigationTimingInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/navigation-timing'
import { ResourceTimingInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/resource-timing'
import { UserActionInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/user-action'
import { WebVitalsInstrumentation } from '@opentelemetry/browser-instrumentation/experimental/web-vitals'
import { startBrowserSdk } from '@opentelemetry/browser-sdk'
import {
  createDefaultSessionIdGenerator,
  createLocalStorageSessionStore,
  createSessionLogRecordProcessor,
  createSessionManager,
  createSessionSpanProcessor,
} from '@opentelemetry/browser-sdk/session'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch'
import { XMLHttpRequestInstrumentation } from '@opentelemetry/instrumentation-xml-http-request'
import { logging } from './otel-logging.mjs'

const sessions = createSessionManager({
  sessionIdGenerator: createDefaultSessionIdGenerator(),
  sessionStore: createLocalStorageSessionStore(),
  maxDuration: 4 * 3600,
  inactivityTimeout: 1800,
})
sessions.start()
startBrowserSdk({
  serviceName: 'bench',
  logs: {
    processors: [createSessionLogRecordProcessor(sessions)],
    exportConfig: { url: `${location.origin}/sink/v1/logs` },
  },
  traces: {
    processors: [createSessionSpanProcessor(sessions)],
    exportConfig: { url: `${location.origin}/sink/v1/traces` },
  },
})
registerInstrumentations({
  instrumentations: [
    new ErrorsInstrumentation(),
    new NavigationInstrumentation({ useNavigationApiIfAvailable: true }),
    new NavigationTimingInstrumentation(),
    new ResourceTimingInstrumentation(),
    new UserActionInstrumentation(),
    new WebVitalsInstrumentation(),
    new FetchInstrumentation({ ignoreUrls: [/\/sink\//] }),
    new XMLHttpRequestInstrumentation({ ignoreUrls: [/\/sink\//] }),
  ],
})
globalThis.tool = {
  ...logging,
  flush: () =>
    Promise.all([logs.getLoggerProvider().forceFlush(), trace.getTracerProvider().getDelegate().forceFlush()]),
}
