// Splits AWS's binary event stream into its frames, independent of chunk boundaries. A frame is total length, length of the headers, CRC of
// both; headers; payload; CRC of all. The client verifies the checksums.
// https://smithy.io/2.0/aws/amazon-eventstream.html
import { Bytes } from './bytes'

export interface Frame {
  /** An exception ends the stream; it is part of a response with status 200. */
  readonly kind: 'event' | 'exception'
  /** Type of the event or the exception, as sent: `contentBlockDelta`, `throttlingException`. */
  readonly type: string
  /** JSON. Only valid during the call. */
  readonly payload: Buffer
}

const LENGTH = 4
const PRELUDE = 12
const CRC = 4

/** Maximum bytes of a frame at AWS. */
const LONGEST = 24 * 1024 * 1024
/** A frame with more bytes than this is skipped. */
const MAX_FRAME = 4 * 1024 * 1024

export class EventStreamReader {
  /** The start of an incomplete frame. */
  readonly #kept = new Bytes(MAX_FRAME)
  /** Number of bytes of the frame so far, kept or not. */
  #seen = 0
  /** Number of bytes needed next: those of the length, then those of the frame. */
  #wanted = LENGTH
  #broken = false

  constructor(private readonly onFrame: (frame: Frame) => void) {}

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let at = 0
    while (at < bytes.length && !this.#broken) {
      const whole = this.#seen === 0 && at + LENGTH <= bytes.length ? bytes.readUInt32BE(at) : 0
      if (whole >= PRELUDE + CRC && at + whole <= bytes.length) {
        this.#take(bytes.subarray(at, at + whole))
        at += whole
        continue
      }
      const end = Math.min(bytes.length, at + this.#wanted - this.#seen)
      this.#kept.append(bytes, at, end)
      this.#seen += end - at
      at = end
      if (this.#seen === this.#wanted) this.#filled()
    }
  }

  #filled(): void {
    if (this.#wanted === LENGTH) {
      this.#wanted = this.#kept.view().readUInt32BE(0)
      this.#broken = this.#wanted < PRELUDE + CRC || this.#wanted > LONGEST
      return
    }
    if (!this.#kept.overflow) this.#take(this.#kept.view())
    this.#kept.clear()
    this.#seen = 0
    this.#wanted = LENGTH
  }

  #take(frame: Buffer): void {
    const from = PRELUDE + frame.readUInt32BE(LENGTH)
    const to = frame.length - CRC
    if (from > to) {
      this.#broken = true
      return
    }
    const headers = headersOf(frame.subarray(PRELUDE, from))
    const payload = frame.subarray(from, to)
    const exception = headers[':exception-type']
    const error = headers[':error-code']
    if (exception !== undefined) this.onFrame({ kind: 'exception', type: exception, payload })
    else if (error !== undefined) {
      const message = JSON.stringify({ message: headers[':error-message'] })
      this.onFrame({ kind: 'exception', type: error, payload: Buffer.from(message) })
    } else this.onFrame({ kind: 'event', type: headers[':event-type'] ?? '', payload })
  }
}

/** Sizes of values by type; byte arrays and strings have a length prefix. */
const sizes: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16]
const STRING = 7

/** The headers that are strings. */
function headersOf(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes[at]!
    const type = bytes[nameEnd]
    if (type === undefined || type >= sizes.length) break
    let from = nameEnd + 1
    let size = sizes[type]
    if (size === undefined) {
      if (from + 2 > bytes.length) break
      size = bytes.readUInt16BE(from)
      from += 2
    }
    if (type === STRING) headers[bytes.toString('utf8', at + 1, nameEnd)] = bytes.toString('utf8', from, from + size)
    at = from + size
  }
  return headers
}
