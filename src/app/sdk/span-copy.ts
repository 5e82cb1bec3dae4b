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
import type { Call } from '../llm/call'
import { mergedAttributes } from '../llm/spans/deduplication/merged-attributes'
import { readCall } from '../llm/spans/read-call'
import type { AgentRun } from '../llm/spans/span'
import type { Usage } from '../llm/usage'

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
  run: AgentRun | undefined
  /** Ids of the spans that were made one with this one. */
  merged: readonly string[] = []
  #isOwn = false
  readonly counts: Usage | undefined
  /** `null` until somebody asks. */
  #call: Call | undefined | null = null

  constructor(span: ReadableSpan, counts?: Usage) {
    this.counts = counts
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

  /** For stages behind normalisation. */
  get call(): Call | undefined {
    if (this.#call === null) this.#call = readCall(this.attributes, this.counts)
    return this.#call
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
