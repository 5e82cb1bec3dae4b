// OTLP/JSON of spans and metrics, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
import type { Attributes, HrTime } from '@opentelemetry/api'
import { DOUBLE_KEYS } from '../../../semconv'
import type { Metric } from './meter'
import type { FetchSpan, Scope } from './span'

const DELTA = 1
/** The parent's flag is known (`SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK`), and says that it is remote. */
const [HAS_IS_REMOTE, IS_REMOTE] = [0x100, 0x200]

function anyValue(value: unknown, isDouble: boolean): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return !isDouble && Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: Number.isFinite(value) ? value : String(value) } // biome-ignore format: one line
  if (Array.isArray(value)) return { arrayValue: { values: value.map(one => anyValue(one, isDouble)) } }
  return typeof value === 'object' && value !== null ? { stringValue: JSON.stringify(value) } : {}
}

const keyValues = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value, DOUBLE_KEYS.has(key)) }))

const nanos = ([seconds, nanos]: HrTime) => `${seconds}${String(nanos).padStart(9, '0')}`

function spanOf(span: FetchSpan): object {
  const { context, parentSpanContext: parent } = span
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceState: context.traceState?.serialize(),
    parentSpanId: parent?.spanId,
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: keyValues(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(({ name, time, attributes }) => ({
      timeUnixNano: nanos(time),
      name,
      attributes: keyValues(attributes),
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(({ context, attributes = {} }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: keyValues(attributes),
    })),
    status: span.status,
    flags: (context.traceFlags & 0xff) | HAS_IS_REMOTE | (parent?.isRemote ? IS_REMOTE : 0),
  }
}

/** The body of a request to `/v1/traces`. */
export function tracesOf(resource: Attributes, spans: readonly FetchSpan[]): string {
  const scopes = new Map<string, { scope: Scope; spans: object[] }>()
  for (const span of spans) {
    const { name, version } = span.instrumentationScope
    const of = scopes.get(`${name} ${version}`) ?? { scope: span.instrumentationScope, spans: [] }
    scopes.set(`${name} ${version}`, of)
    of.spans.push(spanOf(span))
  }
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: keyValues(resource) }, scopeSpans: [...scopes.values()] }],
  })
}

/** The body of a request to `/v1/metrics`. @param since ms since 1970, as `until` */
export function metricsOf(
  resource: Attributes,
  scope: Scope,
  metrics: readonly Metric[],
  since: number,
  until: number,
): string {
  const times = { startTimeUnixNano: `${since}000000`, timeUnixNano: `${until}000000` }
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource) },
        scopeMetrics: [{ scope, metrics: metrics.map(metric => metricOf(metric, times)) }],
      },
    ],
  })
}

function metricOf({ name, options: { unit, description, valueType }, bounds, points }: Metric, times: object): object {
  const isInt = valueType === 0
  if (!points[0]?.distribution) {
    const dataPoints = points.map(({ attributes, sum }) => ({
      attributes: keyValues(attributes),
      ...times,
      ...(isInt ? { asInt: String(sum) } : { asDouble: sum }),
    }))
    return { name, unit, description, sum: { aggregationTemporality: DELTA, isMonotonic: true, dataPoints } }
  }
  const dataPoints = points.map(({ attributes, sum, distribution }) => ({
    attributes: keyValues(attributes),
    ...times,
    count: String(distribution!.count),
    sum,
    min: distribution!.min,
    max: distribution!.max,
    bucketCounts: distribution!.buckets.map(String),
    explicitBounds: bounds,
  }))
  return { name, unit, description, histogram: { aggregationTemporality: DELTA, dataPoints } }
}
