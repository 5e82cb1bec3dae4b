// Makes spans, and knows which of a trace are open.
import {
  type Context,
  context,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { FetchSpan, type Scope } from './span'

/** A request waits for what runs behind its answer, and no longer than the runtime lets it. */
const LONGEST_WAIT = 25_000

export class FetchTracers implements TracerProvider {
  readonly #open = new Map<string, Set<FetchSpan>>()
  readonly #waiting = new Map<string, Set<() => void>>()
  readonly #sampleRate: number
  readonly #ended: (span: FetchSpan) => void

  /** @param sampleRate of traces that begin here, 0 to 1 */
  constructor(sampleRate: number, ended: (span: FetchSpan) => void) {
    this.#sampleRate = sampleRate
    this.#ended = ended
  }

  getTracer(name: string, version?: string): Tracer {
    return new FetchTracer((title, options, parent) => this.#start(title, options, parent, { name, version }))
  }

  isOpen(traceId: string, spanId: string): boolean {
    for (const span of this.#open.get(traceId) ?? []) if (span.context.spanId === spanId) return true
    return false
  }

  /** Resolves when no span of the trace is open, or after 25 s. */
  async settled(traceId: string): Promise<void> {
    if (!this.#open.has(traceId)) return
    const waiting = this.#waiting.get(traceId) ?? new Set()
    this.#waiting.set(traceId, waiting)
    await new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        waiting.delete(done)
        if (waiting.size === 0) this.#waiting.delete(traceId)
        resolve()
      }
      const timer = setTimeout(done, LONGEST_WAIT)
      waiting.add(done)
    })
  }

  #start(name: string, options: SpanOptions, within: Context, scope: Scope): FetchSpan {
    const above = options.root ? undefined : trace.getSpanContext(within)
    const parent = above && trace.isSpanContextValid(above) ? above : undefined
    const traceId = parent?.traceId ?? randomHex(16)
    const { kind = SpanKind.INTERNAL, attributes, links, startTime: start } = options
    const spanContext: SpanContext = {
      traceId,
      spanId: randomHex(8),
      traceFlags: this.#isSampled(parent, traceId) ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(parent?.traceState && { traceState: parent.traceState }),
    }
    const span = new FetchSpan({ name, kind, context: spanContext, parent, start, attributes, links, scope }, span =>
      this.#end(span),
    )
    const open = this.#open.get(traceId)
    if (open) open.add(span)
    else this.#open.set(traceId, new Set([span]))
    return span
  }

  #end(span: FetchSpan): void {
    const { traceId } = span.context
    const open = this.#open.get(traceId)
    open?.delete(span)
    if (open?.size === 0) this.#open.delete(traceId)
    this.#ended(span)
    if (open?.size === 0) for (const done of this.#waiting.get(traceId) ?? []) done()
  }

  /** By the last 8 digits of the trace id, so that every service decides alike. */
  #isSampled(parent: SpanContext | undefined, traceId: string): boolean {
    if (parent) return (parent.traceFlags & TraceFlags.SAMPLED) !== 0
    return Number.parseInt(traceId.slice(-8), 16) < this.#sampleRate * 2 ** 32
  }
}

type Start = (name: string, options: SpanOptions, parent: Context) => FetchSpan

class FetchTracer implements Tracer {
  constructor(private readonly start: Start) {}

  startSpan(name: string, options: SpanOptions = {}, parent: Context = context.active()): Span {
    return this.start(name, options, parent)
  }

  startActiveSpan<Result>(name: string, ...rest: unknown[]): Result {
    const work = rest.at(-1) as (span: Span) => Result
    const [options, parent] = (rest.length === 3 ? rest : [rest.length === 2 ? rest[0] : {}]) as [SpanOptions, Context?]
    const within = parent ?? context.active()
    const span = this.startSpan(name, options, within)
    return context.with(trace.setSpan(within, span), () => work(span))
  }
}

export function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  return Array.from(random, byte => byte.toString(16).padStart(2, '0')).join('')
}
