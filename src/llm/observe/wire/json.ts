// Reads a few members out of a JSON document while its bytes go by, without building the rest. Called for every request and
// every unstreamed answer that is not small: `JSON.parse` of a 10 MB body blocks for 10 ms and more and holds the body in
// memory, this does neither. The result equals the members selected from `JSON.parse(text)`; a test holds the two against
// each other.
import { ValueReader } from './json-value'

/** What to keep: `true` keeps a value whole, an object names members, and its `*` stands for each element of an array. */
export type Fields = { readonly [key: string]: true | Fields }

/** Up to this many bytes JSON.parse is the faster way, and blocks for less than a tenth of a millisecond. */
export const SMALL = 65_536

/** An answer has few values that are looked at by themselves, or much around each. With more a document is made to be dear. */
const MOST_VALUES = 200
const BYTES_OF_VALUE = 32

interface Container {
  readonly fields: Fields
  readonly value: Record<string, unknown> | unknown[]
  key: string
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LONGEST_PLAIN = 64
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

type State = 'value' | 'firstElement' | 'firstKey' | 'key' | 'colon' | 'after' | 'inKey' | 'inValue' | 'end' | 'broken'

export class JsonReader {
  #state: State = 'value'
  #root: unknown
  readonly #open: Container[] = []
  /** What to keep of the value that comes next; undefined passes it over. */
  #wanted: true | Fields | undefined
  readonly #value: ValueReader
  /** Bytes so far, and values that stood by themselves. */
  #size = 0
  #values = 0

  /**
   * @param maxString strings longer than this many bytes are cut, see media-digest.ts
   * @param onElement gets the elements of the outermost list, which then keeps none
   */
  constructor(
    fields: Fields,
    maxString = Number.POSITIVE_INFINITY,
    private readonly onElement?: (value: unknown) => void,
  ) {
    this.#wanted = fields
    this.#value = new ValueReader(maxString)
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
    this.#size += end
    let at = 0
    while (at < end) {
      if (this.#state === 'inValue' || this.#state === 'inKey') {
        at = this.#value.push(bytes, at)
        if (this.#value.done) this.#finish()
      } else if (this.#state === 'end' || this.#state === 'broken') return
      else {
        while (bytes[at]! <= 0x20) at++
        const key = this.#state === 'key' || this.#state === 'firstKey' ? plainEnd(bytes, at) : at
        if (key > at) {
          this.#open[this.#open.length - 1]!.key = Buffer.prototype.latin1Slice.call(bytes, at + 1, key)
          this.#state = 'colon'
          at = key + 1
        } else if (at < end && this.#structure(bytes[at]!)) at++
      }
    }
  }

  /** One byte between values. Returns whether it is used up; the first byte of a value that is taken as bytes is not. */
  #structure(byte: number): boolean {
    const open = this.#open[this.#open.length - 1]
    switch (this.#state) {
      case 'firstElement':
        return byte === CLOSE_ARRAY ? this.#close() : this.#begin(byte)
      case 'value':
        return this.#begin(byte)
      case 'firstKey':
        return byte === CLOSE_OBJECT ? this.#close() : this.#beginKey(byte)
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
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) return this.#break()
    this.#state = 'inValue'
    this.#value.begin(wanted !== undefined)
    return false
  }

  #beginKey(byte: number): boolean {
    if (byte !== QUOTE) return this.#break()
    this.#state = 'inKey'
    this.#value.begin(true)
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

  /** What is no JSON ends the reading: the application will find out by itself. */
  #finish(): void {
    try {
      if (this.#state === 'inKey') {
        this.#open[this.#open.length - 1]!.key = this.#value.key()
        this.#state = 'colon'
      } else this.#placed(this.#value.value())
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.#break()
    }
  }

  #placed(value: unknown): void {
    if (value !== undefined) this.#place(value)
    if (value !== undefined && ++this.#values > MOST_VALUES + this.#size / BYTES_OF_VALUE) this.#state = 'broken'
    else if (this.#open.length) this.#state = 'after'
    else this.#state = value === undefined ? 'broken' : 'end' // a plain word or a page is no document
  }

  #place(value: unknown): void {
    const open = this.#open[this.#open.length - 1]
    if (!open) this.#root = value
    else if (this.onElement && open.value === this.#root) this.onElement(value)
    else if (Array.isArray(open.value)) open.value.push(value)
    else open.value[open.key] = value
  }
}

/** Where a key ends that is short, plain and all there, as nearly all are; else where it begins. */
function plainEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return from
  const last = Math.min(bytes.length, from + LONGEST_PLAIN)
  for (let at = from + 1; at < last; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) return from
  }
  return from
}

/** Reads a document that is there as a whole, at least the fields; undefined where it is not all there, or not JSON. */
export function readJson(body: string | Uint8Array, fields: Fields, maxString: number): unknown {
  if (body.length <= SMALL) {
    return parsed(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString())
  }
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

// Takes typed values out of JSON that somebody else wrote.

export type Doc = Record<string, unknown>

export function doc(value: unknown): Doc | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : undefined
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of a list that are objects. */
export function docs(value: unknown): Doc[] {
  const found: Doc[] = []
  if (Array.isArray(value)) for (const item of value) if (doc(item)) found.push(item)
  return found
}

/** The texts of a list, or one that stands alone; undefined where there is none. */
export function texts(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  const found = [value].flat().filter(item => typeof item === 'string')
  return found.length > 0 ? found : undefined
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A number of tokens or choices: a whole number, not negative. */
export function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

/** Of what is measured, as seconds and money are: not negative. */
export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined
}

export function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

/** Whether bytes may be an object: to find out that they are none by JSON.parse, which throws, takes 20 µs. */
export function isBracketed(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  let [from, to] = [start, end]
  while (from < to && bytes[from]! <= 0x20) from++
  while (to > from && bytes[to - 1]! <= 0x20) to--
  return to - from > 1 && bytes[from] === OPEN_OBJECT && bytes[to - 1] === CLOSE_OBJECT
}

/** Undefined where the text is no JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
