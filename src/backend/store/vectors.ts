// Columns in the memory layout of DuckDB's vectors. They are filled by index and copied as a whole, because a call into DuckDB per value
// would cost more than everything else.
import type { DuckDBType } from '@duckdb/node-api'
import type duckdb from '@duckdb/node-bindings'
import type { Bindings, DuckDB } from './duckdb'

type Vector = duckdb.Vector

export interface VectorColumn {
  /** Drops all values from this index on. */
  truncate(length: number): void
  /** Copies the first `length` values. */
  copyTo(bindings: Bindings, vector: Vector, length: number): void
}

/** One bit per value: 0 means NULL. */
class Validity {
  #bits = new Uint8Array(256)

  set(index: number): void {
    const byte = index >> 3
    if (byte >= this.#bits.length) this.#bits = grown(this.#bits, byte + 1)
    this.#bits[byte]! |= 1 << (index & 7)
  }

  truncate(length: number): void {
    const byte = length >> 3
    this.#bits.fill(0, byte + 1)
    this.#bits[byte]! &= (1 << (length & 7)) - 1
  }

  copyTo(bindings: Bindings, vector: Vector, length: number): void {
    const bytes = Math.ceil(length / 64) * 8
    if (bytes > this.#bits.length) this.#bits = grown(this.#bits, bytes)
    bindings.vector_ensure_validity_writable(vector)
    bindings.copy_data_to_vector_validity(vector, 0, this.#bits.buffer, 0, bytes)
  }
}

/** Values of fixed width, as 32-bit words, lowest first. */
export class Fixed implements VectorColumn {
  #words: Uint32Array<ArrayBuffer>
  readonly #validity = new Validity()

  /** @param width in words */
  constructor(readonly width: 1 | 2 | 4) {
    this.#words = new Uint32Array(2048 * width)
  }

  /** Sets 0, or an empty text. */
  zero(index: number): void {
    this.#room(index)
    this.#words.fill(0, index * this.width, (index + 1) * this.width)
  }

  set1(index: number, word: number): void {
    this.#room(index)
    this.#words[index] = word
  }

  set2(index: number, low: number, high: number): void {
    this.#room(index)
    const at = index * 2
    this.#words[at] = low
    this.#words[at + 1] = high
  }

  set4(index: number, word0: number, word1: number, word2: number, word3: number): void {
    this.#room(index)
    const at = index * 4
    const words = this.#words
    words[at] = word0
    words[at + 1] = word1
    words[at + 2] = word2
    words[at + 3] = word3
  }

  /** Copies a value into `words`. */
  get4(index: number, words: Uint32Array): void {
    for (let at = 0; at < 4; at++) words[at] = this.#words[index * 4 + at]!
  }

  #room(index: number): void {
    const needed = (index + 1) * this.width
    if (needed > this.#words.length) this.#words = grown(this.#words, needed)
    this.#validity.set(index)
  }

  truncate(length: number): void {
    this.#validity.truncate(length)
  }

  copyTo(bindings: Bindings, vector: Vector, length: number): void {
    bindings.copy_data_to_vector(vector, 0, this.#words.buffer, 0, length * this.width * 4)
    this.#validity.copyTo(bindings, vector, length)
  }
}

/** Values of one byte: UTINYINT and BOOLEAN. */
export class Bytes implements VectorColumn {
  #bytes = new Uint8Array(2048)
  readonly #validity = new Validity()

  set(index: number, byte: number): void {
    if (index >= this.#bytes.length) this.#bytes = grown(this.#bytes, index + 1)
    this.#bytes[index] = byte
    this.#validity.set(index)
  }

  truncate(length: number): void {
    this.#validity.truncate(length)
  }

  copyTo(bindings: Bindings, vector: Vector, length: number): void {
    bindings.copy_data_to_vector(vector, 0, this.#bytes.buffer, 0, length)
    this.#validity.copyTo(bindings, vector, length)
  }
}

export class Struct implements VectorColumn {
  constructor(readonly fields: ReadonlyMap<string, VectorColumn>) {}

  fixed(name: string): Fixed {
    return this.fields.get(name) as Fixed
  }

  bytes(name: string): Bytes {
    return this.fields.get(name) as Bytes
  }

  list(name: string): List {
    return this.fields.get(name) as List
  }

  truncate(length: number): void {
    for (const field of this.fields.values()) field.truncate(length)
  }

  copyTo(bindings: Bindings, vector: Vector, length: number): void {
    let at = 0
    for (const field of this.fields.values())
      field.copyTo(bindings, bindings.struct_vector_get_child(vector, at++), length)
  }
}

/** A list, or a map as a list of key and value. Rows must add their items in order. */
export class List implements VectorColumn {
  /** Offset and length, two words each. */
  #entries = new Uint32Array(2048 * 4)
  readonly #validity = new Validity()
  #size = 0

  constructor(readonly items: VectorColumn) {}

  /** Sets an empty list at this index. */
  open(index: number): void {
    const at = index * 4
    if (at + 4 > this.#entries.length) this.#entries = grown(this.#entries, at + 4)
    this.#entries[at] = this.#size
    this.#entries[at + 2] = 0
    this.#validity.set(index)
  }

  /** @returns the index of the new item among all items */
  add(index: number): number {
    this.#entries[index * 4 + 2]!++
    return this.#size++
  }

  /** Items of dropped lists remain until everything is dropped; DuckDB ignores them. */
  truncate(length: number): void {
    this.#validity.truncate(length)
    if (length > 0) return
    this.#size = 0
    this.items.truncate(0)
  }

  copyTo(bindings: Bindings, vector: Vector, length: number): void {
    bindings.copy_data_to_vector(vector, 0, this.#entries.buffer, 0, length * 16)
    this.#validity.copyTo(bindings, vector, length)
    bindings.list_vector_reserve(vector, this.#size)
    bindings.list_vector_set_size(vector, this.#size)
    this.items.copyTo(bindings, bindings.list_vector_get_child(vector), this.#size)
  }
}

/** @throws TypeError for a type that the schema does not use */
export function columnFor(duckdb: DuckDB, type: DuckDBType): VectorColumn {
  const id = duckdb.api.DuckDBTypeId
  const of = (type: DuckDBType) => columnFor(duckdb, type)
  switch (type.typeId) {
    case id.BOOLEAN:
    case id.UTINYINT:
      return new Bytes()
    case id.INTEGER:
    case id.UINTEGER:
      return new Fixed(1)
    case id.BIGINT:
    case id.UBIGINT:
    case id.DOUBLE:
      return new Fixed(2)
    case id.UHUGEINT:
    case id.VARCHAR:
      return new Fixed(4)
    case id.STRUCT:
      return new Struct(new Map(type.entryNames.map((name, at) => [name, of(type.entryTypes[at]!)])))
    case id.MAP:
      return new List(
        new Struct(
          new Map([
            ['key', of(type.keyType)],
            ['value', of(type.valueType)],
          ]),
        ),
      )
    case id.LIST:
      return new List(of(type.valueType))
    default:
      throw new TypeError(`no column for ${type}`)
  }
}

function grown<Words extends Uint8Array | Uint32Array>(words: Words, needed: number): Words {
  const larger = new (words.constructor as new (length: number) => Words)(Math.max(needed, words.length * 2))
  larger.set(words)
  return larger
}
