// Splits newline-delimited JSON into its lines, independent of chunk boundaries.
import { Bytes } from './bytes'
import { lineFeed } from './sse'

/** A line with more bytes than this is skipped. */
const MAX_LINE = 4 * 1024 * 1024

export class LineReader {
  /** The start of an incomplete line. */
  readonly #line = new Bytes(MAX_LINE)

  /** @param onLine receives bytes that are only valid during the call; never an empty line */
  constructor(private readonly onLine: (data: Buffer, from: number, to: number) => void) {}

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let from = 0
    for (;;) {
      const end = lineFeed(bytes, from)
      if (end < 0) break
      if (this.#line.size > 0 || this.#line.overflow) {
        this.#line.append(bytes, from, end)
        this.end()
      } else if (end > from) this.onLine(bytes, from, end)
      from = end + 1
    }
    this.#line.append(bytes, from, bytes.length)
  }

  /** Handles a last line without a line end. */
  end(): void {
    if (this.#line.size > 0 && !this.#line.overflow) this.onLine(this.#line.view(), 0, this.#line.size)
    this.#line.clear()
  }
}
