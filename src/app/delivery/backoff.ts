// Computes the pause after an export that was not accepted. Pauses grow and have jitter, so that many processes which lost the same
// Collector do not all return at once.
const firstMs = 1_000
const longestMs = 5_000
/** Upper limit: a server that asks for more has a wrong clock, or will have been replaced by then. */
const longestAskedMs = 10 * 60_000

export class Backoff {
  #pauseMs = firstMs

  /** @param askedMs `Retry-After`, which is respected in full */
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
