// Collects what has ended and hands it on in batches, by the rules of OpenTelemetry's batching processors.
import type { Resource } from '@opentelemetry/resources'
import type { Settings } from '../config/settings'
import { report } from '../diag/report'
import { createDelivery, type DeliveryCounts } from './deliver'

export interface QueueOptions<T> {
  /** Items that may wait; beyond it new ones are dropped. */
  readonly limit: number
  /** Bytes that may wait, likewise. */
  readonly limitBytes: number
  readonly batchSize: number
  /** A batch is closed before it would be larger; one item that is larger goes alone. */
  readonly batchBytes: number
  /** Longest time an item waits for its batch, ms. */
  readonly delayMs: number
  /** Longest time that one flush waits, ms. */
  readonly flushTimeoutMs: number
  /**
   * Sends one batch; resolves when it is delivered or given up, and never rejects.
   * @param flushing aborts when somebody waits for this batch
   */
  readonly send: (batch: readonly T[], flushing: AbortSignal) => Promise<unknown>
  readonly onDropped: (reason: 'queue_full' | 'queue_bytes_full' | 'already_shutdown') => void
}

/**
 * Requests at the same time during a flush, since a full queue has to leave within the 2 s that the end of a process waits, and
 * when as many full batches wait, before the queue is full and drops.
 */
const mostSends = 4

class Batch<T> {
  readonly items: T[] = []
  bytes = 0
  readonly flushing = new AbortController()
  /** Called when the batch was sent or given up. */
  readonly waiting: (() => void)[] = []

  /** Resolves when the batch was sent or given up. */
  flush(): Promise<void> {
    this.flushing.abort()
    return new Promise(resolve => this.waiting.push(resolve))
  }
}

/**
 * A batch goes when it is full, when its first item has waited for the delay, or when somebody flushes; never merely because
 * the request before it has ended. Mostly one request at a time, so that a slow Collector fills the queue, where the limits
 * count, and not the memory of many requests.
 * Never throws and never keeps the process alive.
 */
export class BatchQueue<T> {
  readonly #options: QueueOptions<T>
  /** Takes new items. */
  #open = new Batch<T>()
  /** Wait for their request, oldest first. */
  #closed: Batch<T>[] = []
  readonly #sending = new Set<Batch<T>>()
  /** Of what waits. */
  #count = 0
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  /** The first item of the open batch has waited for the delay. */
  #isOld = false
  #flushes = 0
  #isShutdown = false

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  /** Items that wait; those of requests under way are not among them. */
  get size(): number {
    return this.#count
  }

  get limit(): number {
    return this.#options.limit
  }

