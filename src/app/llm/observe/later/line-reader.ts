// Reads the lines of a result file while its bytes arrive, and only the given fields of each. A line may contain a book or an encoded
// picture, so lines are not buffered.
import { indexOfByte } from '../../wire/bytes'
import { readJson } from '../../wire/json'
import { type Fields, JsonReader } from '../../wire/json-reader'
import { MAX_STRING } from '../response'

const LINE_FEED = 0x0a

export class ResultLines {
  /** Reader of a line that continues in the next chunk. */
  #begun: JsonReader | undefined

  /** @param onLine receives undefined for a line that is not JSON */
  constructor(
    private readonly fields: Fields,
    private readonly onLine: (document: unknown) => void,
  ) {}

  push(bytes: Uint8Array): void {
    let from = 0
    for (let end = indexOfByte(bytes, LINE_FEED, from); end >= 0; end = indexOfByte(bytes, LINE_FEED, from)) {
      const piece = bytes.subarray(from, end)
      if (this.#begun) {
        this.#begun.push(piece)
        this.end()
      } else if (piece.length > 1) this.onLine(readJson(piece, this.fields, MAX_STRING))
      from = end + 1
    }
    if (from === bytes.length) return
    this.#begun ??= new JsonReader(this.fields, MAX_STRING)
    this.#begun.push(bytes.subarray(from))
  }

  /** Handles a last line without a line end. */
  end(): void {
    const begun = this.#begun
    this.#begun = undefined
    if (begun) this.onLine(begun.complete ? begun.value() : undefined)
  }
}
