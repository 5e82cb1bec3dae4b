// What became of the telemetry: delivered, or lost and why. `status()` shows it, and it leaves as metrics of the conventions,
// https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
import type { Attributes, Counter, Meter } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import type { Signal } from '../../shared/config/otlp'
import type { Exported } from '../../shared/diag/status'
import type { Dropped } from './waiting'

/** Counts what an exporter was handed. */
export interface ExporterCounts {
  delivered(count: number): void
  /** @param errorType `timeout`, `rejected`, an HTTP status or the code of an error */
  failed(errorType: string, count: number): void
}

/** Counts what comes before an exporter. */
export interface ProcessorCounts {
  /** Handed to an exporter, whatever comes of it. */
  processed(count: number): void
  dropped(reason: Dropped | 'too_large', count: number): void
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
    const of: Readonly<Record<Dropped | 'too_large', Attributes>> = {
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

/** Frozen, so that what names the series is written out once, see `src/app/sdk/measurements.ts`. */
function attributesOf(component: string): Attributes {
  return Object.freeze({ 'otel.component.type': component, 'otel.component.name': `${component}/0` })
}

/** Begins at 0, so that the first count is an increase. */
function fromZero(counter: Counter, attributes: Attributes): Counter {
  counter.add(0, attributes)
  return counter
}
