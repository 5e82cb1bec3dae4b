// Rows of one table that wait for the next commit.
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBType } from '@duckdb/node-api'
import type duckdb from '@duckdb/node-bindings'
import { type Bindings, closeAppender, type DuckDB } from './duckdb'
import { columnFor, Struct, type VectorColumn } from './vectors'

/** DuckDB's limit of rows per data chunk. */
const CHUNK = 2048
/** Data chunks per turn of the event loop: DuckDB plans an insertion for each. */
const AT_ONCE = 2
/** Number of chunks kept for reuse: the garbage collector does not see the megabytes that a chunk holds. */
const SPARE = 4

/** Columns whose values are only known once the batch is complete. */
export interface DeferredColumns {
  readonly columns: readonly string[]
  /** Fills the columns from index 0 for `count` rows; `first` is the position of the first row in the batch. */
  put(columns: Struct, first: number, count: number): void
}

type IndexedColumn = readonly [index: number, column: VectorColumn]

/** A position to roll back to, so that an invalid request leaves nothing behind. */
export interface Savepoint {
  readonly chunks: number
  readonly row: number
}

export class Batch {
  /** By name; the current row has the index `row`. */
  readonly columns: Struct
  row = 0
  readonly #duckdb: DuckDB['api']
  readonly #bindings: Bindings
  readonly #appender: DuckDBAppender
  readonly #logicalTypes: readonly duckdb.LogicalType[]
  readonly #deferred: DeferredColumns | undefined
  /** With their index in the table. */
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
   * The batch has the columns of the table in this file, in any order; columns that nobody sets are NULL.
   * @param connection writes the rows, within its transaction
   * @param deferred fills some columns once the batch is complete
   * @param catalog of a table that is not in the file
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

  /** Completes the current row. */
  next(): void {
    if (++this.row === CHUNK) this.#finish()
  }

  /** Drops the current row. */
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

  /** Returns all rows so far; later rows belong to the next batch. */
  take(): readonly DuckDBDataChunk[] {
    if (this.row > 0) this.#finish()
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }

  /** Appends rows within the open transaction, and lets other tasks run in between. */
  async write(chunks: readonly DuckDBDataChunk[]): Promise<void> {
    for (let at = 0; at < chunks.length; at += AT_ONCE) {
      if (at > 0) await new Promise(resolve => setImmediate(resolve))
      this.#append(chunks.slice(at, at + AT_ONCE), at * CHUNK)
    }
  }

  /** Appends all rows at once. */
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

  /** Discards rows that were not written. */
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
