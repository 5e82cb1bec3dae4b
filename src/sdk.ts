// `./sdk`: OpenTelemetry's NodeSDK with our redaction, prices and delivery, for those who configure in code.
// Needs the optional peer `@opentelemetry/sdk-node`.
import { metrics, trace } from '@opentelemetry/api'
import { NodeSDK, type NodeSDKConfiguration, tracing } from '@opentelemetry/sdk-node'
import { parse } from 'yaml'
import { loadChunk } from './chunks'
import { resolve } from './config/resolve'
import type { Settings } from './config/settings'
import { report, unobserved } from './diag/report'
import { newStatus } from './diag/status'
import { type LlmTap, startLlmTap } from './llm'
import { watchAiSdk } from './llm/ai-sdk/channel'
import type { Pricer } from './llm/cost/stage'
import { Mouths } from './llm/http/mouths'
import { type HttpConfig, leavesLlmCalls } from './llm/http/stand-aside'
import { describeEntry, workingDirectory } from './preload/entry'
import { offer } from './preload/offer'
import { type Runtime, slot } from './preload/runtime'
import type { Redactor } from './redact'
import type { ExportSpan } from './sdk/export-span'
import { LogExportPath } from './sdk/logs'
import { type Ner, NerStage } from './sdk/ner'
import { createPipelines } from './sdk/pipelines'
import { createPricing } from './sdk/pricing'
import { createQuality, type Quality } from './sdk/quality'
import { countRedaction } from './sdk/redaction-metrics'
import { createSdkRedactor } from './sdk/redactor'
import { createResource } from './sdk/resource'
import { createStages, type Stages } from './sdk/stages'
import { ExportPath, type Next } from './sdk/traces'
import { views } from './sdk/views'
import { within } from './sdk/within'
import { version } from './version'

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number]
type Instrumentations = NonNullable<NodeSDKConfiguration['instrumentations']>
type LogRecordProcessor = NonNullable<NodeSDKConfiguration['logRecordProcessors']>[number]

export type { Settings } from './config/settings'
export type { Ner } from './sdk/ner'

export interface AfnNodeSDKOptions extends Partial<NodeSDKConfiguration> {
  /** Settings of @afn/otel; they win over environment and file. */
  settings?: Partial<Settings>
  redaction?: {
    /** A model of your own for names in message content (`captureContent: 'redacted'`), beside the detectors. */
    ner?: Ner
  }
}

/**
 * A NodeSDK whose every way out is redacted and priced. Without processors or exporters of your own it delivers as the
 * preload does; those that you give are wrapped, so that they see redacted copies (`onStart` passes the live span on).
 * @param options NodeSDK's own, and `settings` of ours. A value that is not allowed is said once (AFN110) and not used.
 */
export function afnNodeSDK({ settings: code = {}, redaction = {}, ...options }: AfnNodeSDKOptions = {}): NodeSDK {
  const settings = readSettings(code)
  const sdkRedactor = createSdkRedactor(settings)
  const { redactor } = sdkRedactor
  const { ner } = redaction
  // content that is sent in full is not looked at by detectors either, and without redaction nothing is
  const isAsked = ner !== undefined && settings.redaction && settings.captureContent === 'redacted'
  const through = isAsked ? (next: Next<ExportSpan>) => new NerStage(ner, redactor, next) : undefined
  const pricer = createPricing(settings)
  const status = newStatus(version)
  const {
    spanPath,
    logPath,
    metricReaders: ownReaders,
  } = createPipelines(settings, redactor, pricer, status.exported, through)
  const app = describeEntry(workingDirectory()).packageJson
  const {
    spanProcessors,
    spanProcessor,
    traceExporter,
    logRecordProcessors,
    logRecordProcessor,
    metricReaders,
    ...rest
  } = options
  const givenSpans = spanProcessors ?? (spanProcessor && [spanProcessor])
  const givenLogs = logRecordProcessors ?? (logRecordProcessor && [logRecordProcessor])
  const wrapped = (givenSpans ?? (traceExporter && [new tracing.BatchSpanProcessor(traceExporter)]))?.map(
    (processor, index) => wrapSpans(processor, redactor, pricer, createStages(settings, index === 0), through),
  )
  const paths = wrapped?.map(({ path }) => path) ?? [spanPath]
  const quality = createQuality(settings, redactor, paths)
  const runtime = offer(settings, status, {
    flush: timeoutMs =>
      within(timeoutMs, [
        quality.flush(),
        ...paths.map(path => path.forceFlush()),
        logPath.forceFlush(),
        ...paths.flatMap(path => ownReaders.map(reader => path.settle().then(() => reader.forceFlush()))),
      ]),
    identify: (context, attributes) => paths.map(path => path.identify(context, attributes)).includes(true),
  })
  return new AfnNodeSDK(settings, runtime, quality, paths, redactor, {
    autoDetectResources: false,
    resource: createResource(settings, app, sdkRedactor, (key, value) => redactor.value(key, value)),
    ...rest,
    views: [...views, ...(rest.views ?? [])],
    metricReaders: metricReaders ?? ownReaders,
    logRecordProcessors: givenLogs?.map(processor => wrapLogs(processor, redactor)) ?? [logProcessorOf(logPath)],
    spanProcessors: wrapped?.map(({ processor }) => processor) ?? [spanProcessorOf(spanPath)],
  })
}

