// Enforces the size limit: deletes the oldest rows of the signal that takes the most space.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction, ROW_GROUP } from './duckdb'
import { deleteTraces } from './sweep'

/** Maximum share of a table to delete at once: larger statements would need much memory. */
const MOST_SHARE = 1 / 4
/** Share of the size limit to delete in addition, so that not every checkpoint has to delete. */
const SLACK = 0.1

const signals = ['spans', 'logs', 'metric_points'] as const

/** @returns the maximum size of DuckDB's log for a file of this size, in bytes */
export const logWithin = (maxBytes: number): number => Math.min(128 * 2 ** 20, Math.floor(maxBytes / 16))

export class Bound {
  readonly #connection: DuckDBConnection
  readonly #maxBytes: number

  /**
   * @param connection used by nothing else in the meantime
   * @param maxBytes limit for the file and DuckDB's log together
   */
  constructor(connection: DuckDBConnection, maxBytes: number) {
    this.#connection = connection
    this.#maxBytes = maxBytes
  }

  /**
   * Deletes some of the oldest rows if the file is full. The next checkpoint frees their space.
   * @returns whether it has deleted rows
   */
  async enforce(): Promise<boolean> {
    const used = await this.#number(`SELECT used_blocks * block_size ${ofFile}`)
    // Far below the limit, no further queries are needed.
    if (used <= this.#maxBytes / 4) return false
    const { name, bytes, rows } = await this.#largest()
    const most = this.#most(bytes / Math.max(rows, 1))
    if (used <= most) return false
    const share = Math.min(MOST_SHARE, (used - most * (1 - SLACK)) / bytes)
    const oldest = `seq <= (SELECT min(seq) + (max(seq) - min(seq)) * ${share} FROM ${name})`
    await inTransaction(
      this.#connection,
      // Traces are deleted as a whole.
      name === 'spans'
        ? deleteTraces(`SELECT DISTINCT trace_id FROM spans WHERE ${oldest}`)
        : [`DELETE FROM ${name} WHERE ${oldest}`],
    )
    return true
  }

  /**
   * The limit for used blocks. It leaves room for the log, for what a checkpoint writes of it, and for two row groups that a checkpoint
   * merges.
   */
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
