// The rows of one table that wait for the next commit. Filled by spans.ts, records.ts and owners.ts; written by writer.ts.
import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import type duckdb from '@duckdb/node-bindings'
import type { Bindings, DuckDB } from './duckdb'
import { type Column, columnFor, Struct } from './vectors'

/** What DuckDB takes at a time. */
const CHUNK = 2048
/** Kept to be used again: to the garbage collector a chunk of megabytes is a small object. */
const SPARE = 4

/** Where a batch stood, so that a request that turns out to be broken leaves nothing behind. */
export interface Mark {
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
  readonly #spare: DuckDBDataChunk[] = []
  #chunks: DuckDBDataChunk[] = []

  /** @param names of the columns of the appender's table, in their order */
  constructor(duckdb: DuckDB, names: readonly string[], appender: DuckDBAppender) {
    this.#duckdb = duckdb.api
    this.#bindings = duckdb.bindings
    const types = names.map((_, at) => appender.columnType(at))
    this.#types = types.map(type => type.toLogicalType().logical_type)
    this.columns = new Struct(new Map(names.map((name, at): [string, Column] => [name, columnFor(duckdb, types[at]!)])))
  }

  get isEmpty(): boolean {
    return this.row === 0 && this.#chunks.length === 0
  }

  /** The row is complete. */
  next(): void {
    if (++this.row === CHUNK) this.#finish()
  }

  /** The row that is being filled is not to be. */
  drop(): void {
    this.columns.truncate(this.row)
  }

  mark(): Mark {
    return { chunks: this.#chunks.length, row: this.row }
  }

  rewind({ chunks, row }: Mark): void {
    const cut = this.#chunks[chunks]
    if (cut) {
      this.#bindings.data_chunk_set_size(cut.chunk, row)
      this.#chunks.length = row > 0 ? chunks + 1 : chunks
    }
    this.row = cut ? 0 : row
    this.columns.truncate(this.row)
  }

  clear(): void {
    this.rewind({ chunks: 0, row: 0 })
  }

  /** Gives all rows away. */
  appendTo(appender: DuckDBAppender): void {
    if (this.row > 0) this.#finish()
    for (const chunk of this.#chunks) {
      appender.appendDataChunk(chunk)
      if (this.#spare.length < SPARE) this.#spare.push(chunk)
    }
    this.#chunks = []
  }

  #finish(): void {
    const chunk = this.#empty()
    this.#bindings.data_chunk_set_size(chunk.chunk, this.row)
    let at = 0
    for (const column of this.columns.fields.values()) {
      column.copyTo(this.#bindings, this.#bindings.data_chunk_get_vector(chunk.chunk, at++), this.row)
    }
    this.#chunks.push(chunk)
    this.columns.truncate(0)
    this.row = 0
  }

  #empty(): DuckDBDataChunk {
    const spare = this.#spare.pop()
    spare?.reset()
    return spare ?? new this.#duckdb.DuckDBDataChunk(this.#bindings.create_data_chunk([...this.#types]))
  }
}
