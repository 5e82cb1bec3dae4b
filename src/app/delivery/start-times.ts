// Sets the start time of each series, at which its value was 0 according to OTLP's data model.
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
 * OpenTelemetry's SDK sets the start of a series to its first measurement, and of an observable counter to its first collection, when the
 * value is no longer 0. A store that inserts a zero at the start time (Prometheus with `created-timestamp-zero-ingestion`) would then have
 * no earlier time for it, and `increase()` would miss the counts before the first export. A series that the previous collection lacked was
 * 0 at that time, so this is its start.
 * @returns a function that copies the metrics of one reader with start times; calls must be in the order of collections
 */
export function createStartTimes(): (metrics: ResourceMetrics) => ResourceMetrics {
  // by scope and name, then by attributes, because the SDK keeps one attributes object per series
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

/** Gauges and up-down counters have no meaningful start. */
function startsAtZero(data: MetricData): boolean {
  return data.dataPointType === DataPointType.SUM ? data.isMonotonic : data.dataPointType !== DataPointType.GAUGE
}

const earlier = (a: HrTime, b: HrTime): HrTime => (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? a : b)
