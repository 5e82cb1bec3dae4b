// Calls that another library traces with a span above ours: an SDK that traces itself, such as Anthropic's, covers its
// retries with one span, while ours are one a request.
import type { LlmSpan } from '../span'
import type { WaitingList } from '../waiting-room'
import type { DetachedCalls } from './detached-calls'
import { HeldSpan } from './held-span'
import { markRollup } from './merged-attributes'
import type { OpenSpan } from './open-spans'

export interface NestedCall<T extends LlmSpan> {
  /** The other library's. */
  readonly span: OpenSpan<T>
  /** Spans of the call that have not ended, or are calls with such spans themselves. */
  readonly open: Set<OpenSpan<T>>
  /** The other library's span, when it has ended first. */
  outer?: HeldSpan<T> | undefined
  /** Ours that have ended, in that order. */
  readonly attempts: Set<HeldSpan<T>>
  /** An attempt went on before the others ended. */
  attemptLeft?: 'counted' | 'not counted'
  /** What became of the other library's span, when it went on before ours ended. */
  outerLeft?: 'counted' | 'not counted'
}

export interface NestedCallsOptions<T extends LlmSpan> {
  readonly held: WaitingList<HeldSpan<T>>
  readonly hold: (held: HeldSpan<T>) => void
  /** Where a call goes when nothing above or below it is open. */
  readonly detached: DetachedCalls<T>
  readonly merge: (theirs: HeldSpan<T>, ours: HeldSpan<T>, spans: readonly OpenSpan<T>[]) => HeldSpan<T>
}

export class NestedCalls<T extends LlmSpan> {
  readonly #options: NestedCallsOptions<T>

  constructor(options: NestedCallsOptions<T>) {
    this.#options = options
  }

  /** A span of ours is an attempt at the call of a span above it. Both are open. */
  pair(outer: OpenSpan<T>, span: OpenSpan<T>): void {
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

  end(span: OpenSpan<T>, held: HeldSpan<T>): void {
    const call = span.nested
    if (!call) return this.#endAttempt(span, held)
    call.outer = held
    call.open.delete(span)
    this.#hold(call, held)
  }

  /** The span can't end any more, or is not sampled. */
  lose(span: OpenSpan<T>): void {
    const { nested, attemptOf } = span
    if (nested) {
      nested.open.delete(span)
      nested.outerLeft = 'not counted'
      for (const held of this.#takeAttempts(nested)) this.#options.detached.add(held)
    }
    if (attemptOf) this.#leave(span, attemptOf)
  }

  /** A part of a call goes on before the rest has ended. */
  expire(call: NestedCall<T>, held: HeldSpan<T>): void {
    if (call.outer) return this.#expireAll(call, call.outer)
    call.attempts.delete(held)
    this.#release(held)
    if (call.attemptLeft !== 'counted') call.attemptLeft = isAnswered(held) ? 'counted' : 'not counted'
    this.#options.detached.add(held, false)
  }

  /** The span has ended, and nothing below it that is the same call is open. */
  #endAttempt(span: OpenSpan<T>, held: HeldSpan<T>): void {
    const call = span.attemptOf
    if (!call) return this.#options.detached.add(held)
    span.attemptOf = undefined
    call.open.delete(span)
    if (call.outerLeft) {
      if (call.outerLeft === 'counted') markRollup(held.copy as T)
      return this.#options.detached.add(held)
    }
    call.attempts.add(held)
    this.#hold(call, held)
  }

  #hold(call: NestedCall<T>, held: HeldSpan<T>): void {
    held.nested = call
    if (call.open.size > 0) this.#options.hold(held)
    else this.#complete(call)
  }

  #release(held: HeldSpan<T>): void {
    this.#options.held.take(held.ticket)
    held.nested = undefined
  }

  #takeAttempts(call: NestedCall<T>): HeldSpan<T>[] {
    const attempts = [...call.attempts]
    call.attempts.clear()
    for (const held of attempts) this.#release(held)
    return attempts
  }

  /** An attempt will not be a part of the call. */
  #leave(span: OpenSpan<T>, call: NestedCall<T>): void {
    span.attemptOf = undefined
    call.open.delete(span)
    if (call.open.size === 0 && !call.outerLeft) this.#complete(call)
  }

  /** All spans of the call have ended, as far as they do. */
  #complete(call: NestedCall<T>): void {
    const { span } = call
    const outer = call.outer as HeldSpan<T>
    const attempts = this.#takeAttempts(call)
    span.nested = undefined
    this.#release(outer)
    const answered = attempts.filter(isAnswered)
    const isRepeated = answered.length > 0 || call.attemptLeft === 'counted' || span.repeatsUsage()
    // A single attempt is the call. Of several each is a child with its own duration: theirs has the waits in it. Where theirs
    // alone is counted, the last one is what it counts.
    const isSingle = attempts.length === 1 && !call.attemptLeft && (answered.length === 1 || !isRepeated)
    const same = isSingle || (!isRepeated && isAnswered(outer)) ? attempts.at(-1) : undefined
    for (const held of attempts) if (held !== same) this.#options.detached.add(held)
    if (same) return this.#endAttempt(span, this.#options.merge(outer, same, same.spans))
    if (isRepeated || !isAnswered(outer)) markRollup(outer.copy as T)
    this.#endAttempt(span, outer)
  }

  /** The other library's span has ended. It goes on with what there is, before the last attempt has ended. */
  #expireAll(call: NestedCall<T>, outer: HeldSpan<T>): void {
    const { detached, merge } = this.#options
    const { span } = call
    const attempts = this.#takeAttempts(call)
    this.#release(outer)
    const answered = attempts.filter(isAnswered)
    const same = attempts.length === 1 && !call.attemptLeft ? answered[0] : undefined
    const isCounted = answered.length === 0 && call.attemptLeft !== 'counted' && isAnswered(outer)
    call.outerLeft = isCounted ? 'counted' : 'not counted'
    for (const held of attempts) if (held !== same) detached.add(held, false)
    const { attemptOf } = span
    if (attemptOf && (same || isCounted)) attemptOf.attemptLeft = 'counted'
    if (!same && !isCounted) markRollup(outer.copy as T)
    // instead of the attempts that are open
    const spans = isCounted ? [...outer.spans, ...call.open] : outer.spans
    detached.add(same ? merge(outer, same, same.spans) : new HeldSpan(outer.copy as T, spans, outer.since), false)
    if (attemptOf) this.#leave(span, attemptOf)
  }
}

function isAnswered({ copy }: HeldSpan<LlmSpan>): boolean {
  return copy?.call?.hasTokens === true
}
