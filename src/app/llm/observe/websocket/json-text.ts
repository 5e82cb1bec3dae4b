// Reads the text of one message as JSON while it arrives: a short one in one go, a long one by its fields.
import { type Doc, doc, mayBeObject, parsed } from '../../wire/json'
import { type Fields, JsonReader, SMALL } from '../../wire/json-reader'
import { MAX_STRING } from '../response'

const OPEN_OBJECT = 0x7b
const SPACE = 0x20

export class JsonText {
  #pieces: Uint8Array[] = []
  size = 0
  #reader: JsonReader | undefined
  #isOther = false
  refused = false

  constructor(private readonly fields: Fields) {}

  push(bytes: Uint8Array): void {
    if (this.size === 0) this.#isOther = beginsOther(bytes)
    this.size += bytes.length
    if (this.#isOther) return
    if (this.#reader) return this.#reader.push(bytes)
    this.#pieces.push(bytes)
    if (this.size <= SMALL) return
    this.#reader = new JsonReader(this.fields, MAX_STRING)
    for (const piece of this.#pieces.splice(0)) this.#reader.push(piece)
  }

  /** The whole message; undefined if it is long or not JSON. */
  get bytes(): Buffer | undefined {
    return this.#reader || this.#isOther ? undefined : Buffer.concat(this.#pieces)
  }

  /** Undefined if the message is not a JSON object; `refused` then says whether it looked like one. */
  value(): Doc | undefined {
    if (this.#reader) return this.#reader.complete ? doc(this.#reader.value()) : undefined
    const bytes = Buffer.concat(this.#pieces)
    if (this.#isOther || !mayBeObject(bytes)) return undefined
    const value = doc(parsed(bytes.toString()))
    this.refused = value === undefined
    return value
  }
}

/** Whether it starts like another format, usually audio. */
function beginsOther(bytes: Uint8Array): boolean {
  const first = bytes.find(byte => byte > SPACE)
  return first !== undefined && first !== OPEN_OBJECT
}
