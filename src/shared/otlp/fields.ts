// Reads a message field by field into whatever the caller builds, by the table in messages.ts and as strictly as
// from-protobuf.ts, without making objects, which is what the store's speed rests on (docs/decisions/0010).
import { readMessage, scalars, wrongType } from './from-protobuf'
import type { Field, Message } from './schema'
import { type WireReader, wireTypes } from './wire'

/** Of a scalar, reads the value; of a message, the reader has entered it, and what is left unread is skipped. */
export type FieldReader<Target> = (target: Target, reader: WireReader, depth: number) => void

/**
 * @param reads by the field's name; the other fields are checked and let go
 * @returns what reads the message that the reader has entered, to its end
 */
export function fieldsReader<Target>(
  message: Message,
  reads: Readonly<Record<string, FieldReader<Target>>>,
): FieldReader<Target> {
  const byNumber = message.byNumber.map(field => field && entryOf(message, field, reads[field.name]))
  return (target, reader, depth) => {
    while (reader.more) {
      const tag = reader.tag()
      const entry = byNumber[tag >>> 3]
      if (entry === undefined) reader.skip(tag & 7)
      else if ((tag & 7) !== entry.wireType) throw wrongType(message, entry.field, tag & 7)
      else if (!entry.isMessage) entry.read(target, reader, depth)
      else {
        const outer = reader.enter()
        entry.read(target, reader, depth + 1)
        reader.leave(outer)
      }
    }
  }
}

function entryOf<Target>(message: Message, field: Field, read: FieldReader<Target> | undefined) {
  const { type } = field
  if (typeof type !== 'string') {
    const check = (_: Target, reader: WireReader, depth: number) => void readMessage(type, reader, depth)
    return { field, wireType: wireTypes.delimited, isMessage: true, read: read ?? check }
  }
  if (field.repeated) throw new TypeError(`${message.name}.${field.name} may be packed; read the message as a whole`)
  const [wireType, scalar] = scalars[type]
  return { field, wireType, isMessage: false, read: read ?? ((_: Target, reader: WireReader) => void scalar(reader)) }
}
