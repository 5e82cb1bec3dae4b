// Finalizes traces once they are complete, and notifies a listener.
import { Closed } from './duckdb'
import type { TraceFinalizer } from './finalize'
import type { ChangedTraces } from './traces'

const TICK_MS = 250

/** Receives the ids, 32 hexadecimal digits each, of traces that got no new spans for a while. */
export type OnRest = (traceIds: readonly string[]) => void

interface BackgroundEvents {
  readonly onRest: OnRest
  /** Called when traces could not be finalized. */
  readonly onFailure: (error: Error) => void
}

export class Background {
  readonly #finalizer: TraceFinalizer
  readonly #traces: ChangedTraces
  readonly #on: BackgroundEvents
  readonly #timer: NodeJS.Timeout
  /** Jobs run one at a time, because transactions that change the same row fail. */
  #last: Promise<void> = Promise.resolve()
  #isResting = false
  #isClosed = false

  constructor(finalizer: TraceFinalizer, traces: ChangedTraces, on: BackgroundEvents) {
    this.#finalizer = finalizer
    this.#traces = traces
    this.#on = on
    this.#timer = setInterval(() => this.#rest(), TICK_MS).unref()
  }

  /** Finalizes these traces, or all changed ones. */
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

  /** Runs a job after all previous ones. */
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
    // For example, the disk may be full. A query that needs the tree retries.
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
