// Gives DuckDB's threads to whoever needs them: while spans come, each statement works on the thread that asked, since a second
// one makes writing cost half as much again; when none come, questions get two, and the log goes into the file. Called by
// session.ts and writer.ts.
import type { DuckDBConnection } from '@duckdb/node-api'
import { hasRoom } from './room'

const QUIET_MS = 2000
const TICK_MS = 500

export class Pace {
  readonly #path: string
  readonly #connection: DuckDBConnection
  readonly #timer: NodeJS.Timeout
  #isQuiet = false
  #lastWrite = Date.now()

  /** @param connection that nobody else uses; @param onQuiet gets what is to be done in the background */
  constructor(path: string, connection: DuckDBConnection, onQuiet: (job: () => Promise<void>) => void) {
    this.#path = path
    this.#connection = connection
    this.#timer = setInterval(() => {
      if (this.#isQuiet || Date.now() - this.#lastWrite < QUIET_MS) return
      this.#isQuiet = true
      onQuiet(() => this.#rest())
    }, TICK_MS).unref()
  }

  /** A commit begins on this connection. */
  async write(connection: DuckDBConnection): Promise<void> {
    this.#lastWrite = Date.now()
    if (!this.#isQuiet) return
    this.#isQuiet = false
    await connection.run('SET threads = 1')
  }

  async #rest(): Promise<void> {
    // Somebody else's transaction may be in the way: then it happens at the next size of the log.
    if (hasRoom(this.#path)) await this.#connection.run('CHECKPOINT').catch(() => {})
    if (this.#isQuiet) await this.#connection.run('SET threads = 2')
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
