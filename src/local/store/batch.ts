// The rows of one table that wait for the next commit.
import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import type duckdb from '@duckdb/node-bindings'
import type { Bindings, DuckDB } from './duckdb'
import { type Column, columnFor, Struct } from './vectors'

/** What DuckDB takes at a time. */
const CHUNK = 2048
/** Kept to be used again: to the garbage collector a chunk of megabytes is a small object. */
const SPARE = 4

/** Columns that are known when all rows of the batch are. */
export interface DeferredColumns {
  readonly columns: readonly string[]
  /** Fills the columns from index 0 on for `count` rows, of which the first is number `first` of the batch. */
  put(columns: Struct, first: number, count: number): void
}

type IndexedColumn = readonly [index: number, column: Column]

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
  readonly #types: readonly duckdb.LogicalType[]
  readonly #deferred: DeferredColumns | undefined
  /** By their index. */
  readonly #immediateColumns: readonly IndexedColumn[]
  readonly #deferredColumns: readonly IndexedColumn[]
  readonly #spare: DuckDBDataChunk[] = []
  #chunks: DuckDBDataChunk[] = []

  /** @param names of the columns of the appender's table, in their order; @param deferred fills some of them when all rows are there */
  constructor(duckdb: DuckDB, names: readonly string[], appender: DuckDBAppender, deferred?: DeferredColumns) {
    this.#deferred = deferred
    this.#duckdb = duckdb.api
    this.#bindings = duckdb.bindings
    const types = names.map((_, at) => appender.columnType(at))
    this.#types = types.map(type => type.toLogicalType().logical_type)
    this.columns = new Struct(new Map(names.map((name, at): [string, Column] => [name, columnFor(duckdb, types[at]!)])))
    const placed = names.map((name, at): IndexedColumn => [at, this.columns.fields.get(name)!])
    const isDeferred = ([at]: IndexedColumn) => deferred?.columns.includes(names[at]!) ?? false
    this.#immediateColumns = placed.filter(column => !isDeferred(column))
    this.#deferredColumns = placed.filter(isDeferred)
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

  clear(): void {
    this.rollbackTo({ chunks: 0, row: 0 })
  }

  /** Gives all rows away. */
  appendTo(appender: DuckDBAppender): void {
    if (this.row > 0) this.#finish()
    let rows = 0
    for (const chunk of this.#chunks) {
      if (this.#deferred) this.#complete(chunk, this.#deferred, rows)
      rows += chunk.rowCount
      appender.appendDataChunk(chunk)
      if (this.#spare.length < SPARE) this.#spare.push(chunk)
    }
    this.#chunks = []
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
    return spare ?? new this.#duckdb.DuckDBDataChunk(this.#bindings.create_data_chunk([...this.#types]))
  }
}
