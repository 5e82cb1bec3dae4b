// Collects metrics at intervals and sends them.
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Delivery, Outgoing } from './deliver'
import { BatchQueue } from './queue'

/** Early, so that a process that lives for seconds exports values before its end. */
const firstExportMs = 1_000

/** Maximum points that wait for an unreachable Collector: about 64 MiB. */
const mostPoints = 200_000

/** OpenTelemetry's periodic reader keeps the process alive during an export; this one never does. */
export class IntervalReader extends MetricReader {
  readonly #settings: Settings
  readonly #redact: (metrics: ResourceMetrics) => ResourceMetrics
  readonly #queue: BatchQueue<Outgoing<ResourceMetrics>>
  #first: NodeJS.Timeout | undefined
  #interval: NodeJS.Timeout | undefined
  #run: Promise<void> | undefined

  /** @param redact copies collected metrics without personal data and secrets */
  constructor(
    settings: Settings,
    redact: (metrics: ResourceMetrics) => ResourceMetrics,
    delivery: Omit<Delivery<ResourceMetrics>, 'count'>,
  ) {
    super({
      aggregationTemporalitySelector: type => temporality(settings, type),
      aggregationSelector: type =>
        settings.metricsHistogram === 'base2_exponential_bucket_histogram' && type === InstrumentType.HISTOGRAM
          ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
          : { type: AggregationType.DEFAULT },
    })
    this.#settings = settings
    this.#redact = redact
    this.#queue = new BatchQueue({
      limit: Number.POSITIVE_INFINITY,
      limitBytes: mostPoints,
      batchSize: 1,
      batchBytes: Number.POSITIVE_INFINITY,
      delayMs: 0,
      flushTimeoutMs: settings.metricTimeout,
      // exports must stay in order
      mostSends: 1,
      // cumulative values include all earlier ones; delta values are sent only once
      supersedes: settings.metricsTemporality === 'cumulative',
      send: ([outgoing], attempt) => delivery.deliver(outgoing as Outgoing<ResourceMetrics>, attempt),
      answers: () => delivery.answers(),
      onDropped: (reason, _, points) => delivery.drop(reason, points),
    })
  }

  protected override onInitialized(): void {
    const { metricInterval } = this.#settings
    this.#interval = setInterval(() => void this.#once(), metricInterval).unref()
    if (firstExportMs < metricInterval) this.#first = setTimeout(() => void this.#once(), firstExportMs).unref()
  }

  /** Delivers what was recorded before the call. It collects again, because a collection in progress may have older values. */
  protected async onForceFlush(): Promise<void> {
    await this.#run
    await this.#once()
    await this.#queue.flush()
  }

  protected async onShutdown(): Promise<void> {
    clearTimeout(this.#first)
    clearInterval(this.#interval)
    await this.onForceFlush()
  }

  #once(): Promise<void> {
    this.#run ??= this.#collect().finally(() => {
      this.#run = undefined
    })
    return this.#run
  }

  async #collect(): Promise<void> {
    try {
      const { resourceMetrics, errors } = await this.collect({ timeoutMillis: this.#settings.metricTimeout })
      if (errors.length > 0) report('AFN137', `metrics are exported without some values: ${reason(errors[0])}`)
      const { resource } = resourceMetrics
      const count = pointsOf(resourceMetrics)
      if (tellsSomething(resourceMetrics))
        this.#queue.add({ batch: this.#redact(resourceMetrics), count, resource }, count)
    } catch (error) {
      report('AFN137', `metrics could not be collected: ${reason(error)}`)
    }
  }
}

function pointsOf({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0)
}

/** False if there are only zeros of our own delivery metrics, so that an idle app sends nothing. */
function tellsSomething({ scopeMetrics }: ResourceMetrics): boolean {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .some(metric =>
      metric.descriptor.name.startsWith('otel.sdk.')
        ? metric.dataPointType === DataPointType.SUM &&
          metric.isMonotonic &&
          metric.dataPoints.some(({ value }) => value !== 0)
        : metric.dataPoints.length > 0,
    )
}

/** OTLP exporter specification, "Temporality preference". */
function temporality({ metricsTemporality }: Settings, type: InstrumentType): AggregationTemporality {
  const upDown = type === InstrumentType.UP_DOWN_COUNTER || type === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER
  if (metricsTemporality === 'cumulative' || upDown) return AggregationTemporality.CUMULATIVE
  if (metricsTemporality === 'lowmemory' && type === InstrumentType.OBSERVABLE_COUNTER)
    return AggregationTemporality.CUMULATIVE
  return AggregationTemporality.DELTA
}
