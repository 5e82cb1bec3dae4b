// Converts metrics to the names, labels and families that they get in Prometheus when sent by OTLP.
import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { type DataPoint, DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { promoted } from '../../../shared/config/promoted-attributes'
import { type Kind, labelName, metricName } from '../../../shared/otlp/prometheus-names'
import { mergePoints } from '../merge-points'

/**
 * Returns a copy. OpenTelemetry's serializer collapses repeated underscores in labels, which OTLP ingestion keeps.
 *
 * Exponential histograms are left out, because the text format has none; `PullReader` requests explicit buckets. Equal series of several
 * scopes are added up, because a scrape may contain a series only once.
 */
export function families({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const ofResource = labels(resource.attributes)
  const onEach = labels(Object.fromEntries(promoted.map(key => [key, resource.attributes[key]])))
  const found = new Map<string, MetricData>()
  for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    const { descriptor, dataPointType: type } = metric
    const name = metricName(descriptor.name, descriptor.unit, kindOf(metric))
    if (name === undefined || type === DataPointType.EXPONENTIAL_HISTOGRAM) continue
    const points = (metric.dataPoints as DataPoint<unknown>[]).map(point => ({
      ...point,
      attributes: { ...onEach, ...labels(point.attributes, type === DataPointType.HISTOGRAM ? 'le' : undefined) },
    }))
    const key = `${name} ${type}`
    const known = found.get(key)?.dataPoints as DataPoint<unknown>[] | undefined
    const dataPoints = known ? mergePoints([...known, ...points], type) : points
    found.set(key, { ...metric, descriptor: { ...descriptor, name }, dataPoints } as MetricData)
  }
  const metrics = [...found.values()]
  const asLabels = Object.create(resource, { attributes: { value: ofResource } }) as typeof resource
  return { resource: asLabels, scopeMetrics: metrics.length > 0 ? [{ scope: { name: '' }, metrics }] : [] }
}

function kindOf(metric: MetricData): Kind {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge'
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'other'
}

/** Keys that map to the same label share it, with their values joined by `;`. @param taken a label that the app must not set */
function labels(attributes: Attributes, taken?: string): Record<string, string> {
  const made: Record<string, string> = {}
  for (const key of Object.keys(attributes).sort()) {
    const name = labelName(key)
    const value = text(attributes[key])
    if (name === undefined || name === taken || value === '') continue
    made[name] = made[name] === undefined ? value : `${made[name]};${value}`
  }
  return made
}

const text = (value: AttributeValue | undefined): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')
