// Group commit: a write resolves when the commit with its rows is on disk. Requests that arrive in the meantime form the next commit.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Signal } from '../../shared/config/otlp'
import { inTurns } from '../../shared/otlp/turns'
import { tellFault } from '../faults'
import type { PartialSuccess } from '../otlp-answer'
import { Closed } from './duckdb'
import type { OtlpRequest, Pending } from './pending'
import type { Count } from './spans'
import type { Referred } from './unused-resources'
import type { StoredRequest } from './vitals'
import type { StoredTraces } from './whole-traces'

const reasons = {
  traces: 'spans need a trace id and a span id that are not 0',
  logs: 'log records need a time, a body, an event name or attributes',
  metrics: '',
}

interface Waiting extends StoredRequest {
  readonly resolve: (partial: PartialSuccess | undefined) => void
  readonly reject: (error: unknown) => void
}

export interface WriterOptions {
  /** Creates the batch, and a new one after a failed commit, when the state of the old one is unknown. */
  readonly open: () => Promise<Pending>
  /** @param traces that got spans @param seconds duration of the commit */
  readonly onStored: (traces: StoredTraces, stored: readonly StoredRequest[], seconds: number) => void
  readonly onFailed: () => void
  /** Called before each commit. */
  readonly onCommit: () => Promise<void>
}

export class Writer {
  readonly #connection: DuckDBConnection
  readonly #open: () => Promise<Pending>
  #pending: Pending
  readonly #onStored: WriterOptions['onStored']
  readonly #onFailed: WriterOptions['onFailed']
  readonly #onCommit: WriterOptions['onCommit']
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  /** Ends when no request is partly added. */
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  private constructor(connection: DuckDBConnection, pending: Pending, options: WriterOptions) {
    this.#connection = connection
    this.#pending = pending
    this.#open = options.open
    this.#onStored = options.onStored
    this.#onFailed = options.onFailed
    this.#onCommit = options.onCommit
  }

  static async on(connection: DuckDBConnection, options: WriterOptions): Promise<Writer> {
    return new Writer(connection, await options.open(), options)
  }

  /** @throws Malformed for invalid OTLP; DuckDB's error if it cannot be stored */
  async write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined> {
    if (this.#isClosed) throw new Closed()
    return new Promise((resolve, reject) => {
      const add = async () => {
        const count = await inTurns(this.#pending.add(signal, request))
        this.#waiting.push({ signal, count, resolve, reject })
        this.#running ??= this.#run()
      }
      this.#alone(add).catch(reject)
    })
  }

  /** Makes sure that no later row refers to these ids. */
  forget(table: Referred, ids: ReadonlySet<number>): void {
    this.#pending.forget(table, ids)
  }

  /** Waits for pending writes. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#last
    await this.#running
    this.#pending.abandon()
  }

  /** Runs tasks one at a time, in order. */
  #alone<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    const mine = this.#last.then(task)
    this.#last = mine.catch(() => {})
    return mine
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit()
    this.#running = undefined
  }

  async #commit(): Promise<void> {
    let held: Waiting[] = []
    const began = performance.now()
    try {
      await this.#onCommit()
      await this.#connection.run('BEGIN')
      const flush = await this.#alone(() => {
        held = this.#waiting
        this.#waiting = []
        return this.#pending.take()
      })
      const traces = await flush()
      await this.#connection.run('COMMIT')
      this.#onStored(traces, held, (performance.now() - began) / 1_000)
    } catch (error) {
      await this.#fail(held, error)
      return
    }
    for (const { signal, count, resolve } of held) {
      resolve(partialOf(signal, count))
    }
  }

  /** Later requests fail too: they may have skipped spans as duplicates of spans in the failed commit. */
  async #fail(held: readonly Waiting[], error: unknown): Promise<void> {
    this.#onFailed()
    tellFault('received data could not be stored; clients get status 503', error as Error)
    await this.#connection.run('ROLLBACK').catch(() => {})
    const waiting = await this.#alone(async () => {
      this.#pending.abandon()
      // If this fails as well, DuckDB has shut down the database, and every commit fails until the file is reopened.
      this.#pending = await this.#open().catch(() => this.#pending)
      return [...held, ...this.#waiting.splice(0)]
    })
    for (const { reject } of waiting) reject(error)
  }
}

/** If nothing was rejected, the message is a warning, as OTLP specifies. */
function partialOf(signal: Signal, { rejected, misdated }: Count): PartialSuccess | undefined {
  const redated = `${misdated} had a time after the year 2262, which was replaced by the time of arrival`
  const said = [...(rejected > 0 ? [reasons[signal]] : []), ...(misdated > 0 ? [redated] : [])]
  return said.length > 0 ? { rejected, message: said.join('; ') } : undefined
}
