// Our own providers around a telemetry, registered as OpenTelemetry's globals: what NodeSDK is to afnNodeSDK(), this is to
// the preload, whose start must be small.
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { report } from '../diag/report'
import { version } from '../version'
import { registerGlobals } from './globals'
import type { Telemetry } from './telemetry'

/** @param entryDirectory where the app resolves its packages from */
export function registerProviders(telemetry: Telemetry, entryDirectory: string): void {
  const { resource, sampler, spanLimits, spanProcessor, metricReaders, views, contextManager, propagator } = telemetry
  const meterProvider = new MeterProvider({ resource, readers: metricReaders, views })
  telemetry.status.api = registerGlobals(
    {
      tracerProvider: new TracerProvider({ resource, sampler, spanLimits, spanProcessors: [spanProcessor] }),
      meterProvider,
      loggerProvider: createLoggerProvider(telemetry),
      contextManager: contextManager.enable(),
      propagator,
    },
    message => report('AFN104', refused(message)),
    entryDirectory,
  )
  telemetry.measure(meterProvider.getMeter('@afn/otel', version))
}

/** NodeSDK has no option for the limits of log records, so afnNodeSDK() takes this one too. */
export function createLoggerProvider({ resource, logRecordLimits, logRecordProcessor }: Telemetry): LoggerProvider {
  return new LoggerProvider({ resource, logRecordLimits, processors: [logRecordProcessor] })
}

/** The API's refusal carries a stack: name the first package in it that is not the API itself. */
function refused(message: string): string {
  const first = message.split('\n', 1)[0] ?? ''
  const culprit = [...message.matchAll(/node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/g)]
    .map(match => match[1]?.replace('\\', '/'))
    .find(name => name !== '@opentelemetry/api')
  return `${first}${culprit ? ` (by ${culprit})` : ''}; ours stays. Remove the other SDK, or start it instead of @afn/otel`
}
