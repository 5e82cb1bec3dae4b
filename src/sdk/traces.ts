// The path of a span: ended → copied → normalised → merged with others of the same call → priced → counted → redacted → batched → exported.
import { type Span as ApiSpan, type Attributes, type Context, trace } from '@opentelemetry/api'
import type { ReadableSpan, Span, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import type { Pricer } from '../llm/report/cost/pricer'
import { type Ended, RecentSpans } from '../llm/report/quality/recent'
import { SpanDeduplicator } from '../llm/spans/deduplication/deduplicator'
import { kindOf } from '../llm/spans/deduplication/open-spans'
import type { Stage } from '../llm/spans/span'
import type { Redactor } from '../redact'
import { ExportSpan } from './export-span'
import { FailedCalls } from './failed-calls'
import { sizeOf } from './size'
import type { Stages } from './stages'

/** What comes after redaction. */
export interface Next<T> {
  /** @param context in which a log record was emitted */
  add(item: T, context?: Context): void
  flush(): Promise<void>
  /** The last flush; what comes later is dropped. Default a flush. */
  shutdown?(): Promise<void>
  /** Lets everything go on that it holds back itself; what comes after it need not be done. */
  settle?(): Promise<void>
}

/** Spans wait for the price table up to here; beyond it the oldest go on unpriced, so that memory stays bounded. */
const longestWait = 2_048
/** The table takes some 30 ms to load: not while the first LLM call runs. */
const loadAfterMs = 1_000
/** Held calls that go on at once when somebody flushes; the queue takes them before more follow. */
const releasedAtOnce = 512

const heldTooLong =
  'LLM calls went on before another span of the same call had ended, since it never ends or the calls take too much memory; each call is exported and counted once all the same. Look for a span around LLM calls that is not ended'

/**
 * Owns the way out: whatever comes after gets redacted copies only, so nothing can export an unredacted span.
 * Fails closed: a span that can't be redacted is dropped and said. A call that is not sampled is counted and goes no
 * further.
 */
export class ExportPath implements SpanProcessor {
  readonly #redactor: Pick<Redactor, 'span'>
  readonly deduplicator = new SpanDeduplicator<ExportSpan>({
    // a sampler that decides by more than the trace may leave theirs out, and ours is exported all the same
    merge: (theirs, ours) => (ours.isSampled && !theirs.isSampled ? ours : theirs.mergedWith(ours)),
    sizeOf,
    onPlaced: copy => this.#recent.add(copy),
    next: copy => this.#ended(copy),
    onEvicted: () => report('AFN152', heldTooLong),
    onFailure: error => report('AFN161', `a span could not go on (${reason(error)})`),
  })
  readonly #failed = new FailedCalls(
    copy => this.#send(copy),
    spanId => this.deduplicator.open(spanId) !== undefined,
  )
  readonly #pricing: Pricer
  readonly #next: Next<ExportSpan>
  readonly #stages: Stages
  readonly #recent = new RecentSpans()
  #unpriced: ExportSpan[] = []
  /** Spans taken in so far. */
  recorded = 0
  /** Told of the first of them. */
  onFirst: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(redactor: Pick<Redactor, 'span'>, pricing: Pricer, next: Next<ExportSpan>, stages: Stages) {
    this.#redactor = redactor
    this.#pricing = pricing
    this.#next = next
    this.#stages = stages
  }

  onStart(span: Span, context: Context): void {
    harmlessly(() => this.deduplicator.started(span, context))
  }

  /** A call of ours began while `active` was; if that one is the same call, the two leave as one. */
  pair(active: ApiSpan | undefined, ours: ApiSpan): void {
    this.deduplicator.pair(active?.spanContext().spanId, ours.spanContext().spanId)
  }

  /** A request repeats the call of a span that failed. */
  repeats(failed: ApiSpan): void {
    harmlessly(() => this.#failed.repeated(failed.spanContext().spanId))
  }

  /** From now on these attributes stand on every span of the scope or the trace that `context` is in, if there is one. */
  identify(context: Context, attributes: Attributes): boolean {
    return this.deduplicator.identify(context, trace.getSpanContext(context)?.spanId, attributes)
  }

  /** A span of this process by its id, while it is open. */
  open(spanId: string): ApiSpan | undefined {
    // the SDK's spans are the API's, which its type leaves out
    return this.deduplicator.open(spanId) as unknown as ApiSpan | undefined
  }

  /** What is left of a span that has ended not long ago. */
  ended(spanId: string): Ended | undefined {
    return this.#recent.get(spanId)
  }

  onEnd(span: ReadableSpan): void {
    harmlessly(() => this.#taken(span))
  }

  #taken(span: ReadableSpan): void {
    const copy = new ExportSpan(span)
    this.#failed.ended(copy.context.spanId)
    const { first } = copy.isSampled ? this.#stages : this.#stages.unsampled
    run(first, copy)
    if (!copy.isSampled && kindOf(copy.attributes) === undefined) return this.deduplicator.forget(copy.context.spanId)
    if (this.recorded++ === 0) this.onFirst?.()
    if (!this.#pricing.ready && this.#pricing.needs(copy.attributes)) this.#loadSoon()
    this.deduplicator.ended(copy)
  }

  #ended(copy: ExportSpan): void {
    if (copy.isSampled) run(this.#stages.ended, copy)
    this.#priced(copy)
  }

  #priced(copy: ExportSpan): void {
    if (!this.#pricing.needs(copy.attributes)) return this.#emit(copy)
    if (this.#pricing.ready) return this.#priceAndEmit(copy)
    this.#unpriced.push(copy)
    if (this.#unpriced.length > longestWait) this.#emit(this.#unpriced.shift() as ExportSpan)
    this.#loadSoon()
  }

  #loadSoon(): void {
    this.#timer ??= setTimeout(() => void this.#loadAndRelease(), loadAfterMs).unref()
  }

  async forceFlush(): Promise<void> {
    await this.settle()
    await this.#next.flush()
  }

  /** Lets everything go on that waits; after it all calls that have ended are counted. */
  async settle(): Promise<void> {
    while (this.deduplicator.release(releasedAtOnce)) {
      await this.#loadAndRelease()
      await this.#next.flush()
    }
    await this.#loadAndRelease()
    this.#failed.release()
    await this.#next.settle?.()
  }

  /** Prices what waits for the table, loading it first. */
  async #loadAndRelease(): Promise<void> {
    if (!this.#timer) return
    await this.#pricing.load()
    this.#releaseUnpriced()
  }

  /** Lets everything go on that waits, priced where the table is there. */
  release(): void {
    this.deduplicator.release()
    this.#releaseUnpriced()
    this.#failed.release()
  }

  #releaseUnpriced(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#unpriced
    this.#unpriced = []
    for (const copy of waiting) this.#priceAndEmit(copy)
  }

  async shutdown(): Promise<void> {
    await this.settle()
    await (this.#next.shutdown?.() ?? this.#next.flush())
  }

  #priceAndEmit(copy: ExportSpan): void {
    if (this.#pricing.ready) {
      this.#pricing.price(copy.own(), new Date(copy.endTime[0] * 1_000))
    }
    this.#emit(copy)
  }

  #emit(copy: ExportSpan): void {
    if (!copy.isSampled) return run(this.#stages.unsampled.priced, copy)
    run(this.#stages.priced, copy)
    this.#failed.add(copy)
  }

  #send(copy: ExportSpan): void {
    run(this.#stages.sent, copy)
    try {
      this.#redactor.span(copy)
    } catch (error) {
      report('AFN140', `a span was dropped because it could not be redacted: ${reason(error)}`)
      return
    }
    this.#next.add(copy)
  }
}

/** A span begins and ends inside of the application, which no failure of ours may reach. */
function harmlessly(work: () => void): void {
  try {
    work()
  } catch (error) {
    report('AFN161', `a span was lost on its way out (${reason(error)})`)
  }
}

/** The span goes on without a step that fails. */
function run(stages: readonly Stage[], copy: ExportSpan): void {
  for (const stage of stages) {
    try {
      stage(copy)
    } catch (error) {
      report('AFN161', `a span is exported without being counted or mapped (${reason(error)})`)
    }
  }
}

/** OpenTelemetry's SDK takes 0 for no limit, and cuts a text at the whole part of the limit. */
export const lengthLimit = (characters: number): number => characters || 0.5

export function spanLimits(settings: Settings): SpanLimits {
  return {
    ...(settings.spanValueLength !== undefined && { attributeValueLengthLimit: lengthLimit(settings.spanValueLength) }),
    attributeCountLimit: settings.spanAttributes,
    eventCountLimit: settings.spanEvents,
    linkCountLimit: settings.spanLinks,
    attributePerEventCountLimit: settings.eventAttributes,
    attributePerLinkCountLimit: settings.linkAttributes,
  }
}
