// Writes protobuf's wire format, https://protobuf.dev/programming-guides/encoding/.
import type { HrTime } from '@opentelemetry/api'

const varint = 0
const fixed64 = 1
const delimited = 2
const fixed32 = 5

/** In UTF-16 units: of a longer text the length in UTF-8 is counted first, since three times as much room is a waste. */
const LONG_TEXT = 16_384
/** In UTF-16 units: a shorter text of ASCII is written here, since a call into Node's code takes longer. */
const SHORT_TEXT = 64
/** Bytes that a large buffer grows by at a time. */
const MOST_SPARE = 4 * 2 ** 20

/** Values of zero, false and empty text are left out, as proto3 has it; the caller asks for them where they matter. */
export class Writer {
  #bytes: Buffer
  #at = 0
  #finished = 0

  /** @param size bytes of its buffer, which grows */
  constructor(size = 16_384) {
    this.#bytes = Buffer.allocUnsafeSlow(size)
  }

  get size(): number {
    return this.#bytes.length
  }

  /** Bytes that find room without its growing. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** What was written since it was called last; what comes is written behind it. */
  finish(): Buffer {
    const bytes = this.#bytes.subarray(this.#finished, this.#at)
    this.#finished = this.#at
    return bytes
  }

  text(field: number, value: string | undefined): void {
    if (value) this.textAlways(field, value)
  }

  textAlways(field: number, value: string): void {
    this.#tag(field, delimited)
    // the length of UTF-8 text is known only after writing; 3 bytes a UTF-16 unit is its upper bound
    this.#room((value.length > LONG_TEXT ? Buffer.byteLength(value) : value.length * 3) + 5)
    const start = this.#at
    if (value.length <= SHORT_TEXT && writeAscii(this.#bytes, start + 1, value)) {
      this.#bytes[start] = value.length
      this.#at = start + 1 + value.length
      return
    }
    const width = varintWidth(value.length)
    const length = this.#bytes.write(value, start + width, 'utf8')
    this.#close(start, width, length)
  }

  /**
   * Most attributes: a `KeyValue` of two texts of ASCII that is so short that each of its lengths is a byte. They are known before it is written.
   * @param field below 16
   * @returns whether it is one, and was written
   */
  shortAttribute(field: number, key: string, value: string): boolean {
    const length = key.length + value.length + 6
    if (length > 127 || key === '') return false
    this.#room(length + 2)
    const bytes = this.#bytes
    const start = this.#at
    const valueAt = start + 4 + key.length
    if (!writeAscii(bytes, start + 4, key) || !writeAscii(bytes, valueAt + 4, value)) return false
    bytes[start] = field * 8 + delimited
    bytes[start + 1] = length
    bytes[start + 2] = 8 + delimited
    bytes[start + 3] = key.length
    bytes[valueAt] = 16 + delimited
    bytes[valueAt + 1] = value.length + 2
    bytes[valueAt + 2] = 8 + delimited
    bytes[valueAt + 3] = value.length
    this.#at = start + length + 2
    return true
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, delimited)
    this.#room(value.length + 5)
    this.#varint(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** Hex text as bytes, for trace and span ids. */
  hex(field: number, value: string | undefined): void {
    if (!value) return
    this.#tag(field, delimited)
    this.#room(value.length)
    this.#varint(value.length / 2)
    this.#at += this.#bytes.write(value, this.#at, 'hex')
  }

  unsigned(field: number, value: number | undefined): void {
    if (!value) return
    this.#tag(field, varint)
    this.#varint(value)
  }

  boolAlways(field: number, value: boolean): void {
    this.#tag(field, varint)
    this.#varint(value ? 1 : 0)
  }

  /** An integer of 64 bits, signed or not; a number has to be a safe integer. */
  int64Always(field: number, value: number | bigint): void {
    this.#tag(field, varint)
    if (typeof value === 'number' && value >= 0) {
      this.#varint(value)
      return
    }
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest >= 128n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128)
    this.#byte(Number(rest))
  }

  doubleAlways(field: number, value: number): void {
    this.#tag(field, fixed64)
    this.#room(8)
    this.#at = this.#bytes.writeDoubleLE(value, this.#at)
  }

  /** Signed or not. */
  fixed64Always(field: number, value: bigint): void {
    this.#tag(field, fixed64)
    this.#room(8)
    this.#at = this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#at)
  }

  fixed32(field: number, value: number): void {
    if (value) this.fixed32Always(field, value)
  }

  fixed32Always(field: number, value: number): void {
    this.#tag(field, fixed32)
    this.#room(4)
    this.#at = this.#bytes.writeUInt32LE(value >>> 0, this.#at)
  }

  /** Nanoseconds since 1970 as fixed64. Seconds are split so that no product leaves the safe integers. */
  time(field: number, [hrSeconds, hrNanos]: HrTime): void {
    const seconds = wholeNumber(hrSeconds)
    const nanos = wholeNumber(hrNanos)
    const high = Math.floor(seconds / 65_536) * 1e9
    const low = (seconds % 65_536) * 1e9 + nanos
    const lowSum = (high % 65_536) * 65_536 + (low % 4_294_967_296)
    const carry = Math.floor(low / 4_294_967_296) + (lowSum >= 4_294_967_296 ? 1 : 0)
    this.#tag(field, fixed64)
    this.#room(8)
    this.#at = this.#bytes.writeUInt32LE(lowSum >>> 0, this.#at)
    this.#at = this.#bytes.writeUInt32LE((Math.floor(high / 65_536) + carry) >>> 0, this.#at)
  }

  /** An embedded message; `write` fills it in. */
  message(field: number, write: () => void): void {
    const start = this.open(field)
    write()
    this.close(start)
  }

  /** Begins an embedded message. What comes many times in a span is written so, without a function for each. */
  open(field: number): number {
    this.#tag(field, delimited)
    this.#room(1)
    return this.#at++
  }

  /** @param start what `open` gave back */
  close(start: number): void {
    this.#close(start, 1, this.#at - start - 1)
  }

  /** Writes the length in front of `length` bytes that stand at `start + width`, moving them when it needs other room. */
  #close(start: number, width: number, length: number): void {
    const needed = varintWidth(length)
    if (needed !== width) {
      this.#at = start + width + length
      this.#room(needed)
      this.#bytes.copyWithin(start + needed, start + width, start + width + length)
    }
    this.#at = start
    this.#varint(length)
    this.#at = start + needed + length
  }

  #tag(field: number, wireType: number): void {
    this.#room(12)
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 128
    this.#bytes[this.#at++] = rest
  }

  #byte(value: number): void {
    this.#bytes[this.#at++] = value
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const spare = Math.min(this.#bytes.length, MOST_SPARE)
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length, this.#at + bytes) + spare)
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

/** @returns whether all of it is ASCII */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return false
    bytes[at + i] = code
  }
  return true
}

function varintWidth(value: number): number {
  let width = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) width++
  return width
}

/** Of a part of an HrTime: an app may give fractions, or no number at all, and one bad time must not cost the batch. */
export function wholeNumber(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0
}
