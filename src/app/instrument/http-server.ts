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
import { RPCType, suppressTracing } from '@opentelemetry/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
  ERROR_TYPE_VALUE_OTHER,
} from '@opentelemetry/semantic-conventions'
import { slot } from '../runtime'
import { emitIn, type Observer, observe, replaceEmit, watchEmitters } from './emitters'
import { methodName, type Scheme } from './http-attributes'
import { serverAttributes } from './http-server-attributes'
import { RequestContext } from './request-context'
import { activeRequest, type RequestMetadata, recordError } from './request-error'

// a member of another chunk is read through a function each time
const context = contextApi
const propagation = propagationApi

/** What the instrumentation gives. */
export interface ServerRecorder {
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
export function traceServer(server: typeof Server, scheme: Scheme, recorder: ServerRecorder): () => void {
  let isOn = true
  slot().uncaught = uncaught
  const undo = [
    ...[IncomingMessage, ServerResponse].map(({ prototype }) => watchEmitters(prototype)),
    replaceEmit(server.prototype, inherited => {
      return function emit(this: EventEmitter, event: unknown, request?: unknown, response?: unknown) {
        const call =
          event === 'request' && isOn
            ? begin(request as IncomingMessage, response as ServerResponse, scheme, recorder)
            : undefined
        if (!call) return Reflect.apply(inherited(), this, arguments)
        let isDone = false
        try {
          const result = emitIn(call.context, inherited(), this, arguments)
          isDone = true
          return result
        } finally {
          // not caught: Node prints the line of the last `throw` for an exception that ends the process
          if (!isDone && call instanceof ServerCall) threw(call)
        }
      }
    }),
  ]
  return () => {
    isOn = false
    for (const each of undo) each()
  }
}

/** Requests whose handlers have just thrown, the innermost first. What was thrown is known when nobody catches it. */
const throwing = new Set<ServerCall>()

function threw(call: ServerCall): void {
  if (throwing.size === 0) {
    // an exception that nobody catches comes before this
    process.nextTick(() => {
      for (const each of throwing) each.fail()
      throwing.clear()
    })
  }
  throwing.add(call)
}

/** An exception that nobody catches. @returns the context of the request that it came out of */
function uncaught(error: unknown): Context {
  const request = activeRequest()
  const [call = request instanceof ServerCall ? request : undefined] = throwing
  if (throwing.size === 0) call?.crashed(error)
  for (const each of throwing) each.fail({ error })
  throwing.clear()
  return call?.context ?? context.active()
}

function begin(
  request: IncomingMessage,
  response: ServerResponse,
  scheme: Scheme,
  recorder: ServerRecorder,
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

/** `error` is absent where somebody has caught it. */
interface Failure {
  readonly error?: unknown
}

/** Frameworks find it in the context, and say what they know: it is what OpenTelemetry calls the metadata of a request. */
class ServerCall implements Observer, RequestMetadata {
  readonly type = RPCType.HTTP
  readonly span: Span
  // by `declare` there is no member before it is known, as in OpenTelemetry's
  declare route?: string
  declare error?: unknown
  readonly context: Context
  /** Both until the response is closed: a context lives as long as any work that began in it, and holds this. */
  #request: IncomingMessage | undefined
  #response: ServerResponse | undefined
  readonly #recorder: ServerRecorder
  readonly #attributes: Attributes
  readonly #startedAt: number
  #inner: ServerCall | undefined
  #isOver = false

  constructor(request: IncomingMessage, response: ServerResponse, scheme: Scheme, recorder: ServerRecorder) {
    const attributes = serverAttributes(request, scheme)
    if (recorder.requestHeaders) Object.assign(attributes, recorder.requestHeaders(request))
    this.#startedAt = performance.now()
    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    this.span = recorder.tracer.startSpan(methodName(attributes), { kind: SpanKind.SERVER, attributes }, parent)
    this.context = new RequestContext(parent, this)
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
    if (event === 'close') this.#end()
    else this.#end({ error: argument })
    this.#inner?.emitted(emitter, event, argument)
    if (event === 'close') this.#request = this.#response = this.#inner = undefined
  }

  fail(known: Failure = {}): void {
    this.#end(known)
  }

  /** Something that it started threw, and nobody catches it. */
  crashed(error: unknown): void {
    this.error = error
    // where that ends the process there is no later end of the request
    const isCaught = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()
    if (!isCaught && this.#response?.writableEnded === false) this.fail({ error })
  }

  #end(failure?: Failure): void {
    if (this.#isOver) return
    this.#isOver = true
    try {
      if (failure) this.#failed(failure)
      else this.#finished()
    } catch (error) {
      this.#recorder.failed(error)
    }
  }

  #failed(failure: Failure): void {
    if ('error' in failure) return this.#record(undefined, undefined, recordError(this.span, failure.error))
    this.span.setAttribute(ATTR_ERROR_TYPE, ERROR_TYPE_VALUE_OTHER).setStatus({ code: SpanStatusCode.ERROR })
    this.#record(undefined, undefined, ERROR_TYPE_VALUE_OTHER)
  }

  #finished(): void {
    const { span, route } = this
    const response = this.#response as ServerResponse
    const { statusCode, writableEnded } = response
    if (this.#recorder.responseHeaders) span.setAttributes(this.#recorder.responseHeaders(response))
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode)
    if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
    if (!(statusCode >= 100 && statusCode < 500))
      span.setAttribute(ATTR_ERROR_TYPE, String(statusCode)).setStatus({ code: SpanStatusCode.ERROR })
    if (this.error !== undefined && (statusCode >= 500 || !writableEnded)) recordError(span, this.error)
    if (route) span.updateName(`${methodName(this.#attributes)} ${route}`)
    this.#record(statusCode, route, undefined)
  }

  #record(status: number | undefined, route: string | undefined, error: string | undefined): void {
    this.span.end()
    const series = seriesOf(
      this.#attributes[ATTR_HTTP_REQUEST_METHOD] as string,
      this.#attributes[ATTR_URL_SCHEME] as string,
      this.#request?.httpVersion ?? '',
      status,
      route,
      error,
    )
    this.#recorder.duration(performance.now() - this.#startedAt, series)
  }
}

