// Chunk `llm-undici`: LLM calls of the npm package `undici`, whichever of its functions makes them (`fetch`, `request`, `stream`,
// `pipeline`, an Agent's `dispatch`), bundled or not. Loaded at the first request whose path may be one.
// In all versions from 5 on, its diagnostics channels report a request, its head, its end and its failure. The bytes pass through methods
// of the request object, which have the same names in 5 to 7 and new ones in 8. The channels `undici:request:bodyChunkSent` and
// `bodyChunkReceived` have them only from 7.12 on, and never report whether the app still reads.
import { subscribe } from 'node:diagnostics_channel'
import { context } from '@opentelemetry/api'
import { hooks } from '../hook'
import { addressAt } from './address'
import { CallObserver } from './call-observer'
import type { Exchange, Head, HttpCalls, Sending } from './calls'
import { heldBody, isIterable } from './held-body'
import { followHandshake, type Shaking } from './undici-handshake'

/** The fields of undici's own request object that are read. Its type is not public. */
export interface UndiciRequest {
  readonly method: string
  readonly path: string
  readonly origin: string | URL
  /** Alternating names and values; in version 5 one text. */
  readonly headers: string | readonly unknown[]
  readonly contentType?: string | null
  readonly host?: string | null
  /** Has no effect once the head is sent. */
  addHeader?(name: string, value: string): unknown
  body: unknown
  contentLength?: number | null
  readonly upgrade?: string | null
  readonly aborted: boolean
  /** Up to version 7. */
  onData?(chunk: Uint8Array): unknown
  onResponseData?(chunk: Uint8Array): unknown
}

const NOTHING_YET = new Uint8Array(0)
const seen = new WeakMap<object, Followed | Shaking>()
let subscribed = false

/** @returns whether the request is an LLM call, judged by its head or its body before it is sent */
export function followRequest(calls: HttpCalls, request: UndiciRequest): boolean {
  if (!subscribed) {
    subscribed = true
    on(calls, 'headers', (followed, { response }) => followed.responded(response))
    on(calls, 'trailers', followed => followed.end({ by: 'server' }))
    on(calls, 'error', (followed, { error }) => followed.failed(error))
  }
  const known = seen.get(request)
  if (known) return known.isCall
  if (request.upgrade) {
    const shaking = followHandshake(calls, request, headOf(request))
    if (shaking) seen.set(request, shaking)
    return shaking?.isCall === true
  }
  const followed = new Followed(calls, request)
  seen.set(request, followed)
  followed.open()
  if (followed.isFollowed || followed.mayStillBe) requests.hook(request, followed)
  return followed.isCall
}

interface Message {
  readonly request: object
  readonly response: Response
  readonly error: unknown
}

interface Response {
  readonly statusCode: number
  readonly headers: readonly unknown[] | Record<string, unknown>
}

/** Guards the subscriber, because an error thrown by a subscriber becomes an uncaught error of the app. */
function on(calls: HttpCalls, name: string, tell: (followed: Followed | Shaking, message: Message) => void): void {
  subscribe(`undici:request:${name}`, message => {
    try {
      const followed = seen.get((message as Message).request)
      if (followed) tell(followed, message as Message)
    } catch (error) {
      calls.trouble(error)
    }
  })
}

function headOf(request: UndiciRequest): Head {
  const named = typeof request.headers === 'string' ? linesOf(request.headers) : pairsOf(request.headers)
  return {
    path: request.path,
    url: () => addressAt(new URL(request.origin).origin, request.path),
    header: name => (name === 'host' ? request.host : undefined) ?? headerOf(named, name) ?? null,
  }
}

class Followed {
  readonly #context = context.active()
  #exchange: Exchange | undefined
  #observer: CallObserver | undefined
  #answered = false
  #isOver = false
  mayStillBe = false
  /** Whether the app currently accepts no bytes, so that the connection holds them back. */
  paused = false

  constructor(
    private readonly calls: HttpCalls,
    private readonly request: UndiciRequest,
  ) {}

  get isFollowed(): boolean {
    return this.#exchange !== undefined
  }

  get isCall(): boolean {
    return this.#exchange !== undefined && !this.#exchange.isPlain
  }

  get waiting(): boolean {
    return !this.paused
  }

