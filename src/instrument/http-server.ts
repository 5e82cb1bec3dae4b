// Serves each request of `http` and `https` in a span: OpenTelemetry's spans and metrics, at a fraction of their cost (decision 50).
import type { EventEmitter } from 'node:events'
import { IncomingMessage, type Server, ServerResponse } from 'node:http'
import {
  type Attributes,
  type Context,
  context as contextApi,
  propagation as propagationApi,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api'
import { type RPCMetadata, RPCType, suppressTracing } from '@opentelemetry/core'
import { setSpanWithError } from '@opentelemetry/instrumentation-http/build/src/utils'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions'
import { type Observer, observe, replaceEmit, watchEmitters } from './emitters'
import { type Scheme, serverAttributes } from './http-server-attributes'
import { RequestContext } from './request-context'

// a member of another chunk is read through a function each time
const context = contextApi
const propagation = propagationApi

/** What the instrumentation gives. */
export interface Recorder {
  readonly tracer: Tracer
  /** Requests of which nothing is recorded, nor of what happens while they are served. */
  isIgnored(request: IncomingMessage): boolean
  /** Attributes of the headers that the settings name; absent where they name none. */
  requestHeaders?(request: IncomingMessage): Attributes
  responseHeaders?(response: ServerResponse): Attributes
  duration(ms: number, attributes: Attributes): void
  failed(error: unknown): void
}

/**
 * @param server the class of `http` or `https`
 * @returns takes everything away again
 */
export function traceServer(server: typeof Server, scheme: Scheme, recorder: Recorder): () => void {
  let isOn = true
  const undo = [
    ...[IncomingMessage, ServerResponse].map(({ prototype }) => watchOnce(prototype)),
    replaceEmit(server.prototype, inherited => {
      return function emit(this: EventEmitter, event: unknown, request?: unknown, response?: unknown) {
        const call =
          event === 'request' && isOn
            ? begin(request as IncomingMessage, response as ServerResponse, scheme, recorder)
            : undefined
        if (!call) return Reflect.apply(inherited(), this, arguments)
        let isDone = false
        try {
          const result = context.with(call.context, () => Reflect.apply(inherited(), this, arguments))
          isDone = true
          return result
        } finally {
          // not caught: Node prints the line of the last `throw` for an exception that ends the process
          if (!isDone) call.emitted(response as EventEmitter, 'error', new Error('the code that was called threw'))
        }
      }
    }),
  ]
  return () => {
    isOn = false
    for (const each of undo) each()
  }
}

/** The classes of messages belong to `http` and `https` both. */
const watched = new Map<object, Watch>()

interface Watch {
  users: number
  readonly stop: () => void
}

function watchOnce(prototype: object): () => void {
  const watch: Watch = watched.get(prototype) ?? { users: 0, stop: watchEmitters(prototype, () => watch.users > 0) }
  watched.set(prototype, watch)
  watch.users++
  return () => {
    if (--watch.users > 0) return
    watched.delete(prototype)
    watch.stop()
  }
}

function begin(
  request: IncomingMessage,
  response: ServerResponse,
  scheme: Scheme,
  recorder: Recorder,
): Observer | undefined {
  try {
    const call = recorder.isIgnored(request)
      ? { context: suppressTracing(context.active()), emitted() {} }
      : new ServerCall(request, response, scheme, recorder)
    observe(request, call)
    const before = observe(response, call)
    // a server that hands its requests on to another one
    if (before instanceof ServerCall && call instanceof ServerCall) before.handOn(call)
    return call
  } catch (error) {
    recorder.failed(error)
    return undefined
  }
}

class ServerCall implements Observer {
  readonly context: Context
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #recorder: Recorder
  readonly #span: Span
  readonly #metadata: RPCMetadata
  readonly #attributes: Attributes
  readonly #startedAt: number
  #inner: ServerCall | undefined
  #isOver = false

  constructor(request: IncomingMessage, response: ServerResponse, scheme: Scheme, recorder: Recorder) {
    const attributes = serverAttributes(request, scheme)
    if (recorder.requestHeaders) Object.assign(attributes, recorder.requestHeaders(request))
    this.#startedAt = performance.now()
    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    this.#span = recorder.tracer.startSpan(request.method || 'GET', { kind: SpanKind.SERVER, attributes }, parent)
    this.#metadata = { type: RPCType.HTTP, span: this.#span }
    this.context = new RequestContext(parent, this.#metadata)
    this.#attributes = attributes
    this.#request = request
    this.#response = response
    this.#recorder = recorder
  }

  handOn(inner: ServerCall): void {
    if (this.#inner) this.#inner.handOn(inner)
    else this.#inner = inner
  }

  emitted(emitter: EventEmitter, event: unknown, argument: unknown): void {
    if (emitter !== this.#response || (event !== 'close' && event !== 'error')) return
    try {
      if (!this.#isOver) {
        this.#isOver = true
        if (event === 'close') this.#finish()
        else this.#fail(argument)
      }
    } catch (error) {
      this.#recorder.failed(error)
    }
    this.#inner?.emitted(emitter, event, argument)
  }

  #finish(): void {
    const span = this.#span
    const { statusCode } = this.#response
    const { route } = this.#metadata
    if (this.#recorder.responseHeaders) span.setAttributes(this.#recorder.responseHeaders(this.#response))
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode)
    if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
    if (!(statusCode >= 100 && statusCode < 500)) span.setStatus({ code: SpanStatusCode.ERROR })
    if (route) span.updateName(`${this.#request.method || 'GET'} ${route}`)
    this.#end(statusCode, route, undefined)
  }

  #fail(error: unknown): void {
    setSpanWithError(this.#span, error as Error)
    this.#end(undefined, undefined, (error as Error).name)
  }

  #end(status: number | undefined, route: string | undefined, error: string | undefined): void {
    this.#span.end()
    const series = seriesOf(
      this.#attributes[ATTR_HTTP_REQUEST_METHOD] as string,
      this.#attributes[ATTR_URL_SCHEME] as string,
      this.#request.httpVersion,
      status,
      route,
      error,
    )
    this.#recorder.duration(performance.now() - this.#startedAt, series)
  }
}

/** Beyond it they are made anew; a server has some per route and status. */
const mostSeries = 2_000
const known = new Map<string, Attributes>()

/**
 * The same frozen object for the same series, since the metrics SDK finds the series of such an object without writing its
 * attributes out (src/sdk/hash-attributes.ts).
 */
function seriesOf(
  method: string,
  scheme: string,
  version: string,
  status: number | undefined,
  route: string | undefined,
  error: string | undefined,
): Attributes {
  const key = `${method} ${scheme} ${version} ${status} ${error} ${route}`
  const before = known.get(key)
  if (before) return before
  const errorType = error ?? (status !== undefined && status >= 500 && status < 600 ? String(status) : undefined)
  const series = Object.freeze({
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_SCHEME]: scheme,
    ...(version && { [ATTR_NETWORK_PROTOCOL_VERSION]: version }),
    ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }),
    ...(status && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    ...(errorType !== undefined && { [ATTR_ERROR_TYPE]: errorType }),
  })
  if (known.size >= mostSeries) known.clear()
  known.set(key, series)
  return series
}
