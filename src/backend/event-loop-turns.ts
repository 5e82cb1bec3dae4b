// Long work in stretches: between two of them ingest and other questions get their turn of the event loop.

/** Milliseconds. */
const MOST = 5

export class Stretch {
  #began = performance.now()

  /** Whether it is time for others. */
  get isOver(): boolean {
    return performance.now() - this.#began >= MOST
  }

  /** Begins the next stretch when others had their turn. */
  async rest(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.#began = performance.now()
  }
}
