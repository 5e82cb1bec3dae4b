// Instruments of `src/app/llm/report/metrics`, added up since the last export: a runtime that ends its isolates when it likes has no sum for a
// Collector to go on from.
import type { Attributes, Histogram, Meter, MetricOptions, ObservableCallback } from '@opentelemetry/api'

/** Of an instrument that advises none: OpenTelemetry's. */
const BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]

export interface Point {
  readonly attributes: Attributes
  /** Of a histogram the sum of its values. */
  sum: number
  /** Of a histogram alone. */
  distribution?: { count: number; min: number; max: number; readonly buckets: number[] }
}

export interface Metric {
  readonly name: string
  readonly options: MetricOptions
  readonly bounds: readonly number[]
  readonly points: Point[]
}

class Instrument {
  points = new Map<string, Point>()
  /** Of an observable: what was exported, by attributes. */
  readonly exported = new Map<string, number>()
  readonly bounds: readonly number[]

  constructor(
    readonly name: string,
    readonly options: MetricOptions,
  ) {
    this.bounds = options.advice?.explicitBucketBoundaries ?? BOUNDS
  }

  record(value: number, attributes: Attributes): void {
    const buckets = new Array<number>(this.bounds.length + 1).fill(0)
    let at = 0
    while (at < this.bounds.length && value > this.bounds[at]!) at++
    buckets[at] = 1
    this.add({ attributes, sum: value, distribution: { count: 1, min: value, max: value, buckets } })
  }

  add(point: Point): void {
    const key = JSON.stringify(point.attributes)
    const known = this.points.get(key)
    if (!known) return void this.points.set(key, point)
    known.sum += point.sum
    const [one, other] = [known.distribution, point.distribution]
    if (!one || !other) return
    one.count += other.count
    one.min = Math.min(one.min, other.min)
    one.max = Math.max(one.max, other.max)
    for (const [at, count] of other.buckets.entries()) one.buckets[at]! += count
  }
}

/** What the metrics of calls use of a meter. */
export class FetchMeter {
  readonly #instruments: Instrument[] = []
  readonly #observe: (() => void)[] = []
  readonly meter = {
    createHistogram: (name: string, options: MetricOptions = {}): Pick<Histogram, 'record'> => {
      const instrument = this.#instrument(name, options)
      return { record: (value, attributes = {}) => instrument.record(value, attributes) }
    },
    createObservableCounter: (name: string, options: MetricOptions = {}) => {
      const instrument = this.#instrument(name, options)
      const observe = (sum: number, attributes: Attributes = {}) => {
        const key = JSON.stringify(attributes)
        const fresh = sum - (instrument.exported.get(key) ?? 0)
        instrument.exported.set(key, sum)
        if (fresh !== 0) instrument.add({ attributes, sum: fresh })
      }
      return {
        addCallback: (callback: ObservableCallback) => void this.#observe.push(() => callback({ observe })),
      }
    },
  } as unknown as Meter

  /** What was added since the last time, without the instruments to which nothing was. */
  take(): Metric[] {
    for (const observe of this.#observe) observe()
    return this.#instruments.flatMap(instrument => {
      const { name, options, bounds, points } = instrument
      if (points.size === 0) return []
      instrument.points = new Map()
      return [{ name, options, bounds, points: [...points.values()] }]
    })
  }

  /** What could not be delivered goes with the next export. */
  giveBack(metrics: readonly Metric[]): void {
    for (const { name, points } of metrics) {
      const instrument = this.#instruments.find(instrument => instrument.name === name)
      for (const point of points) instrument?.add(point)
    }
  }

  #instrument(name: string, options: MetricOptions): Instrument {
    const instrument = new Instrument(name, options)
    this.#instruments.push(instrument)
    return instrument
  }
}
