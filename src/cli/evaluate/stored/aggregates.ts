// Counters and histograms as cumulative points of OTLP: what a meter of the SDK makes in an app's process.
import type { Attributes, MetricOptions } from '@opentelemetry/api'
import type { EvaluationMeter } from '../../../app/llm/report/quality/evaluation-metrics'
import { attributesToJson } from '../../../shared/otlp/json'

const CUMULATIVE = 2

interface Series {
  readonly attributes: Attributes
  count: number
  sum: number
  /** Of a histogram: how many values are up to each bound, and beyond the last. */
  readonly buckets: number[]
}

interface Instrument {
  readonly name: string
  readonly options: MetricOptions
  readonly kind: 'counter' | 'histogram'
  readonly series: Map<string, Series>
}

export class Aggregates implements EvaluationMeter {
  readonly #instruments: Instrument[] = []
  #isCounting = true

  createCounter(name: string, options: MetricOptions = {}) {
    return { add: this.#instrument(name, options, 'counter') }
  }

  createHistogram(name: string, options: MetricOptions = {}) {
    return { record: this.#instrument(name, options, 'histogram') }
  }

  /** The series that the work counts on are there, and stay as they are. */
  withoutCounting(work: () => void): void {
    this.#isCounting = false
    try {
      work()
    } finally {
      this.#isCounting = true
    }
  }

  /** @param times the members of a point that say when it is of */
  metrics(times: object): object[] {
    return this.#instruments.map(({ name, options: { unit, description, advice }, kind, series }) => {
      const dataPoints = Array.from(series.values(), ({ attributes, count, sum, buckets }) => ({
        ...times,
        attributes: attributesToJson(attributes),
        ...(kind === 'counter'
          ? { asInt: String(sum) }
          : { count: String(count), sum, bucketCounts: buckets.map(String), explicitBounds: boundsOf(advice) }),
      }))
      const points = { aggregationTemporality: CUMULATIVE, dataPoints }
      return { name, unit, description, ...(kind === 'counter' ? { sum: { ...points, isMonotonic: true } } : { histogram: points }) } // biome-ignore format: one line
    })
  }

  #instrument(name: string, options: MetricOptions, kind: Instrument['kind']) {
    const bounds = boundsOf(options.advice)
    const series: Instrument['series'] = new Map()
    this.#instruments.push({ name, options, kind, series })
    return (value: number, attributes: Attributes = {}): void => {
      const key = JSON.stringify(attributes)
      const known = series.get(key) ?? { attributes, count: 0, sum: 0, buckets: new Array(bounds.length + 1).fill(0) }
      series.set(key, known)
      if (!this.#isCounting) return
      known.count++
      known.sum += value
      const at = bounds.findIndex(bound => value <= bound)
      known.buckets[at < 0 ? bounds.length : at]!++
    }
  }
}

const boundsOf = (advice: MetricOptions['advice']): readonly number[] => advice?.explicitBucketBoundaries ?? []
