// Decides which spans are one call: by their place in the tree where another library's span is above ours, and by what they
// report where two libraries know nothing of each other.
import { LLM_SCOPE, type LlmSpan } from '../span'
import { markRollup } from './merged-attributes'
import { isSameCall } from './same-call'
import { type CallSpan, HeldSpan, type NestedCall, type WaitingCalls } from './waiting-calls'

export interface CallJoinerOptions<T extends LlmSpan> {
  readonly waiting: WaitingCalls<T>
  readonly merge: (theirs: HeldSpan<T>, ours: HeldSpan<T>, spans: readonly CallSpan<T>[]) => HeldSpan<T>
  readonly next: (copy: T) => void
}

export class CallJoiner<T extends LlmSpan> {
  readonly #options: CallJoinerOptions<T>
  readonly #waiting: WaitingCalls<T>

  constructor(options: CallJoinerOptions<T>) {
    this.#options = options
    this.#waiting = options.waiting
  }

  /**
   * A span of ours is an attempt at the call of a span above it: an SDK that traces itself, such as Anthropic's, covers its
   * retries with one span, while ours are one a request. Both are open.
   */
  pair(outer: CallSpan<T>, span: CallSpan<T>): void {
    const before = span.attemptOf
    if (outer === span || before?.span === outer) return
    if (before) {
      // `outer` was not known as a call when this one began: it comes between the two
      if (!outer.isBelow(before.span)) return
      before.open.delete(span)
      outer.attemptOf ??= before
      outer.attemptOf.open.add(outer)
    }
    outer.nested ??= { span: outer, open: new Set([outer]), attempts: new Set() }
    outer.nested.open.add(span)
    span.attemptOf = outer.nested
  }

  /** A call has ended. */
  end(span: CallSpan<T>, held: HeldSpan<T>): void {
    const call = span.nested
    if (!call) return this.#endPart(span, held)
    call.outer = held
    this.#holdPart(call, span, held)
  }

  /** The span can't end any more, or is not sampled. */
  lose(span: CallSpan<T>): void {
    this.removeCandidate(span)
    const { nested, attemptOf } = span
    if (nested) {
      nested.open.delete(span)
      nested.outerLeft = 'not counted'
      for (const held of this.#takeAttempts(nested)) this.add(held)
    }
    if (attemptOf) this.#leave(span, attemptOf)
  }

  /** A call goes on before another span of it has ended. */
  expire(held: HeldSpan<T>): void {
    const call = held.nested
    if (!call) return this.#goOnEarly(held)
    if (call.outer) return this.#settle(call, call.outer, false)
    call.attempts.delete(held)
    held.nested = undefined
    if (call.attemptLeft !== 'counted') call.attemptLeft = isAnswered(held) ? 'counted' : 'not counted'
    this.add(held, false)
  }

  /**
   * Takes a call of which nothing above or below is open.
   * @param mayWait `false`: it goes on, though a span next to it may be the same call
   */
  add(ended: HeldSpan<T>, mayWait = true): void {
    let held = ended
    for (const span of ended.spans) {
      const beside = this.#waiting.beside(span)
      for (const one of beside) {
        const isOnlyPair = beside.size === 1 && !this.#waiting.mayBeSeenAgain(one, span)
        if (!isSameCall(held.facts, one.facts, isOnlyPair)) continue
        held = this.#join(held, one)
        break
      }
      this.removeCandidate(span, beside)
    }
    const copy = held.copy as T
    if (!copy.call?.isModelCall || !this.#waiting.compare(held)) this.#options.next(copy)
    else if (mayWait) this.#waiting.hold(held)
    else this.#goOnEarly(held)
  }

  /** The span is not the same call as one beside it: what waited for it alone goes on. */
  removeCandidate(span: CallSpan<T>, beside = this.#waiting.beside(span)): void {
    this.#waiting.remove(span)
    for (const held of beside) {
      if (!this.#waiting.has(held) || this.#waiting.mayBeSeenAgain(held)) continue
      this.#waiting.take(held)
      if (held.copy) this.#options.next(held.copy)
    }
  }

  #goOnEarly(held: HeldSpan<T>): void {
    const copy = held.copy as T
    this.#waiting.remember(held)
    this.#options.next(copy)
  }

  /** Both report the same call: one span from now on, or one that repeats what has gone on already. */
  #join(held: HeldSpan<T>, beside: HeldSpan<T>): HeldSpan<T> {
    this.#waiting.take(beside)
    if (!beside.copy) {
      markRollup(held.copy as T)
      return held
    }
    const ours = beside.instrumentation === LLM_SCOPE ? beside : held
    ours.spans[0]?.uncountInAgent()
    const spans = [...held.spans, ...beside.spans]
    const { merge } = this.#options
    return held.instrumentation === LLM_SCOPE ? merge(beside, held, spans) : merge(held, beside, spans)
  }

  /** The span has ended, and nothing below it that is the same call is open. */
  #endPart(span: CallSpan<T>, held: HeldSpan<T>): void {
    const call = span.attemptOf
    span.attemptOf = undefined
    call?.open.delete(span)
    if (!call || call.outerLeft) {
      if (call?.outerLeft === 'counted') markRollup(held.copy as T)
      return this.add(held)
    }
    call.attempts.add(held)
    this.#holdPart(call, span, held)
  }

