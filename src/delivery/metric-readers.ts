// Where metrics go.
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Settings } from '../config/settings'
import type { DeliveryCounts } from './counts'
import { createDelivery } from './deliver'
import { IntervalReader } from './interval-reader'
import { PullReader } from './pull-reader'
import { createStartTimes } from './start-times'

/** One for each exporter that is named; `none` beside others means none, as the specification has it. */
export function createMetricReaders(
  settings: Settings,
  redact: (metrics: ResourceMetrics) => ResourceMetrics,
  counts: DeliveryCounts,
): MetricReader[] {
  return metricExporters(settings).map(exporter => {
    const withStarts = createStartTimes()
    const outward = (metrics: ResourceMetrics) => redact(withStarts(metrics))
    return exporter === 'prometheus'
      ? new PullReader(settings, outward)
      : new IntervalReader(settings, outward, createDelivery<ResourceMetrics>('metrics', exporter, settings, counts))
  })
}

export function metricExporters({ metricsExporter }: Pick<Settings, 'metricsExporter'>) {
  const wanted = new Set(metricsExporter)
  return wanted.has('none') ? [] : [...wanted].filter(exporter => exporter !== 'none')
}
