// Span processors of the user: they get what our path lets out, and of a span that still runs a view that is redacted.
import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type Link,
  type SpanStatus,
  type TimeInput,
  TraceFlags,
} from '@opentelemetry/api'
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Redactor } from '../../shared/redact'
import type { Sink } from './sink'
import { SpanCopy } from './span-copy'
import type { SpanPipeline } from './span-pipeline'
import { ofAll, reportProcessor } from './user-processors'

export class UserSpanProcessors implements Sink<SpanCopy> {
  readonly #processors: readonly SpanProcessor[]
  readonly #redactor: Pick<Redactor, 'span'>

  constructor(processors: readonly SpanProcessor[], redactor: Pick<Redactor, 'span'>) {
    this.#processors = processors
    this.#redactor = redactor
  }

  add(span: SpanCopy): void {
    this.#each(processor => processor.onEnd(span))
  }

  /** Never rejects, as OpenTelemetry's flush of several processors. */
  async flush(): Promise<void> {
    await ofAll(this.#processors, 'span', processor => processor.forceFlush()).catch(() => {})
  }

  /** What the provider gets: `path` in front of these processors. */
  behind(path: SpanPipeline): SpanProcessor {
    return {
      onStart: (span, context) => {
        path.onStart(span, context)
        // one that is not sampled is counted on the path and goes no further: these would wait for its end
        if (!isSampled(span)) return
        const running = new RunningSpan(span, this.#redactor)
        this.#each(processor => processor.onStart(running, context))
      },
      onEnding: span => {
        if (!isSampled(span)) return
        const running = new RunningSpan(span, this.#redactor)
        this.#each(processor => processor.onEnding?.(running))
      },
      onEnd: span => path.onEnd(span),
      forceFlush: () => path.forceFlush(),
      shutdown: async () => {
        await path.forceFlush()
        await ofAll(this.#processors, 'span', processor => processor.shutdown())
      },
    }
  }

  /** What one of them throws would reach the app, which is in the middle of its work. */
  #each(call: (processor: SpanProcessor) => void): void {
    for (const processor of this.#processors) {
      try {
        call(processor)
      } catch (error) {
        reportProcessor('span', error)
      }
    }
  }
}

const isSampled = (span: Span): boolean => (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0

/**
 * What a processor gets of a span that still runs: writing goes to the span, reading gives a redacted copy of this moment.
 * A processor that keeps it and exports it before its end exports nothing unredacted.
 */
class RunningSpan implements Span {
  readonly #span: Span
  readonly #redactor: Pick<Redactor, 'span'>

  constructor(span: Span, redactor: Pick<Redactor, 'span'>) {
    this.#span = span
    this.#redactor = redactor
  }

  #redacted(): SpanCopy {
    const copy = new SpanCopy(this.#span)
    this.#redactor.span(copy)
    return copy
  }

  get name() {
    return this.#redacted().name
  }
  get status() {
    return this.#redacted().status
  }
  get attributes() {
    return this.#redacted().attributes
  }
  get links() {
    return this.#redacted().links
  }
  get events() {
    return this.#redacted().events
  }
  get instrumentationScope() {
    return this.#redacted().instrumentationScope
  }

  get kind() {
    return this.#span.kind
  }
  get parentSpanContext() {
    return this.#span.parentSpanContext as NonNullable<Span['parentSpanContext']>
  }
  get startTime() {
    return this.#span.startTime
  }
  get endTime() {
    return this.#span.endTime
  }
  get duration() {
    return this.#span.duration
  }
  get ended() {
    return this.#span.ended
  }
  get resource() {
    return this.#span.resource
  }
  get droppedAttributesCount() {
    return this.#span.droppedAttributesCount
  }
  get droppedEventsCount() {
    return this.#span.droppedEventsCount
  }
  get droppedLinksCount() {
    return this.#span.droppedLinksCount
  }

  readonly spanContext = () => {
    const context = this.#span.spanContext()
    // ids are no text; only what a trace state holds came from outside
    return context.traceState ? this.#redacted().spanContext() : context
  }

  isRecording(): boolean {
    return this.#span.isRecording()
  }
  setAttribute(key: string, value: AttributeValue): this {
    this.#span.setAttribute(key, value)
    return this
  }
  setAttributes(attributes: Attributes): this {
    this.#span.setAttributes(attributes)
    return this
  }
  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    this.#span.addEvent(name, attributesOrTime, time)
    return this
  }
  addLink(link: Link): this {
    this.#span.addLink(link)
    return this
  }
  addLinks(links: Link[]): this {
    this.#span.addLinks(links)
    return this
  }
  setStatus(status: SpanStatus): this {
    this.#span.setStatus(status)
    return this
  }
  updateName(name: string): this {
    this.#span.updateName(name)
    return this
  }
  recordException(exception: Exception, time?: TimeInput): void {
    this.#span.recordException(exception, time)
  }
  end(time?: TimeInput): void {
    this.#span.end(time)
  }
}
