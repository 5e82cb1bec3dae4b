// Spans that failed. LLM calls may be tried again: whether an attempt was the last one is known when the next one begins, or when the
// span above ends without one; the errors tier counts the last attempt alone (src/shared/tiers/retention-table.ts).

import { SpanStatusCode } from '@opentelemetry/api'
import { ATTR_EXCEPTION_TYPE } from '@opentelemetry/semantic-conventions'
import {
  ATTR_AFN_LLM_RETRIED,
  ATTR_AFN_LLM_RETRY_AFTER,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_ERROR_TYPE,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../semconv'
import { mayBeRepeated } from '../llm/spans/may-be-repeated'
import type { Stage } from '../llm/spans/span'
import type { Ticket, WaitingList, WaitingRoom } from '../llm/spans/waiting-room'
import { sizeOf } from './overload'
import type { SpanCopy } from './span-copy'

/** Longer than the clients' own pauses between attempts, which are 8 s at most unless the provider asks for more. */
const PATIENCE_SECONDS = 10
/** A client does not wait for longer, even where the server wants it to. */
const MOST_PATIENCE_SECONDS = 70
/** Attempts that were repeated before their own span came here. */
const MOST_REPEATED = 512

export class FailedCalls {
  readonly #next: (copy: SpanCopy) => void
  readonly #isOpen: (spanId: string) => boolean
  readonly #place: WaitingList<SpanCopy>
  /** By the id of each span that a call was made of. */
  readonly #held = new Map<string, Ticket<SpanCopy>>()
  /** By the id of the span above. */
  readonly #heldBelow = new Map<string, Set<Ticket<SpanCopy>>>()
  readonly #repeated = new Set<string>()

  /**
   * @param room where failed calls wait
   * @param next gets each call that was held, once
   * @param isOpen whether a span of this process has not ended
   */
  constructor(room: WaitingRoom, next: (copy: SpanCopy) => void, isOpen: (spanId: string) => boolean) {
    this.#next = next
    this.#isOpen = isOpen
    this.#place = room.list<SpanCopy>('retries', {
      seconds: PATIENCE_SECONDS,
      goOn: copy => this.#go(copy, false),
    })
  }

  /** Whether the call waits until it is known that it was tried again, or was not. */
  holds(copy: SpanCopy): boolean {
    if (this.#repeated.size > 0 && idsOf(copy).some(id => this.#repeated.delete(id))) {
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
    const ticket = this.#place.add(copy, sizeOf(copy), Math.min(PATIENCE_SECONDS + seconds, MOST_PATIENCE_SECONDS))
    if (!ticket.isIn) return true
    for (const id of idsOf(copy)) this.#held.set(id, ticket)
    if (!parent) return true
    const siblings = this.#heldBelow.get(parent.spanId)
    if (siblings) siblings.add(ticket)
    else this.#heldBelow.set(parent.spanId, new Set([ticket]))
    return true
  }

  /** Another attempt of the same call begins. */
  repeated(spanId: string): void {
    const ticket = this.#held.get(spanId)
    if (ticket) return this.#letGo(ticket, true)
    this.#repeated.add(spanId)
    if (this.#repeated.size > MOST_REPEATED) this.#repeated.delete(this.#repeated.values().next().value as string)
  }

  /** A span has ended: what failed below it is not tried again. */
  ended(spanId: string): void {
    for (const ticket of this.#heldBelow.get(spanId) ?? []) this.#letGo(ticket, false)
  }

  /** Lets everything go on. */
  release(): void {
    this.#place.release()
  }

  #letGo(ticket: Ticket<SpanCopy>, wasRetried: boolean): void {
    if (this.#place.take(ticket)) this.#go(ticket.item, wasRetried)
  }

  #go(copy: SpanCopy, wasRetried: boolean): void {
    const ticket = this.#held.get(copy.context.spanId)
    for (const id of idsOf(copy)) this.#held.delete(id)
    const above = copy.parentSpanContext?.spanId
    const siblings = above !== undefined && this.#heldBelow.get(above)
    if (siblings && ticket && siblings.delete(ticket) && siblings.size === 0) this.#heldBelow.delete(above)
    copy.own()[ATTR_AFN_LLM_RETRIED] = wasRetried
    this.#next(copy)
  }
}

const idsOf = ({ context, merged }: SpanCopy) => [context.spanId, ...merged]

const LIBRARIES = '@opentelemetry/instrumentation-'

/**
 * Names what made a library's span fail, as the conventions ask of each that did: most instrumentations record the exception alone.
 * Spans of the app stay as they are.
 */
export const nameError: Stage = span => {
  if (span.status.code !== SpanStatusCode.ERROR || span.attributes[ATTR_ERROR_TYPE] !== undefined) return
  if (!span.instrumentationScope.name.startsWith(LIBRARIES)) return
  const types = span.events.map(({ attributes }) => attributes?.[ATTR_EXCEPTION_TYPE])
  span.own()[ATTR_ERROR_TYPE] = types.findLast(type => type !== undefined) ?? ERROR_TYPE_VALUE_OTHER
}
