// Splits a server-sent event stream into the data of its events, independent of chunk boundaries. Event names are ignored, because every
// protocol here has the type in the data, and proxies drop the names.
import { Bytes } from './bytes'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COLON = 0x3a
const DATA = Buffer.from('data')
const NEWLINE = Buffer.from('\n')

/** An event with more bytes than this is skipped. */
const MAX_EVENT = 4 * 1024 * 1024

export class SseReader {
  /** The start of an incomplete line. */
  readonly #line = new Bytes(MAX_EVENT)
  /** The data of an event that is split within one chunk. */
  readonly #joined = new Bytes(MAX_EVENT)
  /** The chunk that contains the data of the current event, if the data is in one piece. */
  #source: Buffer | undefined
  #from = 0
  #to = 0
  #hasData = false
  #afterCr = false

  /** @param onEvent receives bytes that are only valid during the call */
  constructor(private readonly onEvent: (data: Buffer, from: number, to: number) => void) {}

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const crs = bytes.includes(CR)
    let from = 0
    if (this.#afterCr && bytes.length > 0) {
      if (bytes[0] === LF) from = 1
      this.#afterCr = false
    }
    for (;;) {
      const end = crs ? lineEnd(bytes, from) : lineFeed(bytes, from)
      if (end < 0) break
      if (this.#line.size > 0 || this.#line.overflow) this.#finishLine(bytes, from, end)
      else this.#take(bytes, from, end)
      from = end + 1
      if (bytes[end] === CR) {
        if (from === bytes.length) this.#afterCr = true
        else if (bytes[from] === LF) from++
      }
    }
    this.#line.append(bytes, from, bytes.length)
    this.#keep()
  }

  /** Handles a last event without its blank line, which the providers' clients also accept. */
  end(): void {
    this.#finishLine(NEWLINE, 0, 0)
    this.#dispatch()
  }

  #finishLine(bytes: Buffer, from: number, end: number): void {
    this.#line.append(bytes, from, end)
    if (!this.#line.overflow) this.#take(this.#line.view(), 0, this.#line.size)
    this.#keep()
    this.#line.clear()
  }

  #take(bytes: Buffer, from: number, end: number): void {
    if (from === end) return this.#dispatch()
    for (let i = 0; i < DATA.length; i++) if (bytes[from + i] !== DATA[i]) return
    let at = from + DATA.length
    if (at < end && bytes[at] !== COLON) return
    if (bytes[++at] === SPACE) at++
    if (this.#hasData) {
      this.#keep()
      this.#joined.append(NEWLINE, 0, 1)
      if (at < end) this.#joined.append(bytes, at, end)
      return
    }
    this.#hasData = true
    this.#source = bytes
    this.#from = Math.min(at, end)
    this.#to = end
  }

  /** Copies data from bytes that will become invalid. */
  #keep(): void {
    if (this.#source) this.#joined.append(this.#source, this.#from, this.#to)
    this.#source = undefined
  }

  #dispatch(): void {
    if (!this.#hasData) return
    if (this.#source) this.onEvent(this.#source, this.#from, this.#to)
    else {
      if (!this.#joined.overflow) this.onEvent(this.#joined.view(), 0, this.#joined.size)
      this.#joined.clear()
    }
    this.#source = undefined
    this.#hasData = false
  }
}

/** Half of the lines are empty, and checking two bytes is faster than a native call. */
export function lineFeed(bytes: Buffer, from: number): number {
  if (from + 1 < bytes.length) {
    if (bytes[from] === LF) return from
    if (bytes[from + 1] === LF) return from + 1
  }
  return bytes.indexOf(LF, from)
}

function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) return at
  return -1
}
