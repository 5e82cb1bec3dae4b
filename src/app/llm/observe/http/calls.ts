// LLM calls made by Node's own HTTP clients. Part of the start: the chunk that hooks those clients, and the instrumentation of `http`, use
// this to identify LLM calls. They see a request while it is sent, head first.
import type { Duplex } from 'node:stream'
import { context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { AFN_LLM_UNOBSERVED_REASON_VALUE_BODY } from '../../../../../semconv'
import {
  isUpload,
  mayComeLater,
  type ProtocolName,
  protocolAt,
  type SocketProtocolName,
  socketProtocolAt,
} from '../../providers/paths'
import type { LlmCall } from '../call'
import type { Asking } from '../fetch/include-usage'
import type { FetchedAnswer } from '../later/fetched-answer'
import type { Admission, LlmTapOptions, Observers } from '../options'
import { countUnobserved, reasonOf } from '../unobserved'

/** The head of a request. */
export interface Head {
  /** Includes the query; may be a whole URL for a proxy. */
  readonly path: string
  url(): URL
  header(name: string): string | null
}

/** A request whose first bytes are about to be sent. */
export interface Sending extends Head {
  readonly method: string
  aborted(): boolean
  /** The body as the app passed it, if the client still has it. */
  readonly given?: unknown
  /** OpenTelemetry's own span of this request, if the head alone did not identify it as an LLM call. */
  readonly theirs: Span | undefined
  /** Removes headers that are not sent yet. */
  without(names: string[]): void
  /** Adds a header to a head that is not sent yet and does not have it. */
  adds(name: string, value: string): void
  /** Whether the piece is the whole body, and a body of another length can be sent instead; the answer is then requested unencoded. */
  replaces(piece: string | Uint8Array, by: string | Uint8Array): boolean
}

/** The handshake of a WebSocket that may carry model calls, and the frames after it. */
export interface Handshake {
  /** @param headers of the answer, as the client has them */
  upgraded(status: number, socket: Duplex, headers: unknown): void
  /** The server answers without upgrading to a WebSocket. */
  refused(status: number, headers: unknown): void
  /** There is no answer, because of an error or because the app gave up. */
  failed(error: unknown): void
}

export interface Exchange {
  readonly call: LlmCall | FetchedAnswer
  /** Only the answer matters; the request is traced as a plain one. */
  readonly isPlain?: true
  /** Set if we request usage: this body is sent instead of the first piece, and the usage is hidden from the app. */
  readonly asking?: Asking | undefined
  /** Set if a guard decides whether the request is sent; the piece is then the whole body. */
  readonly admission?: Admission | undefined
  /** Called with each further piece of the request's body. */
  sending(piece: string | Uint8Array): void
}

/** Set on sockets, because an HTTP/2 session exposes its socket only through a proxy. */
const UNDICIS = Symbol('afn.undici')

export class HttpCalls {
  #live = true
  readonly #spans = new WeakMap<object, Span>()

  constructor(
    /** With a guard, a request is held until its whole body is known. */
    readonly options: LlmTapOptions,
    private readonly observers: () => Observers,
  ) {}

  /** Stops following new requests. */
  release(): void {
    this.#live = false
  }

  /** Reports a failure of our own; it does not reach the app. */
  trouble(error: unknown): void {
    this.options.onFailure(error, 'http')
  }

  /** @param socket connected by undici, Node's own or the npm package */
  ownedByUndici(socket: object): void {
    Object.defineProperty(socket, UNDICIS, { value: true })
  }

  /** @param socket of a session of HTTP/2 */
  isUndicis(socket: object): boolean {
    return (socket as { [UNDICIS]?: boolean })[UNDICIS] === true
  }

  /** Whether this may be an LLM call, by method and path alone; called for each request. */
  mayBe(method: string | undefined, path: string): boolean {
    if (!this.#live || (method !== 'GET' && method !== 'POST')) return false
    return this.#mayBeRead(method, path) || (method === 'POST' && protocolOf(path) !== undefined)
  }

  /** Whether the answer matters, but not the request. */
  #mayBeRead(method: string, path: string): boolean {
    return mayComeLater(method, path) || (this.options.record !== undefined && method === 'POST' && isUpload(path))
  }

  /**
   * Called when a request is sent whose method and path show that it is not an LLM call.
   * @param host with its port, if the address has one
   * @param upgrade the header of this name
   */
  isNone(host: unknown, method: string | undefined, path: string, upgrade: unknown): void {
    if (!this.#live || typeof host !== 'string' || method === undefined || isTracingSuppressed(context.active())) return
    countUnobserved(host, reasonOf(method, path, isWebSocket(upgrade)), method, path)
  }

  /** Like `mayBe`, for the handshake of a WebSocket. @param upgrade the header of this name */
  mayBeSocket(method: string | undefined, path: string, upgrade: unknown): boolean {
    return this.#live && method === 'GET' && isWebSocket(upgrade) && socketProtocolOf(path) !== undefined
  }

  /** Whether the head of the handshake alone identifies a model call, so that we create its span. */
  knowsSocket(head: Head): boolean {
    return this.observers().isKnownHost(head)
  }

  openSocket(head: Head): Handshake | undefined {
    const protocol = socketProtocolOf(head.path)
    if (!protocol || isTracingSuppressed(context.active())) return undefined
    return this.observers().openSession(protocol, head, this.options)
  }

  /** Whether the head alone identifies an LLM call, so that OpenTelemetry's instrumentation has to leave it to us. */
  knows(head: Head): boolean {
    const protocol = protocolOf(head.path)
    return protocol !== undefined && this.observers().isKnownByHead(protocol, head)
  }

  /** Remembers the span that OpenTelemetry made for a request that its head did not identify. */
  traced(request: object, span: Span): void {
    this.#spans.set(request, span)
  }

  spanOf(request: object): Span | undefined {
    return this.#spans.get(request)
  }

  /** @param piece the first piece of the body; undefined if there is no body */
  open(sending: Sending, piece: string | Uint8Array | undefined): Exchange | undefined {
    const { method, path } = sending
    if (!this.#live || isTracingSuppressed(context.active())) return undefined
    const protocol = method === 'POST' ? protocolOf(path) : undefined
    if (!protocol)
      return this.#mayBeRead(method, path) ? this.observers().openReading(sending, piece, this.options) : undefined
    if (piece === undefined) return undefined
    const exchange = this.observers().openExchange(protocol, sending, piece, this.options)
    if (exchange === 'no call')
      countUnobserved(sending.header('host') ?? sending.url().host, AFN_LLM_UNOBSERVED_REASON_VALUE_BODY, method, path)
    return exchange === 'no call' ? undefined : exchange
  }
}

function protocolOf(path: string): ProtocolName | undefined {
  return protocolAt(withoutQuery(path))
}

function socketProtocolOf(path: string): SocketProtocolName | undefined {
  return socketProtocolAt(withoutQuery(path))
}

function withoutQuery(path: string): string {
  const end = path.indexOf('?')
  return end < 0 ? path : path.slice(0, end)
}

function isWebSocket(upgrade: unknown): boolean {
  return typeof upgrade === 'string' && upgrade.toLowerCase() === 'websocket'
}
