// A span from its start to its export. After its end nobody but the way out writes to it, so no copy is made.
import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
} from '@opentelemetry/api'
import type { Call } from '../llm/call'
import { readCall } from '../llm/spans/read-call'
import type { LlmSpan } from '../llm/spans/span'
import type { Usage } from '../llm/usage'

export interface Scope {
  name: string
  version?: string | undefined
}

export interface SpanEvent {
  name: string
  readonly time: HrTime
  attributes: Attributes
}

/** OpenTelemetry's default limits. */
const MOST_ATTRIBUTES = 128
const MOST_EVENTS = 128

export interface Begun {
  readonly name: string
  readonly kind: SpanKind
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  readonly start: TimeInput | undefined
  readonly attributes: Attributes | undefined
  readonly links: readonly Link[] | undefined
  readonly scope: Scope
}

export class FetchSpan implements Span, LlmSpan {
  name: string
  readonly kind: SpanKind
  readonly context: SpanContext
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  endTime: HrTime = [0, 0]
  status: SpanStatus = { code: SpanStatusCode.UNSET }
  attributes: Attributes = {}
  events: SpanEvent[] = []
  links: Link[]
  instrumentationScope: Scope
  droppedAttributesCount = 0
  droppedEventsCount = 0
  counts: Usage | undefined
  readonly isSampled: boolean
  #call: Call | undefined | null = null
  #size = 0
  #onEnd: ((span: FetchSpan) => void) | undefined

  constructor(begun: Begun, onEnd: (span: FetchSpan) => void) {
    this.name = begun.name
    this.kind = begun.kind
    this.context = begun.context
    if (begun.parent) this.parentSpanContext = begun.parent
    this.startTime = hrTime(begun.start)
    this.links = [...(begun.links ?? [])]
    this.instrumentationScope = { ...begun.scope }
    this.isSampled = (begun.context.traceFlags & TraceFlags.SAMPLED) !== 0
    this.#onEnd = onEnd
    if (begun.attributes) this.setAttributes(begun.attributes)
  }

  /** A span of the same time below this one. It has ended. */
  below(spanId: string, name: string, attributes: Attributes): FetchSpan {
    const context = { ...this.context, spanId }
    const { instrumentationScope: scope, startTime: start } = this
    const span = new FetchSpan(
      { name, kind: SpanKind.INTERNAL, context, parent: this.context, start, attributes, links: [], scope },
      () => {},
    )
    span.end(this.endTime)
    return span
  }

  spanContext(): SpanContext {
    return this.context
  }

  isRecording(): boolean {
    return this.#onEnd !== undefined
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (!this.#onEnd || value === undefined || value === null || key === '') return this
    if (!(key in this.attributes) && ++this.#size > MOST_ATTRIBUTES) {
      this.droppedAttributesCount++
      return this
    }
    this.attributes[key] = value
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const key of Object.keys(attributes)) this.setAttribute(key, attributes[key])
    return this
  }

  addEvent(name: string, second?: Attributes | TimeInput, third?: TimeInput): this {
    if (!this.#onEnd) return this
    const isTime = typeof second === 'number' || second instanceof Date || Array.isArray(second)
    const time = hrTime(isTime ? (second as TimeInput) : third)
    if (this.events.length >= MOST_EVENTS) this.droppedEventsCount++
    else this.events.push({ name, time, attributes: isTime ? {} : { ...(second as Attributes) } })
    return this
  }

  addLink(link: Link): this {
    if (this.#onEnd) this.links.push(link)
    return this
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link)
    return this
  }

  setStatus({ code, message }: SpanStatus): this {
    if (!this.#onEnd || this.status.code === SpanStatusCode.OK) return this
    this.status = code === SpanStatusCode.ERROR && message ? { code, message } : { code }
    return this
  }

  updateName(name: string): this {
    if (this.#onEnd) this.name = name
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const { name, code, message, stack } = typeof exception === 'string' ? { message: exception } : (exception as Error & { code?: unknown }) // biome-ignore format: one line
    const attributes = {
      'exception.type': code === undefined ? name : String(code),
      'exception.message': message,
      'exception.stacktrace': stack,
    }
    this.addEvent('exception', attributes as Attributes, time)
  }

  end(time?: TimeInput): void {
    const onEnd = this.#onEnd
    if (!onEnd) return
    this.#onEnd = undefined
    const end = hrTime(time)
    this.endTime = isBefore(end, this.startTime) ? this.startTime : end
    onEnd(this)
  }

  own(): Attributes {
    return this.attributes
  }

  get call(): Call | undefined {
    if (this.#call === null) this.#call = readCall(this.attributes, this.counts)
    return this.#call
  }
}

/** Milliseconds since 1970 where it is a number, now where it is left out. */
function hrTime(time: TimeInput = Date.now()): HrTime {
  if (Array.isArray(time)) return time
  const ms = Number(time)
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

const isBefore = (one: HrTime, other: HrTime) => one[0] < other[0] || (one[0] === other[0] && one[1] < other[1])
