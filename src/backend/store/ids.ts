// Writes protobuf ids into columns as 32-bit words, lowest first.
import { wrongId } from '../../shared/otlp/from-protobuf'
import type { WireReader } from '../../shared/otlp/wire'
import type { Fixed } from './vectors'

/**
 * @returns the position of the id that the reader is at; -1 if it is empty
 * @throws Malformed for a wrong length
 */
export function readId(reader: WireReader, length: 8 | 16): number {
  reader.range()
  const found = reader.to - reader.from
  if (found === 0) return -1
  if (found !== length) throw wrongId(found, length)
  return reader.from
}

/** Writes the id at `from`, or 0 if `from` is -1. */
export function putSpanId(column: Fixed, index: number, bytes: Buffer, from: number): void {
  if (from < 0) column.set2(index, 0, 0)
  else column.set2(index, bytes.readUInt32BE(from + 4), bytes.readUInt32BE(from))
}

export function putTraceId(column: Fixed, index: number, bytes: Buffer, from: number): void {
  if (from < 0) column.set4(index, 0, 0, 0, 0)
  else {
    column.set4(
      index,
      bytes.readUInt32BE(from + 12),
      bytes.readUInt32BE(from + 8),
      bytes.readUInt32BE(from + 4),
      bytes.readUInt32BE(from),
    )
  }
}

/** @param trace the 16 bytes of the id as latin1 */
export function putTrace(column: Fixed, index: number, trace: string): void {
  const word = (at: number) =>
    (trace.charCodeAt(at) << 24) |
    (trace.charCodeAt(at + 1) << 16) |
    (trace.charCodeAt(at + 2) << 8) |
    trace.charCodeAt(at + 3)
  column.set4(index, word(12), word(8), word(4), word(0))
}

/** Whether there is an id at `from` other than zeros. */
export function isId(bytes: Buffer, from: number, length: 8 | 16): boolean {
  if (from < 0) return false
  for (let at = from; at < from + length; at++) if (bytes[at] !== 0) return true
  return false
}
