// Refuses a request that says more than one may, before anything is built of it: 16 KB of gzip can hold eight million empty
// log records.
import { MAX_DEPTH, MAX_WEIGHT, Malformed, type Message, tooMany } from './schema'
import { WireReader, wireTypes } from './wire'

/** The least bytes that an empty message takes in protobuf. */
const SMALLEST = 2
/** The heaviest message: what a smaller request weighs at most needn't be counted. */
const HEAVIEST = 10

/** @throws TooMany; Malformed */
export function weighProtobuf(message: Message, bytes: Uint8Array): void {
  if ((bytes.byteLength / SMALLEST) * HEAVIEST <= MAX_WEIGHT) return
  const reader = new WireReader(bytes)
  let weight = 0

  function add(more: number): void {
    weight += more
    if (weight > MAX_WEIGHT) throw tooMany()
  }

  function read(message: Message, depth: number): void {
    if (depth > MAX_DEPTH) throw new Malformed(`${message.name}: nested deeper than ${MAX_DEPTH} messages`)
    add(message.weight)
    while (reader.more) {
      const tag = reader.tag()
      const field = message.byNumber[tag >>> 3]
      const isDelimited = (tag & 7) === wireTypes.delimited
      if (field && isDelimited && typeof field.type !== 'string') {
        const outer = reader.enter()
        read(field.type, depth + 1)
        reader.leave(outer)
      } else {
        const begin = reader.at
        reader.skip(tag & 7)
        // packed numbers take a byte each, or more
        if (field?.repeated) add(isDelimited && field.type !== 'string' ? reader.at - begin : 1)
      }
    }
  }

  read(message, 1)
}

/**
 * Objects, arrays and their elements, of which an attribute has four. JSON.parse makes a hundred bytes of each, known to OTLP or
 * not, in half a microsecond.
 */
const MAX_ELEMENTS = MAX_WEIGHT

/** Levels of brackets: of a message there may be an object and a list. */
const MAX_NESTED = 2 * MAX_DEPTH + 8

const [quote, backslash, comma] = Array.from('"\\,', char => char.charCodeAt(0))
/** `[` and `{` differ by this bit alone, and so do `]` and `}`. */
const [bit, open, close] = [0x20, 0x7b, 0x7d]

/** By its punctuation outside of strings. @throws TooMany; Malformed where it is nested deeper than any message, which JSON.parse takes long to build */
export function weighJson(bytes: Uint8Array): void {
  let elements = 0
  let depth = 0
  let isText = false
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at]!
    if (isText) {
      if (byte === backslash) at++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === comma) elements++
    else if ((byte | bit) === open) {
      elements++
      if (++depth > MAX_NESTED) throw new Malformed(`nested deeper than ${MAX_NESTED} brackets`)
    } else if ((byte | bit) === close) depth--
    if (elements > MAX_ELEMENTS) throw tooMany()
  }
}
