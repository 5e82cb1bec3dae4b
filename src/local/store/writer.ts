// Group commit: whoever writes hears of it when the commit is on the disk that holds its rows; what comes meanwhile is the next
// commit. Called by store.ts.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { PartialSuccess, Signal } from '../answer'
import type { OtlpRequest, Pending } from './pending'
import type { Count } from './spans'

const message = 'spans need a trace id and a span id that are not 0, and times from 1970 to 2262'

interface Waiting {
  readonly count: Count
  readonly resolve: (partial: PartialSuccess | undefined) => void
  readonly reject: (error: unknown) => void
}

export interface WriterOptions {
  /** What to begin with, and to begin with anew when a commit failed: nobody knows then what of it is in memory. */
  readonly open: () => Promise<Pending>
  /** Told of the traces that got spans: the 16 bytes of each id as latin1. */
  readonly onStored: (traces: ReadonlySet<string>) => void
}

export class Writer {
  /** Of this process; a duplicate that was not stored again counts as received. */
  readonly counts = { received: 0, rejected: 0 }
  readonly #connection: DuckDBConnection
  readonly #open: () => Promise<Pending>
  #pending: Pending
  readonly #onStored: (traces: ReadonlySet<string>) => void
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  private constructor(connection: DuckDBConnection, pending: Pending, options: WriterOptions) {
    this.#connection = connection
    this.#pending = pending
    this.#open = options.open
    this.#onStored = options.onStored
  }

  static async on(connection: DuckDBConnection, options: WriterOptions): Promise<Writer> {
    return new Writer(connection, await options.open(), options)
  }

  /** @throws Malformed when it is no OTLP; or what DuckDB says when it can't be stored */
  async write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined> {
    const count = this.#pending.add(signal, request)
    const stored = new Promise<PartialSuccess | undefined>((resolve, reject) => {
      this.#waiting.push({ count, resolve, reject })
    })
    this.#running ??= this.#run()
    return stored
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#running
  }

  async close(): Promise<void> {
    await this.idle()
    this.#pending.close()
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit()
    this.#running = undefined
  }

  async #commit(): Promise<void> {
    let held: Waiting[] = []
    try {
      await this.#connection.run('BEGIN')
      held = this.#waiting
      this.#waiting = []
      const traces = this.#pending.flush()
      await this.#connection.run('COMMIT')
      this.#onStored(traces)
    } catch (error) {
      await this.#fail([...held, ...this.#waiting], error)
      return
    }
    for (const { count, resolve } of held) {
      this.counts.received += count.received
      this.counts.rejected += count.rejected
      resolve(count.rejected > 0 ? { rejected: count.rejected, message } : undefined)
    }
  }

  /** What came during the commit fails too: it may have left out, as known, what the commit held. */
  async #fail(waiting: readonly Waiting[], error: unknown): Promise<void> {
    this.#waiting = []
    await this.#connection.run('ROLLBACK').catch(() => {})
    this.#pending = await this.#open()
    for (const { reject } of waiting) reject(error)
  }
}
