// Reads the lines of a file of results while its bytes go by, each as far as the fields. A line may be a book, or a picture in
// text: none is kept.
import { indexOfByte } from '../../wire/bytes'
import { readJson } from '../../wire/json'
import { type Fields, JsonReader } from '../../wire/json-reader'
import { MAX_STRING } from '../response'

const LINE_FEED = 0x0a

export class ResultLines {
  /** Of a line that goes on in the next chunk. */
  #begun: JsonReader | undefined

  /** @param onLine gets undefined for what is no JSON */
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

  /** The last line may lack its end. */
  end(): void {
    const begun = this.#begun
    this.#begun = undefined
    if (begun) this.onLine(begun.complete ? begun.value() : undefined)
  }
}
