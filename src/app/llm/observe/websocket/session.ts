// A WebSocket that carries model calls: one span from its handshake to its end, with a child span for each answer.
import type { Duplex } from 'node:stream'
import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_SESSION_CLOSE_CODE,
  ATTR_AFN_LLM_SESSION_ID,
  ATTR_AFN_LLM_SESSION_RESPONSES,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PROTOCOL_NAME,
} from '../../../../../semconv'
import type { SocketProtocolName } from '../../providers/paths'
import { noHeader, type ParsedRequest, type Protocol } from '../../providers/protocol'
import { isProvider } from '../../providers/providers'
import type { SessionTape } from '../../record/session-tape'
import { failureName } from '../../spans/failure'
import type { Doc } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { pass } from '../admit'
import { elapsed, LlmCall, serverAttributes } from '../call'
import type { End } from '../failure'
import type { Handshake, Head } from '../http/calls'
import { openCalls } from '../open-calls'
import { fail, type LlmTapOptions } from '../options'
import { type MessageSink, Messages, type Moment, type Side } from './messages'
import { type Tap, tapSocket } from './socket'

/** Close codes: normal, going away, no code. */
const NORMAL: ReadonlySet<number> = new Set([1000, 1001, 1005])

/** Turns messages into calls. */
export interface Conversation {
  /** Whether a message can belong to this protocol. Checked once, for an unknown host. */
  isSpokenIn(message: Doc): boolean
  client(message: Doc, moment: Moment, bytes: Buffer | undefined): void
  server(message: Doc, moment: Moment): void
}

/** A request for an answer, or only the answer if the provider started it itself. */
export interface Turn {
  readonly body: Doc
  readonly parsed: ParsedRequest
  readonly bytes?: Buffer | undefined
  readonly moment: Moment
  /** Start time on the clock of `performance.now`, if it started earlier. */
  readonly since?: number | undefined
}

/** An answer in progress. */
export interface Answer {
  readonly call: LlmCall
  /** Whether the app or the speaking user has interrupted it. */
  isStopped: boolean
}

/** At a provider's host, such a path serves nothing else. */
export function isKnownHost(head: Head): boolean {
  return isProvider(head.url().hostname)
}

/** The conversation protocol of a socket. */
export interface Spoken {
  readonly conversation: Conversation
  /** Fields of long messages that are read. */
  readonly fields: Record<Side, Fields>
}

export class Session implements Handshake, MessageSink, Tap {
  readonly url: URL
  readonly isContentWanted: boolean
  /** Whether content is recorded or needed for a decision. */
  readonly isContentRead: boolean
  readonly unread = undefined
  readonly released = false
  readonly #parent = context.active()
  readonly #began = elapsed()
  readonly #messages: Messages
  readonly #conversation: Conversation
  readonly #answers = new Set<Answer>()
  readonly #tape: SessionTape | undefined
  #span: Span | undefined
  #inside: Context | undefined
  #answered = 0
  #status: number | undefined
  #closedBy: Side | undefined
  #code: number | undefined
  #reason = ''
  #how: End | undefined
  #isOver = false

  constructor(
    private readonly protocol: SocketProtocolName,
    speak: (session: Session) => Spoken,
    head: Head,
    private readonly options: LlmTapOptions,
  ) {
    this.url = head.url()
    this.isContentWanted = options.captureContent !== 'off'
    this.isContentRead = this.isContentWanted || options.guard?.readsContent === true
    const { conversation, fields } = speak(this)
    this.#conversation = conversation
    this.#tape = options.record?.()?.beginSession({ url: this.url, header: name => head.header(name) })
    this.#messages = new Messages(fields, this, error => this.trouble(error))
    if (isKnownHost(head)) this.#start()
  }

  trouble(error: unknown): void {
    fail(this.options, error, 'WebSocket')
  }

  // The handshake.

  upgraded(status: number, socket: Duplex, headers: unknown): void {
    this.#status = status
    this.#tape?.responded(status, headers)
    tapSocket(socket, this)
  }

  refused(status: number, headers: unknown): void {
    this.#status = status
    this.#tape?.responded(status, headers)
    this.#end({ by: 'server' })
  }

  failed(error: unknown): void {
    this.#end(error === undefined ? { by: 'consumer' } : { by: 'error', error })
  }

  // Traffic on the socket.

