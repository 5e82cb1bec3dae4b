// Writes an ExportMetricsServiceRequest in OTLP JSON into `metric_points`.
import type { Document } from '../../shared/otlp/schema'
import type { Dictionary } from './dictionary'
import { documents, isMisdated, type Records, scopesOf, timeOf } from './records'
import type { Count } from './spans'

const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const

/**
 * Yields after each point.
 * @param receivedNs arrival of the request in nanoseconds since 1970; used for points without a time or with an impossible one
 * @returns the number of points, and of those with an impossible time
 */
export function* putPoints(
  request: Document,
  records: Records,
  dictionaries: { readonly resources: Dictionary; readonly scopes: Dictionary },
  receivedNs: bigint,
): Generator<void, Count> {
  let received = 0
  let misdated = 0
  for (const [scopeMetrics, ids] of scopesOf(request.resourceMetrics, 'scopeMetrics', dictionaries)) {
    for (const metric of documents(scopeMetrics.metrics)) {
      const kind = kinds.find(kind => metric[kind] !== undefined)
      if (!kind) continue
      const data = metric[kind] as Document
      const series = {
        ...ids,
        resolution: 'high',
        name: (metric.name as string | undefined) ?? '',
        unit: (metric.unit as string | undefined) ?? '',
        description: (metric.description as string | undefined) ?? '',
        kind,
        temporality: (data.aggregationTemporality as number | undefined) ?? 0,
        monotonic: data.isMonotonic === true,
      }
      for (const point of documents(data.dataPoints)) {
        records.put(series, valuesOf(point, receivedNs), point.attributes)
        received++
        if (isMisdated(point.startTimeUnixNano, point.timeUnixNano)) misdated++
        yield
      }
    }
  }
  return { received, rejected: 0, misdated }
}

/** Fields of a point that have no column. */
const more = ['exemplars', 'positive', 'negative', 'quantileValues']

function valuesOf(point: Document, receivedNs: bigint) {
  const value = point.asDouble ?? point.asInt
  return {
    // OTLP writes an unknown start as 0 as well
    start_ns: timeOf(point.startTimeUnixNano),
    time_ns: timeOf(point.timeUnixNano) || receivedNs,
    value: numberOf(value),
    count: point.count === undefined ? undefined : BigInt(point.count as string),
    sum: numberOf(point.sum),
    min: numberOf(point.min),
    max: numberOf(point.max),
    bounds: (point.explicitBounds as unknown[] | undefined)?.map(Number),
    bucket_counts: (point.bucketCounts as string[] | undefined)?.map(BigInt),
    point: more.some(name => point[name] !== undefined) ? JSON.stringify(point) : undefined,
    flags: (point.flags as number | undefined) ?? 0,
    received_ns: receivedNs,
  }
}

const numberOf = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value))
