// Finalizes traces that have come to rest, and says which ones to whoever listens.
import { Closed } from './duckdb'
import type { TraceFinalizer } from './finalize'
import type { ChangedTraces } from './traces'

const TICK_MS = 250

/** Called with the ids of traces that have come to rest, 32 hexadecimal digits each. */
export type OnRest = (traceIds: readonly string[]) => void

interface BackgroundEvents {
  readonly onRest: OnRest
  /** Traces could not be finalized. */
  readonly onFailure: (error: Error) => void
}

export class Background {
  readonly #finalizer: TraceFinalizer
  readonly #traces: ChangedTraces
  readonly #on: BackgroundEvents
  readonly #timer: NodeJS.Timeout
  /** One job at a time: two that change the same row fail. */
  #last: Promise<void> = Promise.resolve()
  #isResting = false
  #isClosed = false

  constructor(finalizer: TraceFinalizer, traces: ChangedTraces, on: BackgroundEvents) {
    this.#finalizer = finalizer
    this.#traces = traces
    this.#on = on
    this.#timer = setInterval(() => this.#rest(), TICK_MS).unref()
  }

  /** These traces, or all that have changed. */
  finalize(among?: readonly string[]): Promise<void> {
    return this.run(async () => {
      const traces = this.#traces.takeUnfinished(among)
      if (traces.length === 0) return
      try {
        await this.#finalizer.finalize(traces)
      } catch (error) {
        this.#traces.giveBack(traces)
        throw error
      }
    })
  }

  /** When what runs is done. */
  run(job: () => Promise<unknown>): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Closed())
    const done = this.#last.then(job).then(() => {})
    this.#last = done.catch(() => {})
    return done
  }

  async #rest(): Promise<void> {
    if (this.#isResting) return
    const rested = this.#traces.takeRested(performance.now())
    if (rested.length === 0) return
    this.#isResting = true
    // A full disk, say: who asks for the tree tries again.
    await this.finalize(rested).catch(this.#on.onFailure)
    this.#isResting = false
    this.#on.onRest(rested.map(trace => Buffer.from(trace, 'latin1').toString('hex')))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#isClosed = true
    await this.#last
    this.#finalizer.close()
  }
}
