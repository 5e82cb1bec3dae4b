// One value or key inside a JSON document, taken or passed over as bytes. Passing over is what happens to most bytes of any
// document, so that loop is the one that has to be fast.
import { Bytes, indexOfByte } from './bytes'
import { cutString, MediaDigest } from './media-digest'

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c

const LONGEST_KEY = 256
/** The largest value that is kept, after long strings were cut. */
const MAX_VALUE = 4 * 1024 * 1024

export class ValueReader {
  /** The value has ended. */
  done = false
  readonly #kept = new Bytes(MAX_VALUE)
  #keep = false
  #depth = 0
  #inString = false
  #escaped = false
  /** Bytes of the string so far. */
  #length = 0
  /** Where the string begins in what is kept. */
  #begin = 0
  /** Of a string that is too long to keep. */
  #digest: MediaDigest | undefined

  /** @param maxString a string that is kept is cut after so many bytes */
  constructor(private readonly maxString: number) {}

  begin(keep: boolean): void {
    this.done = false
    this.#keep = keep
    this.#depth = 0
    this.#kept.clear()
  }

  /** Undefined where it was passed over, or is too large. @throws SyntaxError where it is not JSON */
  value(): unknown {
    return this.#keep && !this.#kept.overflow ? JSON.parse(this.#kept.text()) : undefined
  }

  /** A key that is wanted is short; '' for any other. @throws SyntaxError */
  key(): string {
    const { size } = this.#kept
    if (size > LONGEST_KEY) return ''
    const text = this.#kept.text()
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1)
  }

  /** Goes on to the end of the value or of the bytes. Returns the index after it. */
  push(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let start = from
    let at = from
    let depth = this.#depth
    while (at < end) {
      if (this.#inString) {
        at = this.#string(bytes, at)
        if (this.#inString) break
        start = at
        if (depth === 0) return this.#finish(depth, at)
      }
      // Digits, commas and blanks of a list are below every bracket.
      if (depth > 0) while (at < end && bytes[at]! < 0x5b && bytes[at] !== QUOTE) at++
      if (at === end) break
      const byte = bytes[at]!
      const bracket = byte | 0x20 // [ and { differ by this bit alone, and so do ] and }
      if (byte === QUOTE) {
        at++
        if (this.#keep) this.#kept.append(bytes, start, at)
        start = at
        this.#inString = true
        this.#length = 0
        this.#begin = this.#kept.size
        this.#digest = undefined
      } else if (bracket === 0x7b) {
        depth++
        at++
      } else if (bracket === 0x7d) {
        if (depth > 0) at++
        if (--depth <= 0) {
          if (this.#keep) this.#kept.append(bytes, start, at)
          return this.#finish(0, at)
        }
      } else if (depth === 0 && (byte === COMMA || byte <= 0x20)) {
        if (this.#keep) this.#kept.append(bytes, start, at)
        return this.#finish(depth, at)
      } else at++
    }
    if (this.#keep && !this.#inString) this.#kept.append(bytes, start, end)
    this.#depth = depth
    return end
  }

  #finish(depth: number, at: number): number {
    this.#depth = depth
    this.done = true
    return at
  }

  /** Goes through the rest of a string, its closing quote included, or to the end of the bytes. */
  #string(bytes: Uint8Array, from: number): number {
    const quote = this.#closingQuote(bytes, from)
    const end = quote < 0 ? bytes.length : quote
    if (quote >= 0) this.#inString = false
    if (!this.#keep) return quote < 0 ? end : quote + 1
    const room = Math.max(0, this.maxString - this.#length)
    if (room > 0) this.#kept.append(bytes, from, Math.min(end, from + room))
    this.#length += end - from
    if (this.#length > this.maxString) {
      this.#digest ??= new MediaDigest(this.#kept.view().toString('latin1', this.#begin))
      if (from + room < end) this.#digest.push(latin1(bytes, from + room, end))
    }
    if (quote < 0) return end
    if (this.#length > this.maxString) cutString(this.#kept, this.#length, this.#digest?.end())
    this.#kept.append(bytes, quote, quote + 1)
    return quote + 1
  }

  #closingQuote(bytes: Uint8Array, from: number): number {
    const length = bytes.length
    let at = this.#escaped ? from + 1 : from
    let look = 48
    this.#escaped = false
    for (;;) {
      // Most strings are short, where a call into the engine costs more than looking.
      const near = Math.min(length, at + look)
      while (at < near) {
        const byte = bytes[at]
        if (byte === QUOTE) return at
        at += byte === BACKSLASH ? 2 : 1
      }
      if (at > length) this.#escaped = true
      if (at >= length) return -1
      const quote = indexOfByte(bytes, QUOTE, at)
      const end = quote < 0 ? length : quote
      let run = end
      while (run > at && bytes[run - 1] === BACKSLASH) run--
      const escaped = (end - run) % 2 === 1
      if (quote < 0) {
        this.#escaped = escaped
        return -1
      }
      if (!escaped) return quote
      if (quote - at < 64) look = 4096 // full of escapes, such as JSON inside JSON
      at = quote + 1
    }
  }
}

/** Base64 is ASCII; what else there is shows as what is none. */
function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, from, to)
}
