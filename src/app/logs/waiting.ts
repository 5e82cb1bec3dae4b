/**
 * Lines that wait for room on the disk, in large buffers: a string and an array element for each line would be more than the lines
 * themselves.
 */
import { DAY_MS } from './class-file'

interface Chunk {
  /** Time of the first line. */
  readonly at: number
  readonly buffer: Buffer
  /** The lines stand from `start` to `end`. */
  start: number
  end: number
  lines: number
}

const CHUNK_BYTES = 64 * 1024
const NEWLINE = 10

export class Waiting {
  #chunks: Chunk[] = []
  /** Of a chunk that was written or dropped: while a disk is full one comes after the other. */
  #spare: Buffer | undefined
  /** Of memory. */
  bytes = 0

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  add(line: string, at: number): void {
    const length = Buffer.byteLength(line)
    let last = this.#chunks.at(-1)
    const fits = last && dayOf(last.at) === dayOf(at) && last.end + length <= last.buffer.length
    if (!last || !fits) {
      const spare = length <= CHUNK_BYTES ? this.#spare : undefined
      if (spare) this.#spare = undefined
      const buffer = spare ?? Buffer.allocUnsafe(Math.max(CHUNK_BYTES, length))
      last = { at, buffer, start: 0, end: 0, lines: 0 }
      this.#chunks.push(last)
      this.bytes += last.buffer.length
    }
    last.end += last.buffer.write(line, last.end)
    last.lines++
  }

  /** The oldest lines, all of one day. */
  first(): { readonly lines: Buffer; readonly at: number } | undefined {
    const chunk = this.#chunks[0]
    return chunk && { lines: chunk.buffer.subarray(chunk.start, chunk.end), at: chunk.at }
  }

  /** So many bytes of `first()` are written. */
  written(bytes: number): void {
    const chunk = this.#chunks[0] as Chunk
    if (chunk.start + bytes === chunk.end) {
      this.#shift()
      return
    }
    chunk.lines -= count(chunk.buffer, chunk.start, chunk.start + bytes)
    chunk.start += bytes
  }

  /** Forgets the oldest lines. @returns how many */
  drop(): number {
    return this.#shift().lines
  }

  #shift(): Chunk {
    const chunk = this.#chunks.shift() as Chunk
    this.bytes -= chunk.buffer.length
    this.#spare = this.isEmpty || chunk.buffer.length > CHUNK_BYTES ? undefined : chunk.buffer
    return chunk
  }
}

const dayOf = (at: number): number => Math.floor(at / DAY_MS)

function count(buffer: Buffer, start: number, end: number): number {
  let lines = 0
  for (let at = buffer.indexOf(NEWLINE, start); at !== -1 && at < end; at = buffer.indexOf(NEWLINE, at + 1)) lines++
  return lines
}
