// Connections for queries.
import type { DuckDBConnection, DuckDBListType, DuckDBListValue, DuckDBResult, DuckDBType } from '@duckdb/node-api'
import { Stretch } from '../event-loop-turns'
import { Closed, type Database, type DuckDB } from './duckdb'
import type { Vitals } from './vitals'

/** BIGINT, UBIGINT and UHUGEINT become bigints, lists arrays, structs objects, and maps arrays of `{key, value}`. */
export type Row = Record<string, unknown>
export type Parameter = string | number | bigint | boolean | null

/** Maximum number of concurrent queries. DuckDB runs on Node's four worker threads, which the writer and the sweep need as well. */
const MOST = 2
/** In milliseconds. DuckDB ignores an interrupt that precedes the statement, so it is repeated. */
const INTERRUPT_EACH = 5

export class Readers {
  readonly #duckdb: DuckDB
  readonly #database: Database
  readonly #free: DuckDBConnection[] = []
  readonly #queue: (() => void)[] = []
  readonly #load: Vitals['queries']
  #closed: (() => void) | undefined
  #isClosed = false

  constructor(duckdb: DuckDB, database: Database, load: Vitals['queries'] = { running: 0, waiting: 0 }) {
    this.#load = load
    this.#duckdb = duckdb
    this.#database = database
  }

  /**
   * @param signal interrupts the statement and frees its connection
   * @throws the signal's reason after an interrupt
   */
  async query(sql: string, parameters: readonly Parameter[] = [], signal?: AbortSignal): Promise<Row[]> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw new Closed()
    if (this.#load.running >= MOST) await this.#turn(signal)
    else this.#load.running++
    try {
      const connection = this.#free.pop() ?? (await this.#database.connect())
      try {
        const result = await interruptible(connection, signal, () => connection.run(sql, [...parameters]))
        return await this.#rowsOf(result, signal)
      } finally {
        this.#free.push(connection)
      }
    } finally {
      this.#next()
    }
  }

  /** Waits for a free connection; an aborted query leaves the queue. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(enter), 1)
        this.#load.waiting--
        reject(signal?.reason)
      }
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#queue.push(enter)
      this.#load.waiting++
    })
  }

  /** Converts rows with pauses: tens of thousands would block everything else, including ingest. */
  async #rowsOf(result: DuckDBResult, signal: AbortSignal | undefined): Promise<Row[]> {
    const { JSDuckDBValueConverter: converter } = this.#duckdb.api
    const names = result.deduplicatedColumnNames()
    const lists = this.#listsOfNumbers(result)
    const rows: Row[] = []
    const stretch = new Stretch()
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      for (let at = 0; at < chunk.rowCount; at++) {
        rows.push(
          Object.fromEntries(
            names.map((name, column) => {
              const vector = chunk.getColumnVector(column)
              const value = vector.getItem(at)
              if (lists.has(column)) return [name, (value as DuckDBListValue | null)?.items ?? null]
              return [name, converter(value, vector.type, converter)]
            }),
          ),
        )
        // a single list may hold a whole day
        if ((lists.size === 0 && at % 16 > 0) || !stretch.isOver) continue
        await stretch.rest()
        signal?.throwIfAborted()
      }
    }
    return rows
  }

  /** Columns that are lists of doubles. They need no converter, which would take a microsecond per element. */
  #listsOfNumbers(result: DuckDBResult): ReadonlySet<number> {
    const { DuckDBTypeId: ids } = this.#duckdb.api
    const isOfNumbers = (type: DuckDBType) =>
      type.typeId === ids.LIST && (type as DuckDBListType).valueType.typeId === ids.DOUBLE
    return new Set([...result.columnTypes().entries()].flatMap(([column, type]) => (isOfNumbers(type) ? [column] : [])))
  }

  #next(): void {
    const next = this.#queue.shift()
    if (next) {
      this.#load.waiting--
      next()
    } else if (--this.#load.running === 0) this.#closed?.()
  }

  /** Resolves when running queries have finished. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#load.running > 0) await new Promise<void>(resolve => (this.#closed = resolve))
  }
}

/**
 * Runs a statement until it ends or the signal interrupts it.
 * @throws the signal's reason after an interrupt
 */
async function interruptible<Result>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  const interrupt = () => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), INTERRUPT_EACH)
  }
  signal?.addEventListener('abort', interrupt, { once: true })
  try {
    return await run()
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', interrupt)
  }
}
