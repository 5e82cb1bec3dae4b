// Makes metrics available on request: for Prometheus at its own endpoint, and for the health endpoints.
import { AggregationTemporality, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'

/** Always cumulative with explicit buckets, whatever the settings say, because the text format supports nothing else. */
export class PullReader extends MetricReader {
  readonly #settings: Settings
  readonly #redact: (metrics: ResourceMetrics) => ResourceMetrics

  /** @param redact copies collected metrics without personal data and secrets */
  constructor(settings: Settings, redact: (metrics: ResourceMetrics) => ResourceMetrics) {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE })
    this.#settings = settings
    this.#redact = redact
  }

  /** The current metrics, redacted. */
  async fetch(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.collect({ timeoutMillis: this.#settings.metricTimeout })
    await resourceMetrics.resource.waitForAsyncAttributes?.()
    return this.#redact(resourceMetrics)
  }

  /** Nothing to flush: the next scrape includes all counts. */
  protected async onForceFlush(): Promise<void> {}

  protected async onShutdown(): Promise<void> {}
}

/** Runs its own server, for OTEL_METRICS_EXPORTER=prometheus. */
export class ServingReader extends PullReader {
  readonly #address: Pick<Settings, 'prometheusHost' | 'prometheusPort'>
  #close = () => {}

  constructor(settings: Settings, redact: (metrics: ResourceMetrics) => ResourceMetrics) {
    super(settings, redact)
    this.#address = settings
  }

  protected override onInitialized(): void {
    const { prometheusHost: host, prometheusPort: port } = this.#address
    const onFailure = (error: Error) =>
      report(
        'AFN134',
        `Prometheus can't scrape http://${host}:${port}/metrics (${reason(error)}); each process needs an address of its own: OTEL_EXPORTER_PROMETHEUS_HOST and _PORT`,
      )
    try {
      this.#close = loadChunk('prometheus').serve({ host, port, onFailure, collect: () => this.fetch() })
    } catch (error) {
      onFailure(error as Error)
    }
  }

  protected override async onShutdown(): Promise<void> {
    this.#close()
  }
}
