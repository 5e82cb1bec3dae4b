// Splits long work into stretches, so that ingestion and other queries get their turn of the event loop.

/** Milliseconds per stretch. */
const MOST = 5

export class Stretch {
  #began = performance.now()

  /** Whether the stretch has used up its time. */
  get isOver(): boolean {
    return performance.now() - this.#began >= MOST
  }

  /** Yields to the event loop, then begins the next stretch. */
  async rest(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.#began = performance.now()
  }
}