/** What a duration is recorded for, by what it is found. */
interface DurationSeries {
  readonly method: string
  readonly scheme: string
  readonly version: string
  readonly status: number | undefined
  readonly error: string | undefined
  readonly attributes: Attributes
}

/** Of a route. Beyond it they are made anew: a route has some, by method and status. */
const mostSeries = 64
/** Routes are what an app has; whoever writes one for each request writes many. */
const mostRoutes = 2_000
const known = new Map<string | undefined, DurationSeries[]>()

/**
 * The same frozen object for the same series, since the metrics SDK finds the series of such an object without writing its
 * attributes out (src/app/sdk/measurements.ts). Found without a key of all parts: making and hashing one for each request was a
 * thirtieth of what a request costs.
 */
function seriesOf(
  method: string,
  scheme: string,
  version: string,
  status: number | undefined,
  route: string | undefined,
  error: string | undefined,
): Attributes {
  let ofRoute = known.get(route)
  for (const one of ofRoute ?? []) {
    const isSame = one.status === status && one.method === method && one.error === error && one.version === version
    if (isSame && one.scheme === scheme) return one.attributes
  }
  const errorType = error ?? (status !== undefined && status >= 500 && status < 600 ? String(status) : undefined)
  const attributes = Object.freeze({
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_SCHEME]: scheme,
    ...(version && { [ATTR_NETWORK_PROTOCOL_VERSION]: version }),
    ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }),
    ...(status && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    ...(errorType !== undefined && { [ATTR_ERROR_TYPE]: errorType }),
  })
  if (!ofRoute || ofRoute.length >= mostSeries) {
    if (known.size >= mostRoutes) known.clear()
    ofRoute = []
    known.set(route, ofRoute)
  }
  ofRoute.push({ method, scheme, version, status, error, attributes })
  return attributes
}
