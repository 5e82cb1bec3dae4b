// Calls that libraries see which know nothing of each other: LangChain's callbacks, OpenAI's Agents and Langfuse's wrapper
// make spans that are never active, so ours can't be their child, and in a script not even in their trace. They are open
// when ours ends, and report the same answer.
import { isCall } from '../read-call'
import { LLM_SCOPE, type LlmSpan } from '../span'
import type { WaitingList } from '../waiting-room'
import type { HeldSpan } from './held-span'
import { markRollup } from './merged-attributes'
import type { OpenSpan, OpenSpans } from './open-spans'
import { isSameCall } from './same-call'

/** Calls that went on early and are remembered, so that a span that repeats them later is not counted again. */
const maxRemembered = 4_096

export interface DetachedCallsOptions<T extends LlmSpan> {
  readonly open: OpenSpans<T>
  readonly held: WaitingList<HeldSpan<T>>
  readonly hold: (held: HeldSpan<T>) => void
  readonly merge: (theirs: HeldSpan<T>, ours: HeldSpan<T>, spans: readonly OpenSpan<T>[]) => HeldSpan<T>
  readonly next: (copy: T) => void
}

export class DetachedCalls<T extends LlmSpan> {
  readonly #options: DetachedCallsOptions<T>
  readonly #traces = new Map<string, CallGroup<T>>()
  /** Of all traces that began in this process: in a script each library begins its own for the same call. */
  readonly #parentless = new CallGroup<T>()
  /** Oldest first. */
  readonly #remembered = new Set<HeldSpan<T>>()

  constructor(options: DetachedCallsOptions<T>) {
    this.#options = options
  }

  start(span: OpenSpan<T>): void {
    const { traceId, root, parent } = span
    let trace = parent?.groups[0] ?? this.#traces.get(traceId)
    if (!trace) {
      trace = new CallGroup()
      this.#traces.set(traceId, trace)
    }
    const isDetached = root.parentless && root.instrumentation === span.instrumentation
    span.groups = isDetached ? [trace, this.#parentless] : [trace]
    for (const group of span.groups) group.start(span)
  }

  end(span: OpenSpan<T>): void {
    for (const group of span.groups) group.open--
    const [trace] = span.groups
    if (trace?.open === 0) this.#traces.delete(span.traceId)
  }

  /**
   * Takes a call of which nothing above or below is open.
   * @param mayWait `false`: it goes on, though a span next to it may be the same call
   */
  add(ended: HeldSpan<T>, mayWait = true): void {
    let held = ended
    for (const span of ended.spans) {
      const waiting = this.#waitingFor(span)
      const same = waiting.find(one => isSameCall(held.facts, one.facts, this.#isOnlyPair(one, span, waiting)))
      if (same) held = this.#join(held, same)
      this.removeCandidate(span, waiting)
    }
    const copy = held.copy as T
    if (!copy.call?.isModelCall) return this.#options.next(copy)
    held.order = this.#options.open.count
    held.groups = this.#groupsOf(copy)
    if (!this.#mayBeSeenAgain(held)) return this.#options.next(copy)
    for (const group of held.groups) group.hold(held)
    if (mayWait) return this.#options.hold(held)
    this.#remember(held)
    this.#options.next(copy)
  }

  /**
   * Removes an ended call from the calls that are compared with each other, if there is none to compare it with. So it is
   * mostly, since mostly one library traces calls.
   * @returns whether it did
   */
  takeAlone(span: OpenSpan<T>): boolean {
    for (const group of span.groups) if (!group.isAlone(span)) return false
    // its trace may have begun anew below a span that had ended
    const trace = this.#traces.get(span.traceId)
    if (trace && trace !== span.groups[0]) return false
    for (const group of span.groups) group.remove(span)
    return true
  }

  /** The span is not the same call as one beside it: what waited for it alone goes on. */
  removeCandidate(span: OpenSpan<T>, waiting = this.#waitingFor(span)): void {
    for (const group of span.groups) group.remove(span)
    for (const held of waiting) {
      const isWaiting = held.ticket?.isIn || this.#remembered.has(held)
      if (!isWaiting || this.#mayBeSeenAgain(held)) continue
      this.#forget(held)
      if (held.copy) this.#options.next(held.copy)
    }
  }

  /** The call goes on before a span next to it has ended. */
  expire(held: HeldSpan<T>): void {
    this.#options.held.take(held.ticket)
    const copy = held.copy as T
    this.#remember(held)
    this.#options.next(copy)
  }

  #groupsOf(copy: T): CallGroup<T>[] {
    const trace = this.#traces.get(copy.context.traceId)
    const parentless = copy.parentSpanContext ? [] : [this.#parentless]
    return trace ? [trace, ...parentless] : parentless
  }

  #mayBeSeenAgain(held: HeldSpan<T>, except?: OpenSpan<T>): boolean {
    for (const group of held.groups) if (group.mayBeSeenAgain(held, except)) return true
    return false
  }

  #waitingFor(span: OpenSpan<T>): HeldSpan<T>[] {
    const [trace, parentless] = span.groups
    const inTrace = trace?.waitingFor(span) ?? []
    const elsewhere = parentless?.waitingFor(span) ?? []
    return elsewhere.length > 0 ? [...new Set([...inTrace, ...elsewhere])] : inTrace
  }

  #isOnlyPair(held: HeldSpan<T>, span: OpenSpan<T>, waiting: HeldSpan<T>[]): boolean {
    return waiting.length === 1 && !this.#mayBeSeenAgain(held, span)
  }

  /** Both report the same call: one span from now on, or one that repeats what has gone on already. */
  #join(held: HeldSpan<T>, waiting: HeldSpan<T>): HeldSpan<T> {
    this.#forget(waiting)
    if (!waiting.copy) {
      markRollup(held.copy as T)
      return held
    }
    const ours = waiting.instrumentation === LLM_SCOPE ? waiting : held
    ours.spans[0]?.uncountInAgent()
    const spans = [...held.spans, ...waiting.spans]
    const { merge } = this.#options
    return held.instrumentation === LLM_SCOPE ? merge(waiting, held, spans) : merge(held, waiting, spans)
  }

  #forget(held: HeldSpan<T>): void {
    this.#options.held.take(held.ticket)
    this.#remembered.delete(held)
    for (const group of held.groups) group.release(held)
  }

  #remember(held: HeldSpan<T>): void {
    held.leave()
    this.#remembered.add(held)
    if (this.#remembered.size <= maxRemembered) return
    for (const oldest of this.#remembered) {
      if (this.#remembered.size <= maxRemembered * (7 / 8)) break
      this.#forget(oldest)
    }
  }
}

/** Open spans of a group that may still turn out to be model calls. Attributes come with the span or right after its start. */
const maxUndecided = 16

/**
 * Calls that may be seen twice by libraries that know nothing of each other: those of one trace. LangChain's callbacks,
 * OpenAI's Agents and Langfuse's wrapper make spans that are never active, so ours can't be their child.
 */
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
    if (isCall(span.kind)) return add(this.#calls, span.instrumentation, span)
    this.#undecided.push(span)
    if (this.#undecided.length > maxUndecided) this.#decide(this.#undecided.shift() as OpenSpan<T>)
  }

  /** Whether no call of another library is open or waits. */
  isAlone({ instrumentation }: OpenSpan<T>): boolean {
    if (this.#undecided.length > 0) this.#undecided = this.#undecided.filter(span => !this.#decide(span))
    for (const [other, { size }] of this.#calls) if (size > 0 && other !== instrumentation) return false
    for (const [other, { size }] of this.#held) if (size > 0 && other !== instrumentation) return false
    return true
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
