// Counts delivered and lost telemetry. `status()` shows the counts, and they are exported as metrics of the conventions,
// https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
import type { Attributes, Counter, Meter } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import type { Signal } from '../../shared/config/otlp'
import type { Exported } from '../../shared/diag/status'
import type { Dropped } from './waiting'

/** Counts items that reached an exporter. */
export interface ExporterCounts {
  delivered(count: number): void
  /** @param errorType `timeout`, `rejected`, an HTTP status or an error code */
  failed(errorType: string, count: number): void
}

/** Counts items before they reach an exporter. */
export interface ProcessorCounts {
  /** Passed to an exporter, whatever the result. */
  processed(count: number): void
  dropped(reason: Dropped | 'too_large', count: number): void
}

export interface Queue {
  /** Number of waiting items, and the limit. */
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

  /** @param exported the part of the status that is kept up to date */
  constructor(exported: Exported) {
    this.#exported = exported
  }

  /** Lets a meter record all counts from now on. */
  measure(meter: Meter): void {
    for (const measure of this.#measured) measure(meter)
  }

  /** @param component value of `otel.component.type` */
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

  /** @param component value of `otel.component.type` */
  processor(signal: 'traces' | 'logs', component: string, queue: () => Queue): ProcessorCounts {
    const { item, unit } = kinds[signal]
    const attributes = attributesOf(component)
    const failed = (errorType: string) => Object.freeze({ ...attributes, [ATTR_ERROR_TYPE]: errorType })
    // the conventions use one value for every full queue
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

/** Frozen, so that the series key is serialized only once; see `src/app/sdk/measurements.ts`. */
function attributesOf(component: string): Attributes {
  return Object.freeze({ 'otel.component.type': component, 'otel.component.name': `${component}/0` })
}

/** Starts at 0, so that the first count is an increase. */
function fromZero(counter: Counter, attributes: Attributes): Counter {
  counter.add(0, attributes)
  return counter
}
