// A request that a server serves, of HTTP/1 or of a stream of HTTP/2: its span, its context and its duration.
import type { EventEmitter } from 'node:events'
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
  ATTR_URL_SCHEME,
  ERROR_TYPE_VALUE_OTHER,
} from '@opentelemetry/semantic-conventions'
import { seriesOf } from './duration-series'
import { type Emit, emitIn, type Observer, observe } from './emitters'
import { type Header, methodName, type Scheme, type ServedRequest } from './http-attributes'
import { serverAttributes } from './http-server-attributes'
import { RequestContext } from './request-context'
import { activeRequest, type RequestMetadata, recordError } from './request-error'

// a member of another chunk is read through a function each time
const context = contextApi
const propagation = propagationApi

export interface ServedResponse {
  /** Absent before HTTP/2 has sent one; of HTTP/1 it is 200 until the app says another one. */
  readonly statusCode: number | undefined
  readonly writableEnded: boolean
  getHeader(name: string): Header
}

/** What the instrumentation gives. */
export interface ServerRecorder {
  readonly tracer: Tracer
  /** Requests of which nothing is recorded, nor of what happens while they are served. */
  isIgnored(request: ServedRequest): boolean
  /** Attributes of the headers that the settings name; absent where they name none. */
  requestHeaders?(request: ServedRequest): Attributes
  responseHeaders?(response: ServedResponse): Attributes
  duration(ms: number, attributes: Attributes): void
  failed(error: unknown): void
}

/**
 * @param emitter whose `close` is the end of the request, and whose `error` is its failure
 * @returns undefined where that fails
 */
export function beginCall(
  request: ServedRequest,
  response: ServedResponse,
  emitter: EventEmitter,
  scheme: Scheme,
  recorder: ServerRecorder,
): Observer | undefined {
  try {
    const call = recorder.isIgnored(request)
      ? { context: suppressTracing(context.active()), emitted() {} }
      : new ServerCall(request, response, emitter, scheme, recorder)
    const before = observe(emitter, call)
    // a server that hands its requests on to another one
    if (before instanceof ServerCall && call instanceof ServerCall) before.handOn(call)
    return call
  } catch (error) {
    recorder.failed(error)
    return undefined
  }
}

/** Has a server emit a request in its context, and notes what its listeners throw. */
export function emitCall(call: Observer, emit: Emit, emitter: EventEmitter, args: IArguments): boolean {
  let isDone = false
  try {
    const result = emitIn(call.context, emit, emitter, args)
    isDone = true
    return result
  } finally {
    // not caught: Node prints the line of the last `throw` for an exception that ends the process
    if (!isDone && call instanceof ServerCall) threw(call)
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
export function uncaught(error: unknown): Context {
  const request = activeRequest()
  const [call = request instanceof ServerCall ? request : undefined] = throwing
  if (throwing.size === 0) call?.crashed(error)
  for (const each of throwing) each.fail({ error })
  throwing.clear()
  return call?.context ?? context.active()
}

/** `error` is absent where somebody has caught it. */
interface Failure {
  readonly error?: unknown
}

/** Frameworks find it in the context, and say what they know: it is what OpenTelemetry calls the metadata of a request. */
export class ServerCall implements Observer, RequestMetadata {
  readonly type = RPCType.HTTP
  readonly span: Span
  // by `declare` there is no member before it is known, as in OpenTelemetry's
  declare route?: string
  declare error?: unknown
  readonly context: Context
  /** Both until the response is closed: a context lives as long as any work that began in it, and holds this. */
  #emitter: EventEmitter | undefined
  #response: ServedResponse | undefined
  readonly #recorder: ServerRecorder
  readonly #attributes: Attributes
  readonly #version: string
  readonly #startedAt: number
  #inner: ServerCall | undefined
  #isOver = false

  constructor(
    request: ServedRequest,
    response: ServedResponse,
    emitter: EventEmitter,
    scheme: Scheme,
    recorder: ServerRecorder,
  ) {
    const attributes = serverAttributes(request, scheme)
    if (recorder.requestHeaders) Object.assign(attributes, recorder.requestHeaders(request))
    this.#startedAt = performance.now()
    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    this.span = recorder.tracer.startSpan(methodName(attributes), { kind: SpanKind.SERVER, attributes }, parent)
    this.context = new RequestContext(parent, this)
    this.#attributes = attributes
    this.#version = request.httpVersion
    this.#emitter = emitter
    this.#response = response
    this.#recorder = recorder
  }

  handOn(inner: ServerCall): void {
    if (this.#inner) this.#inner.handOn(inner)
    else this.#inner = inner
  }

  emitted(emitter: EventEmitter, event: unknown, argument: unknown): void {
    if (emitter !== this.#emitter || (event !== 'close' && event !== 'error')) return
    if (event === 'close') this.#end()
    else this.#end({ error: argument })
    this.#inner?.emitted(emitter, event, argument)
    if (event === 'close') this.#emitter = this.#response = this.#inner = undefined
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
    const response = this.#response as ServedResponse
    const { statusCode, writableEnded } = response
    if (this.#recorder.responseHeaders) span.setAttributes(this.#recorder.responseHeaders(response))
    if (statusCode !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode)
    if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
    if (statusCode !== undefined && !(statusCode >= 100 && statusCode < 500))
      span.setAttribute(ATTR_ERROR_TYPE, String(statusCode)).setStatus({ code: SpanStatusCode.ERROR })
    if (this.error !== undefined && ((statusCode ?? 0) >= 500 || !writableEnded)) recordError(span, this.error)
    if (route) span.updateName(`${methodName(this.#attributes)} ${route}`)
    this.#record(statusCode, route, undefined)
  }

  #record(status: number | undefined, route: string | undefined, error: string | undefined): void {
    this.span.end()
    const series = seriesOf(
      this.#attributes[ATTR_HTTP_REQUEST_METHOD] as string,
      this.#attributes[ATTR_URL_SCHEME] as string,
      this.#version,
      status,
      route,
      error,
    )
    this.#recorder.duration(performance.now() - this.#startedAt, series)
  }
}
