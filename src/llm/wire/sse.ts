// Splits a server-sent event stream into the data of its events, whatever the chunks' edges. Called by the response
// reader. Event names are not looked at: every protocol here says the type in the data, and proxies drop the names.
import { Bytes, indexOfByte } from './bytes'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COLON = 0x3a
const DATA = [0x64, 0x61, 0x74, 0x61] // "data"

/** An event larger than this is passed over. */
const MAX_EVENT = 4 * 1024 * 1024

export class SseReader {
  /** The beginning of a line whose end has not come yet. */
  readonly #line = new Bytes(MAX_EVENT)
  readonly #data = new Bytes(MAX_EVENT)
  #hasData = false
  #afterCr = false

  /** @param onEvent gets bytes that are valid during the call only */
  constructor(private readonly onEvent: (data: Buffer) => void) {}

  push(chunk: Uint8Array): void {
    const crs = indexOfByte(chunk, CR, 0) >= 0
    let from = 0
    if (this.#afterCr && chunk.length > 0) {
      if (chunk[0] === LF) from = 1
      this.#afterCr = false
    }
    for (;;) {
      const end = crs ? lineEnd(chunk, from) : indexOfByte(chunk, LF, from)
      if (end < 0) break
      if (this.#line.size > 0 || this.#line.overflow) {
        this.#line.append(chunk, from, end)
        const whole = this.#line.view()
        if (!this.#line.overflow) this.#take(whole, 0, whole.length)
        this.#line.clear()
      } else this.#take(chunk, from, end)
      from = end + 1
      if (chunk[end] === CR) {
        if (from === chunk.length) this.#afterCr = true
        else if (chunk[from] === LF) from++
      }
    }
    this.#line.append(chunk, from, chunk.length)
  }

  /** The last event may lack its blank line; the providers' clients take it all the same. */
  end(): void {
    const rest = this.#line.view()
    this.#take(rest, 0, rest.length)
    this.#line.clear()
    this.#dispatch()
  }

  #take(bytes: Uint8Array, from: number, end: number): void {
    if (from === end) return this.#dispatch()
    for (let i = 0; i < DATA.length; i++) if (bytes[from + i] !== DATA[i]) return
    let at = from + DATA.length
    if (at < end && bytes[at] !== COLON) return
    if (bytes[++at] === SPACE) at++
    if (this.#hasData) this.#data.append(NEWLINE, 0, 1)
    this.#hasData = true
    if (at < end) this.#data.append(bytes, at, end)
  }

  #dispatch(): void {
    if (!this.#hasData) return
    if (!this.#data.overflow) this.onEvent(this.#data.view())
    this.#data.clear()
    this.#hasData = false
  }
}

const NEWLINE = Uint8Array.of(LF)

function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) return at
  return -1
}
