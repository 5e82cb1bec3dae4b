// Where metrics go. Composed here for `pipelines.ts`.
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Settings } from '../config/settings'
import type { Redactor } from '../redact'
import { createDelivery } from './deliver'
import { IntervalReader } from './metrics'
import { PullReader } from './pull'

/** One for each exporter that is named; `none` beside others means none, as the specification has it. */
export function createMetricReaders(settings: Settings, redactor: Redactor): MetricReader[] {
  return metricExporters(settings).map(exporter =>
    exporter === 'prometheus'
      ? new PullReader(settings, redactor)
      : new IntervalReader(settings, redactor, createDelivery<ResourceMetrics>('metrics', exporter, settings)),
  )
}

export function metricExporters({ metricsExporter }: Pick<Settings, 'metricsExporter'>) {
  const wanted = new Set(metricsExporter)
  return wanted.has('none') ? [] : [...wanted].filter(exporter => exporter !== 'none')
}
