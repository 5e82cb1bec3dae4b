// `./sdk`: OpenTelemetry's NodeSDK with our redaction, prices and delivery, for those who configure in code.
// Needs the optional peer `@opentelemetry/sdk-node`.
import { NodeSDK, type NodeSDKConfiguration, tracing } from '@opentelemetry/sdk-node'
import { parse } from 'yaml'
import { resolve } from './config/resolve'
import type { Settings } from './config/settings'
import { reason, report } from './diag/report'
import { newStatus } from './diag/status'
import type { Pricer } from './llm/cost/stage'
import { describeEntry } from './preload/entry'
import { createRedactor, type Redactor } from './redact'
import { LogExportPath } from './sdk/logs'
import { createPipelines } from './sdk/pipelines'
import { createPricing } from './sdk/pricing'
import { createResource } from './sdk/resource'
import { ExportPath } from './sdk/traces'
import { version } from './version'

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number]
type LogRecordProcessor = NonNullable<NodeSDKConfiguration['logRecordProcessors']>[number]
type SpanExporter = NodeSDKConfiguration['traceExporter']

export type { Settings } from './config/settings'

export interface AfnNodeSDKOptions extends Partial<NodeSDKConfiguration> {
  /** Settings of @afn/otel; they win over environment and file. */
  settings?: Partial<Settings>
}

/**
 * A NodeSDK whose every way out is redacted and priced. Without processors or exporters of your own it delivers as the
 * preload does; those that you give are wrapped, so that they see redacted copies (`onStart` passes the live span on).
 * @param options NodeSDK's own, and `settings` of ours. A value that is not allowed is said once (AFN110) and not used.
 */
export function afnNodeSDK({ settings: code = {}, ...options }: AfnNodeSDKOptions = {}): NodeSDK {
  const settings = readSettings(code)
  const redactor = createRedactor({
    content: settings.captureContent,
    enabled: settings.redaction,
    onError: (where, error) =>
      report('AFN140', `redaction failed on ${where} (${reason(error)}); the value was masked whole`),
  })
  const pricing = createPricing(settings)
  const { spanPath, logPath, metricReader } = createPipelines(settings, redactor, pricing, newStatus(version).exported)
  const app = describeEntry(process.argv[1], process.cwd()).packageJson
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
  return new NodeSDK({
    autoDetectResources: false,
    resource: createResource(settings, app, (key, value) => redactor.value(key, value)),
    ...rest,
    metricReaders: metricReaders ?? (metricReader ? [metricReader] : []),
    logRecordProcessors: givenLogs?.map(processor => wrapLogs(processor, redactor)) ?? [logPath],
    spanProcessors:
      givenSpans?.map(processor => wrapSpans(processor, redactor, pricing)) ??
      (traceExporter ? [wrapSpans(batch(traceExporter), redactor, pricing)] : [spanPath]),
  })
}

function readSettings(code: Partial<Settings>): Settings {
  const { settings, problems } = resolve({ env: process.env, cwd: process.cwd(), code, parseYaml: parse })
  for (const { code, message } of problems) report(code, message)
  return settings
}

function batch(exporter: SpanExporter): SpanProcessor {
  return new tracing.BatchSpanProcessor(exporter)
}

function wrapSpans(processor: SpanProcessor, redactor: Redactor, pricing: Pricer): SpanProcessor {
  const path = new ExportPath(redactor, pricing, {
    add: span => processor.onEnd(span),
    flush: () => processor.forceFlush(),
  })
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnd: span => path.onEnd(span),
    forceFlush: () => path.forceFlush(),
    shutdown: async () => {
      await path.forceFlush()
      await processor.shutdown()
    },
  }
}

function wrapLogs(processor: LogRecordProcessor, redactor: Redactor): LogRecordProcessor {
  const path = new LogExportPath(redactor, {
    // the copy is a readable record; NodeSDK's processors take nothing else from it
    add: record => processor.onEmit(record as unknown as Parameters<LogRecordProcessor['onEmit']>[0]),
    flush: () => processor.forceFlush(),
  })
  return {
    onEmit: record => path.onEmit(record),
    forceFlush: () => path.forceFlush(),
    shutdown: async () => {
      await path.forceFlush()
      await processor.shutdown()
    },
  }
}
