// Creates the metric readers.
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Settings } from '../../shared/config/settings'
import type { DeliveryCounts } from './counts'
import { createDelivery } from './deliver'
import { IntervalReader } from './interval-reader'
import { PullReader, ServingReader } from './pull-reader'
import { createStartTimes } from './start-times'

/**
 * One per configured exporter; as in the specification, `none` disables the others. One more for /metrics of the health endpoints if no
 * other reader serves it.
 */
export function createMetricReaders(
  settings: Settings,
  redact: (metrics: ResourceMetrics) => ResourceMetrics,
  counts: DeliveryCounts,
): MetricReader[] {
  const readers = metricExporters(settings).map(exporter => {
    const withStarts = createStartTimes()
    const outward = (metrics: ResourceMetrics) => redact(withStarts(metrics))
    return exporter === 'prometheus'
      ? new ServingReader(settings, outward)
      : new IntervalReader(settings, outward, createDelivery<ResourceMetrics>('metrics', exporter, settings, counts))
  })
  if (!settings.health || pullReader(readers)) return readers
  const withStarts = createStartTimes()
  return [...readers, new PullReader(settings, metrics => redact(withStarts(metrics)))]
}

/** The reader from which metrics can be fetched at any time. */
export const pullReader = (readers: readonly unknown[]): PullReader | undefined =>
  readers.find(reader => reader instanceof PullReader)

export function metricExporters({ metricsExporter }: Pick<Settings, 'metricsExporter'>) {
  const wanted = new Set(metricsExporter)
  return wanted.has('none') ? [] : [...wanted].filter(exporter => exporter !== 'none')
}
