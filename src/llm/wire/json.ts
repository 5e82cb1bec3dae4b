// Reads a few members out of a JSON document while its bytes go by, without building the rest. Called for every request
// and every unstreamed answer: `JSON.parse` of a 10 MB body blocks for 10 ms and holds the body in memory, this does
// neither. The result equals `select(JSON.parse(text), fields)`; a test holds the two against each other.
import { Bytes, indexOfByte } from './bytes'
import { cutString } from './elision'

/** What to keep: `true` keeps a value whole, an object names members, and its `*` stands for each element of an array. */
export type Fields = { readonly [key: string]: true | Fields }

interface Container {
  readonly fields: Fields
  readonly value: Record<string, unknown> | unknown[]
  key: string
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The largest value that is kept, after long strings were cut. */
const MAX_VALUE = 4 * 1024 * 1024

type State = 'value' | 'firstElement' | 'firstKey' | 'key' | 'colon' | 'after' | 'inKey' | 'inValue' | 'end' | 'broken'

export class JsonReader {
  #state: State = 'value'
  #root: unknown
  readonly #open: Container[] = []
  /** What to keep of the value that comes next; undefined skips it. */
  #wanted: true | Fields | undefined
  // Inside a value or key that is taken or skipped as bytes:
  readonly #kept = new Bytes(MAX_VALUE)
  #keep = false
  #depth = 0
  #inString = false
  #escaped = false
  #length = 0

  /** @param maxString strings longer than this many bytes are cut, see elision.ts */
  constructor(
    fields: Fields,
    private readonly maxString = Number.POSITIVE_INFINITY,
  ) {
    this.#wanted = fields
  }

  /** The document was read to its end. */
  get complete(): boolean {
    return this.#state === 'end'
  }

  /** What was found so far. */
  value(): unknown {
    return this.#root
  }

  push(bytes: Uint8Array): void {
    const end = bytes.length
    let at = 0
    while (at < end) {
      if (this.#state === 'inValue' || this.#state === 'inKey') at = this.#through(bytes, at)
      else if (this.#state === 'end' || this.#state === 'broken') return
      else {
        const byte = bytes[at]!
        if (byte <= 0x20) at++
        else if (this.#structure(byte)) at++
      }
    }
  }

  /** One byte between values. Returns whether it is used up; the first byte of a value that is taken as bytes is not. */
  #structure(byte: number): boolean {
    const open = this.#open[this.#open.length - 1]
    switch (this.#state) {
      case 'firstElement':
        if (byte === CLOSE_ARRAY) return this.#close()
        return this.#begin(byte)
      case 'value':
        return this.#begin(byte)
      case 'firstKey':
        if (byte === CLOSE_OBJECT) return this.#close()
        return this.#beginKey(byte)
      case 'key':
        return this.#beginKey(byte)
      case 'colon':
        if (byte !== COLON) return this.#break()
        this.#wanted = Object.hasOwn(open!.fields, open!.key) && open!.key !== '*' ? open!.fields[open!.key] : undefined
        this.#state = 'value'
        return true
      default:
        if (byte === (Array.isArray(open!.value) ? CLOSE_ARRAY : CLOSE_OBJECT)) return this.#close()
        if (byte !== COMMA) return this.#break()
        if (Array.isArray(open!.value)) {
          this.#wanted = open!.fields['*']
          this.#state = 'value'
        } else this.#state = 'key'
        return true
    }
  }

  #begin(byte: number): boolean {
    const wanted = this.#wanted
    if (typeof wanted === 'object' && (byte === OPEN_OBJECT || byte === OPEN_ARRAY)) {
      const value = byte === OPEN_ARRAY ? [] : {}
      this.#place(value)
      this.#open.push({ fields: wanted, value, key: '' })
      this.#wanted = wanted['*']
      this.#state = byte === OPEN_ARRAY ? 'firstElement' : 'firstKey'
      return true
    }
    this.#state = 'inValue'
    this.#keep = wanted !== undefined
    this.#depth = 0
    this.#kept.clear()
    return false
  }

  #beginKey(byte: number): boolean {
    if (byte !== QUOTE) return this.#break()
    this.#state = 'inKey'
    this.#keep = true
    this.#depth = 0
    this.#kept.clear()
    return false
  }

  #close(): true {
    this.#open.pop()
    this.#state = this.#open.length ? 'after' : 'end'
    return true
  }

