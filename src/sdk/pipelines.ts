// The way out of each signal, ready to be put behind a provider.
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { IMetricReader } from '@opentelemetry/sdk-metrics'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../config/settings'
import { createBatchExporter } from '../delivery/batch-exporter'
import type { DeliveryCounts } from '../delivery/counts'
import { createMetricReaders } from '../delivery/metric-readers'
import type { Undelivered } from '../delivery/spool'
import type { Pricer } from '../llm/report/cost/pricer'
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
  counts: DeliveryCounts,
  user: UserParts,
): Pipelines {
  const sizes = { sizeOf, shrink }
  const spans = user.spanProcessors ? undefined : createBatchExporter<ExportSpan>('traces', settings, counts, sizes)
  const logs = user.logRecordProcessors ? undefined : createBatchExporter<ExportLog>('logs', settings, counts, sizes)
  const spansOf = user.spanProcessors && new UserSpanProcessors(user.spanProcessors, redactor)
  const logsOf = user.logRecordProcessors && new UserLogProcessors(user.logRecordProcessors, redactor)
  const outward = spansOf ?? spans ?? nowhere
  // content that is sent in full is not looked at by detectors either, and without redaction nothing is
  const isAsked = user.ner && settings.redaction && settings.captureContent === 'redacted'
  const ner = isAsked && user.ner ? new NerStage(user.ner, redactor, outward) : undefined
  const spanPath = new ExportPath(redactor, pricing, ner ?? outward, createStages(settings))
  const logPath = new LogExportPath(redactor, logsOf ?? logs ?? nowhere)
  const redactMetrics = createMetricsRedactor(redactor, settings.redactionAllowKeys)
  return {
    spanPath,
    logPath,
    spanProcessor: spansOf ? spansOf.behind(spanPath) : spanPath,
    logRecordProcessor: logsOf ? logsOf.behind(logPath) : logPath,
    metricReaders: user.metricReaders
      ? user.metricReaders.map(reader => redactedReader(reader, redactMetrics))
      : createMetricReaders(settings, redactMetrics, counts),
    takeUndelivered() {
      spanPath.release()
      ner?.release()
      return { spans: spans?.takeAll() ?? [], logs: logs?.takeAll() ?? [] }
    },
  }
}

const nowhere: Next<unknown> = { add() {}, async flush() {} }
