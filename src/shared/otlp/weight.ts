// Refuses a request that says more than one may, before anything is built of it: 16 KB of gzip can hold eight million empty
// log records.
import { MAX_DEPTH, MAX_WEIGHT, Malformed, type Message, TooMany, tooMany } from './schema'
import { WireReader, wireTypes } from './wire'

/** The least bytes that an empty message takes in protobuf. */
const SMALLEST = 2
/** The heaviest message: what a smaller request weighs at most needn't be counted. An attribute, and all that is in it, is of the lightest. */
const [HEAVIEST, LIGHTEST] = [10, 1]

/** @throws TooMany; Malformed */
export function weighProtobuf(message: Message, bytes: Uint8Array): void {
  if (atMost(bytes.byteLength, HEAVIEST) <= MAX_WEIGHT) return
  if (weightOf(message, bytes, false) > MAX_WEIGHT && weightOf(message, bytes, true) > MAX_WEIGHT) throw tooMany()
}

const atMost = (length: number, heaviest: number): number => (length / SMALLEST) * heaviest

/**
 * @param isExact whether attributes are read: what they weigh at most follows from their length, and they are most of each request
 * @returns its weight, or that it is more than one may have
 */
function weightOf(message: Message, bytes: Uint8Array, isExact: boolean): number {
  const reader = new WireReader(bytes)
  let weight = 0

  function read(message: Message, depth: number): void {
    if (depth > MAX_DEPTH) throw new Malformed(`${message.name}: nested deeper than ${MAX_DEPTH} messages`)
    weight += message.weight
    while (reader.more && weight <= MAX_WEIGHT) {
      const tagged = reader.at
      const tag = reader.tag()
      const field = message.byNumber[tag >>> 3]
      const isDelimited = (tag & 7) === wireTypes.delimited
      if (field && isDelimited && typeof field.type !== 'string' && (isExact || field.type.weight > LIGHTEST)) {
        const outer = reader.enter()
        read(field.type, depth + 1)
        reader.leave(outer)
      } else {
        const begin = reader.at
        reader.skip(tag & 7)
        if (field && typeof field.type !== 'string') weight += atMost(reader.at - tagged, LIGHTEST)
        // packed numbers take a byte each, or more
        else if (field?.repeated) weight += isDelimited && field.type !== 'string' ? reader.at - begin : 1
      }
    }
  }

  read(message, 1)
  return weight
}

/**
 * Objects, arrays and their elements, of which an attribute has four. JSON.parse makes a hundred bytes of each, known to OTLP or
 * not, in half a microsecond.
 */
const MAX_ELEMENTS = MAX_WEIGHT

/** Objects and arrays, besides one for so many bytes: what says something is longer. Empty ones take five times as long to make of their bytes. */
const [FREE_BRACKETS, BYTES_OF_A_BRACKET] = [16_384, 8]

/** Levels of brackets: of a message there may be an object and a list. */
const MAX_NESTED = 2 * MAX_DEPTH + 8

/** Different keys: OTLP has a hundred, and JSON.parse takes a microsecond for each that is new to it. */
const MAX_KEYS = 4_096
const HASHES = 65_536
/** So that nobody can send keys that seem to be one. */
const FACTOR = Math.floor(Math.random() * 2 ** 31) * 2 + 1
/** What has no room for so many keys. */
const SHORT = 32_768

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
/** `[` and `{` differ by this bit alone, and so do `]` and `}`. */
const BIT = 0x20
const OPEN = 0x7b
const CLOSE = 0x7d

/** By its punctuation outside of strings, and its keys. @throws TooMany; Malformed where it is nested deeper than any message, which JSON.parse takes long to build */
export function weighJson(bytes: Uint8Array): void {
  const end = bytes.byteLength
  const keys = end > SHORT ? new Keys() : undefined
  const mostBrackets = FREE_BRACKETS + end / BYTES_OF_A_BRACKET
  let elements = 0
  let brackets = 0
  let depth = 0
  // of the string that ended last
  let from = 0
  let to = 0
  for (let at = 0; at < end; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      from = at + 1
      for (at = from; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
      to = at
    } else if (byte === COMMA) {
      if (++elements > MAX_ELEMENTS) throw tooMany()
    } else if (byte === COLON) keys?.add(bytes, from, to)
    else if ((byte | BIT) === OPEN) {
      if (++elements > MAX_ELEMENTS || ++brackets > mostBrackets) throw tooMany()
      if (++depth > MAX_NESTED) throw new Malformed(`nested deeper than ${MAX_NESTED} brackets`)
    } else if ((byte | BIT) === CLOSE) depth--
  }
}

/** The keys of a document, of which two may be taken for one. */
class Keys {
  readonly #seen = new Uint8Array(HASHES)
  #count = 0

  /** @throws TooMany */
  add(bytes: Uint8Array, from: number, to: number): void {
    let hash = 0
    for (let at = from; at < to; at++) hash = Math.imul(hash + bytes[at]!, FACTOR)
    const slot = hash >>> 16
    if (this.#seen[slot] === 1) return
    this.#seen[slot] = 1
    if (++this.#count > MAX_KEYS) throw new TooMany(`more than ${MAX_KEYS} different keys, of which OTLP has a hundred`)
  }
}
