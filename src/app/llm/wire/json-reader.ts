// Reads a few members of a JSON document while its bytes arrive, without building the rest. Used for every request and non-streamed answer
// that is not small: `JSON.parse` of a 10 MB body blocks for 10 ms and more and keeps the body in memory; this does neither. The result
// equals the members selected from `JSON.parse(text)`; a test compares the two.
import { type Names, nameAt, namesOf, plainEnd, SMALL, ValueReader } from './json-value'

export { SMALL }

/** The members to keep: `true` keeps a whole value, an object names members, and its `*` matches each element of an array. */
export type Fields = { readonly [key: string]: true | Fields }

/**
 * Cost of inspected items, in bytes; skipping that many bytes takes about half as long. The items are a key, a container that is entered, a
 * value, and a value with keys of its own, which may be new. An answer has few of them, or many bytes around each; a document with more is
 * crafted to be expensive.
 */
const [KEY, CONTAINER, VALUE, OBJECT] = [4, 20, 24, 150]
const AT_LEAST = 12_288
/** Above this size in bytes, the allowed cost only grows by a quarter of the size. */
const LARGE = 1_048_576

interface Container {
  readonly fields: Fields
  readonly names: Names
  readonly value: Record<string, unknown> | unknown[]
  /** '' if the member is not wanted */
  key: string
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

type ReaderState =
  | 'value'
  | 'firstElement'
  | 'firstKey'
  | 'key'
  | 'colon'
  | 'after'
  | 'inKey'
  | 'inValue'
  | 'end'
  | 'broken'

export class JsonReader {
  #state: ReaderState = 'value'
  #root: unknown
  readonly #open: Container[] = []
  /** What to keep of the next value; undefined skips it. */
  #wanted: true | Fields | undefined
  readonly #value: ValueReader
  /** Bytes so far, and the cost of inspected items. */
  #size = 0
  #looked = 0

  /**
   * @param maxString maximum bytes of a string, longer ones are truncated, see media-digest.ts
   * @param onElement receives the elements of the outermost list, which are then not kept
   */
  constructor(
    fields: Fields,
    maxString = Number.POSITIVE_INFINITY,
    private readonly onElement?: (value: unknown) => void,
  ) {
    this.#wanted = fields
    this.#value = new ValueReader(maxString)
  }

  /** Whether the document was read to its end. */
  get complete(): boolean {
    return this.#state === 'end'
  }

  /** The members found so far. */
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
          this.#named(nameAt(this.#open[this.#open.length - 1]!.names, bytes, at + 1, key), KEY)
          at = key + 1
        } else if (at < end && this.#structure(bytes[at]!)) at++
      }
    }
  }

  /** Handles one byte between values. Returns whether it is consumed; the first byte of a value that is read as bytes is not. */
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
        this.#wanted =
          open!.key !== '' && open!.key !== '*' && Object.hasOwn(open!.fields, open!.key)
            ? open!.fields[open!.key]
            : undefined
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
      this.#open.push({ fields: wanted, names: namesOf(wanted), value, key: '' })
      this.#wanted = wanted['*']
      this.#state = byte === OPEN_ARRAY ? 'firstElement' : 'firstKey'
      this.#look(CONTAINER)
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

  #look(cost: number): void {
    this.#looked += cost
    if (this.#looked > AT_LEAST + Math.min(this.#size, LARGE + this.#size / 4)) this.#break()
  }

  #break(): true {
    this.#state = 'broken'
    return true
  }

  /** Invalid JSON ends the reading; the app will notice it itself. */
  #finish(): void {
    try {
      if (this.#state === 'inKey') this.#named(this.#value.key(), OBJECT)
      else this.#placed(this.#value.value())
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.#break()
    }
  }

  #named(key: string, cost: number): void {
    this.#open[this.#open.length - 1]!.key = key
    this.#state = 'colon'
    this.#look(cost)
  }

  #placed(value: unknown): void {
    if (value !== undefined) this.#place(value)
    if (this.#open.length) this.#state = 'after'
    else this.#state = value === undefined ? 'broken' : 'end' // a plain word or a page is no document
    if (value !== undefined) this.#look(typeof value === 'object' ? OBJECT : VALUE)
  }

  #place(value: unknown): void {
    const open = this.#open[this.#open.length - 1]
    if (!open) this.#root = value
    else if (this.onElement && open.value === this.#root) this.onElement(value)
    else if (Array.isArray(open.value)) open.value.push(value)
    else open.value[open.key] = value
  }
}
