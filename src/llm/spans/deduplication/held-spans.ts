// Calls that wait for another span of theirs, bounded by time and by bytes.
import { inRoot } from '../../../root-context'
import type { LlmSpan } from '../span'
import type { CallGroup } from './detached-calls'
import type { NestedCall } from './nested-calls'
import { type Kind, kindOf, type OpenSpan } from './open-spans'
import { type CallFacts, factsOf } from './same-call'

/**
 * A call waits so long, in seconds. With the 5 s of a batch it is exported some 30 s after its end. A library ends its span
 * within milliseconds of ours; one that takes longer has forgotten it.
 */
const maxSeconds = 25
/** What all calls that wait may take, as they would be encoded. Message content is most of it. */
const maxBytes = 16 * 2 ** 20
/** Objects around the values of a span. */
const objectBytes = 1_024

export interface HeldSpansOptions<T extends LlmSpan> {
  /** Bytes of a span when it is encoded, roughly. */
  readonly sizeOf: (copy: T) => number
  /** Has to take the call out, and lets it go on without the spans that it waits for. */
  readonly expire: (held: HeldSpan<T>) => void
  /** A call is taken out for its age, or for its size. */
  readonly onEvicted: () => void
}

export class HeldSpans<T extends LlmSpan> {
  /** Time, in seconds: counted, so that no clock is read at the end of a call. It stands still while nothing is held. */
  now = 0
  readonly #options: HeldSpansOptions<T>
  /** Oldest first. */
  readonly #held = new Set<HeldSpan<T>>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeldSpansOptions<T>) {
    this.#options = options
  }

  has(held: HeldSpan<T>): boolean {
    return this.#held.has(held)
  }

  add(held: HeldSpan<T>): void {
    held.bytes = this.#options.sizeOf(held.copy as T) + objectBytes
    this.#bytes += held.bytes
    this.#held.add(held)
    this.#timer ??= inRoot(setTimeout, () => this.#tick(), 1_000).unref()
    if (this.#bytes <= maxBytes) return
    // an eighth at a time: each walk passes the empty places of those that were taken out before
    for (const oldest of this.#held) {
      if (this.#bytes <= maxBytes * (7 / 8)) break
      this.#evict(oldest)
    }
  }

  delete(held: HeldSpan<T>): void {
    if (this.#held.delete(held)) this.#bytes -= held.bytes
  }

  /**
   * Takes the oldest out.
   * @returns whether there are more
   */
  release(most: number): boolean {
    let left = most
    for (const held of this.#held) {
      if (left-- <= 0) return true
      this.#options.expire(held)
    }
    return false
  }

  #tick(): void {
    this.#timer = undefined
    this.now++
    for (const held of this.#held) if (this.now - held.since >= maxSeconds) this.#evict(held)
    if (this.#held.size > 0) this.#timer ??= setTimeout(() => this.#tick(), 1_000).unref()
  }

  #evict(held: HeldSpan<T>): void {
    this.#options.onEvicted()
    this.#options.expire(held)
  }
}

// A call that has ended and does not go on yet, since another span of the same call is open.

export class HeldSpan<T extends LlmSpan> {
  /** `undefined` once it has gone on: what it reported is remembered all the same. */
  copy: T | undefined
  facts: CallFacts
  readonly instrumentation: string
  readonly kind: Kind | undefined
  /** The groups in which it waits. */
  groups: readonly CallGroup<T>[] = []
  /** The call that it is a part of, while a part of it is open. */
  nested: NestedCall<T> | undefined
  bytes = 0
  /** Open spans up to this one may be the same call. */
  order = -1

  /**
   * @param spans what is known of the spans that it was made of
   * @param since when the first of them ended
   */
  constructor(
    copy: T,
    readonly spans: readonly OpenSpan<T>[],
    readonly since: number,
  ) {
    this.copy = copy
    this.facts = copy
    this.instrumentation = copy.instrumentationScope.name
    this.kind = kindOf(copy.attributes)
  }

  /** Whether an open span may be the same call. */
  mayBe(open: OpenSpan<T>): boolean {
    return (
      open.order < this.order &&
      open.kind === this.kind &&
      (open.ended || open.live !== undefined) &&
      !this.spans.some(span => span === open || span.isBelow(open) || open.isBelow(span))
    )
  }

  /** It goes on, and only what identifies the call is kept. */
  leave(): T {
    const copy = this.copy as T
    this.facts = factsOf(copy)
    this.copy = undefined
    return copy
  }
}
