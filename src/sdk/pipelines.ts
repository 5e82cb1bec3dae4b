// The way out of each signal, ready to be put behind a provider.
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { IMetricReader } from '@opentelemetry/sdk-metrics'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../config/settings'
import { createDelivery, type Delivery } from '../delivery/deliver'
import { createMetricReaders } from '../delivery/metric-readers'
import { BatchQueue } from '../delivery/queue'
import type { Undelivered } from '../delivery/spool'
import { report } from '../diag/report'
import type { Status } from '../diag/status'
import type { Pricer } from '../llm/cost/stage'
import type { Redactor } from '../redact'
import type { ExportSpan } from './export-span'
import { type ExportLog, LogExportPath } from './logs'
import { NerStage } from './ner'
import { createMetricsRedactor } from './redact-metrics'
import { shrink, sizeOf } from './size'
import { createStages } from './stages'
import type { UserParts } from './telemetry'
import { ExportPath, type Next } from './traces'
import { UserLogProcessors } from './user-log-processors'
import { redactedReader } from './user-readers'
import { UserSpanProcessors } from './user-span-processors'

export interface Pipelines {
  readonly spanPath: ExportPath
  readonly logPath: LogExportPath
  /** For the providers. */
  readonly spanProcessor: SpanProcessor
  readonly logRecordProcessor: LogRecordProcessor
  /** None when metrics go nowhere. */
  readonly metricReaders: IMetricReader[]
  /** Takes out what is not known to be delivered, in batches, for a process that ends without another tick. */
  takeUndelivered(): Undelivered
}

/** Whatever the user gives stands in the place of our own delivery of that signal. */
export function createPipelines(
  settings: Settings,
  redactor: Redactor,
  pricing: Pricer,
  exported: Status['exported'],
  user: UserParts,
): Pipelines {
  const spans = user.spanProcessors ? undefined : createQueue<ExportSpan>('traces', settings, exported)
  const logs = user.logRecordProcessors ? undefined : createQueue<ExportLog>('logs', settings, exported)
  const spansOf = user.spanProcessors && new UserSpanProcessors(user.spanProcessors, redactor)
  const logsOf = user.logRecordProcessors && new UserLogProcessors(user.logRecordProcessors, redactor)
  const outward = spansOf ?? (spans ? into(spans, exported) : nowhere)
  // content that is sent in full is not looked at by detectors either, and without redaction nothing is
  const isAsked = user.ner && settings.redaction && settings.captureContent === 'redacted'
  const ner = isAsked && user.ner ? new NerStage(user.ner, redactor, outward) : undefined
  const spanPath = new ExportPath(redactor, pricing, ner ?? outward, createStages(settings))
  const logPath = new LogExportPath(redactor, logsOf ?? (logs ? into(logs, exported) : nowhere))
  const redactMetrics = createMetricsRedactor(redactor, settings.redactionAllowKeys)
  return {
    spanPath,
    logPath,
    spanProcessor: spansOf ? spansOf.behind(spanPath) : spanPath,
    logRecordProcessor: logsOf ? logsOf.behind(logPath) : logPath,
    metricReaders: user.metricReaders
      ? user.metricReaders.map(reader => redactedReader(reader, redactMetrics))
      : createMetricReaders(settings, redactMetrics),
    takeUndelivered() {
      spanPath.release()
      ner?.release()
      return { spans: spans?.takeAll() ?? [], logs: logs?.takeAll() ?? [] }
    },
  }
}

const nowhere: Next<unknown> = { add() {}, async flush() {} }

/** A request of these bytes passes everywhere, in JSON too, where text with quotes in it takes up to twice the room. */
const batchBytes = 4 * 2 ** 20
/** One item may be this large; the Collector takes requests up to 16 MiB. */
const largestItem = 8 * 2 ** 20
/** What may wait for a Collector that is away, of each signal. */
const limitBytes = 64 * 2 ** 20

function into<T extends ExportSpan | ExportLog>(queue: BatchQueue<T>, exported: Status['exported']): Next<T> {
  return {
    flush: () => queue.flush(),
    add(item) {
      let bytes = sizeOf(item)
      if (bytes > largestItem) {
        report(
          'AFN133',
          `of a span or log record of ${bytes} bytes all long values are left out; ${largestItem} is the limit`,
        )
        shrink(item)
        bytes = sizeOf(item)
      }
      if (bytes <= largestItem) queue.add(item, bytes)
      else exported.dropped++
    },
  }
}

const of = {
  traces: { setting: 'span', count: 'spans', variable: 'OTEL_BSP_MAX_QUEUE_SIZE' },
  logs: { setting: 'log', count: 'logs', variable: 'OTEL_BLRP_MAX_QUEUE_SIZE' },
} as const

function createQueue<T extends ExportSpan | ExportLog>(
  signal: 'traces' | 'logs',
  settings: Settings,
  exported: Status['exported'],
): BatchQueue<T> | undefined {
  const exporter = settings[`${signal}Exporter`]
  if (exporter === 'none') return undefined
  const delivery: Delivery<readonly T[]> = createDelivery(signal, exporter, settings)
  const { setting, count, variable } = of[signal]
  const limit = settings[`${setting}Queue`]
  return new BatchQueue<T>({
    limit,
    limitBytes,
    batchBytes,
    batchSize: Math.min(settings[`${setting}Batch`], limit),
    delayMs: settings[`${setting}Delay`],
    onDropped: () => {
      exported.dropped++
      report(
        'AFN131',
        `${signal} are dropped: ${limit} (${variable}) or ${limitBytes} bytes wait already; the Collector is slow or away`,
      )
    },
    send: async (batch, hurry) => {
      const resource = batch[0]?.resource
      if (resource?.asyncAttributesPending) await resource.waitForAsyncAttributes?.()
      if (await delivery.deliver(batch, hurry)) exported[count] += batch.length
      else exported.failed += batch.length
    },
  })
}
