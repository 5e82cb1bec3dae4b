// Ended calls that wait because an open span may be the same call: an ancestor, a descendant, or an unrelated one. LangChain's callbacks,
// OpenAI's Agents and Langfuse's wrapper create spans that are never active, so ours can't be their children.
import { isCall } from '../read-call'
import type { LlmSpan } from '../span'
import type { Ticket, WaitingList, WaitingRoom } from '../waiting-room'
import type { OpenSpan } from './open-spans'
import type { CallFacts } from './same-call'

/**
 * Maximum seconds that a call waits. With the 5 s of a batch, it is exported about 30 s after its end. A library ends its span within
 * milliseconds of ours; one that takes longer never ends it.
 */
const maxSeconds = 25
/** Memory of a span's objects in addition to its values. */
const objectBytes = 1_024
/** Maximum exported calls that are remembered, so that a later span of the same call is not counted again. */
const maxRemembered = 4_096
/** Maximum open spans of a group that may still turn out to be model calls. Attributes are set at the span's start or right after it. */
const maxUndecided = 16

const none: ReadonlySet<never> = new Set<never>()

export type CallSpan<T extends LlmSpan> = OpenSpan<CallGroup<T>, NestedCall<T>>

/** A call of another library with our attempts below it. */
export interface NestedCall<T extends LlmSpan> {
  /** The other library's span. */
  readonly span: CallSpan<T>
  /** Spans of the call that have not ended, or are calls with such spans themselves. */
  readonly open: Set<CallSpan<T>>
  /** The other library's span, if it has ended first. */
  outer?: HeldSpan<T> | undefined
  /** Our ended attempts, in order of their ends. */
  readonly attempts: Set<HeldSpan<T>>
  /** Set if an attempt was exported before the others ended. */
  attemptLeft?: 'counted' | 'not counted'
  /** Set if the other library's span was exported before ours ended. */
  outerLeft?: 'counted' | 'not counted'
}

/** A call that has ended. */
export class HeldSpan<T extends LlmSpan> {
  /** `undefined` once it is exported; its reported values are still remembered. */
  copy: T | undefined
  facts: CallFacts
  readonly instrumentation: string
  /** The call that it is a part of, while another part is open. */
  nested: NestedCall<T> | undefined
  /** The groups in which it waits for an unrelated span. */
  groups: readonly CallGroup<T>[] = []
  /** Open spans up to this order may be the same call. */
  order = -1
  ticket: Ticket<HeldSpan<T>> | undefined

  /**
   * @param spans records of the spans it was made of
   * @param since when the first of them ended, in seconds of the room's clock
   */
  constructor(
    copy: T,
    readonly spans: readonly CallSpan<T>[],
    readonly since: number,
  ) {
    this.copy = copy
    this.facts = copy
    this.instrumentation = copy.instrumentationScope.name
  }

  /** Whether an open span may be the same call. */
  mayBe(open: CallSpan<T>): boolean {
    return (
      open.order <= this.order &&
      open.kind === this.facts.call?.kind &&
      (open.ended || open.live !== undefined) &&
      !this.spans.some(span => span === open || span.isBelow(open) || open.isBelow(span))
    )
  }
}

/** Calls of one trace, by the library that traces them: two calls of the same library are never duplicates. */
class CallGroup<T extends LlmSpan> {
  /** Number of open spans of the group. */
  open = 0
  /** Model calls without another one below, from their start until their span is exported. */
  readonly calls = new Map<string, Set<CallSpan<T>>>()
  /** Ended calls that wait for an open one. */
  readonly held = new Map<string, Set<HeldSpan<T>>>()
  #undecided: CallSpan<T>[] = []

  start(span: CallSpan<T>): void {
    this.open++
    if (isCall(span.kind)) return add(this.calls, span)
    this.#undecided.push(span)
    if (this.#undecided.length > maxUndecided) this.#decide(this.#undecided.shift() as CallSpan<T>)
  }

  /** Checks spans that have received their attributes since. */
  decide(): void {
    if (this.#undecided.length > 0) this.#undecided = this.#undecided.filter(span => !this.#decide(span))
  }

  /** @returns whether the span needs no further check */
  #decide(span: CallSpan<T>): boolean {
    if (span.ended || span.hasCallBelow) return true
    if (!isCall(span.kind)) return false
    add(this.calls, span)
    return true
  }
}

export interface WaitingCallsOptions<T extends LlmSpan> {
  readonly room: WaitingRoom
  /** Approximate encoded size of a span in bytes. */
  readonly sizeOf: (copy: T) => number
  /** Receives calls that can't wait longer. */
  readonly goOn: (held: HeldSpan<T>) => void
  readonly onEvicted: () => void
}

export class WaitingCalls<T extends LlmSpan> {
  readonly #options: WaitingCallsOptions<T>
  readonly #list: WaitingList<HeldSpan<T>>
  readonly #traces = new Map<string, CallGroup<T>>()
  /** Group of all traces that started in this process: in a script, each library starts its own trace for the same call. */
  readonly #parentless = new CallGroup<T>()
  /** Oldest first. */
  readonly #remembered = new Set<HeldSpan<T>>()
  /** Order of the span that started last. */
  #order = -1

