// Encodes spans and log records as OTLP protobuf.
// Field numbers: https://github.com/open-telemetry/opentelemetry-proto (v1). Our own instead of OpenTelemetry's because
// that one writes 1.0 as an integer, and TraceQL never compares an integer with a float.
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { DOUBLE_KEYS } from '../../../semconv'
import { type Group, group, type Scoped, spanFlags } from './grouped-records'
import { Writer } from './writer'

/** A span or log record of which nothing but its bytes waits for its request. */
export interface EncodedRecord extends Scoped {
  readonly bytes: Uint8Array
}

/** An `ExportTraceServiceRequest`. */
export function encodeSpans(spans: readonly (ReadableSpan | EncodedRecord)[]): Buffer {
  return encode(spans, writeSpan)
}

/** An `ExportLogsServiceRequest`. */
export function encodeLogs(records: readonly (ReadableLogRecord | EncodedRecord)[]): Buffer {
  return encode(records, writeLog)
}

export function encodeSpan(span: ReadableSpan): EncodedRecord {
  return encodeOne(span, writeSpan)
}

export function encodeLog(record: ReadableLogRecord): EncodedRecord {
  return encodeOne(record, writeLog)
}

/** Small records stand one behind the other in a buffer, which lives as long as one of them waits. */
const SHARED = 8_192
/** Of bytes, for the next one. */
const ROOM = 1_024
let shared: Writer | undefined

function encodeOne<T extends Scoped>(record: T, writeRecord: (w: Writer, record: T) => void): EncodedRecord {
  const { resource, instrumentationScope } = record
  const w = shared ?? new Writer(SHARED)
  // a record that fails leaves a part of itself in it
  shared = undefined
  writeRecord(w, record)
  const bytes = w.finish()
  if (w.size > SHARED) return { resource, instrumentationScope, bytes: Buffer.from(bytes) }
  if (w.left >= ROOM) shared = w
  return { resource, instrumentationScope, bytes }
}

const isEncoded = (record: Scoped): record is EncodedRecord => 'bytes' in record

function encode<T extends Scoped>(
  records: readonly (T | EncodedRecord)[],
  writeRecord: (w: Writer, record: T) => void,
): Buffer {
  const w = new Writer()
  for (const [resource, groups] of group(records)) {
    w.message(1, () => {
      w.message(1, () => writeAttributes(w, 1, resource.attributes))
      for (const one of groups) w.message(2, () => writeGroup(w, one, writeRecord))
      w.text(3, resource.schemaUrl)
    })
  }
  return w.finish()
}

function writeGroup<T extends Scoped>(
  w: Writer,
  { scope, records }: Group<T | EncodedRecord>,
  writeRecord: (w: Writer, record: T) => void,
): void {
  w.message(1, () => {
    w.text(1, scope.name)
    w.text(2, scope.version)
    writeAttributes(w, 3, scope.attributes)
    w.unsigned(4, scope.droppedAttributesCount)
  })
  for (const record of records) {
    if (isEncoded(record)) {
      w.bytes(2, record.bytes)
      continue
    }
    const start = w.open(2)
    writeRecord(w, record)
    w.close(start)
  }
  w.text(3, scope.schemaUrl)
}

function writeSpan(w: Writer, span: ReadableSpan): void {
  const context = span.spanContext()
  w.hex(1, context.traceId)
  w.hex(2, context.spanId)
  w.text(3, context.traceState?.serialize())
  w.hex(4, span.parentSpanContext?.spanId)
  w.text(5, span.name)
  w.unsigned(6, span.kind + 1)
  w.time(7, span.startTime)
  w.time(8, span.endTime)
  writeAttributes(w, 9, span.attributes)
  w.unsigned(10, span.droppedAttributesCount)
  for (const event of span.events) {
    w.message(11, () => {
      w.time(1, event.time)
      w.text(2, event.name)
      writeAttributes(w, 3, event.attributes)
      w.unsigned(4, event.droppedAttributesCount)
    })
  }
  w.unsigned(12, span.droppedEventsCount)
  for (const link of span.links) {
    w.message(13, () => {
      w.hex(1, link.context.traceId)
      w.hex(2, link.context.spanId)
      w.text(3, link.context.traceState?.serialize())
      writeAttributes(w, 4, link.attributes)
      w.unsigned(5, link.droppedAttributesCount)
      w.fixed32(6, spanFlags(link.context.traceFlags, link.context.isRemote))
    })
  }
  w.unsigned(14, span.droppedLinksCount)
  const status = w.open(15)
  w.text(2, span.status.message)
  w.unsigned(3, span.status.code)
  w.close(status)
  w.fixed32(16, spanFlags(context.traceFlags, span.parentSpanContext?.isRemote))
}

function writeLog(w: Writer, record: ReadableLogRecord): void {
  w.time(1, record.hrTime)
  w.unsigned(2, record.severityNumber)
  w.text(3, record.severityText)
  if (record.body !== undefined && record.body !== null) w.message(5, () => writeValue(w, record.body, false))
  writeAttributes(w, 6, record.attributes)
  w.unsigned(7, record.droppedAttributesCount)
  w.fixed32(8, record.spanContext?.traceFlags ?? 0)
  w.hex(9, record.spanContext?.traceId)
  w.hex(10, record.spanContext?.spanId)
  w.time(11, record.hrTimeObserved)
  w.text(12, record.eventName)
}

function writeAttributes(w: Writer, field: number, attributes: object | undefined): void {
  if (!attributes) return
  for (const key of Object.keys(attributes)) {
    const value = (attributes as Record<string, unknown>)[key]
    if (typeof value === 'string' && w.shortAttribute(field, key, value)) continue
    const attribute = w.open(field)
    w.text(1, key)
    const start = w.open(2)
    writeValue(w, value, DOUBLE_KEYS.has(key))
    w.close(start)
    w.close(attribute)
  }
}

/** An `AnyValue`; null and undefined are the empty value. `asDouble`: the registry says so, whatever number it is. */
function writeValue(w: Writer, value: unknown, asDouble: boolean): void {
  if (typeof value === 'string') w.textAlways(1, value)
  else if (typeof value === 'boolean') w.boolAlways(2, value)
  else if (typeof value === 'number') {
    if (asDouble || !Number.isSafeInteger(value)) w.doubleAlways(4, value)
    else w.int64Always(3, value)
  } else if (value instanceof Uint8Array) w.bytes(7, value)
  else if (Array.isArray(value)) {
    w.message(5, () => {
      for (const item of value) {
        const element = w.open(1)
        writeValue(w, item, asDouble)
        w.close(element)
      }
    })
  } else if (typeof value === 'object' && value !== null) w.message(6, () => writeAttributes(w, 1, value))
}
