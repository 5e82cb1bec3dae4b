// Chunk `recorder`: writes LLM calls to files, from which `afn-otel replay` serves their answers. Only loaded with AFN_RECORD. During a
// call, it only copies the bytes that the app reads; the rest is done after the call, in short turns.
import { appendFileSync, mkdirSync } from 'node:fs'
import type { SpanContext } from '@opentelemetry/api'
import { inRoot } from '../../root-context'
import { comparedHeaders, keptHeaders, withoutCredentials } from './credentials'
import {
  type CallEnd,
  chunkOf,
  MOST_BYTES,
  RECORDING_VERSION,
  type Recording,
  type RequestBody,
  recordingFile,
} from './recording'
import { type Redact, redactAnswer } from './redact-answer'
import { formBody, isForm, requestBody } from './request-body'
import { SessionTape } from './session-tape'
import type { Asked, Taped } from './taped'

export interface RecorderOptions {
  readonly folder: string
  readonly content: Recording['content']
  readonly redact: Redact
  /** Reports a failure of our own, which does not affect the call. Must not throw. */
  onFailure(error: unknown): void
}

// Saved at load time, so that an app's fake timers cannot delay the recording.
const { setImmediate, setTimeout } = globalThis
const now = performance.now.bind(performance)

/** Milliseconds after which work continues in the next turn of the event loop. */
const TURN_MS = 2
/** Milliseconds to wait for more bytes after the end mark of the protocol. */
const REST_MS = 1_000

export class Recorder {
  readonly #open = new Set<Taped>()
  readonly #jobs: Generator<void>[] = []
  #isScheduled = false

  constructor(private readonly options: RecorderOptions) {
    process.once('exit', () => this.#finishNow())
  }

  /** Never throws, like all methods of a tape. */
  begin(span: SpanContext, asked: Asked): Tape {
    const tape = new Tape(span, asked, done => this.#write(done))
    this.#open.add(tape)
    return tape
  }

  /** Starts the recording of a WebSocket, at its handshake. */
  beginSession(asked: Asked): SessionTape {
    const tape = new SessionTape(asked, done => this.#write(done))
    this.#open.add(tape)
    return tape
  }

  #write(tape: Taped): void {
    if (!this.#open.delete(tape)) return
    this.#jobs.push(this.#job(tape))
    this.#schedule()
  }

  *#job(tape: Taped): Generator<void> {
    try {
      const { folder, content, redact } = this.options
      const recording = yield* tape.recording(content, redact)
      if (!recording) return
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      appendFileSync(recordingFile(folder, recording.traceId), `${JSON.stringify(recording)}\n`, { mode: 0o600 })
    } catch (error) {
      this.options.onFailure(error)
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    inRoot(setImmediate, () => this.#turn())
  }

  #turn(): void {
    this.#isScheduled = false
    const until = now() + TURN_MS
    while (this.#jobs.length > 0 && now() < until) if (this.#jobs[0]!.next().done) this.#jobs.shift()
    if (this.#jobs.length > 0) this.#schedule()
  }

  #finishNow(): void {
    for (const tape of [...this.#open]) tape.end({ by: 'consumer' })
    for (const job of this.#jobs.splice(0)) while (!job.next().done);
  }
}

/** Records one call. Its methods never throw. */
export class Tape implements Taped {
  readonly #startedAt = new Date()
  #lastAt = now()
  readonly #sent: Buffer[] = []
  readonly #body: RequestBody | undefined
  readonly #chunks: { afterMs: number; bytes: Buffer }[] = []
  #head: { readonly status: number; readonly headers: [string, string][] } | undefined
  #size = 0
  #isWhole = false
  #end: CallEnd | undefined

  constructor(
    private readonly span: SpanContext,
    private readonly asked: Asked,
    private readonly done: (tape: Tape) => void,
  ) {
    const { bytes, given } = asked
    // some observers only have the text fields of a form
    if (isForm(given)) this.#body = formBody(given)
    else if (bytes !== undefined) this.sent(bytes)
  }

  /** Receives a piece of the request's body. */
  sent(piece: string | Uint8Array): void {
    const bytes = Buffer.from(piece as Uint8Array)
    this.#size += bytes.length
    if (this.#size <= MOST_BYTES) this.#sent.push(bytes)
  }

  /** @param headers see `keptHeaders` */
  responded(status: number, headers: unknown): void {
    this.#head = { status, headers: keptHeaders(headers) }
  }

  chunk(bytes: Uint8Array): void {
    if (this.#end || bytes.length === 0) return
    const at = now()
    this.#size += bytes.length
    if (this.#size <= MOST_BYTES)
      this.#chunks.push({ afterMs: Math.round(at - this.#lastAt), bytes: Buffer.from(bytes) })
    this.#lastAt = at
  }

  /** Called when the answer is complete by its protocol. Further bytes may follow and be read. */
  whole(): void {
    if (this.#isWhole) return
    this.#isWhole = true
    inRoot(setTimeout, () => this.end({ by: 'server' }), REST_MS).unref()
  }

  /** @param aborted whether the app aborted the call */
  end(how: { readonly by: 'server' | 'consumer' | 'error'; readonly error?: unknown }, aborted = false): void {
    if (this.#end) return
    if (how.by === 'server' || this.#isWhole) this.#end = 'complete'
    else this.#end = how.by === 'error' && !aborted && isLost(how.error) ? 'cut' : 'aborted'
    this.done(this)
  }

  /** Creates the recording. */
  *recording(content: Recording['content'], redact: Redact): Generator<void, Recording> {
    if (this.#size > MOST_BYTES) throw new Error(`a call of ${this.#size} bytes is larger than ${MOST_BYTES}`)
    const { url, header } = this.asked
    const body = this.#body ?? this.#sentBody(header('content-type'))
    yield
    const redacted = redact(body) as RequestBody
    yield
    const pieces = yield* redactAnswer(
      this.#chunks.map(({ bytes }) => bytes),
      redact,
    )
    return {
      version: RECORDING_VERSION,
      traceId: this.span.traceId,
      spanId: this.span.spanId,
      startedAt: this.#startedAt.toISOString(),
      content,
      request: {
        method: this.asked.method ?? 'POST',
        url: String(redact(withoutCredentials(url))),
        headers: comparedHeaders(header),
        body: redacted,
      },
      end: this.#end ?? 'complete',
      ...(this.#head && {
        response: {
          status: this.#head.status,
          headers: this.#head.headers.map(([name, value]): [string, string] => [name, String(redact(value))]),
          chunks: pieces.map((bytes, n) => chunkOf(bytes, this.#chunks[n]!.afterMs)),
        },
      }),
    }
  }

  #sentBody(contentType: string | null | undefined): RequestBody {
    return this.#sent.length === 0 ? { unknown: true } : requestBody(Buffer.concat(this.#sent), contentType)
  }
}

/** Detects a lost connection by the error codes of Node and undici; any other error comes from the client itself, such as a timeout. */
function isLost(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  const codes = [code, (cause as { code?: unknown } | undefined)?.code]
  return codes.some(
    one => typeof one === 'string' && /^(?:E(?!RR_)|UND_ERR_SOCKET|ERR_HTTP2|ERR_STREAM_PREM|HPE_)/.test(one),
  )
}
