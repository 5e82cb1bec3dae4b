// What bounds spans and log records that wait to be sent. Each has a size, so that batches and queues have a limit in bytes: OTLP's
// receivers refuse a request that is too large whole, with every other span in it; the Collector at 16 MiB unpacked. And each has a
// rank: a queue that is full takes out what has the lowest, the oldest first; what has no higher rank than all that waits is not
// taken in.
import { SeverityNumber, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ExportLog } from './log-copy'
import type { SpanCopy } from './span-copy'

/** A value up to here may stay in an item that is too large. */
const largestKept = 16_384
/** Ids, times and the tags of the encoding. */
const ofItem = 160
const ofAttribute = 10
/** Below this a value is not walked; the redactor, which comes before, leaves nothing deeper. */
const deepest = 64

/** Steps inside of other work, as middleware; then what is left; then calls of models, which cost money; failures last. */
export function rankOf({ status, call, kind, parentSpanContext }: SpanCopy): number {
  if (status.code === SpanStatusCode.ERROR) return 3
  if (call?.isModelCall) return 2
  return kind === SpanKind.INTERNAL && parentSpanContext ? 0 : 1
}

/** By severity: debug and below, then info and what has none, then warnings, errors last. */
export function rankOfLog({ severityNumber }: ExportLog): number {
  if (!severityNumber) return 1
  if (severityNumber >= SeverityNumber.ERROR) return 3
  if (severityNumber >= SeverityNumber.WARN) return 2
  return severityNumber < SeverityNumber.INFO ? 0 : 1
}

/** Bytes when encoded, a few percent off: walking the values once more as the encoder does would cost as much. */
export function sizeOf(span: SpanCopy): number {
  let size = ofItem + sizeOfAttributes(span.attributes)
  for (const { name, attributes } of span.events) size += ofItem / 4 + name.length + sizeOfAttributes(attributes)
  for (const { attributes } of span.links) size += ofItem / 2 + sizeOfAttributes(attributes)
  return size
}

/** The same of a log record. */
export function sizeOfLog(log: ExportLog): number {
  return ofItem + sizeOfAttributes(log.attributes) + sizeOfValue(log.body)
}

function isSpan(item: SpanCopy | ExportLog): item is SpanCopy {
  return Object.hasOwn(item, 'events')
}

/** Takes out of the copy every value that is long, most of all content, and leaves how long it was. */
export function shrink(item: SpanCopy | ExportLog): void {
  item.attributes = shortened(item.attributes) as typeof item.attributes
  if (isSpan(item)) {
    item.events = item.events.map(event => ({
      ...event,
      ...(event.attributes && { attributes: shortened(event.attributes) }),
    }))
    item.links = item.links.map(link => ({
      ...link,
      ...(link.attributes && { attributes: shortened(link.attributes) }),
    }))
  } else if (sizeOfValue(item.body) > largestKept) item.body = leftOut(item.body)
}

function sizeOfAttributes(attributes: object | undefined, depth = 0): number {
  if (!attributes || depth > deepest) return 0
  let size = 0
  // own keys, as the encoder takes them: what the app has put on `Object.prototype` is no attribute
  for (const key of Object.keys(attributes)) {
    size += ofAttribute + key.length + sizeOfValue((attributes as Record<string, unknown>)[key], depth)
  }
  return size
}

function sizeOfValue(value: unknown, depth = 0): number {
  // characters beyond ASCII take up to three bytes; counting them matters where there are many
  if (typeof value === 'string') return value.length < 256 ? value.length : Buffer.byteLength(value)
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Uint8Array) return value.length
  if (!Array.isArray(value)) return sizeOfAttributes(value, depth + 1)
  if (depth > deepest) return 0
  let size = 0
  for (const item of value) size += 4 + sizeOfValue(item, depth + 1)
  return size
}

function shortened<T extends object>(attributes: T): T {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, sizeOfValue(value) > largestKept ? leftOut(value) : value]),
  ) as T
}

function leftOut(value: unknown): string {
  return `[left out: ${sizeOfValue(value)} bytes]`
}
