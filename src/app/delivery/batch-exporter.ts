// Exports spans or log records: limits their size, queues them, sends them in batches and counts them.
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

/** Bytes per request. All receivers accept this size, also in JSON, and encoding it blocks the app for less than 10 ms. */
const batchBytes = 2 * 2 ** 20
/** Maximum bytes per item; the Collector accepts requests of up to 16 MiB. */
const largestItem = 8 * 2 ** 20
/** Memory of an item in addition to its encoded bytes. */
const ofObjects = 512
/** Maximum bytes per signal that wait for an unreachable Collector; in a small process, a share of its heap. */
const mostBytes = 64 * 2 ** 20
const partOfHeap = 1 / 16

const of = {
  traces: { setting: 'span', variable: 'OTEL_BSP_MAX_QUEUE_SIZE', component: 'batching_span_processor' },
  logs: { setting: 'log', variable: 'OTEL_BLRP_MAX_QUEUE_SIZE', component: 'batching_log_processor' },
} as const

interface Items<T> {
  /** Approximate encoded size in bytes. */
  sizeOf(item: T): number
  /** If not all items fit, those of the lowest rank are dropped first. */
  rankOf(item: T): number
  /** Removes long values from an item that is too large. */
  shrink(item: T): void
  /** Filters the items of a batch right before it is sent. */
  readonly screen?: Screen<T> | undefined
}

interface Screen<T> {
  /** Nothing is sent before it resolves. */
  readonly ready: Promise<void>
  passes(item: T): boolean
}

export interface BatchStorage<T> {
  /**
   * Resolves to whether the batch is stored; never rejects.
   * @param onSent called once the batch was delivered from the storage
   */
  keep(batch: readonly T[], onSent: () => void): Promise<boolean>
  /** Called once the receiver accepts batches again. */
  onTaken(): void
}

export interface BatchExporter<T> {
  add(item: T): void
  /** Drops an item before it is processed, if it could not be added anyway. @returns whether the item was dropped */
  drops(item: T): boolean
  /** Resolves once all items waiting now are delivered or lost, or the receiver is unreachable, within the export timeout of the signal. */
  flush(): Promise<void>
  /** The last flush. */
  shutdown(): Promise<void>
  /** Number of items that no receiver has accepted. */
  readonly untaken: number
  /** Stores what exceeds half the limit in memory. */
  set overflow(overflow: BatchStorage<T | EncodedRecord>)
  /** Removes and returns all undelivered items in batches, for a process that exits without another tick. */
  takeAll(): (readonly (T | EncodedRecord)[])[]
}

/** Returns undefined if the signal is not exported. */
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
  // the filter sees items before they are encoded
  const passed = (batch: readonly (T | EncodedRecord)[]) =>
    screen ? batch.filter(item => screen.passes(item as T)) : batch
  // console and JSON exporters need the items themselves
  const isEncodedAtOnce =
    !screen &&
    exporters.every(exporter => exporter === 'otlp') &&
    otlpTarget(signal, settings).protocol === 'http/protobuf'

  let encode: ((item: T) => EncodedRecord) | undefined

  /**
   * Encodes an item at once if nothing reads it again. Objects that live until their batch is sent would be copied by each minor garbage
   * collection, and displace the app's data from the processor's caches.
   */
  function waitingOf(item: T): { waiting: T | EncodedRecord; bytes: number } {
    try {
      if (isEncodedAtOnce) {
        encode ??= loadChunk('otlp').encodeOne[signal] as unknown as (item: T) => EncodedRecord
        const waiting = encode(item)
        return { waiting, bytes: waiting.bytes.length }
      }
    } catch {
      // sending fails again, and the failure is counted there
    }
    return { waiting: item, bytes: sizeOf(item) }
  }

  /** Reset when a batch is sent. The warning appears once, because thousands may be dropped before that. */
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
      // computed late, because it would slow down the start of the app
      limitBytes = Math.min(mostBytes, heapLimit() * partOfHeap)
      if (screen) await screen.ready
      const batch = passed(waited)
      if (batch.length === 0) return 'nothing'
      // all items share the resource of their provider
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
