// At most so many in any hour, wherever it begins.

// Taken now: an application's fake timers must not decide.
const now = performance.now.bind(performance)
const HOUR = 3_600_000

export class Hourly {
  /** When each of the last ones was, in a ring. */
  #times: Float64Array | undefined
  #count = 0

  constructor(private readonly most: number) {}

  get isUsedUp(): boolean {
    if (this.most === 0) return true
    return this.#count >= this.most && this.#times![this.#count % this.most]! > now() - HOUR
  }

  use(): void {
    this.#times ??= new Float64Array(this.most)
    this.#times[this.#count++ % this.most] = now()
  }
}