  #holdPart(call: NestedCall<T>, span: CallSpan<T>, held: HeldSpan<T>): void {
    held.nested = call
    call.open.delete(span)
    if (call.open.size > 0) this.#waiting.hold(held)
    else this.#settle(call, call.outer as HeldSpan<T>, true)
  }

  #takeAttempts({ attempts }: NestedCall<T>): HeldSpan<T>[] {
    const taken = [...attempts]
    attempts.clear()
    for (const held of taken) this.#takePart(held)
    return taken
  }

  #takePart(held: HeldSpan<T>): void {
    this.#waiting.take(held)
    held.nested = undefined
  }

  /** An attempt will not be a part of the call. */
  #leave(span: CallSpan<T>, call: NestedCall<T>): void {
    span.attemptOf = undefined
    call.open.delete(span)
    if (call.open.size === 0 && !call.outerLeft) this.#settle(call, call.outer as HeldSpan<T>, true)
  }

  /**
   * The other library's span has ended. It goes on, and the attempts with it.
   * @param isOver all spans of the call have ended, as far as they do; else it goes on with what there is
   */
  #settle(call: NestedCall<T>, outer: HeldSpan<T>, isOver: boolean): void {
    const { span } = call
    const attempts = this.#takeAttempts(call)
    this.#takePart(outer)
    if (isOver) span.nested = undefined
    const answered = attempts.filter(isAnswered).length
    const isRepeated = answered > 0 || call.attemptLeft === 'counted' || (isOver && span.repeatsUsage())
    const isCounted = !isRepeated && isAnswered(outer)
    // A single attempt is the call. Of several each is a child with its own duration: theirs has the waits in it. Where theirs
    // alone is counted, the last one is what it counts.
    const isSingle = attempts.length === 1 && !call.attemptLeft && (answered === 1 || (isOver && !isRepeated))
    const same = isSingle || (isOver && isCounted) ? attempts.at(-1) : undefined
    if (!isOver) call.outerLeft = isCounted ? 'counted' : 'not counted'
    for (const held of attempts) if (held !== same) this.add(held, isOver)
    if (!same && !isCounted) markRollup(outer.copy as T)
    const joined = same && this.#options.merge(outer, same, same.spans)
    if (isOver) return this.#endPart(span, joined ?? outer)
    const { attemptOf } = span
    if (attemptOf && (same || isCounted)) attemptOf.attemptLeft = 'counted'
    // instead of the attempts that are open
    const spans = isCounted ? [...outer.spans, ...call.open] : outer.spans
    this.add(joined ?? new HeldSpan(outer.copy as T, spans, outer.since), false)
    if (attemptOf) this.#leave(span, attemptOf)
  }
}

function isAnswered({ copy }: HeldSpan<LlmSpan>): boolean {
  return copy?.call?.hasTokens === true
}
