// Spans or log records on their last way: limited in size, queued, sent in batches, counted.
import type { Resource } from '@opentelemetry/resources'
import type { Settings } from '../config/settings'
import { report } from '../diag/report'
import type { DeliveryCounts } from './counts'
import { createDelivery } from './deliver'
import { BatchQueue } from './queue'

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

interface Sizes<T> {
  /** Bytes when encoded, about. */
  sizeOf(item: T): number
  /** Takes the long values out of an item that is too large. */
  shrink(item: T): void
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
  { sizeOf, shrink }: Sizes<T>,
): BatchExporter<T> | undefined {
  const exporters = settings[`${signal}Exporter`].filter(exporter => exporter !== 'none')
  if (exporters.length === 0) return undefined
  const deliveries = exporters.map(exporter => createDelivery<readonly T[]>(signal, exporter, settings, counts))
  const { setting, variable, component } = of[signal]
  const limit = settings[`${setting}Queue`]
  const { processed, dropped } = counts.processor(signal, component, () => queue)
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
    async send(batch, flushing) {
      processed(batch.length)
      // all have the resource of their provider
      const [{ resource }] = batch as readonly [T]
      const outgoing = { batch, count: batch.length, resource }
      await Promise.all(deliveries.map(delivery => delivery.deliver(outgoing, flushing)))
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
    takeAll: () => queue.takeAll(),
  }
}
