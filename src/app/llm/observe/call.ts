// One LLM call as one span, from the request to the last byte that is read. It does not depend on the client or transport.
import { type Attributes, type Span, type SpanContext, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_ATTEMPT,
  ATTR_AFN_LLM_RESPONSE_COMPLETE,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '../../../../semconv'
import { inputAttributes, outputAttributes } from '../content'
import type { HeaderOf, ParsedRequest } from '../providers/protocol'
import { providerOf } from '../providers/providers'
import type { Tape } from '../record/recorder'
import type { Doc } from '../wire/json'
import { attempted, attemptOf, type Sent } from './attempts'
import type { CallOptions, Readers, RequestInput } from './call-options'
import { isDeadline } from './deadline'
import { type End, failureOf, setFailure } from './failure'
import { comesLater } from './later/memory'
import { openCalls, watch, watchOpenCalls } from './open-calls'
import { ResponseReader } from './response'
import {
  answerAttributes,
  bounded,
  boundedText,
  gatewayCost,
  rateLimitAttributes,
  streamEnd,
  timingAttributes,
  usageSource,
} from './response-attributes'

// Saved at load time, so that an app's fake timers cannot change timestamps of spans.
const { now: clock } = Date
export const elapsed = performance.now.bind(performance)

const MEDIA = /^(?:audio|image|video)\/|octet-stream/i

/** Returns the attributes `server.address` and `server.port` of a request. */
export function serverAttributes({ hostname, port, protocol }: URL): Attributes {
  return {
    [ATTR_SERVER_ADDRESS]: hostname.replace(/^\[(.*)\]$/, '$1'), // an IPv6 address without its brackets
    [ATTR_SERVER_PORT]: port ? Number(port) : protocol === 'http:' ? 80 : 443,
  }
}

export class LlmCall {
  readonly #span: Span
  readonly context: SpanContext
  readonly #startedAt: number
  readonly #started: number
  readonly #sent: Sent | undefined
  readonly #attempt: number | undefined
  /** A call that isn't sampled is only counted, so it skips work that metrics don't need. */
  readonly #isSampled: boolean
  readonly #isContentRead: boolean
  #lastSeen: number
  #firstPiece: number | undefined
  #lastPiece: number | undefined
  #parsed: ParsedRequest | undefined
  /** The request body, which error messages may quote. Released when an answer begins, because it may be large. */
  #request: string | Uint8Array | undefined
  #body: unknown
  #status: number | undefined
  #header: HeaderOf = () => undefined
  #reader: ResponseReader | undefined
  #readers: Readers | undefined
  #deadline = false
  /** Records the call, including bytes that follow the protocol's end mark. */
  readonly tape: Tape | undefined
  /** Also true from the start if nothing is recorded. */
  over = false
  /** Called once at the end. Must not throw. */
  whenOver: (() => void) | undefined

  constructor(
    private readonly options: CallOptions,
    { header, bytes, given, body, parsed }: RequestInput,
  ) {
    const { tracer, protocol, url, parent } = options
    const active = trace.getSpan(parent)
    const now = elapsed()
    this.#started = this.#lastSeen = options.since ?? now
    this.#startedAt = clock() - (now - this.#started)
    this.#parsed = parsed
    const { sent, number, repeats } = attemptOf(active, url.href, bytes, header)
    this.#sent = sent
    this.#attempt = number
    if (repeats) options.repeats?.(repeats)
    const attributes: Attributes = {
      [ATTR_GEN_AI_OPERATION_NAME]: protocol.operation,
      [ATTR_GEN_AI_PROVIDER_NAME]: providerOf(url, protocol.provider),
      ...serverAttributes(url),
      [ATTR_AFN_LLM_ATTEMPT]: this.#attempt,
      ...this.#requestAttributes(),
    }
    this.#span = tracer.startSpan(
      this.#name(),
      { kind: SpanKind.CLIENT, startTime: this.#startedAt, attributes },
      parent,
    )
    this.context = this.#span.spanContext()
    this.#isSampled = (this.context.traceFlags & TraceFlags.SAMPLED) !== 0
    const isTaken = this.#isSampled && (options.content || options.takeContent !== undefined)
    this.#isContentRead = isTaken || options.answered !== undefined
    if (!this.#span.isRecording()) {
      this.over = true
      return
    }
    if (!options.content) this.#request = bytes
    if (this.#isContentRead) this.#setInput(body)
    this.tape = options.record?.()?.begin(this.context, { url, header, bytes, given })
    openCalls.add(this)
    if (!watch.timer) watchOpenCalls()
    options.began?.(active, this.#span)
  }

  /** Called when the body becomes readable only while it is sent. */
  requestRead(body: unknown, parsed: ParsedRequest | undefined): void {
    if (this.over || !parsed) return
    this.#parsed = parsed
    this.#span.updateName(this.#name())
    this.#span.setAttributes(this.#requestAttributes())
    if (this.#isContentRead) this.#setInput(body)
  }

  /** @param readers state of the readers of the answer; without it, only an event ends the call */
  responded(status: number, header: HeaderOf, readers?: Readers, headers?: unknown): void {
    this.tape?.responded(status, headers)
    if (this.over) return
    this.#status = status
    if (status < 400) this.#request = undefined
    // The body may never be read, and then the span would end long after the next attempt has begun.
    else attempted(this.#sent, this.#attempt, this.context, true)
    this.#readers = readers
    this.#header = header
    this.#lastSeen = elapsed()
    const isMedia = this.options.protocol.media === true && MEDIA.test(header('content-type') ?? '')
    this.#reader = this.#readerOf(status < 400 && this.#parsed?.stream === true, status < 400 && isMedia)
    if (this.#isSampled) this.#span.setAttributes(rateLimitAttributes(header, status, clock()))
  }

  chunk(bytes: Uint8Array): void {
    this.tape?.chunk(bytes)
    const reader = this.#reader
    if (this.over || !reader) return
    this.#lastSeen = elapsed()
    const before = reader.pieces
    reader.push(bytes)
    this.#readOn(reader, before)
  }

  /** Handles an event of the answer that came as its own message, without a response head before it. */
  event(data: Doc): void {
    if (this.over) return
    this.#lastSeen = elapsed()
    this.#reader ??= this.#readerOf(true, false)
    const before = this.#reader.pieces
    this.#reader.event(data)
    this.#readOn(this.#reader, before)
  }

  #readerOf(stream: boolean, media: boolean): ResponseReader {
    const options = { choices: this.#parsed?.choices ?? 1, content: this.#isContentRead, stream, media }
    return new ResponseReader(this.options.protocol, options)
  }

  #readOn(reader: ResponseReader, before: number): void {
    if (reader.pieces > before) {
      this.#firstPiece ??= this.#lastSeen
      this.#lastPiece = this.#lastSeen
    }
    // Ends before the body does, because a consumer may stop at the protocol's end mark and leave the rest unread.
    if (reader.ended) this.end({ by: 'server' }, true)
  }

  /** @param early the protocol signals the end, and bytes may follow */
  end(how: End, early = false): void {
    if (early) this.tape?.whole()
    else this.tape?.end(how, this.#aborted(how))
    if (this.over) return
    this.over = true
    this.whenOver?.()
    openCalls.delete(this)
    const at = how.by !== 'error' && how.forgotten ? this.#lastSeen : elapsed()
    try {
      this.#finish(how)
    } finally {
      // Uses the clock of the start, because the wall clock may have been changed since.
      this.#span.end(this.#startedAt + at - this.#started)
    }
  }

  /** Called in the turn in which the app's signal aborts. If part of the answer has arrived, the app has deliberately stopped reading. */
  aborting(): void {
    this.#deadline ||= this.#firstPiece === undefined && isDeadline(elapsed() - this.#started)
  }

  /** Milliseconds since the answer was last read; undefined before it arrives, and while a reader waits for bytes. */
  get unread(): number | undefined {
    return this.#readers && !this.#readers.waiting ? elapsed() - this.#lastSeen : undefined
  }

  /** Whether a reader has begun the answer and then released it. */
  get released(): boolean {
    return this.#readers?.released === true
  }

  /** Called when the answer will not be read further. Never throws. */
  leave(): void {
    try {
      this.end({ by: 'consumer', forgotten: true })
    } catch (error) {
      this.options.trouble(error)
    }
  }

  #finish(how: End): void {
    const { protocol } = this.options
    const span = this.#span
    const read = this.#reader?.end(how.by === 'server')
    const answer = read?.document === undefined ? undefined : protocol.response(read.document, this.#header)
    const failed = (this.#status ?? 0) >= 400
    const complete = read?.complete === true
    const aborted = !complete && this.#aborted(how)
    if (aborted) this.aborting()
    const deadline = aborted && this.#deadline
    const cut = !complete && !aborted && how.by !== 'consumer'
    const told = failed ? undefined : answer?.usage
    const usage = told ?? (this.#status === undefined || failed || answer?.error ? undefined : this.#parsed?.usage)
    const cost = answer?.cost ?? gatewayCost(this.#header, this.#reader?.streamed === true)
    const isAnswered = answer !== undefined && !failed
    const said: Attributes = {
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: this.#status,
      [ATTR_AFN_LLM_USAGE_SOURCE]: protocol.apart ? undefined : usageSource(usage, told !== undefined),
      ...(isAnswered && answerAttributes({ ...answer, usage, cost })),
      ...(this.#firstPiece !== undefined &&
        timingAttributes(this.#started, this.#firstPiece, this.#lastPiece, this.#reader?.pieces ?? 0)),
    }
    if (isAnswered && comesLater(answer, this.#parsed, complete, span.spanContext()))
      said[ATTR_AFN_LLM_RESPONSE_PENDING] = true
    if (read && !failed) said[ATTR_AFN_LLM_RESPONSE_COMPLETE] = complete
    if (!failed && (this.#reader?.streamed || (this.#parsed?.stream && (this.#reader || aborted))))
      said[ATTR_AFN_LLM_STREAM_END] = streamEnd({ complete, aborted, cut })
    span.setAttributes(said)
    if (this.options.content && this.#isSampled && read?.document !== undefined && !failed)
      span.setAttributes(protocol.apart?.output(read.document) ?? outputAttributes(protocol.output(read.document)))
    if (isAnswered && complete) {
      if (this.#isSampled) this.options.takeContent?.(span.spanContext(), protocol, this.#body, read.document)
      this.options.answered?.(read.document)
    }
    if (failed || answer?.error || cut || aborted) {
      const error = how.by === 'error' ? how.error : undefined
      const status = failed ? this.#status : undefined
      const failure = failureOf({ status, providerError: answer?.error, error, cut, aborted, deadline })
      if (failure) setFailure(span, failure, this.options.content, this.#request)
    }
    const isRepeatable = cut || deadline || answer?.error !== undefined
    if (!failed) attempted(this.#sent, this.#attempt, this.context, isRepeatable)
    this.options.ends?.(span, (isAnswered && usage) || {})
  }

  #aborted(how: End): boolean {
    if (how.by === 'server') return false
    if (how.by === 'error' && (how.error as Error | undefined)?.name === 'AbortError') return true
    return this.options.aborted()
  }

  #name(): string {
    const operation = this.#parsed?.operation ?? this.options.protocol.operation
    return this.#parsed?.model ? `${operation} ${boundedText(this.#parsed.model)}` : operation
  }

  #setInput(body: unknown): void {
    if (this.options.takeContent) this.#body = body
    if (!this.options.content || !this.#isSampled || !this.#parsed) return
    const { protocol, url } = this.options
    this.#span.setAttributes(protocol.apart?.input(body, url) ?? inputAttributes(protocol.input(body)))
  }

  #requestAttributes(): Attributes {
    const parsed = this.#parsed
    if (!parsed) return {}
    return bounded({
      ...(parsed.operation && { [ATTR_GEN_AI_OPERATION_NAME]: parsed.operation }),
      ...(parsed.provider && { [ATTR_GEN_AI_PROVIDER_NAME]: providerOf(this.options.url, parsed.provider) }),
      [ATTR_GEN_AI_REQUEST_MODEL]: parsed.model,
      [ATTR_GEN_AI_REQUEST_STREAM]: parsed.stream || undefined,
      ...parsed.attributes,
    })
  }
}
