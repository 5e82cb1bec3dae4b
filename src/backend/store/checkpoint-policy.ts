// Decides when DuckDB's log is checkpointed into the file, and how many threads DuckDB uses.
import type { DuckDBConnection } from '@duckdb/node-api'
import { hasRoom, logSize, ROW_GROUP } from './duckdb'
import type { Merges } from './merges'

const QUIET_MS = 2000
const TICK_MS = 500
/** One row group, less the rows that a commit may add. */
const MOST_ROWS = ROW_GROUP - 4096
/** Size in bytes from which a log deserves its own row groups: the smallest takes a megabyte. */
const LARGE_LOG = 16 * 2 ** 20

export interface CheckpointPolicyOptions {
  readonly path: string
  /** Maximum size of the log in bytes. */
  readonly mostLog: number
  readonly merges: Merges
  /** Called when no span has arrived for a while; runs the job in the background. */
  readonly onQuiet: (job: () => Promise<void>) => void
  /** Called after a checkpoint. The next checkpoint waits for the promise. */
  readonly onCheckpoint: () => Promise<void>
}

/**
 * With each checkpoint, DuckDB begins a new row group, and merges neighbouring row groups if they fit into fewer, which writes all their
 * rows again. So a checkpoint runs once a row group is full. Commits wait for it, so row groups have half of DuckDB's default size. While
 * spans arrive, each statement runs on the thread that began it, since a second thread would make writes 1.5 times as expensive. When no
 * spans arrive, queries get two threads, and the log is checkpointed as well.
 */
export class CheckpointPolicy {
  readonly #options: CheckpointPolicyOptions
  readonly #connection: DuckDBConnection
  readonly #timer: NodeJS.Timeout
  #isQuiet = false
  #lastWrite = performance.now()
  /** Number of rows in the log. */
  #rows = 0
  /** Resolves when the work after the last checkpoint is done. */
  #after: Promise<void> = Promise.resolve()
  /** The current checkpoint. */
  #running: Promise<void> = Promise.resolve()

  /** @param connection used by nothing else */
  constructor(connection: DuckDBConnection, options: CheckpointPolicyOptions) {
    this.#options = options
    this.#connection = connection
    this.#timer = setInterval(() => {
      if (this.#isQuiet || performance.now() < Math.max(this.#lastWrite + QUIET_MS, options.merges.pausedUntil)) return
      this.#isQuiet = true
      options.onQuiet(() => this.#rest())
    }, TICK_MS).unref()
  }

  /** Called before a commit on this connection. */
  async beforeCommit(connection: DuckDBConnection): Promise<void> {
    this.#lastWrite = performance.now()
    if (this.#isQuiet) {
      this.#isQuiet = false
      await connection.run('SET threads = 1')
    }
    // appending rows during a checkpoint would block the event loop until its end
    await this.#running
    const { path, mostLog } = this.#options
    if (this.#rows <= MOST_ROWS && logSize(path) <= mostLog) return
    // Otherwise the file would grow faster than old rows are deleted.
    await this.#after
    await this.#checkpoint(0)
  }

  /** Called after a commit. */
  afterCommit(spans: number): void {
    this.#lastWrite = performance.now()
    this.#rows += spans
  }

  /** Requests a checkpoint with the next commit, or when none arrives: after many rows were deleted, whose space it frees, or added. */
  isDue(): void {
    this.#rows = MOST_ROWS + 1
    this.#isQuiet = false
  }

  async #rest(): Promise<void> {
    if (!this.#isQuiet) return
    await this.#checkpoint(LARGE_LOG)
    if (this.#isQuiet) await this.#connection.run('SET threads = 2')
  }

  /**
   * If another transaction blocks the checkpoint, or the disk is full, the next commit tries again.
   * @param leastLog minimum size of the log in bytes for a checkpoint that merges no row groups
   */
  #checkpoint(leastLog: number): Promise<void> {
    const running = this.#write(leastLog)
    this.#running = running.catch(() => {})
    return running
  }

  async #write(leastLog: number): Promise<void> {
    const { path, merges } = this.#options
    if (!hasRoom(path)) return
    try {
      if (await merges.arePossible(this.#connection)) await merges.checkpoint(this.#connection)
      else if (this.#rows > MOST_ROWS || logSize(path) >= leastLog) await this.#connection.run('CHECKPOINT')
      else return
      this.#rows = 0
      this.#after = this.#options.onCheckpoint()
    } catch {
      // If DuckDB has shut down the database, the next write fails.
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
