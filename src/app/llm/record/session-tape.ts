// Records a WebSocket that carries model calls. While it is open, bytes are only stored; they are parsed after its end.
import type { SpanContext } from '@opentelemetry/api'
import { Inflater } from '../wire/inflater'
import { FrameReader } from '../wire/websocket-frames'
import { comparedHeaders, keptHeaders, withoutCredentials } from './credentials'
import { messageUnit } from './message-unit'
import { type CallEnd, chunkOf, MOST_BYTES, RECORDING_VERSION, type RecordedMessage, type Recording } from './recording'
import { type Redact, redactUnits } from './redact-answer'
import { Said } from './said'
import type { Asked, Taped } from './taped'
import type { Unit } from './units'

type Side = RecordedMessage['from']
type Message = Omit<RecordedMessage, 'afterMs' | 'text' | 'base64'> & {
  readonly at: number
  readonly bytes?: Buffer
}

const now = performance.now.bind(performance)

/** Its methods never throw. */
export class SessionTape implements Taped {
  readonly #startedAt = new Date()
  readonly #began = now()
  readonly #pieces: { readonly side: Side; readonly at: number; readonly bytes: Buffer }[] = []
  #size = 0
  #head: { readonly status: number; readonly headers: [string, string][] } | undefined
  #how: 'server' | 'consumer' | 'error' | undefined
  #span: SpanContext | undefined

  constructor(
    private readonly asked: Asked,
    private readonly done: (tape: SessionTape) => void,
  ) {}

  /** Assigns the session to a span, because it carries a model call. Sessions without a span are not written. */
  of(span: SpanContext): void {
    this.#span = span
  }

  /** @param headers see `keptHeaders` */
  responded(status: number, headers: unknown): void {
    this.#head = { status, headers: keptHeaders(headers) }
  }

  bytes(side: Side, bytes: Uint8Array): void {
    if (this.#how) return
    this.#size += bytes.length
    if (this.#size <= MOST_BYTES) this.#pieces.push({ side, at: now(), bytes: Buffer.from(bytes) })
  }

  end({ by }: { readonly by: 'server' | 'consumer' | 'error' }): void {
    if (this.#how) return
    this.#how = by
    this.done(this)
  }

  *recording(content: Recording['content'], redact: Redact): Generator<void, Recording | undefined> {
    const span = this.#span
    if (!span) return undefined
    if (this.#size > MOST_BYTES) throw new Error(`a WebSocket with ${this.#size} bytes is larger than ${MOST_BYTES}`)
    const said = new Said()
    const messages: Message[] = []
    for (const _ of this.#messages(messages)) yield
    const kept: Message[] = []
    const units: Unit[] = []
    for (const message of messages) {
      const { from, bytes = Buffer.alloc(0), isBinary, close } = message
      const isSound = from === 'client' && !close && said.add(bytes, isBinary === true)
      kept.push(isSound ? { ...message, isSound } : message)
      units.push(from === 'server' && !close ? messageUnit(bytes) : { bytes: Buffer.alloc(0) })
      yield
    }
    const body = redact({ json: said.messages }) as { json: unknown }
    yield
    const shown = yield* redactUnits(units, redact)
    const { url, header } = this.asked
    let before = this.#began
    return {
      version: RECORDING_VERSION,
      traceId: span.traceId,
      spanId: span.spanId,
      startedAt: this.#startedAt.toISOString(),
      content,
      request: {
        method: 'GET',
        url: String(redact(withoutCredentials(url))),
        headers: comparedHeaders(header),
        body,
      },
      end: this.#endOf(messages),
      ...(this.#head && {
        response: {
          status: this.#head.status,
          headers: this.#head.headers.map(([name, value]): [string, string] => [name, String(redact(value))]),
          chunks: [],
        },
      }),
      messages: kept.map(({ at, bytes: _, ...message }, n) => {
        const afterMs = Math.round(at - before)
        before = at
        if (message.from === 'client' || message.close) return { ...message, afterMs }
        return { ...message, ...chunkOf(shown[n]!, afterMs) }
      }),
    }
  }

  /** Assembles the messages. Yields after each network chunk. */
  *#messages(into: Message[]): Generator<void> {
    let at = 0
    const readers = { client: readerOf('client', into, () => at), server: readerOf('server', into, () => at) }
    for (const piece of this.#pieces) {
      at = piece.at
      readers[piece.side].push(piece.bytes)
      yield
    }
  }

  #endOf(messages: readonly Message[]): CallEnd {
    if (messages.some(({ close }) => close)) return 'complete'
    return this.#how === 'consumer' ? 'aborted' : 'cut'
  }
}

function readerOf(from: Side, into: Message[], at: () => number): FrameReader {
  const inflater = new Inflater()
  let pieces: Uint8Array[] = []
  let isDeflated = false
  let kind: { isBinary?: true } = {}
  return new FrameReader({
    begin(compressed, isBinary) {
      pieces = []
      isDeflated = compressed
      kind = isBinary ? { isBinary } : {}
    },
    piece(bytes) {
      pieces.push(bytes)
    },
    end() {
      const bytes = isDeflated ? inflater.inflateNow(pieces) : Buffer.concat(pieces)
      into.push({ from, at: at(), bytes, ...kind })
    },
    close(code, reason) {
      into.push({ from, at: at(), close: { code, reason } })
    },
  })
}
