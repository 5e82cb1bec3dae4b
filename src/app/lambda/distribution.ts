/** What the preload has for a function. */
export interface Distribution {
  /** milliseconds that sending may take of an invocation */
  readonly flushMs: number
  /**
   * Called before a function that is an ES module is imported; the runtime client's own imports need no hooks, which take 60 ms of a start on
   * Node.js 20.
   */
  armEsm(): void
  /** Loads what the first records need in the turns of the event loop in which the first invocation waits for others. */
  prepare(): void
}
