// Chunk `llm-http`: the hook on `http.ClientRequest`, through which every request of `http` and `https` goes, however the app obtained
// `request`: a named import of an ES module, a bundle, or another wrapper. Loaded when the first of the two modules is loaded.
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Asking } from '../fetch/include-usage'
import { hooks } from '../hook'
import { addressAt } from './address'
import { CallObserver, StreamReaders } from './call-observer'
import type { Exchange, Handshake, HttpCalls, Sending } from './calls'
import { HeldRequest } from './held-request'
import { pieceOf } from './piece'

type Method = (...args: unknown[]) => unknown

/** Each request is inspected once, before its first bytes. */
const seen = new WeakMap<ClientRequest, Exchange | undefined>()
/** Requests are hooked once; a tap that starts after another has stopped takes over the hook. */
let calls: HttpCalls | undefined

export function tapRequests(by: HttpCalls): void {
  const first = calls === undefined
  calls = by
  if (first) for (const name of ['write', 'end'] as const) tapMethod(http.ClientRequest.prototype, name)
}

function tapMethod(prototype: ClientRequest, name: 'write' | 'end'): void {
  const native = prototype[name] as Method
  const method = {
    [name](this: ClientRequest, chunk?: unknown, encoding?: unknown, _callback?: unknown): unknown {
      let asking: Asking | undefined
      const held = calls?.options.guard && hold(calls, this, name, native, arguments)
      if (held) return held.result
      if (calls?.mayBe(this.method, this.path)) asking = look(calls, this, chunk, encoding)
      else if (calls && name === 'end' && !this.writableEnded) lookAtOther(calls, this)
      if (!asking) return Reflect.apply(native, this, arguments)
      const [, ...others] = arguments
      return Reflect.apply(native, this, [asking.body, ...others])
    },
  }
  Object.defineProperty(prototype, name, { value: method[name], enumerable: true, configurable: true, writable: true })
}

const heldRequests = new WeakMap<ClientRequest, HeldRequest>()

/** @returns undefined if the bytes are sent unchanged; otherwise the return value of `write` or `end` */
function hold(
  calls: HttpCalls,
  request: ClientRequest,
  name: 'write' | 'end',
  native: Method,
  args: IArguments,
): { readonly result: unknown } | undefined {
  let held = heldRequests.get(request)
  if (!held) {
    // a request that is partly sent can no longer be held
    if (seen.has(request) || request.method !== 'POST' || !calls.mayBe(request.method, request.path)) return undefined
    held = new HeldRequest(request, whole => {
      const exchange = calls.open(sendingOf(request, calls.spanOf(request)), whole)
      seen.set(request, exchange)
      if (exchange)
        requests.hook(request, new CallObserver(exchange.call, error => calls.trouble(error), exchange.asking))
      return exchange
    })
    heldRequests.set(request, held)
  }
  if (held.isOver) return undefined
  return { result: held.take(name, native, [...args], error => calls.trouble(error)) }
}

/** Handles a request whose path shows that it is not a call, but whose WebSocket may carry calls. */
function lookAtOther(calls: HttpCalls, request: ClientRequest): void {
  try {
    const { method, path } = request
    const upgrade = request.getHeader('upgrade')
    if (!calls.mayBeSocket(method, path, upgrade)) {
      calls.isNone(request.getHeader('host'), method, path, upgrade)
    } else if (!seen.has(request)) {
      seen.set(request, undefined)
      const handshake = calls.openSocket(sendingOf(request, undefined))
      if (handshake) handshakes.hook(request, handshake)
    }
  } catch (error) {
    calls.trouble(error)
  }
}

/** @returns what to send instead of the piece, if anything */
function look(calls: HttpCalls, request: ClientRequest, chunk: unknown, encoding: unknown): Asking | undefined {
  try {
    const piece = pieceOf(chunk, encoding)
    if (seen.has(request)) {
      if (piece !== undefined) seen.get(request)?.sending(piece)
      return undefined
    }
    const exchange = calls.open(sendingOf(request, calls.spanOf(request)), piece)
    seen.set(request, exchange)
    if (!exchange) return undefined
    const { call, asking } = exchange
    requests.hook(request, new CallObserver(call, error => calls.trouble(error), asking))
    return asking?.isLater === false ? asking : undefined
  } catch (error) {
    calls.trouble(error)
    return undefined
  }
}

const handshakes = hooks<Handshake, ClientRequest>({
  emit(handshake, native, [event, argument, socket], request) {
    try {
      const { statusCode = 0, rawHeaders } = (argument ?? {}) as IncomingMessage
      if (event === 'upgrade') handshake.upgraded(statusCode, socket as Duplex, rawHeaders)
      else if (event === 'response') handshake.refused(statusCode, rawHeaders)
      else if (event === 'error') handshake.failed(request.aborted ? undefined : argument)
    } catch (error) {
      calls?.trouble(error)
    }
    return native()
  },
})