  constructor(options: WaitingCallsOptions<T>) {
    this.#options = options
    const { room, goOn, onEvicted } = options
    this.#list = room.list<HeldSpan<T>>('duplicates', { seconds: maxSeconds, goOn, onEvicted })
  }

  start(span: CallSpan<T>): void {
    const { traceId, root, parent } = span
    this.#order = span.order
    let trace = parent?.groups[0] ?? this.#traces.get(traceId)
    if (!trace) {
      trace = new CallGroup()
      this.#traces.set(traceId, trace)
    }
    const isDetached = root.parentless && root.instrumentation === span.instrumentation
    span.groups = isDetached ? [trace, this.#parentless] : [trace]
    for (const group of span.groups) group.start(span)
  }

  end(span: CallSpan<T>): void {
    for (const group of span.groups) group.open--
    if (span.groups[0]?.open === 0) this.#traces.delete(span.traceId)
  }

  /** Removes a span that can no longer duplicate another one. */
  remove(span: CallSpan<T>): void {
    for (const group of span.groups) group.calls.get(span.instrumentation)?.delete(span)
  }

  /**
   * Whether no call of another library is open or waiting. This is the usual case, because most apps have one library that traces calls.
   */
  isAlone({ groups, traceId, instrumentation }: CallSpan<T>): boolean {
    for (const group of groups) {
      group.decide()
      for (const [other, { size }] of group.calls) if (size > 0 && other !== instrumentation) return false
      for (const [other, { size }] of group.held) if (size > 0 && other !== instrumentation) return false
    }
    // its trace may have been added again below a span that had ended
    const trace = this.#traces.get(traceId)
    return !trace || trace === groups[0]
  }

  /** Holds a call until its time limit. */
  hold(held: HeldSpan<T>): void {
    const { room, sizeOf } = this.#options
    held.ticket = this.#list.add(held, sizeOf(held.copy as T) + objectBytes, held.since + maxSeconds - room.now)
  }

  /** Compares a call with the open spans of its trace. @returns whether one of them may be the same call */
  compare(held: HeldSpan<T>): boolean {
    const { context, parentSpanContext } = held.copy as T
    const trace = this.#traces.get(context.traceId)
    const parentless = parentSpanContext ? [] : [this.#parentless]
    held.order = this.#order
    held.groups = trace ? [trace, ...parentless] : parentless
    if (!this.mayBeSeenAgain(held)) return false
    for (const group of held.groups) add(group.held, held)
    return true
  }

  /** Whether an unrelated open span, other than `except`, may be the same call. */
  mayBeSeenAgain(held: HeldSpan<T>, except?: CallSpan<T>): boolean {
    for (const group of held.groups) {
      group.decide()
      for (const [instrumentation, calls] of group.calls) {
        if (instrumentation === held.instrumentation) continue
        for (const call of calls) if (call !== except && held.mayBe(call)) return true
      }
    }
    return false
  }

  /** The ended calls that wait for this open span, among others. */
  beside(span: CallSpan<T>): ReadonlySet<HeldSpan<T>> {
    let found: Set<HeldSpan<T>> | undefined
    for (const { calls, held } of span.groups) {
      if (!calls.get(span.instrumentation)?.has(span)) continue
      for (const [instrumentation, all] of held) {
        if (instrumentation === span.instrumentation) continue
        for (const one of all) {
          if (!one.mayBe(span)) continue
          found ??= new Set()
          found.add(one)
        }
      }
    }
    return found ?? none
  }

  has(held: HeldSpan<T>): boolean {
    return held.ticket?.isIn === true || this.#remembered.has(held)
  }

  /** Keeps only what identifies a call that is exported. */
  remember(held: HeldSpan<T>): void {
    const { call, status } = held.facts
    held.facts = { call, status }
    held.copy = undefined
    this.#remembered.add(held)
    if (this.#remembered.size <= maxRemembered) return
    for (const oldest of this.#remembered) {
      if (this.#remembered.size <= maxRemembered * (7 / 8)) break
      this.take(oldest)
    }
  }

  take(held: HeldSpan<T>): void {
    this.#list.take(held.ticket)
    this.#remembered.delete(held)
    for (const group of held.groups) group.held.get(held.instrumentation)?.delete(held)
  }

  /** @returns whether more are waiting */
  release(most: number): boolean {
    return this.#list.release(most)
  }
}

function add<V extends { readonly instrumentation: string }>(sets: Map<string, Set<V>>, value: V): void {
  const set = sets.get(value.instrumentation)
  if (set) set.add(value)
  else sets.set(value.instrumentation, new Set([value]))
}
