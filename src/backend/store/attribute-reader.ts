// Reads one protobuf attribute without allocating an object for it.
import { type FieldReader, fieldsReader } from '../../shared/otlp/fields'
import { messages } from '../../shared/otlp/messages'
import type { WireReader } from '../../shared/otlp/wire'
import type { AttributeType } from './schema'

/** A KeyValue: the position of its key in the bytes, and its value if that is a scalar. */
export interface Pair {
  keyFrom: number
  keyTo: number
  /** How often the value field occurred; several occurrences have to be merged. */
  values: number
  /** Undefined if there is no value, or no scalar one. */
  type: AttributeType | undefined
  /** For a string, its position in the bytes; otherwise the two halves of its 64 bits. */
  first: number
  second: number
}

/** The caller decodes other values as whole messages. */
const noScalar: FieldReader<Pair> = pair => {
  pair.type = undefined
}
const number =
  (type: AttributeType, read: 'words' | 'integer'): FieldReader<Pair> =>
  (pair, reader) => {
    reader[read]()
    pair.type = type
    pair.first = reader.low
    pair.second = reader.high
  }

const readValue = fieldsReader<Pair>(messages.AnyValue, {
  stringValue(pair, reader) {
    reader.range()
    pair.type = 'string'
    pair.first = reader.from
    pair.second = reader.to
  },
  boolValue: number('bool', 'integer'),
  intValue: number('int', 'integer'),
  doubleValue: number('float', 'words'),
  arrayValue: noScalar,
  kvlistValue: noScalar,
  bytesValue(pair, reader) {
    reader.range()
    pair.type = undefined
  },
})

const readFields = fieldsReader<Pair>(messages.KeyValue, {
  key(pair, reader) {
    reader.range()
    pair.keyFrom = reader.from
    pair.keyTo = reader.to
  },
  value(pair, reader, depth) {
    pair.values++
    readValue(pair, reader, depth)
  },
})

/**
 * Reads the KeyValue that the reader has entered.
 * @param bytes the reader's bytes
 */
export function readPair(pair: Pair, bytes: Buffer, reader: WireReader, depth: number): Pair {
  pair.keyFrom = pair.keyTo = pair.values = 0
  pair.type = undefined
  if (!readPlain(pair, bytes, reader.at, reader.end)) readFields(pair, reader, depth)
  return pair
}

/** Tags of the fields of KeyValue, and of the scalar fields of AnyValue. */
const [KEY, VALUE, STRING, BOOL, INT, DOUBLE] = [0x0a, 0x12, 0x0a, 0x10, 0x18, 0x21]

/**
 * Reads a pair as all SDKs write it: the key, then one scalar, and nothing else. Nearly all pairs look like this, and reading them field by
 * field takes three times as long.
 * @returns false for any other pair, without having read it
 */
function readPlain(pair: Pair, bytes: Buffer, at: number, end: number): boolean {
  // Within these limits, each length takes one byte, except two that may take two.
  if (end - at < 6 || bytes[at] !== KEY || bytes[at + 1]! > 127) return false
  const keyTo = at + 2 + bytes[at + 1]!
  if (end - keyTo < 4 || bytes[keyTo] !== VALUE) return false
  const value = keyTo + (bytes[keyTo + 1]! > 127 ? 3 : 2)
  if (value + shortLength(bytes, keyTo + 1) !== end) return false
  const from = value + 1
  switch (bytes[value]) {
    case STRING: {
      const text = from + (bytes[from]! > 127 ? 2 : 1)
      if (text + shortLength(bytes, from) !== end) return false
      set(pair, 'string', text, end)
      break
    }
    case DOUBLE:
      if (from + 8 !== end) return false
      set(pair, 'float', bytes.readUInt32LE(from), bytes.readUInt32LE(from + 4))
      break
    case INT:
    case BOOL: {
      const number = shortLength(bytes, from)
      if (number === LONG || from + (number > 127 ? 2 : 1) !== end) return false
      set(pair, bytes[value] === INT ? 'int' : 'bool', number, 0)
      break
    }
    default:
      return false
  }
  pair.values = 1
  pair.keyFrom = at + 2
  pair.keyTo = keyTo
  return true
}

/** Stands for a varint of more than two bytes: no message is this long. */
const LONG = 2 ** 30

/** Reads a varint of one or two bytes. */
function shortLength(bytes: Buffer, at: number): number {
  const low = bytes[at]!
  if (low < 128) return low
  const high = bytes[at + 1]!
  return high < 128 ? (low & 127) | (high << 7) : LONG
}

function set(pair: Pair, type: AttributeType, first: number, second: number): void {
  pair.type = type
  pair.first = first
  pair.second = second
}
