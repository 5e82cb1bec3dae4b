// Calls that wait for another span of theirs, bounded by time and by bytes.
import type { LlmSpan } from '../span'
import type { HeldSpan } from './held-span'

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
    this.#timer ??= setTimeout(() => this.#tick(), 1_000).unref()
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
