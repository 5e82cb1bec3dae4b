// Converts rows of log records and data points to OTLP JSON, with typed values. Integer metric values are doubles in the store.
import type { AnyValue } from '../../shared/otlp/any-value'
import { type Document, jsonDouble } from '../../shared/otlp/schema'
import type { Row } from '../store/store'
import { attributesOf, grouped, hex, present } from './tempo/document'

export function logRecordOf(row: Row): Document {
  return present({
    timeUnixNano: String(row.time_ns),
    observedTimeUnixNano: String(row.observed_ns),
    severityNumber: row.severity,
    severityText: row.severity_text,
    body: bodyOf(row.body as string | null),
    attributes: attributesOf(row),
    droppedAttributesCount: row.dropped_attributes,
    flags: row.flags,
    traceId: row.trace_id ? hex(row.trace_id, 32) : '',
    spanId: row.span_id ? hex(row.span_id, 16) : '',
    eventName: row.event_name,
  })
}

/** Matches a body that the store wrote as an AnyValue because it is not a string. */
const isAnyValue = /^\{(?:"(?:boolValue|intValue|doubleValue|arrayValue|kvlistValue|bytesValue)":.*)?\}$/s

function bodyOf(body: string | null): AnyValue | undefined {
  if (body === null) return undefined
  if (!isAnyValue.test(body)) return { stringValue: body }
  try {
    return JSON.parse(body) as AnyValue
  } catch {
    return { stringValue: body }
  }
}

/** The columns that identify a metric, besides its data points. */
const ofSeries = ['name', 'unit', 'description', 'kind', 'temporality', 'monotonic'] as const

/** @param rows of one resource and scope @returns metrics in order of first occurrence */
export function metricsOf(rows: readonly Row[]): Document[] {
  const keyOf = (row: Row) => JSON.stringify(ofSeries.map(column => row[column]))
  return grouped(rows, keyOf).map(([, points]) => {
    const { name, unit, description, kind, temporality, monotonic } = points[0]!
    const data: Record<string, unknown> = { dataPoints: points.map(pointOf) }
    if (kind !== 'gauge' && kind !== 'summary') data.aggregationTemporality = temporality
    if (kind === 'sum') data.isMonotonic = monotonic
    return { ...present({ name, unit, description }), [kind as string]: data }
  })
}

function pointOf(row: Row): Document {
  const whole = row.point === null ? valuesOf(row) : (JSON.parse(row.point as string) as Document)
  const times = present({ startTimeUnixNano: row.start_ns ? String(row.start_ns) : '', flags: row.flags })
  return { ...whole, ...times, attributes: attributesOf(row), timeUnixNano: String(row.time_ns) }
}

function valuesOf(row: Row): Document {
  const double = (column: string) => (row[column] === null ? undefined : jsonDouble(row[column] as number))
  const values = {
    asDouble: double('value'),
    count: row.count === null ? undefined : String(row.count),
    sum: double('sum'),
    min: double('min'),
    max: double('max'),
    explicitBounds: (row.bounds as number[] | null)?.map(jsonDouble),
    bucketCounts: (row.bucket_counts as bigint[] | null)?.map(String),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
