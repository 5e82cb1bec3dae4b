// Reads an answer as its bytes go by. Called by the call, for whichever mouth brings the bytes.
import type { Fold, Protocol } from '../protocols/protocol'
import { JsonReader } from './json'
import { SseReader } from './sse'

/** Strings longer than this are cut where content is kept: one content attribute holds no more. */
export const MAX_STRING = 65_536

export class ResponseReader {
  #json: JsonReader | undefined
  #sse: SseReader | undefined
  #fold: Fold | undefined

  constructor(
    private readonly protocol: Protocol,
    private readonly options: { readonly choices: number; readonly content: boolean },
  ) {}

  push(bytes: Uint8Array): void {
    if (!this.#json && !this.#sse) this.#start(bytes)
    this.#json?.push(bytes)
    this.#sse?.push(bytes)
  }

  /** It came as a stream of events, whatever was asked for. */
  get streamed(): boolean {
    return this.#sse !== undefined
  }

  get begun(): boolean {
    return this.#fold?.begun === true
  }

  /** All was said; what may follow says nothing. */
  get ended(): boolean {
    return this.#json?.complete === true || this.#fold?.ended === true
  }

  /** No bytes will follow. */
  end(): { document: unknown; complete: boolean } {
    this.#sse?.end()
    if (this.#fold) return { document: this.#fold.document(), complete: this.#fold.complete }
    return { document: this.#json?.value(), complete: this.#json?.complete === true }
  }

  /** The first byte tells: servers and proxies are not to be trusted about the content type. */
  #start(bytes: Uint8Array): void {
    const first = bytes.find(byte => byte > 0x20)
    if (first === undefined) return
    const { protocol, options } = this
    if (first === 0x7b || first === 0x5b) {
      const fields = options.content
        ? { ...protocol.responseFields, ...protocol.responseContentFields }
        : protocol.responseFields
      this.#json = new JsonReader(fields, MAX_STRING)
      return
    }
    const fold = protocol.fold(options)
    this.#fold = fold
    this.#sse = new SseReader(data => fold.event(data))
  }
}
