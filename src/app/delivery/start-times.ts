// When each series began, as OTLP's data model means it: at that time its value was 0.
import type { Attributes, HrTime } from '@opentelemetry/api'
import { millisToHrTime } from '@opentelemetry/core'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics'

/**
 * OpenTelemetry's SDK dates the start of a series to its first measurement, and that of an observable counter to its first
 * collection, where the value is not 0 any more. A store that starts a new series with a 0 (Prometheus does, by
 * `created-timestamp-zero-ingestion`) then has no time to put it at, and `increase()` misses what was counted before the
 * first export. A series that the collection before did not have was 0 at that time, so that is its start.
 * @returns copies what one reader collected, each series with its start; calls have to be in the order of collections
 */
export function createStartTimes(): (metrics: ResourceMetrics) => ResourceMetrics {
  // by scope and name; below it the SDK keeps one attributes object for each series
  const starts = new Map<string, WeakMap<Attributes, HrTime>>()
  let before = millisToHrTime(Date.now())

  function metric(scope: ScopeMetrics['scope'], data: MetricData): MetricData {
    if (!startsAtZero(data)) return data
    const key = JSON.stringify([scope.name, scope.version, data.descriptor.name])
    const known = starts.get(key) ?? new WeakMap<Attributes, HrTime>()
    starts.set(key, known)
    const isCumulative = data.aggregationTemporality === AggregationTemporality.CUMULATIVE
    const dataPoints = (data.dataPoints as DataPoint<unknown>[]).map(point => {
      const startTime = known.get(point.attributes) ?? earlier(point.startTime, before)
      if (isCumulative) known.set(point.attributes, startTime)
      return { ...point, startTime }
    })
    return { ...data, dataPoints } as MetricData
  }

  return ({ resource, scopeMetrics }) => {
    const dated = scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map(data => metric(scope, data)),
    }))
    before = scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.endTime ?? millisToHrTime(Date.now())
    return { resource, scopeMetrics: dated }
  }
}

/** Gauges and what goes up and down have no start that means something. */
function startsAtZero(data: MetricData): boolean {
  return data.dataPointType === DataPointType.SUM ? data.isMonotonic : data.dataPointType !== DataPointType.GAUGE
}

const earlier = (a: HrTime, b: HrTime): HrTime => (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? a : b)
