// Redacts what a metric carries: attribute values and the name of its scope. Called by `metrics.ts` before each export.
import type { Attributes } from '@opentelemetry/api'
import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Redactor } from '../redact'

/** Copies; the originals are the state from which the next export is made. Series that become alike stay apart. */
export function createMetricsRedactor(redactor: Redactor): (metrics: ResourceMetrics) => ResourceMetrics {
  // a series keeps its attributes object for life
  const known = new WeakMap<Attributes, Attributes>()

  function attributes(raw: Attributes): Attributes {
    const done = known.get(raw) ?? redactor.attributes(raw)
    known.set(raw, done)
    return done
  }

  function metric(data: MetricData): MetricData {
    const dataPoints = (data.dataPoints as DataPoint<unknown>[]).map(point => ({
      ...point,
      attributes: attributes(point.attributes),
    }))
    return { ...data, dataPoints } as MetricData
  }

  return ({ resource, scopeMetrics }) => ({
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope: {
        ...scope,
        name: redactor.text(scope.name),
        ...(scope.version && { version: redactor.text(scope.version) }),
      },
      metrics: metrics.map(metric),
    })),
  })
}
