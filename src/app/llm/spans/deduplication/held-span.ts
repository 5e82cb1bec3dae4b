// A call that has ended and does not go on yet, since another span of the same call is open.
import type { LlmSpan } from '../span'
import type { Ticket } from '../waiting-room'
import type { CallGroup } from './detached-calls'
import type { NestedCall } from './nested-calls'
import type { OpenSpan } from './open-spans'
import type { CallFacts } from './same-call'

export class HeldSpan<T extends LlmSpan> {
  /** `undefined` once it has gone on: what it reported is remembered all the same. */
  copy: T | undefined
  facts: CallFacts
  readonly instrumentation: string
  /** The groups in which it waits. */
  groups: readonly CallGroup<T>[] = []
  /** The call that it is a part of, while a part of it is open. */
  nested: NestedCall<T> | undefined
  /** Where it waits. */
  ticket: Ticket<HeldSpan<T>> | undefined
  /** Open spans up to this one may be the same call. */
  order = -1

  /**
   * @param spans what is known of the spans that it was made of
   * @param since when the first of them ended, in seconds of the room's clock
   */
  constructor(
    copy: T,
    readonly spans: readonly OpenSpan<T>[],
    readonly since: number,
  ) {
    this.copy = copy
    this.facts = copy
    this.instrumentation = copy.instrumentationScope.name
  }

  /** Whether an open span may be the same call. */
  mayBe(open: OpenSpan<T>): boolean {
    return (
      open.order < this.order &&
      open.kind === this.facts.call?.kind &&
      (open.ended || open.live !== undefined) &&
      !this.spans.some(span => span === open || span.isBelow(open) || open.isBelow(span))
    )
  }

  /** It goes on, and only what identifies the call is kept. */
  leave(): T {
    const copy = this.copy as T
    const { call, status } = copy
    this.facts = { call, status }
    this.copy = undefined
    return copy
  }
}
