// The JSON parts of an answer: the whole answer, the events of a stream, or the frames of an AWS event stream. A unit can be serialized
// again with other texts, and then stays in the chunk of the answer in which it ended.
import { parsedContainer } from '../wire/json'
import { crc32 } from './crc32'

/** Bytes of an answer, with the document that they contain, if any. */
export interface Unit {
  readonly bytes: Buffer
  readonly document?: unknown
  /** Serializes the unit with another document. */
  write?(document: unknown): Buffer
}

const LF = 0x0a
const BINARY = 0
const [PRELUDE, CRC] = [12, 4]

/** @param whole bytes of the answer; each byte is in one unit */
export function unitsOf(whole: Buffer): Unit[] {
  if (whole[0] === BINARY) return framesOf(whole)
  const text = whole.toString()
  const document = parsedContainer(text)
  if (document !== undefined) {
    const after = text.slice(text.trimEnd().length)
    return [{ bytes: whole, document, write: other => Buffer.from(JSON.stringify(other) + after) }]
  }
  const units: Unit[] = []
  for (let from = 0; from < whole.length; ) {
    const end = whole.indexOf(LF, from)
    const to = end < 0 ? whole.length : end + 1
    units.push(lineOf(whole.subarray(from, to)))
    from = to
  }
  return units
}

/** A line of a stream, or a message of a WebSocket. */
export function lineOf(bytes: Buffer): Unit {
  const [, before = '', text = '', after = ''] = /^(data: ?)?(.*?)(\s*)$/s.exec(bytes.toString()) ?? []
  const document = parsedContainer(text)
  if (document === undefined) return { bytes }
  return { bytes, document, write: other => Buffer.from(before + JSON.stringify(other) + after) }
}

function framesOf(whole: Buffer): Unit[] {
  const units: Unit[] = []
  let at = 0
  while (at + PRELUDE + CRC <= whole.length) {
    const length = whole.readUInt32BE(at)
    if (length < PRELUDE + CRC || at + length > whole.length) break
    units.push(frameOf(whole.subarray(at, at + length)))
    at += length
  }
  // a truncated frame cannot be decoded, and its reader cannot verify it
  if (at < whole.length) units.push({ bytes: whole.subarray(at) })
  return units
}

function frameOf(frame: Buffer): Unit {
  const from = PRELUDE + frame.readUInt32BE(4)
  const to = frame.length - CRC
  const document = from > to ? undefined : parsedContainer(frame.toString('utf8', from, to))
  if (document === undefined) return { bytes: frame }
  // InvokeModel wraps the model's own event in a frame as base64
  const inner = (document as { bytes?: unknown }).bytes
  const event = typeof inner === 'string' ? parsedContainer(Buffer.from(inner, 'base64').toString()) : undefined
  const write = (other: unknown) => {
    const said =
      event === undefined
        ? other
        : { ...(document as object), bytes: Buffer.from(JSON.stringify(other)).toString('base64') }
    return withPayload(frame.subarray(PRELUDE, from), Buffer.from(JSON.stringify(said)))
  }
  return { bytes: frame, document: event ?? document, write }
}

function withPayload(headers: Buffer, payload: Buffer): Buffer {
  const frame = Buffer.alloc(PRELUDE + headers.length + payload.length + CRC)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(headers.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  headers.copy(frame, PRELUDE)
  payload.copy(frame, PRELUDE + headers.length)
  frame.writeUInt32BE(crc32(frame.subarray(0, -CRC)), frame.length - CRC)
  return frame
}
