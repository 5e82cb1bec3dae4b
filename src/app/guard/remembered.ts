// What a process remembers of answers: so many of them, for so long after each was last asked for, and without a timer.

/** Values remembered; beyond them, those that were asked for the longest ago are forgotten. */
const MOST = 10_000
/** Milliseconds. */
const KEPT_FOR = 3_600_000
/** Characters of an id that a provider gives. */
const LONGEST_ID = 1_024

// Taken now: an application's fake timers must not decide what is remembered.
const now = performance.now.bind(performance)

export class Remembered<Value> {
  /** The one that was asked for last stands last. */
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>()

  constructor(private readonly clock: () => number = now) {}

  get(id: string): Value | undefined {
    const known = this.#values.get(id)
    if (!known) return undefined
    if (known.until <= this.clock()) {
      this.#values.delete(id)
      return undefined
    }
    this.put(id, known.value)
    return known.value
  }

  put(id: string, value: Value): void {
    if (id.length > LONGEST_ID) return
    const at = this.clock()
    this.#values.delete(id)
    this.#values.set(id, { value, until: at + KEPT_FOR })
    for (const [oldest, { until }] of this.#values) {
      if (until > at && this.#values.size <= MOST) break
      this.#values.delete(oldest)
    }
  }
}
