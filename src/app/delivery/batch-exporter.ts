// Spans or log records on their last way: limited in size, queued, sent in batches, counted.
import type * as V8 from 'node:v8'
import type { Resource } from '@opentelemetry/resources'
import { otlpTarget } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import { report } from '../../shared/diag/report'
import type { EncodedRecord } from '../../shared/otlp/protobuf'
import { loadChunk } from '../chunks'
import type { DeliveryCounts } from './counts'
import { createDelivery } from './deliver'
import { BatchQueue } from './queue'

/** A request of these bytes passes everywhere, in JSON too, and is encoded in less than 10 ms, in which the app stands still. */
const batchBytes = 2 * 2 ** 20
/** One item may be this large; the Collector takes requests up to 16 MiB. */
const largestItem = 8 * 2 ** 20
/** What an item takes in memory besides its bytes when encoded. */
const ofObjects = 512
/** What may wait for a Collector that is away, of each signal; in a small process a part of its heap. */
const mostBytes = 64 * 2 ** 20
const partOfHeap = 1 / 16

const of = {
  traces: { setting: 'span', variable: 'OTEL_BSP_MAX_QUEUE_SIZE', component: 'batching_span_processor' },
  logs: { setting: 'log', variable: 'OTEL_BLRP_MAX_QUEUE_SIZE', component: 'batching_log_processor' },
} as const

interface Items<T> {
  /** Bytes when encoded, about. */
  sizeOf(item: T): number
  /** The lowest is given up first where not all can wait. */
  rankOf(item: T): number
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

export interface BatchStorage<T> {
  /**
   * Resolves to whether it is kept; never rejects.
   * @param onSent is called when it was delivered from there
   */
  keep(batch: readonly T[], onSent: () => void): Promise<boolean>
  /** Somebody takes batches again. */
  onTaken(): void
}

export interface BatchExporter<T> {
  add(item: T): void
  /** Drops an item before the work that it would take, if it could not be added. @returns whether it did */
  drops(item: T): boolean
  /** Resolves when what waits at this moment was delivered or lost, or nobody is there, within the signal's export timeout. */
  flush(): Promise<void>
  /** The last flush. */
  shutdown(): Promise<void>
  /** Items that nobody has taken. */
  readonly untaken: number
  /** Where what waits beyond a half of what may wait here is kept. */
  set overflow(overflow: BatchStorage<T | EncodedRecord>)
  /** Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. */
  takeAll(): (readonly (T | EncodedRecord)[])[]
}

/** None where the signal is not exported. */
export function createBatchExporter<T extends { readonly resource: Resource }>(
  signal: 'traces' | 'logs',
  settings: Settings,
  counts: DeliveryCounts,
  { sizeOf, rankOf, shrink, screen }: Items<T>,
): BatchExporter<T> | undefined {
  const exporters = settings[`${signal}Exporter`].filter(exporter => exporter !== 'none')
  if (exporters.length === 0) return undefined
  const deliveries = exporters.map(exporter =>
    createDelivery<readonly (T | EncodedRecord)[]>(signal, exporter, settings, counts),
  )
  const { setting, variable, component } = of[signal]
  const limit = settings[`${setting}Queue`]
  const { processed, dropped } = counts.processor(signal, component, () => queue)
  // it is asked about items that are not encoded yet
  const passed = (batch: readonly (T | EncodedRecord)[]) =>
    screen ? batch.filter(item => screen.passes(item as T)) : batch
  // consoles and JSON are written of the items themselves
  const isEncodedAtOnce =
    !screen &&
    exporters.every(exporter => exporter === 'otlp') &&
    otlpTarget(signal, settings).protocol === 'http/protobuf'

  let encode: ((item: T) => EncodedRecord) | undefined

  /**
   * What waits of an item: its bytes alone where nothing reads it again. Objects that live until their batch leaves are copied by each
   * collection of young garbage, and make room for themselves in which nothing is in the processor's caches.
   */
  function waitingOf(item: T): { waiting: T | EncodedRecord; bytes: number } {
    try {
      if (isEncodedAtOnce) {
        encode ??= loadChunk('otlp').encodeOne[signal] as unknown as (item: T) => EncodedRecord
        const waiting = encode(item)
        return { waiting, bytes: waiting.bytes.length }
      }
    } catch {
      // it fails again when it is sent, where that is counted
    }
    return { waiting: item, bytes: sizeOf(item) }
  }

  /** Since the last batch left. Said once: thousands may be dropped until the next one does. */
  let isFull = false
  let limitBytes = mostBytes
  const queue: BatchQueue<T | EncodedRecord> = new BatchQueue<T | EncodedRecord>({
    limit,
    get limitBytes() {
      return limitBytes
    },
    batchBytes,
    batchSize: Math.min(settings[`${setting}Batch`], limit),
    delayMs: settings[`${setting}Delay`],
    flushTimeoutMs: settings[`${setting}Timeout`],
    onDropped(reason, count) {
      dropped(reason, count)
      if (isFull || reason === 'already_shutdown') return
      isFull = true
      report(
        'AFN131',
        `${signal} are dropped: ${limit} (${variable}) or ${limitBytes} bytes wait already; the Collector is slow or away`,
      )
    },
    answers: async () => (await Promise.all(deliveries.map(delivery => delivery.answers()))).includes(true),
    async send(waited, attempt) {
      isFull = false
      // not during the start of the app
      limitBytes = Math.min(mostBytes, heapLimit() * partOfHeap)
      if (screen) await screen.ready
      const batch = passed(waited)
      if (batch.length === 0) return 'nothing'
      // all have the resource of their provider
      const [{ resource }] = batch as readonly [T | EncodedRecord]
      const outgoing = { batch, count: batch.length, resource }
      const outcomes = await Promise.all(deliveries.map(delivery => delivery.deliver(outgoing, attempt)))
      const untaken = outcomes.find(outcome => typeof outcome === 'object')
      if (untaken) return untaken
      processed(batch.length)
      return 'over'
    },
  })
  return {
    add(item) {
      let { waiting, bytes } = waitingOf(item)
      if (bytes > largestItem) {
        report(
          'AFN133',
          `of a span or log record of ${bytes} bytes all long values are left out; ${largestItem} is the limit`,
        )
        shrink(item)
        ;({ waiting, bytes } = waitingOf(item))
      }
      if (bytes <= largestItem) queue.add(waiting, bytes + ofObjects, rankOf(item))
      else dropped('too_large', 1)
    },
    drops: item => queue.drops(rankOf(item)),
    flush: () => queue.flush(),
    shutdown: () => queue.shutdown(),
    get untaken() {
      return queue.untaken
    },
    set overflow(overflow: BatchStorage<T | EncodedRecord>) {
      queue.overflow = {
        onTaken: overflow.onTaken,
        async keep(waited) {
          const batch = passed(waited)
          const { length } = batch
          return length === 0 || overflow.keep(batch, () => deliveries[exporters.indexOf('otlp')]?.count(length))
        },
      }
    },
    takeAll: () =>
      queue
        .takeAll()
        .map(passed)
        .filter(batch => batch.length > 0),
  }
}

const heapLimit = () => (require('node:v8') as typeof V8).getHeapStatistics().heap_size_limit
