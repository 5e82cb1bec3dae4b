// Reads an answer as its bytes go by.
import type { Fold, Protocol } from '../providers/protocol'
import { type Doc, mayBeObject, parsed } from '../wire/json'
import { JsonReader, SMALL } from '../wire/json-reader'
import { LineReader } from '../wire/lines'
import { SseReader } from '../wire/sse'

/** Strings longer than this are cut where content is kept: one content attribute holds no more. */
export const MAX_STRING = 65_536

/** Frames begin with their length, and are never that long; no text begins so. */
const BINARY = 0
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b
/**
 * What is looked at of a stream beside its answer, in bytes of an answer that are read in the same time: an event takes as long as 32,
 * however little it says, and one that JSON.parse refuses, which throws, as long as 5,000. Beyond it the stream is something else.
 */
const PATIENCE = 65_536
const [EVENT, REFUSED] = [32, 5_000]
/** In the place of a reader: what a stream goes on with is looked at no more. */
const IGNORED = { push() {} }
/** What text in UTF-8 may begin with, and says nothing. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

export class ResponseReader {
  /** Events so far that carried a piece of the answer. */
  pieces = 0
  /** It came as a stream of events, whatever was requested. */
  streamed = false
  /** Bytes' worth of what said nothing, less the bytes that did. */
  #nonsense = 0
  /** Bytes of the byte order mark that came. */
  #marked = 0
  /** A document that came whole in its first chunk. */
  #whole: unknown
  #json: JsonReader | undefined
  #events: { push(bytes: Uint8Array): void; end?(): void } | undefined
  #fold: Fold | undefined

  /**
   * @param options.stream a stream was requested, and the answer is no error
   * @param options.media the answer is no text
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

  /** An event that came on its own, and not as bytes of a stream. */
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

  /** All was said; what may follow says nothing. */
  get ended(): boolean {
    return this.#whole !== undefined || this.#json?.complete === true || this.#fold?.ended === true
  }

  /** No bytes will follow. @param whole the server ended it */
  end(whole = false): { document: unknown; complete: boolean } {
    if (this.options.media) return { document: {}, complete: whole }
    if (this.#whole !== undefined) return { document: this.#whole, complete: true }
    this.#events?.end?.()
    if (this.#fold) return { document: this.#fold.document(), complete: this.#fold.complete }
    return { document: this.#json?.value(), complete: this.#json?.complete === true }
  }

  /** By the first byte: the content type that servers and proxies send is not reliable. */
  #start(bytes: Uint8Array): boolean {
    let from = 0
    while (from < bytes.length && bytes[from]! <= 0x20 && bytes[from] !== BINARY) from++
    const first = bytes[from]
    if (first === undefined) return false
    const { protocol, options } = this
    const lines = protocol.lines === true && options.stream
    const document = first === OPEN_OBJECT ? !lines : first === OPEN_ARRAY && !options.stream
    if (document) {
      // Whole, if it ends with the bracket that closes it, which is two places on in ASCII.
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
    // Gemini's way to stream where the request wants no server-sent events.
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
    // a proxy's own words, or none at all
    if (data[from] !== OPEN_OBJECT) return this.#weigh(EVENT)
    // Most events of a stream only carry a word of content; a parse takes five times as long as this look.
    if (
      this.pieces > 0 &&
      !this.options.content &&
      !this.protocol.significantEvent.test(data.toString('latin1', from, to))
    )
      return this.#said(true, to - from)
    this.#take(fold, this.#parsed(data, from, to), to - from)
  }

  /** Undefined for what is no object, such as an event that was cut. */
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
