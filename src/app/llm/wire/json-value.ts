// Reads or skips one value or key of a JSON document. Most bytes of any document are skipped, so that loop has to be fast.
import { Bytes, indexOfByte } from './bytes'
import { cutString } from './cut-string'
import { MediaDigest } from './media-digest'

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c

const COLON = 0x3a
const ZERO = 0x30

const LONGEST_KEY = 256
/** Maximum digits of a number that is read directly; all such integers are exact. */
const LONGEST_COUNT = 15
const LONGEST_PLAIN = 64
/** Maximum bytes of a value that is kept, after long strings were truncated. */
const MAX_VALUE = 4 * 1024 * 1024
/** Up to this many bytes, JSON.parse is faster, and blocks for less than a tenth of a millisecond. */
export const SMALL = 65_536
/** Maximum keys of a longer text. JSON.parse takes a microsecond for each new key, and a tenth of that for a known one. */
const MOST_KEYS = 10_000
const HASHES = 65_536

export class ValueReader {
  /** Whether the value has ended. */
  done = false
  readonly #kept = new Bytes(MAX_VALUE)
  #keep = false
  #depth = 0
  #inString = false
  #escaped = false
  /** Bytes of the string so far. */
  #length = 0
  /** Position of the string in the kept bytes. */
  #begin = 0
  /** Digest of a string that is too long to keep. */
  #digest: MediaDigest | undefined

  /** @param maxString maximum bytes of a kept string; longer ones are truncated */
  constructor(private readonly maxString: number) {}

  begin(keep: boolean): void {
    this.done = false
    this.#keep = keep
    this.#depth = 0
    this.#kept.clear()
  }

  /** Undefined if the value was skipped, is too large or has too many keys. @throws SyntaxError if it is not JSON */
  value(): unknown {
    if (!this.#keep || this.#kept.overflow) return undefined
    if (this.#kept.size > SMALL && hasManyKeys(this.#kept.view())) return undefined
    return countIn(this.#kept) ?? JSON.parse(this.#kept.text())
  }

  /** Returns '' for long keys, because wanted keys are short. @throws SyntaxError */
  key(): string {
    const { size } = this.#kept
    if (size > LONGEST_KEY) return ''
    const text = this.#kept.text()
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1)
  }

  /** Continues to the end of the value or of the bytes. Returns the index after it. */
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
      // Digits, commas and spaces of a list have lower codes than all brackets.
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

  /** Skips the rest of a string including its closing quote, or to the end of the bytes. */
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
      // Most strings are short, and for those a loop is faster than a native call.
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

/** Most numbers are counts, which are read faster without JSON.parse. */
function countIn(bytes: Bytes): number | undefined {
  const { size } = bytes
  if (size === 0 || size > LONGEST_COUNT || (bytes.byte(0) === ZERO && size > 1)) return undefined
  let count = 0
  for (let at = 0; at < size; at++) {
    const digit = bytes.byte(at)! - ZERO
    if (digit < 0 || digit > 9) return undefined
    count = count * 10 + digit
  }
  return count
}

/** Base64 is ASCII; any other byte becomes a character that is not base64. */
function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, from, to)
}

/** The end of a key that is short, without escapes and complete, as nearly all are; otherwise its start. */
export function plainEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return from
  const last = Math.min(bytes.length, from + LONGEST_PLAIN)
  for (let at = from + 1; at < last; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) return from
  }
  return from
}

/** Field names by length and first character. */
export type Names = ReadonlyMap<number, readonly string[]>

const signature = (length: number, first: number) => (length << 8) | first
const known = new WeakMap<object, Names>()

export function namesOf(fields: object): Names {
  const found = known.get(fields)
  if (found) return found
  const names = new Map<number, string[]>()
  for (const name of Object.keys(fields)) {
    const like = signature(name.length, name.charCodeAt(0))
    names.set(like, [...(names.get(like) ?? []), name])
  }
  known.set(fields, names)
  return names
}

/** The name in the bytes, or '' if it is not a field: compares without creating a string. */
export function nameAt(names: Names, bytes: Uint8Array, from: number, to: number): string {
  const like = names.get(signature(to - from, bytes[from]!))
  if (like === undefined) return ''
  for (const name of like) {
    let at = 1
    while (at < name.length && bytes[from + at] === name.charCodeAt(at)) at++
    if (at === name.length) return name
  }
  return ''
}

/** Whether a text has more different keys than JSON.parse reads in a few milliseconds. */
export function hasManyKeys(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  if (to - from <= SMALL) return false
  const seen = new Uint8Array(HASHES)
  let keys = 0
  for (let colon = from + 1; colon < to; colon++) {
    if (bytes[colon] !== COLON) continue
    let at = colon - 1
    while (at > from && bytes[at]! <= 0x20) at--
    // in JSON within a string, each quote has a backslash before it
    if (bytes[at] !== QUOTE || bytes[at - 1] === BACKSLASH) continue
    const first = Math.max(from, at - LONGEST_KEY)
    let hash = 0
    while (--at >= first && bytes[at] !== QUOTE) hash = (hash * 31 + bytes[at]!) % HASHES
    if (seen[hash] === 0 && ++keys > MOST_KEYS) return true
    seen[hash] = 1
  }
  return false
}
