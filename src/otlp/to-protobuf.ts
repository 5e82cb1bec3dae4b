// The shape of OTLP JSON → OTLP protobuf, by the table in messages.ts: the way back of from-protobuf.ts.
import type { Document, Message, Scalar } from './schema'
import { wireTypes } from './wire'

/** Fields that the document has are written, zeros too: in a oneof they tell which one it is. */
export function toProtobuf(message: Message, document: Document): Buffer {
  const pieces: Buffer[] = []
  for (const [number, field] of message.byNumber.entries()) {
    if (!field || document[field.name] === undefined) continue
    const values = field.repeated ? (document[field.name] as unknown[]) : [document[field.name]]
    for (const value of values) {
      const { type } = field
      if (typeof type === 'string') pieces.push(varint(BigInt(number * 8 + scalars[type][0])), scalars[type][1](value))
      else
        pieces.push(varint(BigInt(number * 8 + wireTypes.delimited)), withLength(toProtobuf(type, value as Document)))
    }
  }
  return Buffer.concat(pieces)
}

const scalars: Record<Scalar, readonly [wireType: number, write: (value: unknown) => Buffer]> = {
  string: [wireTypes.delimited, value => withLength(Buffer.from(value as string, 'utf8'))],
  bytes: [wireTypes.delimited, value => withLength(Buffer.from(value as string, 'base64'))],
  traceId: [wireTypes.delimited, value => withLength(Buffer.from(value as string, 'hex'))],
  spanId: [wireTypes.delimited, value => withLength(Buffer.from(value as string, 'hex'))],
  bool: [wireTypes.varint, value => varint(value ? 1n : 0n)],
  int64: [wireTypes.varint, value => varint(integer(value))],
  uint64: [wireTypes.varint, value => varint(integer(value))],
  uint32: [wireTypes.varint, value => varint(integer(value))],
  enum: [wireTypes.varint, value => varint(integer(value))],
  sint32: [wireTypes.varint, value => varint(BigInt.asUintN(32, (integer(value) << 1n) ^ (integer(value) >> 31n)))],
  fixed64: [wireTypes.fixed64, value => fixed(8, buffer => buffer.writeBigUInt64LE(integer(value)))],
  sfixed64: [wireTypes.fixed64, value => fixed(8, buffer => buffer.writeBigInt64LE(integer(value)))],
  double: [wireTypes.fixed64, value => fixed(8, buffer => buffer.writeDoubleLE(Number(value)))],
  fixed32: [wireTypes.fixed32, value => fixed(4, buffer => buffer.writeUInt32LE(Number(value)))],
}

const integer = (value: unknown): bigint => BigInt(value as string | number)

function fixed(bytes: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(bytes)
  write(buffer)
  return buffer
}

const withLength = (bytes: Buffer): Buffer => Buffer.concat([varint(BigInt(bytes.length)), bytes])

/** Negative numbers take ten bytes, as protobuf has it. */
function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}
