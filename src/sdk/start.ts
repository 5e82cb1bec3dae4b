// Composes the providers and registers them. Called by the preload's `start.ts`.
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { otlpTarget, type Signal } from '../config/otlp'
import type { Settings } from '../config/settings'
import { metricExporters } from '../delivery/metric-readers'
import { report } from '../diag/report'
import type { Status } from '../diag/status'
import type { Pricer } from '../llm/cost/stage'
import { version } from '../version'
import { registerGlobals } from './globals'
import { createLoggerProvider } from './logs'
import { createPipelines, type Pipelines } from './pipelines'
import { createPropagator } from './propagation'
import { createQuality, type Quality } from './quality'
import { countRedaction } from './redaction-metrics'
import type { SdkRedactor } from './redactor'
import { type App, createResource } from './resource'
import { createTracerProvider, type ExportPath } from './traces'
import { views } from './views'
import { within } from './within'

export interface Telemetry extends Pick<Pipelines, 'recorded' | 'takeUndelivered'> {
  /** An LLM call of ours began while another span was active. */
  pair: ExportPath['pair']
  readonly quality: Quality
  /** `setUser()`; false where there is nothing to mark. */
  identify: ExportPath['identify']
  /** Sends everything that was recorded up to now, or gives up after `timeoutMs`. Never rejects. */
  flush(timeoutMs: number): Promise<void>
  /** Calls back when the first span or log record is taken in. */
  whenRecording(callback: () => void): void
}

export interface Parts {
  readonly settings: Settings
  readonly app: App
  readonly entryDirectory: string
  readonly redaction: SdkRedactor
  readonly pricing: Pricer
  readonly status: Status
}

export function startTelemetry({ settings, app, entryDirectory, redaction, pricing, status }: Parts): Telemetry {
  const { redactor } = redaction
  const resource = createResource(settings, app, redaction, (key, value) => redactor.value(key, value))
  const pipelines = createPipelines(settings, redactor, pricing, status.exported)
  const { spanPath, logPath, metricReaders } = pipelines
  const quality = createQuality(settings, redactor, [spanPath])
  const meterProvider = new MeterProvider({ resource, readers: metricReaders, views })

  status.api = registerGlobals(
    {
      tracerProvider: createTracerProvider(settings, resource, spanPath),
      meterProvider,
      loggerProvider: createLoggerProvider(settings, resource, logPath),
      contextManager: new AsyncLocalStorageContextManager().enable(),
      propagator: createPropagator(settings),
    },
    message => report('AFN104', refused(message)),
    entryDirectory,
  )
  countRedaction(meterProvider.getMeter('@afn/otel', version), redactor)
  status.propagators = [...settings.propagators]
  status.traces = { ...target('traces', settings), sampler: settings.sampler }
  status.metrics = { ...target('metrics', settings), ...scraped(settings), intervalMs: settings.metricInterval }
  status.logs = target('logs', settings)
  // a getter: values of opt-in detectors arrive later
  Object.defineProperty(status, 'resource', {
    enumerable: true,
    get: () => (resource.asyncAttributesPending ? { pending: true } : resource.attributes),
  })

  return {
    pair: (active, ours) => spanPath.pair(active, ours),
    quality,
    identify: (context, attributes) => spanPath.identify(context, attributes),
    flush: timeoutMs =>
      within(timeoutMs, [
        quality.flush(),
        spanPath.forceFlush(),
        logPath.forceFlush(),
        // what is collected has to hold the last calls
        spanPath.settle().then(() => meterProvider.forceFlush()),
      ]),
    get recorded() {
      return pipelines.recorded
    },
    whenRecording(callback) {
      spanPath.onFirst = callback
      logPath.onFirst = callback
    },
    takeUndelivered: pipelines.takeUndelivered,
  }
}

function target(signal: Signal, settings: Settings): { exporter: string; endpoint?: string; protocol?: string } {
  const exporters = signal === 'metrics' ? metricExporters(settings) : [settings[`${signal}Exporter`]]
  const exporter = exporters.join(',') || 'none'
  if (!exporters.includes('otlp')) return { exporter }
  const { url, protocol } = otlpTarget(signal, settings)
  return { exporter, endpoint: url, protocol }
}

function scraped(settings: Settings): { scraped?: string } {
  if (!metricExporters(settings).includes('prometheus')) return {}
  return { scraped: `http://${settings.prometheusHost}:${settings.prometheusPort}/metrics` }
}

/** The API's refusal carries a stack: name the first package in it that is not the API itself. */
function refused(message: string): string {
  const first = message.split('\n', 1)[0] ?? ''
  const culprit = [...message.matchAll(/node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/g)]
    .map(match => match[1]?.replace('\\', '/'))
    .find(name => name !== '@opentelemetry/api')
  return `${first}${culprit ? ` (by ${culprit})` : ''}; ours stays. Remove the other SDK, or start it instead of @afn/otel`
}
