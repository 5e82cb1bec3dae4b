// Reads protobuf's wire format, https://protobuf.dev/programming-guides/encoding/.
import { Malformed } from './schema'

export const wireTypes = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const

/** Nothing is read beyond the message that was entered last. */
export class WireReader {
  /** What `range` read last: where it begins in the bytes, and where it ends. */
  from = 0
  to = 0
  /** What `words` or `integer` read last: 64 bits as two unsigned numbers. */
  low = 0
  high = 0

  readonly #bytes: Buffer
  #at = 0
  #end: number

  /** @param at where to begin; @param end where to stop */
  constructor(bytes: Uint8Array, at = 0, end = bytes.byteLength) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
    this.#end = end
  }

  get more(): boolean {
    return this.#at < this.#end
  }

  get at(): number {
    return this.#at
  }

  /** Where the message ends that was entered last. */
  get end(): number {
    return this.#end
  }

  /** Goes into the embedded message that begins here, and says what `leave` needs. */
  enter(): number {
    const outer = this.#end
    this.#end = this.#delimited()
    return outer
  }

  leave(outer: number): void {
    this.#at = this.#end
    this.#end = outer
  }

  /** Field number times 8, plus wire type. */
  tag(): number {
    const byte = this.#bytes[this.#at]!
    // one byte has fields up to the fifteenth
    if (byte < 128 && byte >= 8 && this.#at < this.#end) {
      this.#at++
      return byte
    }
    const tag = this.varint()
    if (typeof tag !== 'number' || tag > 0xffffffff || tag < 8) throw new Malformed('a field has no valid number')
    return tag
  }

  /** A number where that is exact, else a bigint; unsigned, of 64 bits. */
  varint(): number | bigint {
    let value = 0
    let factor = 1
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
    let large = BigInt(value)
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      large |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, large)
    }
    throw new Malformed('a varint has more than 10 bytes')
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#take(8))
  }

  sfixed64(): bigint {
    return this.#bytes.readBigInt64LE(this.#take(8))
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** Bytes as text. What is no UTF-8 becomes U+FFFD: one broken character must not cost a whole batch. */
  text(encoding: 'utf8' | 'hex' | 'base64'): string {
    const end = this.#delimited()
    const text = this.#bytes.toString(encoding, this.#at, end)
    this.#at = end
    return text
  }

  /** Text, an id or a message, unread: what it holds stands in the bytes between `from` and `to`. */
  range(): void {
    this.to = this.#delimited()
    this.from = this.#at
    this.#at = this.to
  }

  /** Of a larger value the lower 32 bits, as protobuf has it. */
  uint32(): number {
    const value = this.varint()
    return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(32, value))
  }

  /** A double, a fixed64 or an sfixed64 into `low` and `high`. */
  words(): void {
    const start = this.#take(8)
    this.low = this.#bytes.readUInt32LE(start)
    this.high = this.#bytes.readUInt32LE(start + 4)
  }

  /** An int64 or a uint64 into `low` and `high`. */
  integer(): void {
    const value = this.varint()
    if (typeof value === 'number') {
      this.low = value >>> 0
      this.high = Math.floor(value / 4_294_967_296)
    } else {
      this.low = Number(value & 0xffff_ffffn)
      this.high = Number(value >> 32n)
    }
  }

  skip(wireType: number): void {
    if (wireType === wireTypes.varint) this.varint()
    else if (wireType === wireTypes.fixed64) this.#take(8)
    else if (wireType === wireTypes.fixed32) this.#take(4)
    else if (wireType === wireTypes.delimited) this.#at = this.#delimited()
    else throw new Malformed(`there is no wire type ${wireType} in OTLP`)
  }

  /** Reads a length, and says where what it measures ends. */
  #delimited(): number {
    const short = this.#bytes[this.#at]!
    if (short < 128 && short < this.#end - this.#at) return ++this.#at + short
    const length = this.varint()
    if (typeof length !== 'number' || length > this.#end - this.#at) {
      throw new Malformed('a length leads beyond the end of the message')
    }
    return this.#at + length
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  /** @returns where the bytes that were taken begin */
  #take(count: number): number {
    const start = this.#at
    if (count > this.#end - start) throw new Malformed('the message ends in the middle of a field')
    this.#at = start + count
    return start
  }
}
