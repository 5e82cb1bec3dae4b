// Sends batches of one signal where the settings say, and counts what becomes of them.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { loadChunk } from '../chunks'
import { type OtlpTarget, otlpTarget, type Signal } from '../config/otlp'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import type { DeliveryCounts } from './counts'
import type { Transport } from './transport'

/** Of one signal, ready to be encoded. */
export interface Outgoing<Batch> {
  readonly batch: Batch
  /** Spans, log records or data points in it. */
  readonly count: number
  readonly resource: Resource
}

export interface Delivery<Batch> {
  /** Resolves when the batch was delivered or given up, within the time limit of the signal; never rejects. */
  deliver(outgoing: Outgoing<Batch>, flushing: AbortSignal): Promise<void>
}

export function createDelivery<Batch>(
  signal: Signal,
  exporter: 'otlp' | 'console',
  settings: Settings,
  counts: DeliveryCounts,
): Delivery<Batch> {
  const target = otlpTarget(signal, settings)
  const { delivered, failed } = counts.exporter(signal, componentOf(exporter, target))
  const send = exporter === 'console' ? toConsole<Batch>(signal) : toCollector<Batch>(target)

  async function deliver(outgoing: Outgoing<Batch>, flushing: AbortSignal): Promise<void> {
    const deadline = performance.now() + target.timeoutMs
    const { count, resource } = outgoing
    const lose = (type: string, lost: number, why: string) => {
      failed(type, lost)
      report('AFN130', undelivered(target, why))
    }
    try {
      if (resource.asyncAttributesPending && !(await settled(resource, target.timeoutMs)))
        return lose('timeout', count, 'the attributes of the resource did not come in time')
      const result = await send(outgoing.batch, flushing, deadline)
      if (!result.ok) return lose(result.type, count, result.reason)
      const { rejected = 0, message } = result
      delivered(Math.max(0, count - rejected))
      if (rejected > 0) failed('rejected', Math.min(count, rejected))
      if (rejected > 0 || message) report('AFN135', partly(target, rejected, message))
    } catch (error) {
      lose((error as NodeJS.ErrnoException).code ?? 'error', count, reason(error))
    }
  }

  // nothing here makes spans
  return {
    deliver: (outgoing, flushing) =>
      context.with(suppressTracing(ROOT_CONTEXT), deliver, undefined, outgoing, flushing),
  }
}

/** `otel.component.type` of the conventions; without one there, the name of the class. */
function componentOf(exporter: 'otlp' | 'console', { signal, protocol }: OtlpTarget): string {
  if (exporter === 'console') return consoleExporters[signal]
  const item = { traces: 'span', metrics: 'metric', logs: 'log' }[signal]
  return protocol === 'http/json' ? `otlp_http_json_${item}_exporter` : `otlp_http_${item}_exporter`
}

type Sent =
  | { readonly ok: true; readonly rejected?: number; readonly message?: string }
  | { readonly ok: false; readonly type: string; readonly reason: string }

type Send<Batch> = (batch: Batch, flushing: AbortSignal, deadline: number) => Promise<Sent>

/** Loads the encoder and the transport at the first batch. */
function toCollector<Batch>(target: OtlpTarget): Send<Batch> {
  let transport: Transport | undefined
  let encode: ((batch: Batch) => Buffer) | undefined
  return async (batch, flushing, deadline) => {
    const { createTransport, encoders, partialSuccess } = loadChunk('otlp')
    encode ??= encoders[target.protocol][target.signal] as unknown as (batch: Batch) => Buffer
    transport ??= createTransport(target)
    const result = await transport.post(encode(batch), flushing, deadline)
    return result.ok ? { ok: true, ...partialSuccess(target.signal, result) } : result
  }
}

const consoleExporters = {
  traces: 'ConsoleSpanExporter',
  metrics: 'ConsoleMetricExporter',
  logs: 'ConsoleLogRecordExporter',
} as const

function toConsole<Batch>(signal: Signal): Send<Batch> {
  return async batch => {
    const Exporter = loadChunk('console')[consoleExporters[signal]]
    const { code, error } = await new Promise<ExportResult>(resolve => {
      new Exporter().export(batch as never, resolve)
    })
    return code === ExportResultCode.SUCCESS ? { ok: true } : { ok: false, type: 'error', reason: reason(error) }
  }
}

/** Whether everything is known of the resource by then. */
async function settled(resource: Resource, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<false>(resolve => {
    timer = setTimeout(resolve, timeoutMs, false).unref()
  })
  const work = Promise.resolve(resource.waitForAsyncAttributes?.()).then(() => true)
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}

function undelivered(target: OtlpTarget, why: string): string {
  const { signal } = target
  return `${signal} could not be delivered to ${address(target)} (${why}); start a Collector there or set OTEL_EXPORTER_OTLP_ENDPOINT (OTEL_${signal.toUpperCase()}_EXPORTER=none turns this off)`
}

/** Without the number, which is in the counts: each would be a failure of its own. */
function partly(target: OtlpTarget, rejected: number, message: string | undefined): string {
  const what = rejected > 0 ? `rejected a part of the ${target.signal}` : `took the ${target.signal} with a warning`
  return `${address(target)} ${what}${message ? `: ${message}` : ''}; status().exported counts how many, the log of the Collector says more`
}

function address({ url }: OtlpTarget): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