  add(item: T, bytes: number): void {
    const { limit, limitBytes, batchSize, batchBytes, delayMs, onDropped } = this.#options
    if (this.#isShutdown) return onDropped('already_shutdown')
    if (this.#count >= limit) return onDropped('queue_full')
    if (this.#bytes + bytes > limitBytes) return onDropped('queue_bytes_full')
    if (this.#open.items.length > 0 && this.#open.bytes + bytes > batchBytes) this.#close()
    this.#open.items.push(item)
    this.#open.bytes += bytes
    this.#count++
    this.#bytes += bytes
    if (this.#open.items.length >= batchSize || this.#open.bytes >= batchBytes) this.#close()
    else this.#timer ??= setTimeout(this.#grownOld, delayMs).unref()
    this.#sendMore()
  }

  /** Sends everything that waits at this moment; resolves when that is delivered or given up, or after the time limit. */
  async flush(): Promise<void> {
    this.#close()
    const waited = [...this.#sending, ...this.#closed].map(batch => batch.flush())
    if (waited.length === 0) return
    this.#flushes++
    this.#sendMore()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#options.flushTimeoutMs).unref()
    })
    await Promise.race([Promise.all(waited), limit])
    clearTimeout(timer)
    this.#flushes--
  }

  /** The last flush; what comes after it is dropped and counted. */
  async shutdown(): Promise<void> {
    this.#isShutdown = true
    await this.flush()
  }

  /** Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. */
  takeAll(): (readonly T[])[] {
    this.#close()
    const batches = [...this.#sending, ...this.#closed]
    this.#sending.clear()
    this.#closed = []
    this.#count = 0
    this.#bytes = 0
    return batches.map(({ items }) => items)
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isOld = false
    if (this.#open.items.length === 0) return
    this.#closed.push(this.#open)
    this.#open = new Batch()
  }

  readonly #grownOld = (): void => {
    this.#isOld = true
    this.#sendMore()
  }

  #sendMore(): void {
    while (this.#sending.size < (this.#flushes > 0 || this.#closed.length >= mostSends ? mostSends : 1)) {
      // an old batch that finds a request under way stays open and fills up until that has ended
      if (this.#closed.length === 0 && this.#isOld) this.#close()
      const batch = this.#closed.shift()
      if (!batch) return
      void this.#send(batch)
    }
  }

  async #send(batch: Batch<T>): Promise<void> {
    this.#sending.add(batch)
    this.#count -= batch.items.length
    this.#bytes -= batch.bytes
    try {
      await this.#options.send(batch.items, batch.flushing.signal)
    } finally {
      this.#sending.delete(batch)
      for (const resolve of batch.waiting) resolve()
      this.#sendMore()
    }
  }
}

// Spans or log records on their last way: limited in size, queued, sent in batches, counted.

/** A request of these bytes passes everywhere, in JSON too, where text with quotes in it takes up to twice the room. */
const batchBytes = 4 * 2 ** 20
/** One item may be this large; the Collector takes requests up to 16 MiB. */
const largestItem = 8 * 2 ** 20
/** What may wait for a Collector that is away, of each signal. */
const limitBytes = 64 * 2 ** 20

const of = {
  traces: { setting: 'span', variable: 'OTEL_BSP_MAX_QUEUE_SIZE', component: 'batching_span_processor' },
  logs: { setting: 'log', variable: 'OTEL_BLRP_MAX_QUEUE_SIZE', component: 'batching_log_processor' },
} as const

interface Items<T> {
  /** Bytes when encoded, about. */
  sizeOf(item: T): number
  /** Takes the long values out of an item that is too large. */
  shrink(item: T): void
  /** Decides, right before a batch is sent, which of its items may still leave. */
  readonly screen?: Screen<T> | undefined
}

interface Screen<T> {
  /** Nothing is sent before it resolves. */
  readonly ready: Promise<void>
  passes(item: T): boolean
}

export interface BatchExporter<T> {
  add(item: T): void
  /** Resolves when what waits at this moment was delivered or given up, within the signal's export timeout. */
  flush(): Promise<void>
  /** The last flush. */
  shutdown(): Promise<void>
  /** Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. */
  takeAll(): (readonly T[])[]
}

/** None where the signal is not exported. */
export function createBatchExporter<T extends { readonly resource: Resource }>(
  signal: 'traces' | 'logs',
  settings: Settings,
  counts: DeliveryCounts,
  { sizeOf, shrink, screen }: Items<T>,
): BatchExporter<T> | undefined {
  const exporters = settings[`${signal}Exporter`].filter(exporter => exporter !== 'none')
  if (exporters.length === 0) return undefined
  const deliveries = exporters.map(exporter => createDelivery<readonly T[]>(signal, exporter, settings, counts))
  const { setting, variable, component } = of[signal]
  const limit = settings[`${setting}Queue`]
  const { processed, dropped } = counts.processor(signal, component, () => queue)
  const passed = (batch: readonly T[]) => (screen ? batch.filter(item => screen.passes(item)) : batch)
  const queue: BatchQueue<T> = new BatchQueue<T>({
    limit,
    limitBytes,
    batchBytes,
    batchSize: Math.min(settings[`${setting}Batch`], limit),
    delayMs: settings[`${setting}Delay`],
    flushTimeoutMs: settings[`${setting}Timeout`],
    onDropped(reason) {
      dropped(reason)
      if (reason === 'already_shutdown') return
      report(
        'AFN131',
        `${signal} are dropped: ${limit} (${variable}) or ${limitBytes} bytes wait already; the Collector is slow or away`,
      )
    },
    async send(waited, flushing) {
      if (screen) await screen.ready
      const batch = passed(waited)
      if (batch.length === 0) return
      processed(batch.length)
      // all have the resource of their provider
      const [{ resource }] = batch as readonly [T]
      const outgoing = { batch, count: batch.length, resource }
      const sent: Promise<void>[] = []
      for (const delivery of deliveries) sent.push(delivery.deliver(outgoing, flushing))
      await Promise.all(sent)
    },
  })
  return {
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
      else dropped('too_large')
    },
    flush: () => queue.flush(),
    shutdown: () => queue.shutdown(),
    takeAll: () =>
      queue
        .takeAll()
        .map(passed)
        .filter(batch => batch.length > 0),
  }
}
