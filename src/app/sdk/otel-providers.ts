// Our own providers around a telemetry, registered as OpenTelemetry's globals: what NodeSDK is to afnNodeSDK(), this is to
// the preload, whose start must be small.
import { type TracerProvider as ApiTracerProvider, logs } from '@opentelemetry/api'
import { logs as olderLogs } from '@opentelemetry/api-logs'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { type IdGenerator, TracerProvider } from '@opentelemetry/sdk-trace'
import { report } from '../../shared/diag/report'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import { isMainThread } from '../main-thread'
import { type Registration, registerGlobals } from './globals'
import { withEdges } from './histogram-edges'
import { LateLoggerProvider } from './late-logger-provider'
import { makeInstrumentsSafe } from './measurements'
import { isLlmScope } from './sampler'
import type { Telemetry } from './telemetry'

export interface Registered {
  /** Whether somebody besides us may have recorded metrics. */
  readonly isMetered: boolean
  /** Sends what is there, and ends. Never rejects. */
  shutdown(): Promise<void>
}

export function registerProviders(telemetry: Telemetry, registration: Registration): Registered {
  const { resource, sampler, spanLimits, spanProcessor, metricReaders, contextManager, propagator } = telemetry
  makeInstrumentsSafe(new MeterProvider().getMeter('').createCounter('any'))
  const meterProvider = createMeterProvider(telemetry)
  const getMeter = meterProvider.getMeter.bind(meterProvider)
  let isMetered = false
  meterProvider.getMeter = (...scope) => {
    isMetered = true
    return getMeter(...scope)
  }
  const tracerProvider = withLlmTracers(
    new TracerProvider({ resource, sampler, spanLimits, spanProcessors: [spanProcessor] }),
    telemetry,
  )
  const loggerProvider = createLoggerProvider(telemetry)
  const lateLoggers = new LateLoggerProvider(loggerProvider)
  contextManager.enable()
  telemetry.status.api = registerGlobals(
    { tracerProvider, meterProvider, loggerProvider: lateLoggers, contextManager, propagator },
    registration,
  )
  if ([logs, olderLogs].some(api => api.getLoggerProvider() !== lateLoggers)) warnLogsElsewhere(telemetry)
  telemetry.measure(getMeter('@afn/otel', version))
  return {
    get isMetered() {
      return isMetered
    },
    async shutdown() {
      // no zeros of ours go to a Collector that the app may not have
      const nothing = async () => ({ resourceMetrics: { resource, scopeMetrics: [] }, errors: [] })
      if (telemetry.recorded === 0) for (const reader of metricReaders) reader.collect = nothing
      telemetry.evaluation.end?.()
      await telemetry.drain()
      await Promise.allSettled([tracerProvider, meterProvider, loggerProvider].map(provider => provider.shutdown()))
    },
  }
}

/**
 * A sampler does not get the scope of a span, so the tracers of LLM scopes come from a provider with a sampler of its own.
 * @param idGenerator of the user
 * @returns the same provider
 */
export function withLlmTracers<T extends ApiTracerProvider>(
  provider: T,
  { resource, llmSampler: sampler, spanLimits, spanProcessor }: Telemetry,
  idGenerator?: IdGenerator,
): T {
  const getTracer = provider.getTracer.bind(provider)
  let llm: TracerProvider | undefined
  provider.getTracer = (name, ...scope) => {
    if (!isLlmScope(name)) return getTracer(name, ...scope)
    llm ??= new TracerProvider({
      resource,
      sampler,
      spanLimits,
      spanProcessors: [spanProcessor],
      ...(idGenerator && { idGenerator }),
    })
    return llm.getTracer(name, ...scope)
  }
  // a thread of a pool takes no request, and would never leave the caller's trace
  if (process.env.TRACEPARENT && isMainThread) loadChunk('environment').beginBelowCaller(provider)
  return provider
}

/** Whoever has registered for log records before us stays. */
export function warnLogsElsewhere({ status }: Telemetry): void {
  if (status.logs?.exporter === 'none') return
  report(
    'AFN106',
    'log records go to another SDK, which has registered for them before; start ours first, or theirs without logs',
  )
}

/** NodeSDK has no way to add boundaries to a histogram, so afnNodeSDK() takes this one too. */
export function createMeterProvider({ resource, metricReaders: readers, views, edges }: Telemetry): MeterProvider {
  return withEdges(new MeterProvider({ resource, readers, views }), edges)
}

/** NodeSDK has no option for the limits of log records, so afnNodeSDK() takes this one too. */
export function createLoggerProvider({ resource, logRecordLimits, logRecordProcessor }: Telemetry): LoggerProvider {
  return new LoggerProvider({ resource, logRecordLimits, processors: [logRecordProcessor] })
}
