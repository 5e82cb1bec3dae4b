// Metrics as Prometheus has them when they come by OTLP: its names, its labels, and one family of a name.
import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { type DataPoint, DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { promoted } from '../../../shared/config/promoted-attributes'
import { type Kind, labelName, metricName } from '../../../shared/otlp/prometheus-names'
import { mergePoints } from '../merge-points'

/**
 * A new document. Where a label has several underscores side by side, OpenTelemetry's serializer makes one of them; by OTLP
 * they stay.
 *
 * Exponential histograms are left out, since the text format has none; `PullReader` asks for the others.
 * What several scopes count under one name and with the same attributes is added up: a scrape may hold a series once.
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

/** Keys that become one label share it, with a `;` between their values. @param taken a label that is not the app's to set */
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