  bytes(side: Side, bytes: Uint8Array): void {
    const context_ = side === 'client' ? context.active() : undefined
    if (this.#isOver) return
    this.#tape?.bytes(side, bytes)
    this.#messages.push(bytes, { side, at: elapsed(), context: context_ })
  }

  /** Only the first call counts, because anything after an end is its consequence. */
  ended(how: End): void {
    if (this.#how) return
    this.#how = how
    this.#messages.end(() => this.#end(how))
  }

  message(message: Doc, moment: Moment, bytes: Buffer | undefined): void {
    if (!this.#span && !this.#conversation.isSpokenIn(message)) return this.#leaveAlone()
    this.#start()
    if (moment.side === 'client') this.#conversation.client(message, moment, bytes)
    else this.#conversation.server(message, moment)
  }

  other(): void {
    if (!this.#span) this.#leaveAlone()
  }

  closing(side: Side, code: number, reason: string): void {
    if (this.#closedBy) return
    this.#closedBy = side
    this.#code = code
    this.#reason = reason
  }

  lost(why: string): void {
    if (this.#span) this.trouble(new Error(why))
    this.#finish({ by: 'consumer', forgotten: true })
  }

  /** Called when the socket will not be read further. Never throws. */
  leave(): void {
    try {
      this.#finish({ by: 'consumer', forgotten: true })
    } catch (error) {
      this.trouble(error)
    }
  }

  // Answers on the socket.

  open(protocol: Protocol, { body, parsed, bytes, moment, since }: Turn): Answer {
    const { tracer, began, repeats, ends, guard } = this.options
    const parent = this.#parentIn(moment.context)
    const attributes: Attributes = { ...parsed.attributes, [ATTR_AFN_LLM_SESSION_ID]: this.#span?.spanContext().spanId }
    const asked = { ...parsed, attributes }
    let answer: Answer
    const callOptions = {
      tracer,
      began,
      repeats,
      ends,
      content: this.isContentWanted,
      protocol,
      url: this.url,
      parent,
      since: since ?? moment.at,
      aborted: () => answer.isStopped || this.#closedBy === 'client',
      trouble: (error: unknown) => this.trouble(error),
    }
    const call = new LlmCall(
      guard ? pass(guard, callOptions, this.protocol, asked, bytes ?? '', 'websocket', body) : callOptions,
      { header: noHeader, bytes, body, parsed: asked },
    )
    answer = { call, isStopped: false }
    this.#answers.add(answer)
    this.#answered++
    return answer
  }

  close(answer: Answer, how: End): void {
    this.#answers.delete(answer)
    answer.call.end(how)
  }

  /** The parent of a request: the span that was active when the app sent it; otherwise, or if that span has ended, the session. */
  #parentIn(asked: Context | undefined): Context {
    const inside = this.#inside ?? this.#parent
    const active = asked && trace.getSpan(asked)
    if (!active || active === trace.getSpan(this.#parent)) return inside
    const isSampled = (active.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    // On a long-lived socket, the span that was active when sending may have ended long ago.
    return isSampled && !active.isRecording() ? inside : asked
  }

  #start(): void {
    if (this.#span) return
    const { url } = this
    this.#span = this.options.tracer.startSpan(
      `websocket ${this.protocol.split('-')[1]}`,
      {
        kind: SpanKind.CLIENT,
        startTime: Date.now() - (elapsed() - this.#began),
        attributes: {
          [ATTR_NETWORK_PROTOCOL_NAME]: 'websocket',
          ...serverAttributes(url),
        },
      },
      this.#parent,
    )
    if (this.#span.isRecording()) this.#tape?.of(this.#span.spanContext())
    this.#inside = trace.setSpan(this.#parent, this.#span)
    openCalls.add(this)
  }

  /** Stops observing, because the socket carries no model calls. */
  #leaveAlone(): void {
    this.#isOver = true
    this.#messages.stop()
    this.#tape?.end({ by: 'consumer' })
  }

  /** The side that sends the close frame ends the connection; later errors don't count. */
  #end(how: End): void {
    const isRefusal = this.#code !== undefined && !NORMAL.has(this.#code)
    if (!this.#closedBy && how.by === 'consumer') this.#closedBy = 'client'
    if (this.#closedBy === 'client') this.#finish({ by: 'consumer' })
    else if (this.#closedBy && isRefusal) this.#finish({ by: 'error', error: new Closed(this.#code, this.#reason) })
    else this.#finish(this.#closedBy ? { by: 'server' } : how)
  }

  #finish(how: End): void {
    if (this.#isOver) return
    this.#tape?.end(how)
    this.#leaveAlone()
    openCalls.delete(this)
    for (const answer of this.#answers) this.close(answer, how)
    const span = this.#span
    if (!span) return
    const isRefused = (this.#status ?? 101) >= 400
    span.setAttributes({
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: this.#status,
      [ATTR_AFN_LLM_SESSION_RESPONSES]: this.#answered,
      [ATTR_AFN_LLM_SESSION_CLOSE_CODE]: this.#code,
    })
    if (isRefused || how.by === 'error') {
      span.setAttribute(ATTR_ERROR_TYPE, how.by === 'error' ? failureName(how.error) : String(this.#status))
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end()
  }
}

class Closed extends Error {
  override name = 'WebSocketClosed'
  readonly code: string
  constructor(code: number | undefined, reason: string) {
    super(reason || `The server closed the WebSocket with ${code}`)
    this.code = String(code)
  }
}
