// How long nobody is asked after a request that was not taken: longer each time, with jitter, so that many processes that lost
// one Collector do not all come back to it at once.
const firstMs = 1_000
const longestMs = 5_000
/** A server that asks for more has no clock, or will have been replaced. */
const longestAskedMs = 10 * 60_000

export class Backoff {
  #pauseMs = firstMs

  /** @param askedMs `Retry-After`, which is waited for whole */
  next(askedMs?: number): number {
    const pauseMs = this.#pauseMs
    this.#pauseMs = Math.min(pauseMs * 1.5, longestMs)
    return askedMs
      ? Math.min(askedMs, longestAskedMs) * (1 + Math.random() * 0.2)
      : pauseMs * (0.8 + Math.random() * 0.4)
  }

  reset(): void {
    this.#pauseMs = firstMs
  }
}