  #break(): true {
    this.#state = 'broken'
    return true
  }

  /** Goes through a value or key as bytes, to its end or the chunk's. Returns where to go on. */
  #through(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let kept = from
    let at = from
    while (at < end) {
      if (this.#inString) {
        at = this.#string(bytes, at)
        if (this.#inString) return end
        kept = at
        if (this.#depth === 0) return this.#finish(at)
        continue
      }
      const byte = bytes[at]!
      if (byte === QUOTE) {
        at++
        if (this.#keep) this.#kept.append(bytes, kept, at)
        kept = at
        this.#inString = true
        this.#length = 0
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#depth++
        at++
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (this.#depth > 0) at++
        if (--this.#depth <= 0) {
          if (this.#keep) this.#kept.append(bytes, kept, at)
          return this.#finish(at)
        }
      } else if (this.#depth === 0 && (byte === COMMA || byte <= 0x20)) {
        if (this.#keep) this.#kept.append(bytes, kept, at)
        return this.#finish(at)
      } else at++
    }
    if (this.#keep) this.#kept.append(bytes, kept, end)
    return end
  }

  /** Goes through the rest of a string, its closing quote included, or to the chunk's end. */
  #string(bytes: Uint8Array, from: number): number {
    const quote = this.#closingQuote(bytes, from)
    const end = quote < 0 ? bytes.length : quote
    if (this.#keep) {
      const room = this.maxString - this.#length
      if (room > 0) this.#kept.append(bytes, from, Math.min(end, from + room))
      this.#length += end - from
    }
    if (quote < 0) return end
    this.#inString = false
    if (this.#keep) {
      if (this.#length > this.maxString) cutString(this.#kept, this.#length)
      this.#kept.append(bytes, quote, quote + 1)
    }
    return quote + 1
  }

  #closingQuote(bytes: Uint8Array, from: number): number {
    let at = this.#escaped ? from + 1 : from
    this.#escaped = false
    for (;;) {
      const quote = nextQuote(bytes, at)
      const end = quote < 0 ? bytes.length : quote
      let run = end
      while (run > at && bytes[run - 1] === BACKSLASH) run--
      const escaped = (end - run) % 2 === 1
      if (quote < 0) {
        this.#escaped = escaped
        return -1
      }
      if (!escaped) return quote
      at = quote + 1
    }
  }

  #finish(at: number): number {
    if (this.#state === 'inKey') {
      this.#open[this.#open.length - 1]!.key = String(this.#parsed())
      this.#state = 'colon'
      return at
    }
    const value = this.#keep ? this.#parsed() : undefined
    if (value !== undefined) this.#place(value)
    else if (this.#open.length === 0) {
      this.#state = 'broken' // a plain word or a page: no document
      return at
    }
    this.#state = this.#open.length ? 'after' : 'end'
    return at
  }

  #parsed(): unknown {
    if (this.#kept.overflow) return undefined
    try {
      return JSON.parse(this.#kept.text())
    } catch {
      return undefined // what is no JSON says nothing; the application will find out by itself
    }
  }

  #place(value: unknown): void {
    const open = this.#open[this.#open.length - 1]
    if (!open) this.#root = value
    else if (Array.isArray(open.value)) open.value.push(value)
    else open.value[open.key] = value
  }
}

/** Most strings are short, where a call into the engine costs more than looking. */
function nextQuote(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + 32)
  for (let at = from; at < near; at++) if (bytes[at] === QUOTE) return at
  return near === bytes.length ? -1 : indexOfByte(bytes, QUOTE, near)
}

/** Reads a document that is there as a whole; undefined where it is not all there, or not JSON. */
export function readJson(body: string | Uint8Array, fields: Fields, maxString?: number): unknown {
  const reader = new JsonReader(fields, maxString)
  if (typeof body !== 'string') reader.push(body)
  else {
    // In pieces, so that a large body is not copied whole.
    for (let from = 0; from < body.length && !reader.complete; ) {
      let to = Math.min(body.length, from + 65_536)
      const last = body.charCodeAt(to - 1)
      if (to < body.length && last >= 0xd800 && last <= 0xdbff) to-- // never between the halves of a pair
      reader.push(Buffer.from(body.slice(from, to)))
      from = to
    }
  }
  return reader.complete ? reader.value() : undefined
}
