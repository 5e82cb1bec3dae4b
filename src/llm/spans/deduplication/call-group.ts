// Calls that may be seen twice by libraries that know nothing of each other: those of one trace. LangChain's callbacks,
// OpenAI's Agents and Langfuse's wrapper make spans that are never active, so ours can't be their child.
import type { LlmSpan } from '../span'
import type { HeldSpan } from './held-span'
import { isCall, type OpenSpan } from './open-spans'

/** Open spans of a group that may still turn out to be model calls. Attributes come with the span or right after its start. */
const maxUndecided = 16

export class CallGroup<T extends LlmSpan> {
  /** Spans of the group that have not ended. */
  open = 0
  /** Model calls without another one below, by the library that traces them, from their start until their span goes on. */
  readonly #calls = new Map<string, Set<OpenSpan<T>>>()
  /** Ended calls that wait for an open one, likewise. */
  readonly #held = new Map<string, Set<HeldSpan<T>>>()
  #undecided: OpenSpan<T>[] = []

  start(span: OpenSpan<T>): void {
    this.open++
    if (this.#decide(span)) return
    this.#undecided.push(span)
    if (this.#undecided.length > maxUndecided) this.#decide(this.#undecided.shift() as OpenSpan<T>)
  }

  /** A call that can't be another one's double any more. */
  remove(span: OpenSpan<T>): void {
    this.#calls.get(span.instrumentation)?.delete(span)
  }

  hold(held: HeldSpan<T>): void {
    add(this.#held, held.instrumentation, held)
  }

  release(held: HeldSpan<T>): void {
    this.#held.get(held.instrumentation)?.delete(held)
  }

  /** Whether an open span, other than `except`, may be the same call. */
  mayBeSeenAgain(held: HeldSpan<T>, except?: OpenSpan<T>): boolean {
    if (this.#undecided.length > 0) this.#undecided = this.#undecided.filter(span => !this.#decide(span))
    for (const [instrumentation, calls] of this.#calls) {
      if (instrumentation === held.instrumentation) continue
      for (const call of calls) if (call !== except && held.mayBe(call)) return true
    }
    return false
  }

  /** The ended calls that wait for this open one, among others. */
  waitingFor(span: OpenSpan<T>): HeldSpan<T>[] {
    const waiting: HeldSpan<T>[] = []
    if (!this.#calls.get(span.instrumentation)?.has(span)) return waiting
    for (const [instrumentation, all] of this.#held) {
      if (instrumentation === span.instrumentation) continue
      for (const held of all) if (held.mayBe(span)) waiting.push(held)
    }
    return waiting
  }

  /** @returns whether nothing has to be learned of the span any more */
  #decide(span: OpenSpan<T>): boolean {
    if (span.ended || span.hasCallBelow) return true
    if (!isCall(span.kind)) return false
    add(this.#calls, span.instrumentation, span)
    return true
  }
}

function add<V>(sets: Map<string, Set<V>>, key: string, value: V): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}