function sendingOf(request: ClientRequest, theirs: Sending['theirs']): Sending {
  const header = (name: string) => {
    const value = request.getHeader(name)
    return value === undefined ? null : String(value)
  }
  return {
    method: request.method,
    path: request.path,
    url: () => addressAt(`${request.protocol}//${header('host') ?? request.host}`, request.path),
    header,
    aborted: () => request.aborted,
    theirs,
    without(names) {
      if (!request.headersSent) for (const name of names) request.removeHeader(name)
    },
    adds(name, value) {
      if (!request.headersSent) request.setHeader(name, value)
    },
    replaces(piece, by) {
      // sent headers cannot change, and headers passed as a list are sent at once
      if (request.headersSent) return false
      const length = header('content-length')
      if (length !== null && Number(length) !== Buffer.byteLength(piece)) return false
      if (length !== null) change(request, 'content-length', Buffer.byteLength(by))
      if (header('accept-encoding') !== null) change(request, 'accept-encoding', 'identity')
      return true
    },
  }
}

/** Keeps the app's spelling of the name. */
function change(request: ClientRequest, name: string, value: string | number): void {
  const spelt = request.getRawHeaderNames().find(other => other.toLowerCase() === name) ?? name
  request.setHeader(spelt, typeof request.getHeader(name) === 'number' ? value : String(value))
}

const requests = hooks<CallObserver, ClientRequest>({
  emit(observer, native, [event, argument]) {
    if (event === 'timeout') return observer.timeout(native)
    if (event === 'response') {
      observer.guard(() => respond(observer, argument as IncomingMessage))
      const hasListener = native()
      if (!hasListener) observer.end({ by: 'consumer' }) // node throws the body away
      return hasListener
    }
    observer.guard(() => {
      if (event === 'error') observer.end({ by: 'error', error: argument })
      else if (event === 'close') observer.end({ by: 'consumer' }) // nobody read on
    })
    return native()
  },
  abort(observer, native) {
    observer.guard(() => {
      if (calledByStreams()) observer.end({ by: 'consumer' })
    })
    return native()
  },
  destroy(observer, native, [error]) {
    observer.guard(() => observer.destroyed(error))
    return native()
  },
})

/** Whether Node's streams called `abort`, because a reader leaves its loop or fails, and not the app. */
function calledByStreams(): boolean {
  return new Error().stack?.includes('(node:internal/streams/destroy:') === true
}

function respond(observer: CallObserver, response: IncomingMessage): void {
  observer.responded(
    response.statusCode ?? 0,
    name => response.headers[name] as string | undefined,
    new StreamReaders(response),
    response.rawHeaders,
  )
  responses.hook(response, observer)
  if (observer.hides) filtered.hook(response, { observer, over: false })
}

/** The bytes that Node's parser passes to the answer, before they are read. */
const filtered = hooks<{ readonly observer: CallObserver; over: boolean }, IncomingMessage>({
  push(hiding, native, args, response) {
    if (hiding.over) return native()
    const [bytes] = args
    if (bytes === null) {
      flush(hiding, response)
      return native()
    }
    if (!(bytes instanceof Uint8Array)) return native()
    const shown = hiding.observer.shown(bytes)
    if (shown.length === 0) return true // nothing yet: it goes on as if nothing had come
    args[0] = shown
    return native()
  },
  destroy(hiding, native, _, response) {
    flush(hiding, response)
    return native()
  },
})

/** Emits buffered bytes that the app could have read; a `data` listener gets them before the stream is destroyed. */
function flush(hiding: { readonly observer: CallObserver; over: boolean }, response: IncomingMessage): void {
  if (hiding.over) return
  hiding.over = true
  const rest = hiding.observer.shown()
  if (rest.length > 0 && !response.destroyed) response.push(rest)
}

/** Whichever way a stream is read, each chunk is emitted as `data` at the moment its reader receives it. */
const responses = hooks<CallObserver, IncomingMessage>({
  emit(observer, native, [event, argument], response) {
    observer.guard(() => {
      if (event === 'data') observer.chunk(argument, response.readableEncoding)
      else if (event === 'end') observer.end({ by: 'server' })
      else if (event === 'error') observer.end({ by: 'error', error: argument })
      else if (event === 'close') observer.end({ by: 'consumer' })
    })
    return native()
  },
  destroy(observer, native, [error]) {
    observer.guard(() => observer.unread(error))
    return native()
  },
})
