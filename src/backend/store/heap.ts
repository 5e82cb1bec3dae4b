// Keeps bytes at addresses that DuckDB can read, so that a text in a column can be a pointer into its request.
import type duckdb from '@duckdb/node-bindings'
import type { Bindings, DuckDB } from './duckdb'

export class Heap {
  readonly #bindings: Bindings
  readonly #type: duckdb.LogicalType
  #chunk: duckdb.DataChunk
  #vector: duckdb.Vector
  /** An empty chunk for reuse. */
  #spare: duckdb.DataChunk | undefined

  constructor({ bindings, api }: DuckDB) {
    this.#bindings = bindings
    this.#type = api.BLOB.toLogicalType().logical_type
    this.#chunk = bindings.create_data_chunk([this.#type])
    this.#vector = bindings.data_chunk_get_vector(this.#chunk, 0)
  }

  /** @returns the address of the copy; meaningless for 12 bytes or less, which DuckDB stores inline */
  hold(bytes: Uint8Array): number {
    this.#bindings.vector_assign_string_element_len(this.#vector, 0, bytes)
    // A duckdb_string_t: length, prefix, pointer.
    const text = this.#bindings.vector_get_data(this.#vector, 16)
    const view = new DataView(text.buffer, text.byteOffset, 16)
    // User-space addresses have at most 47 bits.
    return view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32
  }

  /** Begins a new chunk for later bytes. @returns a function that frees the previous bytes */
  take(): () => void {
    const held = this.#chunk
    this.#chunk = this.#spare ?? this.#bindings.create_data_chunk([this.#type])
    this.#vector = this.#bindings.data_chunk_get_vector(this.#chunk, 0)
    this.#spare = undefined
    return () => {
      this.#bindings.data_chunk_reset(held)
      this.#spare = held
    }
  }

  empty(): void {
    this.take()()
  }
}
