// The way out of a span, from its end to the queue: one list of stages. Five may keep it for a while; it goes on from the one that did.
import { randomBytes } from 'node:crypto'
import { type Span as ApiSpan, type Attributes, type Context, type SpanContext, trace } from '@opentelemetry/api'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import type { EvaluationHook } from '../llm/answered'
import { endReleasedCalls } from '../llm/observe/start'
import type { Pricer } from '../llm/report/cost/pricer'
import { AnsweringModels, type RecentSpan, RecentSpans } from '../llm/report/quality/ended-spans'
import { SpanDeduplicator } from '../llm/spans/deduplication/deduplicator'
import { takeHostedCalls } from '../llm/spans/hosted-calls'
import { WaitingRoom } from '../llm/spans/waiting-room'
import { FailedCalls, nameError } from './failed-calls'
import type { MaybeLate } from './late-redactor'
import type { LlmStages } from './llm-stages'
import { sizeOf } from './overload'
import { PriceStage } from './price-stage'
import { RedactionStage } from './redaction-stage'
import type { Sink } from './sink'
import { Slices } from './slices'
import { SpanCopy } from './span-copy'

interface Stage {
  /** @returns `false` where the span does not go on now: it waits, or it ends here */
  readonly run: (span: SpanCopy) => unknown
  /** A span goes on without it where it fails; without the others it is lost. */
  readonly optional?: true
}

const KEPT = false

/** A span and the stage that kept it. */
type HeldAtStage = Readonly<{ span: SpanCopy; by: Stage['run'] }>

/** Held calls that go on at once when somebody flushes; the queue takes them before more follow. */
const releasedAtOnce = 512

/**
 * Only redacted copies reach the sink, so nothing can export an unredacted span. A span that can't be redacted is dropped
 * and reported. A call that is not sampled is counted and goes no further.
 */
export class SpanPipeline implements SpanProcessor {
  readonly #recent = new RecentSpans()
  readonly evaluation: EvaluationHook = {}
  readonly deduplicator: SpanDeduplicator<SpanCopy>
  readonly #failed: FailedCalls
  readonly #sink: Sink<SpanCopy>
  readonly #answering = new AnsweringModels()
  readonly #stages: readonly Stage[]
  readonly #slices: Slices<HeldAtStage> | undefined
  readonly #redaction: RedactionStage
  readonly #prices: PriceStage
  #ending: { readonly span: object; readonly counts: SpanCopy['counts'] } | undefined
  /** Spans taken in so far. */
  recorded = 0
  /** Called at the first of them. */
  onFirst: (() => void) | undefined

