// LLM calls that go through node's own HTTP clients. Part of the start: the chunk that watches those clients, and the
// instrumentation of `http`, find out here what is an LLM call. They see a request while it is sent, head first.
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
  /** With its query; a proxy's may be a whole URL. */
  readonly path: string
  url(): URL
  header(name: string): string | null
}

/** A request whose first bytes are about to be sent. */
export interface Sending extends Head {
  readonly method: string
  aborted(): boolean
  /** The body as the application passed it, where the client still has it. */
  readonly given?: unknown
  /** OpenTelemetry's own span of this request, where the head alone did not identify it. */
  readonly theirs: Span | undefined
  /** Takes headers out that are not sent yet. */
  without(names: string[]): void
  /** Adds a header to a head that is not sent yet, and has none of that name. */
  adds(name: string, value: string): void
  /** Whether a body of another length can be sent in place of this one, which is all of it; the answer then comes unencoded. */
  replaces(piece: string | Uint8Array, by: string | Uint8Array): boolean
}

/** The handshake of a WebSocket on which a model may be called, and what follows it. */
export interface Handshake {
  /** @param headers of the answer, as the client has them */
  upgraded(status: number, socket: Duplex, headers: unknown): void
  /** The server answers with something else than a WebSocket. */
  refused(status: number, headers: unknown): void
  /** There is no answer: by an error, or because the application gave it up. */
  failed(error: unknown): void
}

export interface Exchange {
  readonly call: LlmCall | FetchedAnswer
  /** Only the answer is of interest: the request stays a plain one. */
  readonly isPlain?: true
  /** We request the counts: this is sent in place of the first piece, and the answer shows none of it. */
  readonly asking?: Asking | undefined
  /** Somebody decides whether it is sent; the piece was all of the body. */
  readonly admission?: Admission | undefined
  /** A further piece of the request's body. */
  sending(piece: string | Uint8Array): void
}

/** On a socket, since a session of HTTP/2 shows its own through a proxy only. */
const UNDICIS = Symbol('afn.undici')

export class HttpCalls {
  #live = true
  readonly #spans = new WeakMap<object, Span>()

  constructor(
    /** With a guard, a request is held until all of its body is known. */
    readonly options: LlmTapOptions,
    private readonly observers: () => Observers,
  ) {}

  /** From now on nothing new is followed. */
  release(): void {
    this.#live = false
  }

  /** A failure of ours; it does not reach the application. */
  trouble(error: unknown): void {
    this.options.onFailure(error, 'http')
  }

  /** @param socket that undici has connected, Node's own or npm's */
  ownedByUndici(socket: object): void {
    Object.defineProperty(socket, UNDICIS, { value: true })
  }

  /** @param socket of a session of HTTP/2 */
  isUndicis(socket: object): boolean {
    return (socket as { [UNDICIS]?: boolean })[UNDICIS] === true
  }

  /** By method and path alone; called for each request. */
  mayBe(method: string | undefined, path: string): boolean {
    if (!this.#live || (method !== 'GET' && method !== 'POST')) return false
    return this.#mayBeRead(method, path) || (method === 'POST' && protocolOf(path) !== undefined)
  }

  /** Whether its answer is of interest, and not what is asked. */
  #mayBeRead(method: string, path: string): boolean {
    return mayComeLater(method, path) || (this.options.record !== undefined && method === 'POST' && isUpload(path))
  }

  /**
   * A request is sent that by its method and path is no call.
   * @param host with its port, where the address has one
   * @param upgrade the header of this name
   */
  isNone(host: unknown, method: string | undefined, path: string, upgrade: unknown): void {
    if (!this.#live || typeof host !== 'string' || method === undefined || isTracingSuppressed(context.active())) return
    countUnobserved(host, reasonOf(method, path, isWebSocket(upgrade)), method, path)
  }

  /** The same for the handshake of a WebSocket. @param upgrade the header of this name */
  mayBeSocket(method: string | undefined, path: string, upgrade: unknown): boolean {
    return this.#live && method === 'GET' && isWebSocket(upgrade) && socketProtocolOf(path) !== undefined
  }

  /** Whether the head of such a handshake alone says that a model is called, so that it is ours to have a span of it. */
  knowsSocket(head: Head): boolean {
    return this.observers().isKnownHost(head)
  }

  openSocket(head: Head): Handshake | undefined {
    const protocol = socketProtocolOf(head.path)
    if (!protocol || isTracingSuppressed(context.active())) return undefined
    return this.observers().openSession(protocol, head, this.options)
  }

  /** Whether the head alone says that what may be an LLM call is one, which OpenTelemetry's instrumentation has to leave to us. */
  knows(head: Head): boolean {
    const protocol = protocolOf(head.path)
    return protocol !== undefined && this.observers().isKnownByHead(protocol, head)
  }

  /** OpenTelemetry made a span of a request that its head did not identify. */
  traced(request: object, span: Span): void {
    this.#spans.set(request, span)
  }

  spanOf(request: object): Span | undefined {
    return this.#spans.get(request)
  }

  /** @param piece of the body, the first; undefined where there is none */
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
