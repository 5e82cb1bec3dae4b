// Collects metrics at intervals and sends them.
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import type { Delivery } from './deliver'

/** OpenTelemetry's own periodic reader holds the process alive while an export is under way; this one never does. */
export class IntervalReader extends MetricReader {
  readonly #settings: Settings
  readonly #redact: (metrics: ResourceMetrics) => ResourceMetrics
  readonly #delivery: Delivery<ResourceMetrics>
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> | undefined
  #hurry = new AbortController()

  /** @param redact copies what was collected, without personal data and secrets */
  constructor(
    settings: Settings,
    redact: (metrics: ResourceMetrics) => ResourceMetrics,
    delivery: Delivery<ResourceMetrics>,
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
    this.#delivery = delivery
  }

  protected override onInitialized(): void {
    this.#timer = setInterval(() => void this.#once(), this.#settings.metricInterval).unref()
  }

  protected async onForceFlush(): Promise<void> {
    this.#hurry.abort()
    await this.#run
    await this.#once()
    this.#hurry = new AbortController()
  }

  protected async onShutdown(): Promise<void> {
    clearInterval(this.#timer)
    await this.onForceFlush()
  }

  /** An interval that falls into a running export is left out: the next one carries its values. */
  #once(): Promise<void> {
    this.#run ??= this.#collectAndSend().finally(() => {
      this.#run = undefined
    })
    return this.#run
  }

  async #collectAndSend(): Promise<void> {
    try {
      const { resourceMetrics } = await this.collect({ timeoutMillis: this.#settings.metricTimeout })
      if (resourceMetrics.scopeMetrics.length === 0) return
      await resourceMetrics.resource.waitForAsyncAttributes?.()
      await this.#delivery.deliver(this.#redact(resourceMetrics), this.#hurry.signal)
    } catch (error) {
      report('AFN130', `metrics could not be collected: ${reason(error)}`)
    }
  }
}

/** OTLP exporter specification, "Temporality preference". */
function temporality({ metricsTemporality }: Settings, type: InstrumentType): AggregationTemporality {
  const upDown = type === InstrumentType.UP_DOWN_COUNTER || type === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER
  if (metricsTemporality === 'cumulative' || upDown) return AggregationTemporality.CUMULATIVE
  if (metricsTemporality === 'lowmemory' && type === InstrumentType.OBSERVABLE_COUNTER)
    return AggregationTemporality.CUMULATIVE
  return AggregationTemporality.DELTA
}
