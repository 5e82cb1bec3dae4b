// Encodes spans and log records as OTLP JSON.
// The mapping is protobuf's JSON mapping with OTLP's exceptions: ids are hex, 64-bit integers are text,
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
import type { HrTime } from '@opentelemetry/api'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { DOUBLE_KEYS } from '../../../semconv'
import { group, type Scoped, spanFlags } from './grouped-records'
import { wholeNumber } from './writer'

export function spansToJson(spans: readonly ReadableSpan[]): Buffer {
  return toJson(spans, 'resourceSpans', 'scopeSpans', 'spans', spanToJson)
}

export function logsToJson(records: readonly ReadableLogRecord[]): Buffer {
  return toJson(records, 'resourceLogs', 'scopeLogs', 'logRecords', logToJson)
}

function toJson<T extends Scoped>(
  records: readonly T[],
  outer: string,
  inner: string,
  leaf: string,
  recordToJson: (record: T) => object,
): Buffer {
  const request = {
    [outer]: Array.from(group(records), ([resource, groups]) => ({
      resource: { attributes: attributesToJson(resource.attributes) },
      schemaUrl: resource.schemaUrl,
      [inner]: groups.map(({ scope, records }) => ({
        scope: {
          name: scope.name,
          version: scope.version,
          ...(scope.attributes && {
            attributes: attributesToJson(scope.attributes),
            droppedAttributesCount: scope.droppedAttributesCount ?? 0,
          }),
        },
        schemaUrl: scope.schemaUrl,
        [leaf]: records.map(recordToJson),
      })),
    })),
  }
  return Buffer.from(JSON.stringify(request))
}

function spanToJson(span: ReadableSpan): object {
  const context = span.spanContext()
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceState: context.traceState?.serialize(),
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: attributesToJson(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(event => ({
      timeUnixNano: nanos(event.time),
      name: event.name,
      attributes: attributesToJson(event.attributes),
      droppedAttributesCount: event.droppedAttributesCount ?? 0,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(link => ({
      traceId: link.context.traceId,
      spanId: link.context.spanId,
      traceState: link.context.traceState?.serialize(),
      attributes: attributesToJson(link.attributes),
      droppedAttributesCount: link.droppedAttributesCount ?? 0,
      flags: spanFlags(link.context.traceFlags, link.context.isRemote),
    })),
    droppedLinksCount: span.droppedLinksCount,
    status: span.status,
    flags: spanFlags(context.traceFlags, span.parentSpanContext?.isRemote),
  }
}

function logToJson(record: ReadableLogRecord): object {
  return {
    timeUnixNano: nanos(record.hrTime),
    observedTimeUnixNano: nanos(record.hrTimeObserved),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    eventName: record.eventName,
    ...(record.body !== undefined && { body: valueToJson(record.body, false) }),
    attributes: attributesToJson(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount,
    flags: record.spanContext?.traceFlags,
    traceId: record.spanContext?.traceId,
    spanId: record.spanContext?.spanId,
  }
}

export function attributesToJson(attributes: object | undefined): object[] {
  return Object.entries(attributes ?? {}).map(([key, value]) => ({
    key,
    value: valueToJson(value, DOUBLE_KEYS.has(key)),
  }))
}

function valueToJson(value: unknown, asDouble: boolean): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') {
    if (!asDouble && Number.isSafeInteger(value)) return { intValue: String(value) }
    // JSON has no NaN or Infinity; protobuf's mapping writes their names
    return { doubleValue: Number.isFinite(value) ? value : String(value) }
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(item => valueToJson(item, asDouble)) } }
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: attributesToJson(value) } }
  return {}
}

function nanos([seconds, nanoseconds]: HrTime): string {
  return String(BigInt(wholeNumber(seconds)) * 1_000_000_000n + BigInt(wholeNumber(nanoseconds)))
}
