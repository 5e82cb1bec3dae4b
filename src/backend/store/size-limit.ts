// Keeps the file within its size: of what takes most room the oldest goes first.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction, ROW_GROUP } from './duckdb'
import { deleteTraces } from './sweep'

/** Of a table at once: a statement that takes out more would need much memory. */
const MOST_SHARE = 1 / 4
/** What is taken out beyond what is needed, as a part of the size, so that not every checkpoint has to. */
const SLACK = 0.1

const signals = ['spans', 'logs', 'metric_points'] as const

/** @returns how large the log of a DuckDB file of this size may be, in bytes */
export const logWithin = (maxBytes: number): number => Math.min(128 * 2 ** 20, Math.floor(maxBytes / 16))

export class Bound {
  readonly #connection: DuckDBConnection
  readonly #maxBytes: number

  /**
   * @param connection that nobody else uses meanwhile
   * @param maxBytes of the file and DuckDB's log together
   */
  constructor(connection: DuckDBConnection, maxBytes: number) {
    this.#connection = connection
    this.#maxBytes = maxBytes
  }

  /**
   * Takes out a part of the oldest when the file is full. Its room is free after the next checkpoint.
   * @returns whether it did
   */
  async enforce(): Promise<boolean> {
    const used = await this.#number(`SELECT used_blocks * block_size ${ofFile}`)
    // Far below it nothing more has to be known.
    if (used <= this.#maxBytes / 4) return false
    const { name, bytes, rows } = await this.#largest()
    const most = this.#most(bytes / Math.max(rows, 1))
    if (used <= most) return false
    const share = Math.min(MOST_SHARE, (used - most * (1 - SLACK)) / bytes)
    const oldest = `seq <= (SELECT min(seq) + (max(seq) - min(seq)) * ${share} FROM ${name})`
    await inTransaction(
      this.#connection,
      // A trace goes as a whole.
      name === 'spans'
        ? deleteTraces(`SELECT DISTINCT trace_id FROM spans WHERE ${oldest}`)
        : [`DELETE FROM ${name} WHERE ${oldest}`],
    )
    return true
  }

  /** Besides what is used there are the log, what a checkpoint writes of it, and two row groups that it merges and writes anew. */
  #most(bytesPerRow: number): number {
    const others = 2 * logWithin(this.#maxBytes) + 2 * ROW_GROUP * bytesPerRow
    return Math.max(this.#maxBytes - others, this.#maxBytes / 4)
  }

  async #largest(): Promise<{ name: string; bytes: number; rows: number }> {
    const blockSize = await this.#number(`SELECT block_size ${ofFile}`)
    let largest = { name: 'spans', bytes: 1, rows: 0 }
    for (const name of signals) {
      const blocks = await this.#number(
        `SELECT count(DISTINCT block_id) FROM pragma_storage_info('${name}') WHERE block_id >= 0`,
      )
      const rows = await this.#number(`SELECT count(*) FROM ${name}`)
      if (blocks * blockSize > largest.bytes) largest = { name, bytes: blocks * blockSize, rows }
    }
    return largest
  }

  async #number(sql: string): Promise<number> {
    const reader = await this.#connection.runAndReadAll(sql)
    return Number(reader.getRows()[0]?.[0] ?? 0)
  }
}

const ofFile = `FROM pragma_database_size() WHERE database_name = 'store'`
