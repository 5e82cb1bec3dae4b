// Decides which spans are the same call: by the span tree if another library's span is an ancestor of ours, and by their reported content
// if the libraries are independent.
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
   * Makes a span of ours an attempt of the call of an ancestor: an SDK that traces itself, such as Anthropic's, has one span for all
   * retries, while we have one per request. Both spans are open.
   */
  pair(outer: CallSpan<T>, span: CallSpan<T>): void {
    const before = span.attemptOf
    if (outer === span || before?.span === outer) return
    if (before) {
      // `outer` became known as a call only after this one started: it belongs between the two
      if (!outer.isBelow(before.span)) return
      before.open.delete(span)
      outer.attemptOf ??= before
      outer.attemptOf.open.add(outer)
    }
    outer.nested ??= { span: outer, open: new Set([outer]), attempts: new Set() }
    outer.nested.open.add(span)
    span.attemptOf = outer.nested
  }

  /** Called when a call has ended. */
  end(span: CallSpan<T>, held: HeldSpan<T>): void {
    const call = span.nested
    if (!call) return this.#endPart(span, held)
    call.outer = held
    this.#holdPart(call, span, held)
  }

  /** Called when the span can no longer end, or is not sampled. */
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

  /** Exports a call although another span of it has not ended. */
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
   * Adds a call that has no open ancestor or descendant of the same call.
   * @param mayWait `false`: it is exported at once, although an open unrelated span may be the same call
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

  /** Removes a span that is not the same call as any unrelated one; calls that only waited for it are exported. */
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

  /** Joins two reports of the same call: they become one span, or a span that repeats an exported one. */
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

  /** Called when the span has ended, and no descendant that is the same call is open. */
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

  /** Removes an attempt from the call. */
  #leave(span: CallSpan<T>, call: NestedCall<T>): void {
    span.attemptOf = undefined
    call.open.delete(span)
    if (call.open.size === 0 && !call.outerLeft) this.#settle(call, call.outer as HeldSpan<T>, true)
  }

  /**
   * Exports the other library's ended span together with the attempts.
   * @param isOver whether all spans of the call have ended, or can no longer end; otherwise the call is exported without the open ones
   */
  #settle(call: NestedCall<T>, outer: HeldSpan<T>, isOver: boolean): void {
    const { span } = call
    const attempts = this.#takeAttempts(call)
    this.#takePart(outer)
    if (isOver) span.nested = undefined
    const answered = attempts.filter(isAnswered).length
    const isRepeated = answered > 0 || call.attemptLeft === 'counted' || (isOver && span.repeatsUsage())
    const isCounted = !isRepeated && isAnswered(outer)
    // A single attempt is the call itself. Several attempts become children with their own durations, because the outer span includes the
    // pauses. If only the outer span is counted, it counts the last attempt.
    const isSingle = attempts.length === 1 && !call.attemptLeft && (answered === 1 || (isOver && !isRepeated))
    const same = isSingle || (isOver && isCounted) ? attempts.at(-1) : undefined
    if (!isOver) call.outerLeft = isCounted ? 'counted' : 'not counted'
    for (const held of attempts) if (held !== same) this.add(held, isOver)
    if (!same && !isCounted) markRollup(outer.copy as T)
    const joined = same && this.#options.merge(outer, same, same.spans)
    if (isOver) return this.#endPart(span, joined ?? outer)
    const { attemptOf } = span
    if (attemptOf && (same || isCounted)) attemptOf.attemptLeft = 'counted'
    // counts in place of the attempts that are still open
    const spans = isCounted ? [...outer.spans, ...call.open] : outer.spans
    this.add(joined ?? new HeldSpan(outer.copy as T, spans, outer.since), false)
    if (attemptOf) this.#leave(span, attemptOf)
  }
}

function isAnswered({ copy }: HeldSpan<LlmSpan>): boolean {
  return copy?.call?.hasTokens === true
}
