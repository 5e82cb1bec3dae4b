// The copy of an ended span that is normalised, priced, redacted and exported.
import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api'
import { hrTimeDuration, type InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import { mergedAttributes } from '../llm/spans/deduplication/same-call'
import { readUsage, type UsageReading } from '../llm/usage'
import type { ExportLog } from './logs'

/**
 * Writing to the live span is no way to add what is known late: it has ended, other processors see it, and it obeys the
 * limit of attributes. Arrays and attribute objects are shared with the live span until a stage replaces them.
 */
export class SpanCopy implements ReadableSpan {
  name: string
  readonly kind: SpanKind
  context: SpanContext
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly duration: HrTime
  readonly ended = true
  status: SpanStatus
  attributes: Attributes
  links: Link[]
  events: TimedEvent[]
  instrumentationScope: InstrumentationScope
  readonly resource: Resource
  readonly droppedAttributesCount: number
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
  /** Whether it is exported. A call that isn't sampled is only counted. */
  readonly isSampled: boolean
  /** Ids of the spans that were made one with this one. */
  merged: readonly string[] = []
  #isOwn = false
  #usage: UsageReading | undefined

  constructor(span: ReadableSpan) {
    this.name = span.name
    this.kind = span.kind
    this.context = span.spanContext()
    this.isSampled = (this.context.traceFlags & TraceFlags.SAMPLED) !== 0
    if (span.parentSpanContext) this.parentSpanContext = span.parentSpanContext
    this.startTime = span.startTime
    this.endTime = span.endTime
    this.duration = span.duration
    this.status = span.status
    this.attributes = span.attributes
    this.links = span.links
    this.events = span.events
    this.instrumentationScope = span.instrumentationScope
    this.resource = span.resource
    this.droppedAttributesCount = span.droppedAttributesCount
    this.droppedEventsCount = span.droppedEventsCount
    this.droppedLinksCount = span.droppedLinksCount
  }

  /** One span of two that are the same call, under this one's identity; where both report something, `other` wins. */
  mergedWith(other: SpanCopy): SpanCopy {
    const failed = this.status.code === SpanStatusCode.ERROR && other.status.code !== SpanStatusCode.ERROR
    const [startTime, endTime] = [earlier(this.startTime, other.startTime), later(this.endTime, other.endTime)]
    const { context } = this
    const united = new SpanCopy({
      ...this,
      spanContext: () => context,
      name: other.name,
      kind: other.kind,
      instrumentationScope: other.instrumentationScope,
      startTime,
      endTime,
      duration: hrTimeDuration(startTime, endTime),
      status: failed ? this.status : other.status,
      attributes: mergedAttributes(this.attributes, other.attributes),
      events: [...this.events, ...other.events],
      links: [...this.links, ...other.links],
    })
    united.merged = [...this.merged, other.context.spanId, ...other.merged]
    return united
  }

  /** A span of the same time below this one. */
  below(spanId: string, name: string, attributes: Attributes): SpanCopy {
    const { context } = this
    return new SpanCopy({
      ...this,
      ...{ name, attributes, events: [], links: [], kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } },
      parentSpanContext: context,
      spanContext: () => ({ ...context, spanId }),
    })
  }

  /** Attributes of this copy alone. */
  own(): Attributes {
    if (!this.#isOwn) this.attributes = { ...this.attributes }
    this.#isOwn = true
    return this.attributes
  }

  /** What it says of its tokens. For stages behind deduplication, where no count changes any more. */
  get usage(): UsageReading {
    this.#usage ??= readUsage(this.attributes)
    return this.#usage
  }

  spanContext(): SpanContext {
    return this.context
  }
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
}

const earlier = (a: HrTime, b: HrTime) => (isBefore(b, a) ? b : a)
const later = (a: HrTime, b: HrTime) => (isBefore(a, b) ? b : a)

// How large a span or log record is, so that batches and what waits have a limit in bytes.
// OTLP's receivers refuse a request that is too large whole, with every other span in it; the Collector at 16 MiB unpacked.

/** A value up to here may stay in an item that is too large. */
const largestKept = 16_384
/** Ids, times and the tags of the encoding. */
const ofItem = 160
const ofAttribute = 10
/** Below this a value is not walked; the redactor, which comes before, leaves nothing deeper. */
const deepest = 64

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
