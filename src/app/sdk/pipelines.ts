// The way out of each signal, ready to be put behind a provider.
import { logs as api } from '@opentelemetry/api'
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { IMetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { ATTR_AFN_EXCEPTION_LOGGED } from '../../../semconv'
import type { Settings } from '../../shared/config/settings'
import type { WaitingCounts } from '../../shared/diag/status'
import type { Redactor } from '../../shared/redact'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import { type BatchStorage, createBatchExporter } from '../delivery/batch-exporter'
import type { DeliveryCounts } from '../delivery/counts'
import { createMetricReaders } from '../delivery/metric-readers'
import type { Undelivered } from '../delivery/spool'
import type { Pricer } from '../llm/report/cost/pricer'
import { WaitingRoom } from '../llm/spans/waiting-room'
import type { Suppression } from '../suppress/suppression'
import { createLlmStages, type LlmStages } from './llm-stages'
import type { ExportLog } from './log-copy'
import { LogPipeline } from './logs'
import { rankOf, rankOfLog, shrink, sizeOf, sizeOfLog } from './overload'
import type { Sink } from './sink'
import type { SpanCopy } from './span-copy'
import { SpanPipeline } from './span-pipeline'
import { leavingOf, watchingStarts, withSuppression } from './suppression'
import type { UserParts } from './user-parts'
import { redactedReader } from './user-readers'

export interface Pipelines {
  readonly spans: SpanPipeline
  readonly logs: LogPipeline
  /** For the providers. */
  readonly spanProcessor: SpanProcessor
  readonly logRecordProcessor: LogRecordProcessor
  /** None when metrics go nowhere. */
  readonly metricReaders: IMetricReader[]
  /** Takes out what is not known to be delivered, in batches, for a process that ends without another tick. */
  takeUndelivered(): Undelivered
  /** What waits on its way to the queues, by what it waits for. */
  readonly waiting: WaitingCounts
  /** Spans and log records that nobody has taken. */
  readonly untaken: number
  /** Where what finds no room in memory is kept while nobody takes it. */
  set overflow(overflow: (signal: 'traces' | 'logs') => BatchStorage<object>)
}

/** Whatever the user gives stands in the place of our own delivery of that signal. */
export function createPipelines(
  settings: Settings,
  redactor: Redactor,
  pricer: Pricer,
  counts: DeliveryCounts,
  user: UserParts,
  suppression?: Suppression,
): Pipelines {
  const screenOf = (signal: 'spans' | 'logs') =>
    suppression && {
      ready: suppression.ready,
      passes: (item: SpanCopy | ExportLog) => !suppression.keepsWaiting(signal, leavingOf(item)),
    }
  const spanQueue = user.spanProcessors
    ? undefined
    : createBatchExporter<SpanCopy>('traces', settings, counts, { sizeOf, rankOf, shrink, screen: screenOf('spans') })
  const logQueue = user.logRecordProcessors
    ? undefined
    : createBatchExporter<ExportLog>('logs', settings, counts, {
        sizeOf: sizeOfLog,
        rankOf: rankOfLog,
        shrink,
        screen: screenOf('logs'),
      })
  const spanProcessors = user.spanProcessors?.(redactor)
  const logProcessors = user.logRecordProcessors?.(redactor)
  const spanSink = spanProcessors ?? spanQueue ?? nowhere
  const room = new WaitingRoom()
  // content that is sent in full is not looked at by detectors either, and without redaction nothing is
  const isContentRedacted = settings.redaction && settings.captureContent === 'redacted'
  const ner = isContentRedacted ? user.ner?.(redactor, spanSink, room) : undefined
  const made = createLlmStages(settings)
  const { exceptionSignal, captureContent, contentEvents } = settings
  const sendsLogs = (logProcessors ?? logQueue) !== undefined
  const logsExceptions = sendsLogs && exceptionSignal !== 'spans'
  // the user's model of names sees spans alone
  const logsContent = sendsLogs && captureContent !== 'off' && contentEvents && !ner
  const events = logsExceptions || logsContent ? loadChunk('log-events') : undefined
  const loggerOf = (name: string) => () => api.getLogger(name, version)
  const exceptions = events?.createExceptionLogs(loggerOf('@afn/otel'), exceptionSignal === 'logs/dup')
  const stages: LlmStages = {
    ...made,
    ...(exceptions && logsExceptions && { write: [exceptions, ...made.write] }),
    ...(events && logsContent && { redacted: events.createInferenceDetails(loggerOf('@afn/otel/llm')) }),
  }
  const spans = new SpanPipeline(
    redactor,
    pricer,
    ner ?? spanSink,
    suppression ? withSuppression(stages, suppression) : stages,
    spanProcessors === undefined,
    room,
  )
  const logSink = logProcessors ?? logQueue ?? nowhere
  const logs = new LogPipeline(redactor, logSink, room, suppression, logProcessors === undefined)
  if (events) logs.before = () => spans.drain()
  // a trace whose only mark is such a record is one of the errors tier; a span that has ended is not told any more
  logs.onException = spanId => void spans.open(spanId)?.setAttribute(ATTR_AFN_EXCEPTION_LOGGED, true)
  const spanProcessor = spanProcessors ? spanProcessors.behind(spans) : spans
  let redacted: ((metrics: ResourceMetrics) => ResourceMetrics) | undefined
  const redactMetrics = (metrics: ResourceMetrics) => {
    redacted ??= loadChunk('redact-metrics').createMetricsRedactor(redactor, settings.redactionAllowKeys)
    return redacted(metrics)
  }
  return {
    spans,
    logs,
    spanProcessor: suppression ? watchingStarts(spanProcessor, suppression) : spanProcessor,
    logRecordProcessor: logProcessors ? logProcessors.behind(logs) : logs,
    metricReaders: user.metricReaders
      ? user.metricReaders.map(reader => redactedReader(reader, redactMetrics))
      : createMetricReaders(settings, redactMetrics, counts),
    takeUndelivered() {
      spans.drainNow()
      logs.drainNow()
      return { spans: spanQueue?.takeAll() ?? [], logs: logQueue?.takeAll() ?? [] }
    },
    get waiting() {
      return room.counts
    },
    get untaken() {
      return (spanQueue?.untaken ?? 0) + (logQueue?.untaken ?? 0)
    },
    set overflow(overflow: (signal: 'traces' | 'logs') => BatchStorage<object>) {
      if (spanQueue) spanQueue.overflow = overflow('traces')
      if (logQueue) logQueue.overflow = overflow('logs')
    },
  }
}

const nowhere: Sink<unknown> = { add() {}, async flush() {} }
