// OTLP protobuf → the shape of OTLP JSON, by the table in messages.ts.
import { type Document, type Field, jsonDouble, MAX_DEPTH, Malformed, type Message, type Scalar } from './schema'
import { WireReader, wireTypes } from './wire'

/**
 * Unknown fields are skipped, as protobuf has it.
 * @throws Malformed when the bytes are no such message
 */
export function fromProtobuf(message: Message, bytes: Uint8Array): Document {
  return readMessage(message, new WireReader(bytes), 1)
}

/**
 * The message that the reader has entered, to its end.
 * @param depth of this message; the request has 1
 */
export function readMessage(message: Message, reader: WireReader, depth: number): Document {
  const document: Document = {}
  readInto(document, message, reader, depth)
  return document
}

function readInto(document: Document, message: Message, reader: WireReader, depth: number): void {
  if (depth > MAX_DEPTH) throw new Malformed(`${message.name}: nested deeper than ${MAX_DEPTH} messages`)
  while (reader.more) {
    const tag = reader.tag()
    const wireType = tag & 7
    const field = message.byNumber[tag >>> 3]
    if (!field) reader.skip(wireType)
    else {
      for (const rival of field.rivals) if (rival in document) delete document[rival]
      if (typeof field.type === 'string') readScalar(document, message, field, field.type, reader, wireType)
      else {
        if (wireType !== wireTypes.delimited) throw wrongType(message, field, wireType)
        const outer = reader.enter()
        readInto(target(document, field), field.type, reader, depth + 1)
        reader.leave(outer)
      }
    }
  }
}

/** A message that comes twice is one message, its fields in the order in which they came. */
function target(document: Document, field: Field): Document {
  if (field.repeated) {
    const item: Document = {}
    list(document, field).push(item)
    return item
  }
  document[field.name] ??= {}
  return document[field.name] as Document
}

function readScalar(
  document: Document,
  message: Message,
  field: Field,
  type: Scalar,
  reader: WireReader,
  wireType: number,
): void {
  const [expected, read] = scalars[type]
  if (wireType !== expected) {
    if (!field.repeated || wireType !== wireTypes.delimited) throw wrongType(message, field, wireType)
    const values = list(document, field)
    const outer = reader.enter()
    while (reader.more) values.push(read(reader)) // packed
    reader.leave(outer)
    return
  }
  const value = read(reader)
  if (field.repeated) list(document, field).push(value)
  else if (value !== undefined) document[field.name] = value
}

function list(document: Document, field: Field): unknown[] {
  document[field.name] ??= []
  return document[field.name] as unknown[]
}

export const scalars: Record<Scalar, readonly [wireType: number, read: (reader: WireReader) => unknown]> = {
  string: [wireTypes.delimited, reader => reader.text('utf8')],
  bytes: [wireTypes.delimited, reader => reader.text('base64')],
  traceId: [wireTypes.delimited, reader => id(reader.text('hex'), 32)],
  spanId: [wireTypes.delimited, reader => id(reader.text('hex'), 16)],
  bool: [wireTypes.varint, reader => reader.varint() !== 0],
  int64: [wireTypes.varint, reader => int64(reader.varint())],
  uint64: [wireTypes.varint, reader => String(reader.varint())],
  fixed64: [wireTypes.fixed64, reader => String(reader.fixed64())],
  sfixed64: [wireTypes.fixed64, reader => String(reader.sfixed64())],
  double: [wireTypes.fixed64, reader => jsonDouble(reader.double())],
  uint32: [wireTypes.varint, reader => reader.uint32()],
  fixed32: [wireTypes.fixed32, reader => reader.fixed32()],
  sint32: [wireTypes.varint, reader => zigzag(reader.uint32())],
  enum: [wireTypes.varint, reader => reader.uint32() | 0],
}

/** Without an id the bytes are empty or missing; both are read as missing. */
function id(hex: string, digits: number): string | undefined {
  if (hex === '') return undefined
  if (hex.length !== digits) throw wrongId(hex.length / 2, digits / 2)
  return hex
}

export const wrongId = (bytes: number, expected: number) => new Malformed(`an id has ${bytes} bytes, not ${expected}`)

const int64 = (value: number | bigint): string => String(typeof value === 'number' ? value : BigInt.asIntN(64, value))

const zigzag = (value: number): number => (value >>> 1) ^ -(value & 1)

export function wrongType({ name }: Message, field: Field, wireType: number): Malformed {
  return new Malformed(`${name}.${field.name} has wire type ${wireType}`)
}
