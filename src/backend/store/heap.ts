// Keeps bytes where DuckDB can reach them, so that a text in a column is a pointer into the request that brought it.
import type duckdb from '@duckdb/node-bindings'
import type { Bindings, DuckDB } from './duckdb'

export class Heap {
  readonly #bindings: Bindings
  readonly #type: duckdb.LogicalType
  #chunk: duckdb.DataChunk
  #vector: duckdb.Vector
  /** Empty. */
  #spare: duckdb.DataChunk | undefined

  constructor({ bindings, api }: DuckDB) {
    this.#bindings = bindings
    this.#type = api.BLOB.toLogicalType().logical_type
    this.#chunk = bindings.create_data_chunk([this.#type])
    this.#vector = bindings.data_chunk_get_vector(this.#chunk, 0)
  }

  /** @returns the address of the copy. Of 12 bytes and less there is none, since nothing would point there */
  hold(bytes: Uint8Array): number {
    this.#bindings.vector_assign_string_element_len(this.#vector, 0, bytes)
    // A duckdb_string_t: length, prefix, pointer.
    const text = this.#bindings.vector_get_data(this.#vector, 16)
    const view = new DataView(text.buffer, text.byteOffset, 16)
    // An address of user space has 47 bits.
    return view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32
  }

  /** What is held from now on is apart from what was held. @returns what frees that */
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
