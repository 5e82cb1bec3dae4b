// Records each request that `http` and `https` send: OpenTelemetry's spans and metrics. Node gets the arguments of the app as they
// are; the trace headers are added to the request that comes back (decision 50).
import type { EventEmitter } from 'node:events'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import {
  type Attributes,
  type Context,
  context as contextApi,
  propagation as propagationApi,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ERROR_TYPE_VALUE_OTHER,
} from '@opentelemetry/semantic-conventions'
import { type Observer, observe, type Watcher } from './emitters'
import { methodName, type Scheme } from './http-attributes'
import { isUrl, readRequest, requestAttributes, responseAttributes, responseSeries } from './http-client-attributes'
import { recordError } from './request-error'

// a member of another chunk is read through a function each time
const context = contextApi
const propagation = propagationApi

export type Send = (this: unknown, ...args: unknown[]) => ClientRequest

/** What the instrumentation gives. */
export interface ClientRecorder {
  readonly tracer: Tracer
  readonly watcher: Watcher
  /** Requests of which nothing is recorded. */
  isIgnored(options: RequestOptions): boolean
  began(span: Span, request: ClientRequest): void
  requestHeaders(request: ClientRequest): Attributes
  responseHeaders(response: IncomingMessage): Attributes
  duration(ms: number, attributes: Attributes): void
  failed(error: unknown): void
}

/** @param send Node's `request` */
export function traced(send: Send, scheme: Scheme, recorder: ClientRecorder): Send {
  return function request(this: unknown, ...args) {
    const call = begin(args, scheme, recorder)
    if (!call) return Reflect.apply(send, this, args)
    let request: ClientRequest
    try {
      request = context.with(call.inside, () => Reflect.apply(send, this, call.args))
    } catch (error) {
      call.fail(error)
      return again(error)
    }
    call.sent(request)
    return request
  }
}

/**
 * Throws what Node has thrown. For an exception that ends the process Node prints the line of the last `throw`, which would be
 * a minified one of ours, but none that has these words in it (its src/node_errors.cc).
 */
const { 'node-do-not-add-exception-line': again } = {
  'node-do-not-add-exception-line'(error: unknown): never {
    throw error
  },
}

function begin(args: unknown[], scheme: Scheme, recorder: ClientRecorder): ClientCall | undefined {
  try {
    const asked = readRequest(args, scheme)
    return asked && !recorder.isIgnored(asked) ? new ClientCall(args, asked, scheme, recorder) : undefined
  } catch (error) {
    recorder.failed(error)
    return undefined
  }
}

class ClientCall implements Observer {
  /** In which the app's listeners run: that of who asks. */
  readonly context = context.active()
  /** In which the request is made. */
  readonly inside: Context
  /** For Node. */
  readonly args: unknown[]
  readonly #recorder: ClientRecorder
  readonly #span: Span
  readonly #series: Attributes
  readonly #startedAt = performance.now()
  readonly #traceHeaders: Record<string, string> = {}
  #request: ClientRequest | undefined
  #isOver = false

  constructor(args: unknown[], options: RequestOptions, scheme: Scheme, recorder: ClientRecorder) {
    const attributes = requestAttributes(options, scheme)
    this.#series = Object.fromEntries(
      [ATTR_HTTP_REQUEST_METHOD, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT].map(key => [key, attributes[key]]),
    )
    this.#recorder = recorder
    this.#span = recorder.tracer.startSpan(methodName(attributes), { kind: SpanKind.CLIENT, attributes })
    this.inside = trace.setSpan(this.context, this.#span)
    propagation.inject(this.inside, this.#traceHeaders)
    this.args = isWrittenAtOnce(options.headers) ? withHeaders(args, added(options.headers, this.#traceHeaders)) : args
  }

  sent(request: ClientRequest): void {
    this.#guard(() => {
      this.#request = request
      this.#recorder.watcher.watch(request)
      observe(request, this)
      if (!request.headersSent)
        for (const [name, value] of Object.entries(this.#traceHeaders)) request.setHeader(name, value)
      this.#recorder.began(this.#span, request)
    })
  }

  emitted(emitter: EventEmitter, event: unknown, argument: unknown): void {
    if (event === 'error') return this.fail(argument)
    if (emitter !== this.#request) {
      if (event === 'end') this.#end(() => this.#answered(emitter as IncomingMessage))
    } else if (event === 'response') {
      this.#guard(() => this.#began(emitter as ClientRequest, argument as IncomingMessage))
    } else if (event === 'close') {
      this.#end(() => {})
    }
  }

  fail(error: unknown): void {
    this.#end(() => {
      this.#series[ATTR_ERROR_TYPE] = recordError(this.#span, error)
    })
  }

  #began(request: ClientRequest, response: IncomingMessage): void {
    this.#recorder.watcher.watch(response)
    observe(response, this)
    Object.assign(this.#series, responseSeries(response))
    this.#span
      .setAttributes(responseAttributes(response))
      .setAttributes(this.#recorder.requestHeaders(request))
      .setAttributes(this.#recorder.responseHeaders(response))
  }

  #answered({ statusCode = 0, aborted, complete }: IncomingMessage): void {
    const isCut = aborted && !complete
    const isError = isCut || statusCode < 100 || statusCode >= 400
    if (isError) this.#span.setAttribute(ATTR_ERROR_TYPE, isCut ? ERROR_TYPE_VALUE_OTHER : String(statusCode))
    this.#span.setStatus({ code: isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET })
  }

  #end(say: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#guard(() => {
      say()
      this.#span.end()
      this.#recorder.duration(performance.now() - this.#startedAt, this.#series)
    })
  }

  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#recorder.failed(error)
    }
  }
}

type Headers = RequestOptions['headers'] | readonly unknown[]

/** Node writes these when it makes the request; to all others some can be added after that. */
function isWrittenAtOnce(headers: Headers): boolean {
  return Array.isArray(headers) || Object.keys(headers ?? {}).some(name => name.toLowerCase() === 'expect')
}

function added(headers: Headers, more: Record<string, string>): Headers {
  if (!Array.isArray(headers)) return { ...headers, ...more } as Headers
  const entries = Object.entries(more)
  // a list of pairs, or names and values in turn
  return [...headers, ...(Array.isArray(headers[0]) ? entries : entries.flat())]
}

/** With other headers in the options, which Node copies in the same way. */
function withHeaders([first, second, ...rest]: unknown[], headers: Headers): unknown[] {
  if (typeof first !== 'string' && !isUrl(first)) return [{ ...(first as object), headers }, second, ...rest]
  return typeof second === 'function'
    ? [first, { headers }, second]
    : [first, { ...(second as object), headers }, ...rest]
}
