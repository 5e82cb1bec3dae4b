// The rows of one table that wait for the next commit.
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBType } from '@duckdb/node-api'
import type duckdb from '@duckdb/node-bindings'
import { type Bindings, closeAppender, type DuckDB } from './duckdb'
import { columnFor, Struct, type VectorColumn } from './vectors'

/** What DuckDB takes at a time. */
const CHUNK = 2048
/** Chunks that are given to DuckDB in one turn: it plans an insertion for each. */
const AT_ONCE = 2
/** Kept to be used again: to the garbage collector a chunk of megabytes is a small object. */
const SPARE = 4

/** Columns that are known when all rows of the batch are. */
export interface DeferredColumns {
  readonly columns: readonly string[]
  /** Fills the columns from index 0 on for `count` rows, of which the first is number `first` of the batch. */
  put(columns: Struct, first: number, count: number): void
}

type IndexedColumn = readonly [index: number, column: VectorColumn]

/** Where a batch stood, so that a request that turns out to be broken leaves nothing behind. */
export interface Savepoint {
  readonly chunks: number
  readonly row: number
}

export class Batch {
  /** By name; the row that is being filled has the index `row`. */
  readonly columns: Struct
  row = 0
  readonly #duckdb: DuckDB['api']
  readonly #bindings: Bindings
  readonly #appender: DuckDBAppender
  readonly #logicalTypes: readonly duckdb.LogicalType[]
  readonly #deferred: DeferredColumns | undefined
  /** By their index. */
  readonly #immediateColumns: readonly IndexedColumn[]
  readonly #deferredColumns: readonly IndexedColumn[]
  readonly #spare: DuckDBDataChunk[] = []
  #chunks: DuckDBDataChunk[] = []

  private constructor(
    duckdb: DuckDB,
    /** By the name of the column. */
    readonly types: ReadonlyMap<string, DuckDBType>,
    appender: DuckDBAppender,
    deferred: DeferredColumns | undefined,
  ) {
    this.#appender = appender
    this.#deferred = deferred
    this.#duckdb = duckdb.api
    this.#bindings = duckdb.bindings
    this.#logicalTypes = Array.from(types.values(), type => type.toLogicalType().logical_type)
    this.columns = new Struct(new Map(Array.from(types, ([name, type]) => [name, columnFor(duckdb, type)])))
    const placed = Array.from(this.columns.fields, ([name, column], at) => ({ name, indexed: [at, column] as const }))
    const isDeferred = ({ name }: { name: string }) => deferred?.columns.includes(name) ?? false
    this.#immediateColumns = placed.filter(column => !isDeferred(column)).map(({ indexed }) => indexed)
    this.#deferredColumns = placed.filter(isDeferred).map(({ indexed }) => indexed)
  }

  /**
   * The columns are those that the table has in this file, whatever their order: what nobody fills is NULL.
   * @param connection in whose transactions the rows are to be written
   * @param deferred fills some of the columns when all rows are there
   * @param catalog of the table, where it is not in the file
   */
  static async on(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    table: string,
    { deferred, catalog = 'store' }: { readonly deferred?: DeferredColumns; readonly catalog?: string } = {},
  ): Promise<Batch> {
    const rows = await connection.run(`FROM ${catalog}.main.${table} LIMIT 0`)
    const types = new Map(rows.columnNames().map((name, at) => [name, rows.columnType(at)]))
    return new Batch(duckdb, types, await connection.createAppender(table, 'main', catalog), deferred)
  }

  get isEmpty(): boolean {
    return this.row === 0 && this.#chunks.length === 0
  }

  /** The row is complete. */
  next(): void {
    if (++this.row === CHUNK) this.#finish()
  }

  /** The row that is being filled is not to be. */
  discardRow(): void {
    this.columns.truncate(this.row)
  }

  savepoint(): Savepoint {
    return { chunks: this.#chunks.length, row: this.row }
  }

  rollbackTo({ chunks, row }: Savepoint): void {
    const cut = this.#chunks[chunks]
    if (cut) {
      this.#bindings.data_chunk_set_size(cut.chunk, row)
      this.#chunks.length = row > 0 ? chunks + 1 : chunks
    }
    this.row = cut ? 0 : row
    this.columns.truncate(this.row)
  }

  /** All rows so far; what is added from now on is apart from them. */
  take(): readonly DuckDBDataChunk[] {
    if (this.row > 0) this.#finish()
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }

  /** Gives rows to DuckDB, in the transaction that is open, and others their turn of the event loop. */
  async write(chunks: readonly DuckDBDataChunk[]): Promise<void> {
    for (let at = 0; at < chunks.length; at += AT_ONCE) {
      if (at > 0) await new Promise(resolve => setImmediate(resolve))
      this.#append(chunks.slice(at, at + AT_ONCE), at * CHUNK)
    }
  }

  /** All rows at once. */
  flush(): void {
    this.#append(this.take(), 0)
  }

  #append(chunks: readonly DuckDBDataChunk[], first: number): void {
    let rows = first
    for (const chunk of chunks) {
      if (this.#deferred) this.#complete(chunk, this.#deferred, rows)
      rows += chunk.rowCount
      this.#appender.appendDataChunk(chunk)
      if (this.#spare.length < SPARE) this.#spare.push(chunk)
    }
    this.#appender.flushSync()
  }

  /** What is left is not written. */
  close(): void {
    closeAppender(this.#appender)
  }

  #finish(): void {
    const chunk = this.#empty()
    this.#bindings.data_chunk_set_size(chunk.chunk, this.row)
    this.#copy(this.#immediateColumns, chunk, this.row)
    this.#chunks.push(chunk)
    this.columns.truncate(0)
    this.row = 0
  }

  #complete(chunk: DuckDBDataChunk, deferred: DeferredColumns, first: number): void {
    const { rowCount } = chunk
    deferred.put(this.columns, first, rowCount)
    this.#copy(this.#deferredColumns, chunk, rowCount)
    for (const [, column] of this.#deferredColumns) column.truncate(0)
  }

  #copy(columns: readonly IndexedColumn[], { chunk }: DuckDBDataChunk, length: number): void {
    for (const [at, column] of columns) {
      column.copyTo(this.#bindings, this.#bindings.data_chunk_get_vector(chunk, at), length)
    }
  }

  #empty(): DuckDBDataChunk {
    const spare = this.#spare.pop()
    spare?.reset()
    return spare ?? new this.#duckdb.DuckDBDataChunk(this.#bindings.create_data_chunk([...this.#logicalTypes]))
  }
}
