// LLM calls that failed and may be tried again. Whether an attempt was the last one is known when the next one begins, or when
// the span above ends without one; the errors tier counts the last attempt alone (src/tiers/retention-table.ts).

import { SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_RETRIED,
  ATTR_AFN_LLM_RETRY_AFTER,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../../semconv'
import { inRoot } from '../root-context'
import type { SpanCopy } from './span-copy'
import { sizeOf } from './span-copy'

/** Longer than the clients' own pauses between attempts, which are 8 s at most unless the provider asks for more. */
const PATIENCE_MS = 10_000
/** A client does not wait for longer, even where the server wants it to. */
const MOST_PATIENCE_MS = 70_000
const LOOK_EVERY_MS = 1_000
/** What waits at most; the oldest then goes on as a call that was not tried again. */
const MOST_HELD = 512
const MOST_BYTES = 16 * 2 ** 20
/** Attempts that were repeated before their own span came here. */
const MOST_REPEATED = 512

interface Held {
  readonly copy: SpanCopy
  readonly until: number
  readonly bytes: number
}

export class FailedCalls {
  readonly #next: (copy: SpanCopy) => void
  readonly #isOpen: (spanId: string) => boolean
  readonly #now: () => number
  /** By span id, the oldest first. */
  readonly #held = new Map<string, Held>()
  /** Ids of the held, by the id of the span above. */
  readonly #heldBelow = new Map<string, Set<string>>()
  #bytes = 0
  readonly #repeated = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /**
   * @param next gets each call that was held, once
   * @param isOpen whether a span of this process has not ended
   * @param now milliseconds of a clock that is never set
   */
  constructor(
    next: (copy: SpanCopy) => void,
    isOpen: (spanId: string) => boolean,
    now = performance.now.bind(performance),
  ) {
    this.#next = next
    this.#isOpen = isOpen
    this.#now = now
  }

  /** Whether the call waits until it is known that it was tried again, or was not. */
  holds(copy: SpanCopy): boolean {
    if (this.#repeated.size > 0 && [copy.context.spanId, ...copy.merged].some(id => this.#repeated.delete(id))) {
      copy.own()[ATTR_AFN_LLM_RETRIED] = true
      return false
    }
    // calls that our own tap saw; whoever traces calls of its own counts a call with its retries as one
    const isOurs = copy.attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== undefined
    if (copy.status.code !== SpanStatusCode.ERROR || !isOurs) return false
    const parent = copy.parentSpanContext
    // where the span above has ended, nobody tries again below it
    const isOver = parent && !parent.isRemote && !this.#isOpen(parent.spanId)
    if (isOver || !mayBeRepeated(copy)) {
      copy.own()[ATTR_AFN_LLM_RETRIED] = false
      return false
    }
    const seconds = Number(copy.attributes[ATTR_AFN_LLM_RETRY_AFTER] ?? 0)
    const patience = Math.min(PATIENCE_MS + seconds * 1_000, MOST_PATIENCE_MS)
    const bytes = sizeOf(copy)
    this.#held.set(copy.context.spanId, { copy, until: this.#now() + patience, bytes })
    this.#bytes += bytes
    if (parent) {
      const siblings = this.#heldBelow.get(parent.spanId)
      if (siblings) siblings.add(copy.context.spanId)
      else this.#heldBelow.set(parent.spanId, new Set([copy.context.spanId]))
    }
    while (this.#held.size > MOST_HELD || this.#bytes > MOST_BYTES)
      this.#letGo(this.#held.keys().next().value as string)
    this.#timer ??= inRoot(setInterval, () => this.#letOldGo(), LOOK_EVERY_MS).unref()
    return true
  }

  /** Another attempt of the same call begins. */
  repeated(spanId: string): void {
    for (const [id, { copy }] of this.#held) {
      if (id !== spanId && !copy.merged.includes(spanId)) continue
      this.#take(id)
      return this.#go(copy, true)
    }
    this.#repeated.add(spanId)
    if (this.#repeated.size > MOST_REPEATED) this.#repeated.delete(this.#repeated.values().next().value as string)
  }

  /** A span has ended: what failed below it is not tried again. */
  ended(spanId: string): void {
    for (const id of this.#heldBelow.get(spanId) ?? []) this.#letGo(id)
  }

  /** Lets everything go on. */
  release(): void {
    for (const id of [...this.#held.keys()]) this.#letGo(id)
  }

  #letOldGo(): void {
    const now = this.#now()
    for (const [id, { until }] of this.#held) if (until <= now) this.#letGo(id)
  }

  #letGo(id: string): void {
    const copy = this.#take(id)
    if (copy) this.#go(copy, false)
  }

  #go(copy: SpanCopy, wasRetried: boolean): void {
    copy.own()[ATTR_AFN_LLM_RETRIED] = wasRetried
    this.#next(copy)
  }

  #take(id: string): SpanCopy | undefined {
    const held = this.#held.get(id)
    if (!held) return undefined
    this.#held.delete(id)
    this.#bytes -= held.bytes
    const { copy } = held
    const siblings = copy.parentSpanContext && this.#heldBelow.get(copy.parentSpanContext.spanId)
    if (siblings?.delete(id) && siblings.size === 0) this.#heldBelow.delete(copy.parentSpanContext!.spanId)
    if (this.#held.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    return copy
  }
}

/** Clients try again what timed out, what was refused for its rate, what the server failed at, and what had no answer at all. */
function mayBeRepeated({ attributes }: SpanCopy): boolean {
  const answered = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  return typeof answered !== 'number' || answered >= 500 || [408, 409, 425, 429].includes(answered)
}