/** Sees LLM calls from `start()` to `shutdown()`. */
class AfnNodeSDK extends NodeSDK {
  readonly #settings: Settings
  readonly #runtime: Runtime
  readonly #quality: Quality
  readonly #paths: ExportPath[]
  readonly #redactor: Redactor
  readonly #instrumentations: Instrumentations
  #tap: LlmTap | undefined
  #unwatch = () => {}

  constructor(
    settings: Settings,
    runtime: Runtime,
    quality: Quality,
    paths: ExportPath[],
    redactor: Redactor,
    configuration: Partial<NodeSDKConfiguration>,
  ) {
    super(configuration)
    this.#settings = settings
    this.#runtime = runtime
    this.#quality = quality
    this.#paths = paths
    this.#redactor = redactor
    this.#instrumentations = configuration.instrumentations ?? []
  }

  override start(): void {
    super.start()
    if (this.#settings.disabled) return
    Object.assign(this.#runtime.status(), { state: 'started', startedAt: new Date().toISOString() })
    slot().runtime ??= this.#runtime
    slot().told ??= this.#quality
    countRedaction(metrics.getMeter('@afn/otel', version), this.#redactor)
    this.#tap = startLlmTap({
      captureContent: this.#settings.captureContent,
      includeUsage: this.#settings.includeUsage,
      tracer: trace.getTracer('@afn/otel/llm', version),
      began: (active, ours) => {
        for (const path of this.#paths) path.pair(active, ours)
      },
      onFailure: unobserved,
    })
    const { captureContent } = this.#settings
    this.#unwatch = watchAiSdk({ captureContent, onFailure: unobserved }, () => loadChunk('ai-sdk'))
    const mouths = new Mouths(this.#tap.http)
    for (const target of mouths.targets) mouths.loads(target)
    for (const one of this.#instrumentations.flat()) {
      if (one.instrumentationName !== '@opentelemetry/instrumentation-http') continue
      const config = one.getConfig()
      one.setConfig({ ...config, ...leavesLlmCalls(this.#tap.http, config as HttpConfig) })
    }
  }

  override async shutdown(): Promise<void> {
    this.#tap?.stop()
    this.#unwatch()
    // metrics are collected once more while spans are flushed: the last calls have to be counted by then
    for (const path of this.#paths) await path.settle()
    if (slot().told === this.#quality) delete slot().told
    await awaited(Promise.all([super.shutdown(), this.#quality.flush()]))
  }
}

function readSettings(code: Partial<Settings>): Settings {
  const { settings, problems } = resolve({ env: process.env, cwd: workingDirectory(), code, parseYaml: parse })
  for (const { code, message } of problems) report(code, message)
  return settings
}

function wrapSpans(
  inner: SpanProcessor,
  redactor: Redactor,
  pricer: Pricer,
  stages: Stages,
  through: ((next: Next<ExportSpan>) => Next<ExportSpan>) | undefined,
): { path: ExportPath; processor: SpanProcessor } {
  const next = { add: (span: ExportSpan) => inner.onEnd(span), flush: () => inner.forceFlush() }
  const path = new ExportPath(redactor, pricer, through?.(next) ?? next, stages)
  return { path, processor: spanProcessorOf(path, inner) }
}

/** @param inner what comes behind the path, where that is not ours */
function spanProcessorOf(path: ExportPath, inner?: SpanProcessor): SpanProcessor {
  return {
    onStart(span, context) {
      path.onStart(span, context)
      inner?.onStart(span, context)
    },
    onEnd: span => path.onEnd(span),
    forceFlush: () => awaited(path.forceFlush()),
    shutdown: () => awaited(path.forceFlush().then(() => inner?.shutdown())),
  }
}

function wrapLogs(inner: LogRecordProcessor, redactor: Redactor): LogRecordProcessor {
  const path = new LogExportPath(redactor, {
    // the copy is a readable record; NodeSDK's processors take nothing else from it
    add: record => inner.onEmit(record as unknown as Parameters<LogRecordProcessor['onEmit']>[0]),
    flush: () => inner.forceFlush(),
  })
  return logProcessorOf(path, inner)
}

function logProcessorOf(path: LogExportPath, inner?: LogRecordProcessor): LogRecordProcessor {
  return {
    onEmit: record => path.onEmit(record),
    forceFlush: () => awaited(path.forceFlush()),
    shutdown: () => awaited(path.forceFlush().then(() => inner?.shutdown())),
  }
}

/** Our sockets never keep a process alive; one that awaits a flush has to live until it is done. */
async function awaited(work: Promise<unknown>): Promise<void> {
  const hold = setInterval(() => {}, 60_000)
  try {
    await work
  } finally {
    clearInterval(hold)
  }
}
