// What became of the telemetry: delivered, or lost and why. `status()` shows it, and it leaves as metrics of the conventions,
// https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
import type { Attributes, Counter, Meter } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import type { Signal } from '../config/otlp'
import type { Exported } from '../diag/status'

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
  dropped(reason: 'queue_full' | 'queue_bytes_full' | 'too_large' | 'already_shutdown'): void
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

type Add = (count: number, errorType?: string) => void

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
    let add: Add | undefined
    this.#measured.push(meter => {
      const description = 'Exports that have finished, with error.type where they failed'
      const counter = meter.createCounter(`otel.sdk.exporter.${item}.exported`, { unit, description })
      add = counting(counter, attributesOf(component))
    })
    return {
      delivered: count => {
        this.#exported[total] += count
        add?.(count)
      },
      failed: (errorType, count) => {
        this.#exported.failed += count
        this.#lose(signal, errorType, count)
        add?.(count, errorType)
      },
    }
  }

  /** @param component its `otel.component.type` */
  processor(signal: 'traces' | 'logs', component: string, queue: () => Queue): ProcessorCounts {
    const { item, unit } = kinds[signal]
    let add: Add | undefined
    this.#measured.push(meter => {
      const name = `otel.sdk.processor.${item}`
      const attributes = attributesOf(component)
      const description = 'Handed to the exporter, or dropped with error.type'
      add = counting(meter.createCounter(`${name}.processed`, { unit, description }), attributes)
      meter
        .createUpDownCounter(`${name}.queue.capacity`, { unit, description: 'How many may wait' })
        .add(queue().limit, attributes)
      meter
        .createObservableUpDownCounter(`${name}.queue.size`, { unit, description: 'How many wait' })
        .addCallback(result => result.observe(queue().size, attributes))
    })
    return {
      processed: count => add?.(count),
      dropped: reason => {
        this.#exported.dropped++
        this.#lose(signal, reason, 1)
        // the conventions have one word for every full queue
        add?.(1, reason === 'queue_bytes_full' ? 'queue_full' : reason)
      },
    }
  }

  #lose(signal: Signal, reason: string, count: number): void {
    const lost = this.#exported.lost[signal]
    lost[reason] = (lost[reason] ?? 0) + count
  }
}

function attributesOf(component: string): Attributes {
  return { 'otel.component.type': component, 'otel.component.name': `${component}/0` }
}

/** Begins at 0, so that the first count is an increase. */
function counting(counter: Counter, attributes: Attributes): Add {
  counter.add(0, attributes)
  return (count, errorType) =>
    counter.add(count, errorType === undefined ? attributes : { ...attributes, [ATTR_ERROR_TYPE]: errorType })
}
