// Reads an answer while its bytes arrive.
import type { Fold, Protocol } from '../providers/protocol'
import { type Doc, mayBeObject, parsed } from '../wire/json'
import { JsonReader, SMALL } from '../wire/json-reader'
import { LineReader } from '../wire/lines'
import { SseReader } from '../wire/sse'

/** Longer strings are truncated where content is kept, because one content attribute cannot hold more. */
export const MAX_STRING = 65_536

/** Binary frames start with their length, whose first byte is 0 at realistic sizes; text never starts with 0. */
const BINARY = 0
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b
/**
 * Limits the work on stream bytes that are not part of an answer, measured in answer bytes that take as long: an event costs 32, however
 * small, and one that JSON.parse rejects with an exception costs 5,000. Beyond the limit, the stream is considered to be something else.
 */
const PATIENCE = 65_536
const [EVENT, REFUSED] = [32, 5_000]
/** A reader that ignores the rest of a stream. */
const IGNORED = { push() {} }
/** The UTF-8 byte order mark, which a text may start with. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

export class ResponseReader {
  /** Number of events so far that carried part of the answer. */
  pieces = 0
  /** Whether the answer came as a stream of events, whatever was requested. */
  streamed = false
  /** Cost of irrelevant bytes, less the number of relevant ones. */
  #nonsense = 0
  /** Number of bytes of the byte order mark so far. */
  #marked = 0
  /** A document that arrived complete in its first chunk. */
  #whole: unknown
  #json: JsonReader | undefined
  #events: { push(bytes: Uint8Array): void; end?(): void } | undefined
  #fold: Fold | undefined

  /**
   * @param options.stream a stream was requested, and the answer is not an error
   * @param options.media the answer is not text
   */
  constructor(
    private readonly protocol: Protocol,
    private readonly options: {
      readonly choices: number
      readonly content: boolean
      readonly stream: boolean
      readonly media?: boolean
    },
  ) {}

  push(chunk: Uint8Array): void {
    if (this.options.media) {
      this.pieces++
      return
    }
    const begun = this.#json ?? this.#events
    const mayBeMark = !begun && (this.#marked > 0 || chunk[0] === BYTE_ORDER_MARK[0])
    const bytes = mayBeMark ? this.#unmarked(chunk) : chunk
    if (!begun && !this.#start(bytes)) return
    this.#json?.push(bytes)
    this.#events?.push(bytes)
  }

  /** Handles an event that arrived as its own message, not as bytes of a stream. */
  event(data: Doc): void {
    this.streamed = true
    this.#fold ??= this.protocol.fold(this.options)
    this.#take(this.#fold, data, 2 * EVENT)
  }

  #unmarked(bytes: Uint8Array): Uint8Array {
    let from = 0
    while (from < bytes.length && bytes[from] === BYTE_ORDER_MARK[this.#marked]) {
      this.#marked++
      from++
    }
    return from ? bytes.subarray(from) : bytes
  }

  /** Whether the answer is complete; anything that follows is irrelevant. */
  get ended(): boolean {
    return this.#whole !== undefined || this.#json?.complete === true || this.#fold?.ended === true
  }

  /** Called when no bytes will follow. @param whole whether the server ended the stream */
  end(whole = false): { document: unknown; complete: boolean } {
    if (this.options.media) return { document: {}, complete: whole }
    if (this.#whole !== undefined) return { document: this.#whole, complete: true }
    this.#events?.end?.()
    if (this.#fold) return { document: this.#fold.document(), complete: this.#fold.complete }
    return { document: this.#json?.value(), complete: this.#json?.complete === true }
  }

  /** Detects the format by the first byte, because the content types that servers and proxies send are not reliable. */
  #start(bytes: Uint8Array): boolean {
    let from = 0
    while (from < bytes.length && bytes[from]! <= 0x20 && bytes[from] !== BINARY) from++
    const first = bytes[from]
    if (first === undefined) return false
    const { protocol, options } = this
    const lines = protocol.lines === true && options.stream
    const document = first === OPEN_OBJECT ? !lines : first === OPEN_ARRAY && !options.stream
    if (document) {
      // The document is complete if it ends with its closing bracket.
      let last = bytes.length - 1
      while (bytes[last]! <= 0x20) last--
      if (bytes.length <= SMALL && bytes[last] === first + 2) {
        this.#whole = parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
        if (this.#whole !== undefined) return false
      }
      const fields = options.content
        ? { ...protocol.responseFields, ...protocol.responseContentFields }
        : protocol.responseFields
      this.#json = new JsonReader(fields, MAX_STRING)
    } else {
      const fold = protocol.fold(options)
      this.#fold = fold
      this.#events = this.#reader(first, fold)
    }
    return true
  }

  #reader(first: number, fold: Fold) {
    const { frames: FrameReader } = this.protocol
    if (first === BINARY && FrameReader) {
      return new FrameReader(frame => {
        if (this.#events === IGNORED) return
        this.#said(fold.frame?.(frame, bytes => this.#parsed(bytes)) === true, frame.payload.length)
      })
    }
    // Gemini streams an array if the request does not ask for server-sent events.
    if (first === OPEN_ARRAY)
      return new JsonReader({ '*': true }, MAX_STRING, event => this.#take(fold, event, 2 * EVENT))
    const Reader = first === OPEN_OBJECT ? LineReader : SseReader
    return new Reader((data, from, to) => this.#event(fold, data, from, to))
  }

  #event(fold: Fold, data: Buffer, start: number, to: number): void {
    this.streamed = true
    if (this.#events === IGNORED) return
    let from = start
    while (from < to && data[from]! <= 0x20) from++
    if (data[from] === OPEN_ARRAY) {
      if (data.toString('latin1', from, to) === '[DONE]') fold.done()
      return
    }
    // text of a proxy, or empty
    if (data[from] !== OPEN_OBJECT) return this.#weigh(EVENT)
    // Most events of a stream carry only a word of content; parsing takes five times as long as this check.
    if (
      this.pieces > 0 &&
      !this.options.content &&
      !this.protocol.significantEvent.test(data.toString('latin1', from, to))
    )
      return this.#said(true, to - from)
    this.#take(fold, this.#parsed(data, from, to), to - from)
  }

  /** Undefined if the bytes are not an object, such as a truncated event. */
  #parsed(bytes: Buffer, from = 0, to = bytes.length): unknown {
    if (!mayBeObject(bytes, from, to)) return undefined
    const json = parsed(bytes.toString('utf8', from, to))
    if (json === undefined) this.#weigh(REFUSED)
    return json
  }

  #take(fold: Fold, event: unknown, size: number): void {
    this.#said(typeof event === 'object' && event !== null && fold.event(event as Doc), size)
  }

  #said(carried: boolean, size: number): void {
    if (carried) this.pieces++
    this.#weigh(carried ? EVENT - size : EVENT)
  }

  #weigh(cost: number): void {
    this.#nonsense = Math.max(0, this.#nonsense + cost)
    if (this.#nonsense > PATIENCE) this.#events = IGNORED
  }
}
