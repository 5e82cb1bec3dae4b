// When a checkpoint merges row groups: see checkpoint-policy.ts, docs/decisions/0110.
import type { DuckDBConnection } from '@duckdb/node-api'
import { logSize, MEMORY } from './duckdb'

/** Bytes of a file whose rows may be as large as they like. */
const SMALL_FILE = 32 * 2 ** 20
/** Bytes of a row, where a full row group is still written anew within some seconds. */
const SMALL_ROW = 4096
/** While it merges. */
const MORE_MEMORY = '1GB'
/** Commits wait for it: as many times as long as it took there is none. */
const PAUSES = 30

/**
 * DuckDB merges neighbours by their number of rows alone, whatever they hold: 2,048 rows at a time are in memory, and the last row group is written
 * anew at each checkpoint until it is full. With rows of 200 kB these are 400 MB, and 12 GB. Where a merge fails, DuckDB gives the file up.
 */
export class Merges {
  readonly #path: string
  /** One had not memory enough: the next one would have as little. */
  #isOver = false
  #pausedUntil = 0

  constructor(path: string) {
    this.#path = path
  }

  /** By the clock of `performance`. */
  get pausedUntil(): number {
    return this.#pausedUntil
  }

  /** @param connection that nobody else uses */
  async arePossible(connection: DuckDBConnection): Promise<boolean> {
    if (this.#isOver || performance.now() < this.#pausedUntil) return false
    const reader = await connection.runAndReadAll(
      `SELECT used_blocks * block_size, (SELECT count(*) FROM spans) + (SELECT count(*) FROM logs) + (SELECT count(*) FROM metric_points)
      FROM pragma_database_size() WHERE database_name = 'store'`,
    )
    const [used, rows] = reader.getRows()[0]!.map(Number) as [number, number]
    return used + logSize(this.#path) - SMALL_FILE <= rows * SMALL_ROW
  }

  /** A checkpoint with them. @throws what DuckDB says */
  async checkpoint(connection: DuckDBConnection): Promise<void> {
    const isFile = this.#path !== ':memory:'
    const began = performance.now()
    try {
      if (isFile) await connection.run(`SET memory_limit = '${MORE_MEMORY}'`)
      await connection.run('RESET max_vacuum_tasks')
      await connection.run('CHECKPOINT')
      const end = performance.now()
      this.#pausedUntil = end + (end - began) * PAUSES
    } catch (error) {
      this.#isOver = /memory limit/i.test(String(error))
      throw error
    } finally {
      const settings = ['max_vacuum_tasks = 0', ...(isFile ? [`memory_limit = '${MEMORY}'`] : [])]
      for (const setting of settings) await connection.run(`SET ${setting}`).catch(() => {})
    }
  }
}
