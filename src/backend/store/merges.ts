// Decides when a checkpoint may merge row groups: see checkpoint-policy.ts, docs/decisions/0110.
import type { DuckDBConnection } from '@duckdb/node-api'
import { logSize, MEMORY } from './duckdb'

/** Up to this size in bytes, rows of any size are merged. */
const SMALL_FILE = 32 * 2 ** 20
/** Average size in bytes up to which a full row group can be rewritten within seconds. */
const SMALL_ROW = 4096
/** Memory limit during a merge. */
const MORE_MEMORY = '1GB'
/** Commits wait for a merge, so the pause after it is this many times its duration. */
const PAUSES = 30

/**
 * DuckDB decides about merges by the number of rows, regardless of their size: it holds 2,048 rows in memory, and rewrites the last row
 * group at each checkpoint until it is full. With rows of 200 kB, that is 400 MB and 12 GB. A failed merge makes DuckDB shut down the
 * database.
 */
export class Merges {
  readonly #path: string
  /** Set after a merge ran out of memory: the next one would, too. */
  #isOver = false
  #pausedUntil = 0

  constructor(path: string) {
    this.#path = path
  }

  /** By `performance.now()`. */
  get pausedUntil(): number {
    return this.#pausedUntil
  }

  /** @param connection used by nothing else */
  async arePossible(connection: DuckDBConnection): Promise<boolean> {
    if (this.#isOver || performance.now() < this.#pausedUntil) return false
    const reader = await connection.runAndReadAll(
      `SELECT used_blocks * block_size, (SELECT count(*) FROM spans) + (SELECT count(*) FROM logs) + (SELECT count(*) FROM metric_points)
      FROM pragma_database_size() WHERE database_name = 'store'`,
    )
    const [used, rows] = reader.getRows()[0]!.map(Number) as [number, number]
    return used + logSize(this.#path) - SMALL_FILE <= rows * SMALL_ROW
  }

  /** Runs a checkpoint that merges. @throws DuckDB's error */
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
