// Writes texts in DuckDB's format: the length, then either up to 12 bytes, or 4 bytes and a pointer (duckdb_string_t in duckdb.h).
import { isUtf8 } from 'node:buffer'
import type { Heap } from './heap'
import type { Fixed } from './vectors'

const INLINE = 12

/** The encoded form of a text that occurs repeatedly. */
export interface CachedText {
  /** The request whose bytes the pointer refers to. */
  request: number
  readonly words: Uint32Array
}

let requests = 0

/** Writes the texts of one request. */
export class Texts {
  readonly bytes: Buffer
  readonly #request = ++requests
  readonly #heap: Heap
  readonly #address: number

  constructor(heap: Heap, bytes: Buffer) {
    this.bytes = bytes
    this.#heap = heap
    this.#address = heap.hold(bytes)
  }

  /** Writes the bytes from `from` to `to`. Invalid UTF-8 becomes U+FFFD, as in every OTLP reader here. */
  put(column: Fixed, index: number, from: number, to: number): void {
    const { bytes } = this
    const length = to - from
    if (!isText(bytes, from, to)) putText(this.#heap, column, index, bytes.toString('utf8', from, to))
    else if (length <= INLINE) putShort(column, index, bytes, from, length)
    else putPointer(column, index, bytes, from, length, this.#address + from)
  }

  /** Likewise, but encodes the text only once per request. */
  putAgain(written: CachedText, column: Fixed, index: number, from: number, to: number): void {
    const { words } = written
    if (written.request === this.#request) column.set4(index, words[0]!, words[1]!, words[2]!, words[3]!)
    else {
      this.put(column, index, from, to)
      column.get4(index, words)
      written.request = this.#request
    }
  }

  /** Writes a text that is not in the request. */
  putText(column: Fixed, index: number, text: string): void {
    putText(this.#heap, column, index, text)
  }
}

export function putText(heap: Heap, column: Fixed, index: number, text: string): void {
  const bytes = Buffer.from(text)
  if (bytes.length <= INLINE) putShort(column, index, bytes, 0, bytes.length)
  else putPointer(column, index, bytes, 0, bytes.length, heap.hold(bytes))
}

function putShort(column: Fixed, index: number, bytes: Buffer, from: number, length: number): void {
  let word0 = 0
  let word1 = 0
  let word2 = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[from + at]! << ((at & 3) * 8)
    if (at < 4) word0 |= byte
    else if (at < 8) word1 |= byte
    else word2 |= byte
  }
  column.set4(index, length, word0, word1, word2)
}

function putPointer(column: Fixed, index: number, bytes: Buffer, at: number, length: number, address: number): void {
  const prefix = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  column.set4(index, length, prefix, address >>> 0, Math.floor(address / 2 ** 32))
}

/** Checks short texts inline: nearly all are ASCII. */
function isText(bytes: Buffer, from: number, to: number): boolean {
  if (to - from <= 64) {
    let high = 0
    for (let at = from; at < to; at++) high |= bytes[at]!
    if (high < 128) return true
  }
  return isUtf8(bytes.subarray(from, to))
}
