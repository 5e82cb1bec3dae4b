// Connections for questions. Called by session.ts.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Database } from './duckdb'

/** BIGINT, UBIGINT and UHUGEINT are bigints, lists arrays, structs objects, and maps arrays of `{key, value}`. */
export type Row = Record<string, unknown>
export type Parameter = string | number | bigint | boolean | null

/** At once. DuckDB works on Node's four threads, of which the writer and whoever sweeps need theirs. */
const MOST = 2

export class Readers {
  readonly #database: Database
  readonly #free: DuckDBConnection[] = []
  readonly #queue: (() => void)[] = []
  #busy = 0
  #closed: (() => void) | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async query(sql: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
    if (this.#busy >= MOST) await new Promise<void>(resolve => this.#queue.push(resolve))
    else this.#busy++
    try {
      const connection = this.#free.pop() ?? (await this.#database.connect())
      try {
        const reader = await connection.runAndReadAll(sql, [...parameters])
        return reader.getRowObjectsJS() as Row[]
      } finally {
        this.#free.push(connection)
      }
    } finally {
      this.#next()
    }
  }

  #next(): void {
    const next = this.#queue.shift()
    if (next) next()
    else if (--this.#busy === 0) this.#closed?.()
  }

  /** Resolves when the questions that were asked are answered. */
  async close(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>(resolve => (this.#closed = resolve))
    for (const connection of this.#free) connection.closeSync()
  }
}
