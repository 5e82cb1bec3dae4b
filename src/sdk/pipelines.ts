// The way out of each signal, ready to be put behind a provider.
import type { Context } from '@opentelemetry/api'
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { IMetricReader } from '@opentelemetry/sdk-metrics'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../config/settings'
import { createBatchExporter, type Kept } from '../delivery/batch-exporter'
import type { DeliveryCounts } from '../delivery/counts'
import { createMetricReaders } from '../delivery/metric-readers'
import type { Undelivered } from '../delivery/spool'
import type { Pricer } from '../llm/report/cost/pricer'
import type { Redactor } from '../redact'
import type { Suppression } from '../suppress/suppression'
import { createLlmStages } from './llm-stages'
import { type ExportLog, LogPipeline } from './logs'
import { NerStage } from './ner'
import { rankOf, rankOfLog } from './overload'
import { createMetricsRedactor } from './redact-metrics'
import type { SpanCopy } from './span-copy'
import { shrink, sizeOf, sizeOfLog } from './span-copy'
import { SpanPipeline } from './span-pipeline'
import { leavingOf, watchingStarts, withSuppression } from './suppression'
import type { UserParts } from './telemetry'
import { UserLogProcessors } from './user-log-processors'
import { redactedReader } from './user-readers'
import { UserSpanProcessors } from './user-span-processors'

/** Where redacted copies go: the queue of our delivery, or processors of the user. */
export interface Sink<T> {
  /** @param context in which a log record was emitted */
  add(item: T, context?: Context): void
  /** Drops an item before the work that it would take, if it would not be taken. @returns whether it did */
  drops?(item: T): boolean
  /** Resolves when what was added has been delivered or given up. */
  flush(): Promise<void>
  /** The last flush; what comes later is dropped. Default a flush. */
  shutdown?(): Promise<void>
  /** Lets everything go on that it holds back itself; what comes after it need not be done. */
  drain?(): Promise<void>
  /** The same within this tick. */
  drainNow?(): void
}

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
  /** Spans and log records that nobody has taken. */
  readonly untaken: number
  /** Where what finds no room in memory is kept while nobody takes it. */
  set overflow(overflow: (signal: 'traces' | 'logs') => Kept<object>)
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
  const spanProcessors = user.spanProcessors && new UserSpanProcessors(user.spanProcessors, redactor)
  const logProcessors = user.logRecordProcessors && new UserLogProcessors(user.logRecordProcessors, redactor)
  const spanSink = spanProcessors ?? spanQueue ?? nowhere
  // content that is sent in full is not looked at by detectors either, and without redaction nothing is
  const isContentRedacted = settings.redaction && settings.captureContent === 'redacted'
  const ner = user.ner && isContentRedacted ? new NerStage(user.ner, redactor, spanSink) : undefined
  const stages = createLlmStages(settings)
  const spans = new SpanPipeline(
    redactor,
    pricer,
    ner ?? spanSink,
    suppression ? withSuppression(stages, suppression) : stages,
    spanProcessors === undefined,
  )
  const logs = new LogPipeline(redactor, logProcessors ?? logQueue ?? nowhere, suppression, logProcessors === undefined)
  const spanProcessor = spanProcessors ? spanProcessors.behind(spans) : spans
  const redactMetrics = createMetricsRedactor(redactor, settings.redactionAllowKeys)
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
    get untaken() {
      return (spanQueue?.untaken ?? 0) + (logQueue?.untaken ?? 0)
    },
    set overflow(overflow: (signal: 'traces' | 'logs') => Kept<object>) {
      if (spanQueue) spanQueue.overflow = overflow('traces')
      if (logQueue) logQueue.overflow = overflow('logs')
    },
  }
}

const nowhere: Sink<unknown> = { add() {}, async flush() {} }
