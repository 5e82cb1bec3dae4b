// What was read of calls, from their end until they are judged: those whose span has not come yet, and all within one bound.
import type { Content } from '../llm/answered'
import { MOST_BYTES, Room } from './room'

/** Calls whose content waits for their span. */
const MOST = 256

export interface Kept {
  /** Of the call, from 0 to 1. */
  readonly draw: number
  /** Undefined where there was no room. */
  readonly content: (() => Content) | undefined
  letGo(): void
}

export class KeptContent {
  readonly #room = new Room()
  readonly #bySpan = new Map<string, Kept>()

  /** Whose span has not come, the oldest first, makes room for what is new. */
  keep(draw: number, content: () => Content, bytes: number): Kept {
    let giveBack = this.#room.take(bytes)
    for (const other of this.#bySpan.values()) {
      if (giveBack || bytes > MOST_BYTES) break
      other.letGo()
      giveBack = this.#room.take(bytes)
    }
    let kept: typeof content | undefined = giveBack && content
    return {
      draw,
      get content() {
        return kept
      },
      letGo() {
        if (kept) giveBack!()
        kept = undefined
      },
    }
  }

  /** Until the span is there. */
  hold(spanId: string, kept: Kept): void {
    if (this.#bySpan.size >= MOST) {
      // the oldest one's span never came
      const [oldest, other] = this.#bySpan.entries().next().value!
      this.#bySpan.delete(oldest)
      other.letGo()
    }
    this.#bySpan.set(spanId, kept)
  }

  /** @param spanIds of the span that is there, and of those that it stands for */
  take(spanIds: readonly string[]): Kept | undefined {
    const id = spanIds.find(one => this.#bySpan.has(one))
    if (id === undefined) return undefined
    const found = this.#bySpan.get(id)
    this.#bySpan.delete(id)
    return found
  }
}