  /** Called before the request is sent. A body that is not a buffer is seen while it is sent: fetch creates a generator even for a text. */
  open(): void {
    const { body } = this.request
    if (body === null || body === undefined) return this.#begin(this.#sending(), undefined)
    const whole = body instanceof Uint8Array ? body : textsOf(body)
    const sending = this.#sending()
    if (this.calls.options.guard && this.#hold(body, whole)) return
    if (whole || this.calls.knows(sending)) this.#begin(sending, whole ?? NOTHING_YET)
    else this.mayStillBe = true
  }

  /**
   * Holds the body until a guard has decided.
   * @returns whether the body can be held
   */
  #hold(body: unknown, whole: string | Uint8Array | undefined): boolean {
    const begin = (bytes: Uint8Array) => context.with(this.#context, () => this.#begin(this.#sending(), bytes))
    if (body instanceof Uint8Array) {
      begin(body)
      if (!this.#exchange?.admission) return true
      // other kinds of bodies are sent chunked if their length is unknown
      this.request.contentLength ??= body.length
      // `replaces` may have replaced the app's body
      this.request.body = heldBody(this.request.body as Uint8Array, () => this.#exchange?.admission, this.request)
    } else {
      if (whole !== undefined || !isIterable(body)) return false
      this.mayStillBe = true
      const opened = (bytes: Uint8Array) => {
        this.mayStillBe = false
        this.guard(() => begin(bytes))
        return this.#exchange?.admission
      }
      this.request.body = heldBody(body, opened, this.request)
    }
    return true
  }

  sent(chunk: unknown): void {
    const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : undefined
    if (bytes === undefined) return
    if (this.#exchange) {
      if (!(this.request.body instanceof Uint8Array || this.#exchange.admission)) this.#exchange.sending(bytes)
    } else if (this.mayStillBe) {
      this.mayStillBe = false
      // At this point, the connection's context is active.
      context.with(this.#context, () => this.#begin(this.#sending(), bytes))
    }
  }

  received(chunk: unknown): void {
    this.#observer?.chunk(chunk, null)
  }

  /** Bytes for the app instead of the received or buffered ones; undefined if it gets them unchanged. */
  shown(bytes?: Uint8Array): Uint8Array | undefined {
    return this.#isOver || !this.#observer?.hides ? undefined : this.#observer.shown(bytes)
  }

  over(): void {
    this.#isOver = true
  }

  responded({ statusCode, headers }: Response): void {
    if (statusCode < 200) return
    this.#answered = true
    const named = Array.isArray(headers) ? pairsOf(headers) : Object.entries(headers)
    this.#observer?.responded(statusCode, name => headerOf(named, name), this, named)
  }

  failed(error: unknown): void {
    // The error with which undici destroys a body that is no longer read; an aborted signal has its own error.
    const isLeft = this.#answered && (error as { code?: unknown } | undefined)?.code === 'UND_ERR_ABORTED'
    this.end(isLeft ? { by: 'consumer' } : { by: 'error', error })
  }

  end(how: Parameters<CallObserver['end']>[0]): void {
    this.#observer?.end(how)
  }

  guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.calls.trouble(error)
    }
  }

  #begin(sending: Sending, piece: string | Uint8Array | undefined): void {
    this.#exchange = this.calls.open(sending, piece)
    if (!this.#exchange) return
    const { call, asking } = this.#exchange
    this.#observer = new CallObserver(call, error => this.calls.trouble(error), asking)
  }

  #sending(): Sending {
    const { request, calls } = this
    const head = headOf(request)
    return {
      ...head,
      method: request.method,
      given: request.body,
      aborted: () => request.aborted,
      theirs: calls.spanOf(request),
      without() {}, // the head is sent, or has none
      adds: (name, value) => void request.addHeader?.(name, value),
      replaces(_, by) {
        // if a body is not a buffer, which is always true for `fetch`, its length is sent before its bytes are seen
        if (!(request.body instanceof Uint8Array)) return false
        if (head.header('accept-encoding') !== null) return false
        request.body = Buffer.from(by)
        if (typeof request.contentLength === 'number') request.contentLength = Buffer.byteLength(by)
        return true
      },
    }
  }
}

/** The text fields of a form as JSON. undici only sets the bytes and the content type of a form while it is sent. */
function textsOf(body: unknown): string | undefined {
  const form = body as Partial<FormData> & { [Symbol.toStringTag]?: unknown }
  if (form[Symbol.toStringTag] !== 'FormData' || typeof form.entries !== 'function') return undefined
  return JSON.stringify(Object.fromEntries([...form.entries()].filter(([, value]) => typeof value === 'string')))
}

const requests = hooks<Followed, UndiciRequest>({
  onBodySent(followed, native, [chunk]) {
    followed.guard(() => followed.sent(chunk))
    return native()
  },
  onData: received,
  onResponseData: received,
  onComplete: ended,
  onResponseEnd: ended,
  onError: ended,
  onResponseError: ended,
})

function received(followed: Followed, native: () => unknown, args: unknown[]): unknown {
  const [chunk] = args
  const shown = chunk instanceof Uint8Array ? followed.shown(chunk) : undefined
  if (shown?.length === 0) return !followed.paused // nothing yet: it goes on as it went
  if (shown) args[0] = shown
  else followed.guard(() => followed.received(chunk))
  const goesOn = native()
  followed.paused = goesOn === false
  return goesOn
}

/** Passes buffered bytes on before the end. */
function ended(followed: Followed, native: () => unknown, _: unknown[], request: UndiciRequest): unknown {
  followed.guard(() => {
    const rest = followed.shown()
    if (!rest?.length) return
    followed.over()
    ;(request.onData ?? request.onResponseData)?.call(request, rest)
  })
  return native()
}

type Pairs = readonly (readonly [name: unknown, value: unknown])[]

function pairsOf(headers: readonly unknown[]): Pairs {
  const pairs: [unknown, unknown][] = []
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at], headers[at + 1]])
  return pairs
}

function linesOf(headers: string): Pairs {
  return headers.split('\r\n').map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trim()]
  })
}

/** Names and values are text or raw bytes. */
function headerOf(pairs: Pairs, name: string): string | undefined {
  const value = pairs.find(([key]) => String(key).toLowerCase() === name)?.[1]
  return value === undefined || value === null ? undefined : String(Array.isArray(value) ? value[0] : value)
}
