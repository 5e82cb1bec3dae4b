// The one composition: what the settings and the parts of the user make of resource, sampler, propagator, limits,
// processors, readers and runtime. The preload puts the result behind providers of its own, afnNodeSDK() hands it to
// NodeSDK. Nothing is registered or started in here.
import { type ContextManager, type Meter, type TextMapPropagator, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import type { Resource } from '@opentelemetry/resources'
import type { LogRecordLimits, LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { AggregationType, type IMetricReader, type ResourceMetrics, type ViewOptions } from '@opentelemetry/sdk-metrics'
import type { Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Edges } from '../../monitoring/slo/edges'
import { withoutCredentials } from '../../shared/config/credentials'
import { otlpTarget, type Signal } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import { reason, report, warnNothingIdentified, warnNotRecorded } from '../../shared/diag/report'
import type { Status } from '../../shared/diag/status'
import type { Redactor } from '../../shared/redact'
import { loadChunk, loadInPieces } from '../chunks'
import { DeliveryCounts } from '../delivery/counts'
import { metricExporters, pullReader } from '../delivery/metric-readers'
import type { SpoolScreen } from '../delivery/send-spooled'
import { InPieces } from '../in-pieces'
import { createPricer, type Pricer } from '../llm/report/cost/pricer'
import type { Runtime } from '../runtime'
import { callRecorder } from './call-recorder'
import { createEvaluation } from './evaluators'
import { edgesOf } from './histogram-edges'
import { logRecordLimits, spanLimits } from './limits'
import { createManualRecording } from './manual-recording'
import { createPipelines, type Pipelines } from './pipelines'
import { createPropagator } from './propagation'
import { sendingCallersFlag } from './record-all'
import { countRedaction } from './redaction-metrics'
import { createSdkRedactor } from './redactor'
import { type App, createResource } from './resource'
import { createSampler, recordCalls } from './sampler'
import type { SpanPipeline } from './span-pipeline'
import { loadSuppression, spoolScreen } from './suppression'
import { countUnobservedRequests } from './unobserved-metric'
import type { UserParts } from './user-parts'

export interface Telemetry {
  readonly status: Status
  readonly resource: Resource
  readonly sampler: Sampler
  /** For tracers of libraries that only write LLM spans. */
  readonly llmSampler: Sampler
  readonly spanLimits: SpanLimits
  readonly logRecordLimits: LogRecordLimits
  readonly spanProcessor: SpanProcessor
  readonly logRecordProcessor: LogRecordProcessor
  readonly metricReaders: IMetricReader[]
  readonly views: ViewOptions[]
  /** Bucket boundaries that histograms get in addition to their own. */
  readonly edges: Edges
  readonly contextManager: ContextManager
  /** `null`: none is registered. */
  readonly propagator: TextMapPropagator | null
  /** What goes into the global slot while it runs. */
  readonly runtime: Runtime
  /** An LLM call of ours began while another span was active. */
  readonly pair: SpanPipeline['pair']
  readonly idOf: SpanPipeline['idOf']
  /** A request repeats an LLM call that failed. */
  readonly repeats: SpanPipeline['repeats']
  readonly ends: SpanPipeline['ends']
  /** Records LLM calls to be replayed, where a setting wants it. */
  readonly record: ReturnType<typeof callRecorder>
  readonly evaluation: SpanPipeline['evaluation']
  /** Spans and log records taken in so far. */
  readonly recorded: number
  /** Calls back when the first span or log record is taken in. */
  whenRecording(callback: () => void): void
  /** After it, all LLM calls that have ended are counted. Never rejects. */
  drain(): Promise<void>
  /** Sends the scores that wait for LangFuse. Never rejects. */
  flushScores(): Promise<void>
  readonly left: Pick<Pipelines, 'takeUndelivered' | 'untaken' | 'overflow'>
  /** What may leave of a request that an earlier process left on disk. Absent where nobody can have objected. */
  readonly spoolScreen: SpoolScreen | undefined
  /** Has a meter count what is redacted, delivered and lost. */
  measure(meter: Meter): void
  /** What calls cost. */
  readonly pricer: Pricer
  /** Name of the price table, or why there is none. */
  prices(): string
  /** Load what the first records and their export would have to wait for. Each may throw. */
  readonly preparations: readonly (() => unknown)[]
  /** The metrics of this moment, redacted; `undefined` where no reader of ours can collect them at any time. */
  readonly collect: (() => Promise<ResourceMetrics>) | undefined
}

/** OpenTelemetry's instrumentation of the AWS SDK counts Bedrock's calls as the tap does: in a sum they would stand twice. */
const ownViews: readonly ViewOptions[] = [
  {
    meterName: '@opentelemetry/instrumentation-aws-sdk',
    instrumentName: 'gen_ai.*',
    aggregation: { type: AggregationType.DROP },
  },
]

/**
 * @param app what package.json says
 * @param status is filled in with what was really made
 */
export function createTelemetry(settings: Settings, app: App, status: Status, user: UserParts = {}): Telemetry {
  const redaction = createSdkRedactor(settings)
  const { redactor } = redaction
  if (settings.captureContent === 'full') {
    report(
      'AFN141',
      'AFN_CAPTURE_CONTENT=full: prompts and answers are exported with personal data in them; secrets are still removed',
    )
  }
  if (!settings.redaction)
    report('AFN143', 'AFN_REDACTION=false: keys, passwords and personal data are exported as they are')
  else if (settings.redactionAllowKeys.length > 0)
    report(
      'AFN143',
      `AFN_REDACTION_ALLOW_KEYS: what stands under ${settings.redactionAllowKeys.join(', ')} is exported as it is`,
    )
  const prices = new InPieces(() => loadInPieces('prices'))
  const pricer = createPricer({
    next: () => prices.next(),
    load: () => prices.whole.loadPrices(settings.prices, message => report('AFN160', message)),
    onFailure: error =>
      report('AFN160', `the price table could not be loaded (${reason(error)}); LLM calls stay unpriced`),
  })
  const resource = createResource(settings, app, redaction, user)
  const counts = new DeliveryCounts(status.exported)
  const suppression = loadSuppression(settings)
  const pipelines = createPipelines(settings, redactor, pricer, counts, user, suppression)
  const { spans, logs, metricReaders } = pipelines
  const pulled = pullReader(metricReaders)
  const recording = createManualRecording(settings, redactor, spans, suppression)
  const addEvaluator = createEvaluation(settings, redactor, spans, recording, status)
  const sampler = createSampler(settings, user.sampler)
  const propagator = user.propagator === undefined ? createPropagator(settings) : user.propagator
  // nobody counts what goes nowhere
  const counting = (everySpan: boolean) => (metricReaders.length > 0 ? recordCalls(sampler, everySpan) : sampler)
  const drain = async () => {
    await spans.drain()
    await spans.evaluation.flush?.()
  }
  const sending = () => [recording.flush(), logs.forceFlush(), spans.forceFlush()]
  describe(status, settings, user, resource, redactor, pipelines)
  if (suppression) {
    const get = () => ({ ...suppression.list, ...suppression.counts })
    Object.defineProperty(status, 'suppression', { enumerable: true, configurable: true, get })
  }

  return {
    status,
    resource,
    sampler: counting(false),
    llmSampler: counting(true),
    spanLimits: { ...spanLimits(settings), ...user.spanLimits },
    logRecordLimits: logRecordLimits(settings),
    spanProcessor: pipelines.spanProcessor,
    logRecordProcessor: pipelines.logRecordProcessor,
    metricReaders,
    views: [...ownViews, ...(user.views ?? [])],
    // nobody reads a histogram that goes nowhere
    edges: metricReaders.length > 0 ? edgesOf(settings) : () => [],
    contextManager: user.contextManager ?? new AsyncLocalStorageContextManager(),
    propagator: propagator && sendingCallersFlag(propagator),
    runtime: {
      status: () => status,
      content: settings.captureContent !== 'off',
      oldNames: settings.semconvCompat === 'v1.41',
      healthToken: settings.healthToken,
      flush: timeoutMs =>
        within(timeoutMs, [
          // what is there does not wait for a judge
          ...sending(),
          // what is collected has to hold the last calls, and what is sent then what was found about them
          drain().then(() =>
            Promise.allSettled([
              ...(spans.evaluation.flush ? sending() : []),
              ...metricReaders.map(reader => reader.forceFlush()),
            ]),
          ),
        ]),
      suppression,
      identify(context, attributes) {
        suppression?.see(trace.getSpanContext(context)?.traceId, attributes)
        if (!spans.identify(context, attributes)) warnNothingIdentified()
      },
      failed: warnNotRecorded,
      recordEvaluation: recording.recordEvaluation,
      addEvaluator,
      recordLlmMetrics: recording.recordLlmMetrics,
    },
    pair: spans.pair,
    idOf: spans.idOf,
    repeats: failed => spans.repeats(failed),
    ends: spans.ends,
    record: callRecorder(settings, redactor),
    evaluation: spans.evaluation,
    get recorded() {
      return spans.recorded + logs.recorded
    },
    whenRecording(callback) {
      spans.onFirst = callback
      logs.onFirst = callback
    },
    drain,
    flushScores: () => recording.flush(),
    left: pipelines,
    spoolScreen: suppression && spoolScreen(suppression),
    measure(meter) {
      counts.measure(meter)
      countRedaction(meter, redactor)
      countUnobservedRequests(meter)
    },
    collect: pulled && (() => pulled.fetch()),
    preparations: [() => redactor.next(), () => loadChunk('otlp'), () => pricer.prepare(), () => pricer.load()],
    pricer,
    prices: () => pricer.table ?? (pricer.ready ? 'none' : 'not loaded yet'),
  }
}

/** Waits for all of it, whatever comes of it, and no longer than that; until then the process lives. */
async function within(timeoutMs: number, work: Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise(resolve => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([Promise.allSettled(work), limit])
  clearTimeout(timer)
}

const own = { exporter: "the app's own" }

/** Getters: whoever asks has the redactor made, and values of opt-in detectors arrive later. */
function describe(
  status: Status,
  settings: Settings,
  user: UserParts,
  resource: Resource,
  redactor: Redactor,
  pipelines: Pipelines,
): void {
  const { spans } = pipelines
  Object.assign(status, {
    propagators: user.propagator === undefined ? [...settings.propagators] : ["the app's own"],
    traces: {
      ...(user.spanProcessors ? own : target('traces', settings)),
      sampler: user.sampler ? String(user.sampler) : settings.sampler,
    },
    metrics: user.metricReaders
      ? own
      : { ...target('metrics', settings), ...scraped(settings), intervalMs: settings.metricInterval },
    logs: user.logRecordProcessors ? own : target('logs', settings),
    redaction: {
      enabled: settings.redaction,
      get detectors() {
        return [...redactor.detectors]
      },
    },
  })
  Object.defineProperty(status, 'resource', {
    enumerable: true,
    configurable: true,
    get: () => (resource.asyncAttributesPending ? { pending: true } : resource.attributes),
  })
  Object.defineProperty(status, 'duplicates', {
    enumerable: true,
    configurable: true,
    get: () => spans.deduplicator.counts,
  })
  Object.defineProperty(status, 'waiting', { enumerable: true, configurable: true, get: () => pipelines.waiting })
}

function target(signal: Signal, settings: Settings): { exporter: string; endpoint?: string; protocol?: string } {
  const exporters: readonly string[] = signal === 'metrics' ? metricExporters(settings) : settings[`${signal}Exporter`]
  const exporter = exporters.join(',') || 'none'
  if (!exporters.includes('otlp')) return { exporter }
  const { url, protocol } = otlpTarget(signal, settings)
  return { exporter, endpoint: withoutCredentials(url), protocol }
}

function scraped(settings: Settings): { scraped?: string } {
  if (!metricExporters(settings).includes('prometheus')) return {}
  return { scraped: `http://${settings.prometheusHost}:${settings.prometheusPort}/metrics` }
}