  /**
   * @param isSpread whether a span leaves the turn in which it ended before the stages that cost most. Off where processors
   *   of the user get it, who expect it when `end()` returns
   */
  constructor(
    redactor: MaybeLate<Pick<Redactor, 'span' | 'spanInPieces'>>,
    pricer: Pricer,
    sink: Sink<SpanCopy>,
    llm: LlmStages,
    isSpread = false,
    room = new WaitingRoom(),
  ) {
    this.deduplicator = new SpanDeduplicator<SpanCopy>({
      room,
      // a sampler that decides by more than the trace may leave theirs out, and ours is exported all the same
      merge: (theirs, ours) => (ours.isSampled && !theirs.isSampled ? ours : theirs.mergedWith(ours)),
      sizeOf,
      onPlaced: this.#recent.add,
      next: span => this.#run(span, this.#deduplicate),
      onFailure: error => report('AFN161', `a span could not go on (${reason(error)})`),
    })
    this.#failed = new FailedCalls(
      room,
      span => this.#run(span, this.#awaitRetry),
      spanId => this.deduplicator.open(spanId) !== undefined,
    )
    this.#prices = new PriceStage(
      pricer,
      room,
      span => this.#run(span, this.#prices.price),
      (span, bytes) => {
        const kept = { span, by: this.#prices.price }
        if (this.#slices) this.#slices.add(kept, bytes)
        else this.#resume(kept)
      },
    )
    this.#redaction = new RedactionStage(redactor, room, span => this.#run(span, this.#redact))
    this.#sink = sink
    this.#slices = isSpread ? new Slices<HeldAtStage>(room, kept => this.#resume(kept)) : undefined
    const optional = (run: Stage['run']): Stage => ({ run, optional: true })
    this.#stages = [
      optional(llm.normalise),
      optional(this.#answering.ended),
      { run: this.#admit },
      { run: this.#deduplicate }, // waits for other spans of the same call
      { run: this.#putOff }, // waits until the application has nothing to do
      optional(nameError),
      { run: this.#split, optional: true },
      ...(llm.rootContent ? [optional(llm.rootContent)] : []),
      { run: this.#prices.price }, // waits for the price table
      ...llm.count.map(optional),
      { run: this.#awaitRetry }, // a failed call waits until it is known whether it is tried again
      ...llm.write.map(optional),
      ...(llm.keepsBack ? [{ run: (span: SpanCopy) => !llm.keepsBack?.(span) }] : []),
      { run: this.#redact }, // waits between its pieces
      ...(llm.redacted ? [optional(llm.redacted)] : []),
      { run: this.#enqueue },
    ]
  }

  onStart(span: Span, context: Context): void {
    try {
      this.deduplicator.started(span, context)
    } catch (error) {
      lost(error)
    }
  }

  /** A span ends inside of the application, which no failure of ours may reach. */
  onEnd(span: ReadableSpan): void {
    try {
      const ending = this.#ending
      this.#ending = undefined
      const copy = new SpanCopy(span, ending?.span === span ? ending.counts : undefined)
      this.#failed.ended(copy.context.spanId)
      this.#run(copy)
    } catch (error) {
      lost(error)
    }
  }

  /** @param after the stage that kept the span, where one did */
  #run(span: SpanCopy, after?: Stage['run']): void {
    const stages = this.#stages
    let at = 0
    if (after) while (stages[at++]?.run !== after);
    for (; at < stages.length; at++) {
      const { run, optional } = stages[at] as Stage
      try {
        if (run(span) === KEPT) return
      } catch (error) {
        if (!optional) return lost(error)
        report('AFN161', `a span is exported without being counted or mapped (${reason(error)})`)
      }
    }
  }

  /**
   * Spans that are not sampled are there for the sake of metrics, which are about LLM calls alone. Others that find no room
   * go no further either.
   */
  readonly #admit = (span: SpanCopy) => {
    const isLlm = span.call?.kind !== undefined
    if (!isLlm && !span.isSampled) return this.#forget(span)
    if (this.recorded++ === 0) this.onFirst?.()
    if (!isLlm && this.#sink.drops?.(span)) return this.#forget(span)
    this.#prices.expects(span)
    return undefined
  }

  #forget(span: SpanCopy): typeof KEPT {
    this.deduplicator.forget(span.context.spanId)
    return KEPT
  }

  readonly #deduplicate = (span: SpanCopy) => this.deduplicator.ended(span)

  /** Behind it nothing is read or decided that the application may see before the next turn of the event loop. */
  readonly #putOff = (span: SpanCopy) => {
    if (!this.#slices) return undefined
    const bytes = sizeOf(span)
    this.#redaction.expects(span, bytes)
    this.#slices.add({ span, by: this.#putOff }, bytes)
    return KEPT
  }

  readonly #split = (span: SpanCopy) => {
    for (const { name, attributes } of takeHostedCalls(span))
      this.#run(span.below(randomBytes(8).toString('hex'), name, attributes), this.#split)
  }

  readonly #awaitRetry = (span: SpanCopy) => span.isSampled && !this.#failed.holds(span)

  readonly #redact = (span: SpanCopy) => {
    this.evaluation.ended?.(span)
    return this.#redaction.redact(span)
  }

  readonly #enqueue = (span: SpanCopy) => this.#sink.add(span)

  /** A call of ours began while `active` was; if that one is the same call, the two leave as one. */
  readonly pair = (active: ApiSpan | undefined, ours: ApiSpan): void => {
    if (active) this.deduplicator.pair(active.spanContext().spanId, ours.spanContext().spanId)
  }

  /** A call of ours ends next. A processor of the user may write onto its span yet, so that what stands there then counts. */
  readonly ends = (span: ApiSpan, counts: SpanCopy['counts']): void => {
    if (this.#slices) this.#ending = { span, counts }
  }

  /** The id under which a call of ours will leave. */
  readonly idOf = (spanId: string): string => this.deduplicator.idOf(spanId)

  /** A request repeats the call of a span that failed. */
  repeats(failed: SpanContext): void {
    try {
      this.#failed.repeated(failed.spanId)
    } catch (error) {
      lost(error)
    }
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
  ended(spanId: string): RecentSpan | undefined {
    return this.#recent.get(spanId)
  }

  /** The model that answered below a span, where it was one. */
  modelBelow(spanId: string): string | undefined {
    return this.#answering.below(spanId)
  }

  /** Lets everything go on that waits in a stage; after it all calls that have ended are counted. */
  async drain(): Promise<void> {
    await endReleasedCalls()
    for (let more = true; more; ) {
      more = this.deduplicator.release(releasedAtOnce)
      await this.#slices?.finish()
      this.#prices.drain()
      await this.#slices?.finish()
      await this.#redaction.finish()
      if (more) await this.#sink.flush()
    }
    this.#failed.release()
    await this.#redaction.finish()
    await this.#sink.drain?.()
  }

  /** The same within this tick, for a process that ends. */
  drainNow(): void {
    this.deduplicator.release()
    this.#slices?.finishNow()
    this.#prices.drain()
    this.#slices?.finishNow()
    this.#failed.release()
    this.#redaction.finishNow()
    this.#sink.drainNow?.()
  }

  async forceFlush(): Promise<void> {
    await this.drain()
    await this.#sink.flush()
  }

  async shutdown(): Promise<void> {
    await this.drain()
    await (this.#sink.shutdown?.() ?? this.#sink.flush())
  }

  #resume({ span, by }: HeldAtStage): void {
    if (by === this.#prices.price) this.#prices.settle(span)
    this.#run(span, by)
  }
}

const lost = (error: unknown) => report('AFN161', `a span was lost on its way out (${reason(error)})`)
