// The shape of OTLP JSON → OTLP protobuf, by the table in messages.ts: the way back of from-protobuf.ts.
import type { Document, Message, Scalar } from './schema'
import { Writer } from './writer'

/** Fields that the document has are written, zeros too: in a oneof they tell which one it is. */
export function toProtobuf(message: Message, document: Document): Buffer {
  const writer = new Writer()
  write(writer, message, document)
  return writer.finish()
}

function write(writer: Writer, { byNumber }: Message, document: Document): void {
  for (let number = 1; number < byNumber.length; number++) {
    const field = byNumber[number]
    if (!field) continue
    const value = document[field.name]
    if (value === undefined) continue
    if (!field.repeated) writeOne(writer, number, field.type, value)
    else for (const one of value as unknown[]) writeOne(writer, number, field.type, one)
  }
}

function writeOne(writer: Writer, number: number, type: Scalar | Message, value: unknown): void {
  if (typeof type === 'string') {
    scalars[type](writer, number, value)
    return
  }
  const start = writer.open(number)
  write(writer, type, value as Document)
  writer.close(start)
}

type Write = (writer: Writer, number: number, value: unknown) => void

const id: Write = (writer, number, value) => writer.hex(number, value as string)
const integer: Write = (writer, number, value) => writer.int64Always(number, exact(value))
const fixed64: Write = (writer, number, value) => writer.fixed64Always(number, BigInt(value as string | number))

const scalars: Record<Scalar, Write> = {
  string: (writer, number, value) => writer.textAlways(number, value as string),
  bytes: (writer, number, value) => writer.bytes(number, Buffer.from(value as string, 'base64')),
  traceId: id,
  spanId: id,
  bool: (writer, number, value) => writer.boolAlways(number, Boolean(value)),
  int64: integer,
  uint64: integer,
  uint32: integer,
  enum: integer,
  sint32: (writer, number, value) => writer.int64Always(number, zigzag(Number(value))),
  fixed64,
  sfixed64: fixed64,
  double: (writer, number, value) => writer.doubleAlways(number, Number(value)),
  fixed32: (writer, number, value) => writer.fixed32Always(number, Number(value)),
}

/** A number where that loses no digit: a bigint costs many times as much. */
function exact(value: unknown): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value as string | number)
}

const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0
