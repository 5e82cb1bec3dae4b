// When DuckDB's log goes into its file, and how many threads DuckDB has.
import type { DuckDBConnection } from '@duckdb/node-api'
import { hasRoom, logSize, ROW_GROUP } from './duckdb'
import type { Merges } from './merges'

const QUIET_MS = 2000
const TICK_MS = 500
/** A row group, but for what a commit may bring. */
const MOST_ROWS = ROW_GROUP - 4096
/** Bytes of a log that is worth row groups of its own: the smallest takes a megabyte. */
const LARGE_LOG = 16 * 2 ** 20

export interface CheckpointPolicyOptions {
  readonly path: string
  /** The largest log, in bytes. */
  readonly mostLog: number
  readonly merges: Merges
  /** Gets what is to be done in the background, when no span has come for a while. */
  readonly onQuiet: (job: () => Promise<void>) => void
  /** The log is in the file. What it begins has to be done before the next checkpoint. */
  readonly onCheckpoint: () => Promise<void>
}

/**
 * Each time that the log goes into the file, DuckDB begins a new row group there, and merges neighbours that would fit into
 * fewer, where it may: all their rows are then written once more. So it happens when the row group is full. Commits wait meanwhile,
 * so a row group is half as large as DuckDB's own. While spans come, each statement
 * works on the thread that began it, since a second one makes writing cost half as much again; when none come, questions get two,
 * and the log goes into the file too.
 */
export class CheckpointPolicy {
  readonly #options: CheckpointPolicyOptions
  readonly #connection: DuckDBConnection
  readonly #timer: NodeJS.Timeout
  #isQuiet = false
  #lastWrite = performance.now()
  /** In the log. */
  #rows = 0
  /** Of the checkpoint before. */
  #after: Promise<void> = Promise.resolve()
  /** The checkpoint that is at work. */
  #running: Promise<void> = Promise.resolve()

  /** @param connection that nobody else uses */
  constructor(connection: DuckDBConnection, options: CheckpointPolicyOptions) {
    this.#options = options
    this.#connection = connection
    this.#timer = setInterval(() => {
      if (this.#isQuiet || performance.now() < Math.max(this.#lastWrite + QUIET_MS, options.merges.pausedUntil)) return
      this.#isQuiet = true
      options.onQuiet(() => this.#rest())
    }, TICK_MS).unref()
  }

  /** A commit begins on this connection. */
  async beforeCommit(connection: DuckDBConnection): Promise<void> {
    this.#lastWrite = performance.now()
    if (this.#isQuiet) {
      this.#isQuiet = false
      await connection.run('SET threads = 1')
    }
    // rows that are given to DuckDB meanwhile would hold the event loop until it is done
    await this.#running
    const { path, mostLog } = this.#options
    if (this.#rows <= MOST_ROWS && logSize(path) <= mostLog) return
    // Else the file would grow faster than its oldest goes.
    await this.#after
    await this.#checkpoint(0)
  }

  /** The commit is done. */
  afterCommit(spans: number): void {
    this.#lastWrite = performance.now()
    this.#rows += spans
  }

  /** Many rows were taken out, whose room is free after a checkpoint, or added: it is made with the next commit, or when none comes. */
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
   * Somebody else's transaction may be in the way, or the disk be full: then it is done with the next commit.
   * @param leastLog where row groups are not merged, in bytes
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
      // When DuckDB has given up, the next write fails.
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
