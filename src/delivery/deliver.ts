// Sends batches of one signal where the settings say, and counts what becomes of them.
import { type Attributes, type Counter, context, type Meter, ROOT_CONTEXT } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import { loadChunk } from '../chunks'
import { type OtlpTarget, otlpTarget, type Signal } from '../config/otlp'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import type { Exported } from '../diag/status'

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

const untraced = suppressTracing(ROOT_CONTEXT)

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
      // nothing that sends makes spans
      const result = await context.with(untraced, send, undefined, outgoing.batch, flushing, deadline)
      if (!result.ok) return lose(result.type, count, result.reason)
      const { rejected = 0, message } = result
      delivered(Math.max(0, count - rejected))
      if (rejected > 0) failed('rejected', Math.min(count, rejected))
      if (rejected > 0 || message) report('AFN135', partly(target, rejected, message))
    } catch (error) {
      lose((error as NodeJS.ErrnoException).code ?? 'error', count, reason(error))
    }
  }

  return { deliver }
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
  let loaded: ReturnType<typeof load> | undefined
  function load() {
    const { createTransport, encoders, partialSuccess } = loadChunk('otlp')
    const encode = encoders[target.protocol][target.signal] as unknown as (batch: Batch) => Buffer
    return { transport: createTransport(target), encode, partialSuccess }
  }
  return async (batch, flushing, deadline) => {
    loaded ??= load()
    const result = await loaded.transport.post(loaded.encode(batch), flushing, deadline)
    if (!result.ok) return result
    // an empty answer is a full success
    return { ok: true, ...(result.body.length > 0 && loaded.partialSuccess(target.signal, result)) }
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
  return `${signal} could not be delivered to ${address(target)} (${why}); start a Collector or afn-otel up there, or set OTEL_EXPORTER_OTLP_ENDPOINT (OTEL_${signal.toUpperCase()}_EXPORTER=none turns this off)`
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

// What became of the telemetry: delivered, or lost and why. `status()` shows it, and it leaves as metrics of the conventions,
// https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/

/** Counts what an exporter was handed. */
export interface ExporterCounts {
  delivered(count: number): void
  /** @param errorType `timeout`, `rejected`, an HTTP status or the code of an error */
  failed(errorType: string, count: number): void
}

type Dropped = 'queue_full' | 'queue_bytes_full' | 'too_large' | 'already_shutdown'

/** Counts what comes before an exporter. */
export interface ProcessorCounts {
  /** Handed to an exporter, whatever comes of it. */
  processed(count: number): void
  dropped(reason: Dropped, count: number): void
}

export interface Queue {
  /** Items that wait, and that may. */
  readonly size: number
  readonly limit: number
}

const kinds = {
  traces: { total: 'spans', item: 'span', unit: '{span}' },
  metrics: { total: 'dataPoints', item: 'metric_data_point', unit: '{data_point}' },
  logs: { total: 'logs', item: 'log', unit: '{log_record}' },
} as const

export class DeliveryCounts {
  readonly #exported: Exported
  readonly #measured: ((meter: Meter) => void)[] = []

  /** @param exported the part of the status record that is kept up to date */
  constructor(exported: Exported) {
    this.#exported = exported
  }

  /** Has a meter count too, from here on. */
  measure(meter: Meter): void {
    for (const measure of this.#measured) measure(meter)
  }

  /** @param component its `otel.component.type` */
  exporter(signal: Signal, component: string): ExporterCounts {
    const { total, item, unit } = kinds[signal]
    const attributes = attributesOf(component)
    let counter: Counter | undefined
    this.#measured.push(meter => {
      const description = 'Exports that have finished, with error.type where they failed'
      counter = fromZero(meter.createCounter(`otel.sdk.exporter.${item}.exported`, { unit, description }), attributes)
    })
    return {
      delivered: count => {
        this.#exported[total] += count
        counter?.add(count, attributes)
      },
      failed: (errorType, count) => {
        this.#exported.failed += count
        this.#lose(signal, errorType, count)
        counter?.add(count, { ...attributes, [ATTR_ERROR_TYPE]: errorType })
      },
    }
  }

  /** @param component its `otel.component.type` */
  processor(signal: 'traces' | 'logs', component: string, queue: () => Queue): ProcessorCounts {
    const { item, unit } = kinds[signal]
    const attributes = attributesOf(component)
    const failed = (errorType: string) => Object.freeze({ ...attributes, [ATTR_ERROR_TYPE]: errorType })
    // the conventions have one word for every full queue
    const full = failed('queue_full')
    const of: Readonly<Record<Dropped, Attributes>> = {
      queue_full: full,
      queue_bytes_full: full,
      too_large: failed('too_large'),
      already_shutdown: failed('already_shutdown'),
    }
    let counter: Counter | undefined
    this.#measured.push(meter => {
      const name = `otel.sdk.processor.${item}`
      const description = 'Handed to the exporter, or dropped with error.type'
      counter = fromZero(meter.createCounter(`${name}.processed`, { unit, description }), attributes)
      meter
        .createUpDownCounter(`${name}.queue.capacity`, { unit, description: 'How many may wait' })
        .add(queue().limit, attributes)
      meter
        .createObservableUpDownCounter(`${name}.queue.size`, { unit, description: 'How many wait' })
        .addCallback(result => result.observe(queue().size, attributes))
    })
    return {
      processed: count => counter?.add(count, attributes),
      dropped: (reason, count) => {
        this.#exported.dropped += count
        this.#lose(signal, reason, count)
        counter?.add(count, of[reason])
      },
    }
  }

  #lose(signal: Signal, reason: string, count: number): void {
    const lost = this.#exported.lost[signal]
    lost[reason] = (lost[reason] ?? 0) + count
  }
}

/** Frozen, so that what names the series is written out once, see `src/sdk/hash-attributes.ts`. */
function attributesOf(component: string): Attributes {
  return Object.freeze({ 'otel.component.type': component, 'otel.component.name': `${component}/0` })
}

/** Begins at 0, so that the first count is an increase. */
function fromZero(counter: Counter, attributes: Attributes): Counter {
  counter.add(0, attributes)
  return counter
}
