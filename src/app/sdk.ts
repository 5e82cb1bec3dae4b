// `./sdk`: OpenTelemetry's NodeSDK with our redaction, prices and delivery, for those who configure in code.
// Needs the optional peer `@opentelemetry/sdk-node`, which is loaded by the first call: without it the app runs on.
import { createRequire } from 'node:module'
import type { TracerProvider } from '@opentelemetry/api'
import type { NodeSDK, NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { describeEntry, workingDirectory } from '../shared/config/entry'
import type { Resolved } from '../shared/config/resolve'
import type { SettingName, Settings } from '../shared/config/settings'
import { diagnostics, reason, report } from '../shared/diag/report'
import { newStatus } from '../shared/diag/status'
import { version } from '../shared/version'
import type { UndiciConfig } from './llm/observe/http/clients'
import { type HttpConfig, httpInstrumentationConfig } from './llm/observe/http/hooks'
import { loadSettings, reportProblems } from './load-settings'
import { inertRuntime, slot } from './runtime'
import { GlobalLoggers } from './sdk/global-loggers'
import { alreadyRegistered } from './sdk/globals'
import { startHealth } from './sdk/health'
import { type LlmCalls, watchLlmCalls } from './sdk/llm-calls'
import { NerStage } from './sdk/ner'
import type { Ner } from './sdk/ner-model'
import { createLoggerProvider, createMeterProvider, warnLogsElsewhere, withLlmTracers } from './sdk/otel-providers'
import { startSpooling } from './sdk/spooling'
import { createTelemetry, type Telemetry } from './sdk/telemetry'
import { userParts } from './sdk/user-parts'

export type { Settings } from '../shared/config/settings'
export type { Ner } from './sdk/ner-model'

export interface AfnNodeSDKOptions extends Partial<NodeSDKConfiguration> {
  /**
   * Settings of @afn/otel; they win over environment and file. Those of instrumentations, `logCorrelation`, `healthDrain`,
   * `shutdownTimeout`, `standDown` and `workers` are for the preload: here they are said once (AFN113), and `instrumentations` is the option for the former.
   */
  settings?: Partial<Settings>
  redaction?: {
    /** A model of your own for names in message content (`captureContent: 'redacted'`), in addition to the detectors. */
    ner?: Ner
  }
}

/**
 * A NodeSDK whose every way out is redacted and priced. Without processors, readers or an exporter of your own it delivers
 * as the preload does. Those that you give get redacted copies: span processors in `onEnd`, and in `onStart` a view of the
 * span that reads redacted and writes to the span itself; log record processors in `onEmit`; metric readers in `collect`.
 * Your `resource` and what your `resourceDetectors` find is redacted too, and wins over what is detected here.
 *
 * `shutdown()` takes back what `start()` registered, so that it can be started again, this one or another.
 * @param options NodeSDK's own, and `settings` of ours. A value that is not allowed is said once (AFN110) and not used, an
 *   option that can't be used likewise (AFN113)
 * @returns where `@opentelemetry/sdk-node` is not installed, one that starts nothing, which is said once (AFN105)
 */
export function afnNodeSDK({ settings: passed = {}, redaction = {}, ...options }: AfnNodeSDKOptions = {}): NodeSDK {
  const code = { ...passed }
  if (options.autoDetectResources === false) code.resourceDetectors ??= ['none']
  const resolved = loadSettings(workingDirectory(), code)
  const upstream = loadNodeSdk()
  if (upstream && !resolved.settings.disabled) {
    reportProblems(resolved)
    reportPreloadSettings(resolved)
  }
  let running: Running | undefined
  const sdk = {
    start(): void {
      if (upstream) running ??= start(upstream, resolved.settings, options, code, redaction.ner)
    },
    async shutdown(): Promise<void> {
      const ending = running
      running = undefined
      await ending?.stop()
    },
  }
  // made anew by each start, since providers and readers can't be used a second time; this one is one for `instanceof`
  return Object.create(upstream?.NodeSDK.prototype ?? Object.prototype, Object.getOwnPropertyDescriptors(sdk))
}

type Api = typeof import('@opentelemetry/api')

/** The peer, of either generation: it registers its providers through its own copy of the API, and so do we what it has no option for. */
interface Upstream extends Pick<typeof import('@opentelemetry/sdk-node'), 'NodeSDK'> {
  /** Before 1.10 it has no loggers. */
  readonly api: Omit<Api, 'logs'> & Partial<Pick<Api, 'logs'>>
}

function loadNodeSdk(): Upstream | undefined {
  try {
    const { NodeSDK } = require('@opentelemetry/sdk-node')
    return { NodeSDK, api: createRequire(require.resolve('@opentelemetry/sdk-node'))('@opentelemetry/api') }
  } catch (error) {
    const message = `afnNodeSDK() starts nothing (${reason(error)}); run: npm install @opentelemetry/sdk-node@${peerVersion}`
    report('AFN105', message)
    const status = { ...newStatus(version), state: 'failed' as const, reason: message }
    slot().runtime ??= inertRuntime(status)
    return undefined
  }
}

/** The newer of those that package.json asks for. */
const peerVersion = '0.301.0'

/** Those that only the preload reads, since NodeSDK gets its instrumentations as objects. */
const preloadSettings: readonly SettingName[] = [
  'enabledInstrumentations',
  'disabledInstrumentations',
  'middlewareSpans',
  'serverRequestHeaders',
  'serverResponseHeaders',
  'clientRequestHeaders',
  'clientResponseHeaders',
  'mcpBaggageHosts',
  'logCorrelation',
  'healthDrain',
  'shutdownTimeout',
  'standDown',
  'workers',
]

function reportPreloadSettings({ provenance }: Resolved): void {
  const set = preloadSettings.filter(name => provenance[name].source !== 'default')
  if (set.length === 0) return
  const names = set.map(name => provenance[name].at ?? name).join(', ')
  report('AFN113', `${names}: for the preload alone; configure what you give as \`instrumentations\``)
}

interface Running {
  /** Rejects as NodeSDK's `shutdown()`, with what a part of the user failed with, when all is taken back. */
  stop(): Promise<void>
}

/** Never throws. `undefined` when nothing was started; the status says why. */
function start(
  upstream: Upstream,
  settings: Settings,
  options: Partial<NodeSDKConfiguration>,
  code: Partial<Settings>,
  ner: Ner | undefined,
): Running | undefined {
  const status = newStatus(version)
  Object.defineProperty(status, 'diagnostics', { enumerable: true, get: diagnostics })
  const notStarted = (state: 'failed' | 'stood-down', why: string) => {
    Object.assign(status, { state, reason: why })
    if (slot().runtime?.status().state !== 'started') slot().runtime = inertRuntime(status)
    return undefined
  }
  try {
    if (settings.disabled) return notStarted('stood-down', 'disabled')
    if (alreadyRegistered() && slot().runtime?.status().state !== 'started') {
      report('AFN103', 'afnNodeSDK() stood down for an SDK that has registered before it; start one of the two only')
      return notStarted('stood-down', 'other SDK: one that has registered before')
    }
    const telemetry = createTelemetry(settings, describeEntry(workingDirectory()).packageJson, status, {
      ...userParts(options, code, exporter => new BatchSpanProcessor({ exporter, ...batching(settings) })),
      ner: ner && ((...parts) => new NerStage(ner, ...parts)),
    })
    const running = startNodeSdk(upstream, settings, options, telemetry)
    if (running) return running
    report(
      'AFN104',
      'afnNodeSDK() was refused, since another SDK has registered; that one stays. Start one of the two only',
    )
    return notStarted('stood-down', 'other SDK: one that has registered before')
  } catch (error) {
    report('AFN102', `telemetry could not start (${reason(error)}); the app runs without it`)
    return notStarted('failed', reason(error))
  }
}

const batching = ({ spanQueue, spanBatch, spanDelay, spanTimeout }: Settings) => ({
  maxQueueSize: spanQueue,
  maxExportBatchSize: Math.min(spanBatch, spanQueue),
  scheduledDelayMillis: spanDelay,
  exportTimeoutMillis: spanTimeout,
})

/** `undefined` when the API refused its providers. */
function startNodeSdk(
  { NodeSDK, api }: Upstream,
  settings: Settings,
  { instrumentations = [], idGenerator }: Partial<NodeSDKConfiguration>,
  telemetry: Telemetry,
): Running | undefined {
  const loggerProvider = createLoggerProvider(telemetry)
  const meterProvider = telemetry.metricReaders.length > 0 ? createMeterProvider(telemetry) : undefined
  const nodeSdk = new NodeSDK({
    autoDetectResources: false,
    resource: telemetry.resource,
    sampler: telemetry.sampler,
    spanLimits: telemetry.spanLimits,
    spanProcessors: [telemetry.spanProcessor],
    // NodeSDK takes the limits of log records from the environment alone: ours is registered first, and its own refused
    logRecordProcessors: [],
    // it makes none then, and its instrumentations take the one that is registered
    metricReaders: [],
    contextManager: telemetry.contextManager,
    textMapPropagator: telemetry.propagator,
    instrumentations,
    ...(idGenerator && { idGenerator }),
  })
  const before = tracerProvider(api)
  const loggers = new GlobalLoggers(loggerProvider, api.logs)
  const measures = meterProvider !== undefined && api.metrics.setGlobalMeterProvider(meterProvider)
  nodeSdk.start()
  const ours = tracerProvider(api)
  const shutdown = () => Promise.allSettled([nodeSdk.shutdown(), loggerProvider.shutdown(), meterProvider?.shutdown()])
  if (ours === before) {
    if (measures) api.metrics.disable()
    loggers.disable()
    void shutdown()
    return undefined
  }
  if (!loggers.settle()) warnLogsElsewhere(telemetry)
  withLlmTracers(ours, telemetry, idGenerator)
  const { status, runtime } = telemetry
  Object.assign(status, { state: 'started', startedAt: new Date().toISOString() })
  slot().runtime = runtime
  telemetry.measure(api.metrics.getMeter('@afn/otel', version))
  const calls = watchLlmCalls(settings, telemetry)
  loadClients(calls, instrumentations)
  const stopHealth = startHealth(settings, describeEntry(workingDirectory()).packageJson, telemetry)
  startSpooling(settings, describeEntry(workingDirectory()).packageJson.name, telemetry)
  return {
    async stop() {
      calls.tap.leave()
      calls.stop()
      stopHealth()
      status.state = 'stopped'
      // metrics are collected once more while spans are flushed: the last calls have to be counted by then
      telemetry.evaluation.end?.()
      await awaited(telemetry.drain())
      const [ends] = await awaited(Promise.all([shutdown(), telemetry.flushScores()]))
      if (slot().runtime === runtime) slot().runtime = inertRuntime(status)
      if (tracerProvider(api) === ours) {
        for (const one of [api.trace, api.context, api.propagation, api.metrics]) one.disable()
        loggers.disable()
      }
      const failed = ends.find(end => end.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

/** The one behind the API's proxy. */
function tracerProvider({ trace }: Upstream['api']): TracerProvider {
  const global = trace.getTracerProvider() as TracerProvider & { getDelegate?(): TracerProvider }
  return global.getDelegate?.() ?? global
}

/** There are no hooks on `require` here, which would tell when the app loads a client: all are loaded at once. */
function loadClients({ tap, clients }: LlmCalls, instrumentations: NodeSDKConfiguration['instrumentations']): void {
  tap.prepare()
  for (const target of clients.targets) clients.loads(target)
  for (const one of instrumentations.flat()) {
    const config = one.getConfig()
    if (one.instrumentationName === '@opentelemetry/instrumentation-http')
      one.setConfig({ ...config, ...httpInstrumentationConfig(tap.http, config as HttpConfig) })
    else if (one.instrumentationName === '@opentelemetry/instrumentation-undici')
      one.setConfig({ ...config, ...clients.undiciConfig(config as UndiciConfig) })
  }
}

/** Our sockets never keep a process alive; one that awaits a flush has to live until it is done. */
async function awaited<T>(work: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 60_000)
  try {
    return await work
  } finally {
    clearInterval(hold)
  }
}
