// Serves each stream of `http2` in a span, as `http-server.ts` does a request: those of the API of HTTP/1, which begin as a stream too,
// and those of HTTP/1 that a secure server takes beside them. Upstream has no instrumentation of it.
import type { EventEmitter } from 'node:events'
import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type http2 from 'node:http2'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { slot } from '../runtime'
import { type Observer, observe, observerOf, replaceEmit, Watcher, watchEmitters } from './emitters'
import type { ServedRequest } from './http-attributes'
import { begin } from './http-server'
import { beginCall, emitCall, type ServedResponse, type ServerRecorder, uncaught } from './server-call'

type Http2 = typeof http2

/** @returns takes everything away again */
export function traceHttp2Server(module: Http2, recorder: ServerRecorder): () => void {
  const { Http2ServerRequest, Http2ServerResponse } = module
  const streams = new Watcher()
  let isOn = true
  slot().uncaught = uncaught

  /** Of what a server emits, where it is the beginning of a request. */
  function callOf(server: EventEmitter, event: unknown, first: unknown, second: unknown): Observer | undefined {
    if (event === 'stream') return beginStream(server, first as ServerHttp2Stream, second as IncomingHttpHeaders)
    if (event !== 'request') return undefined
    if (first instanceof IncomingMessage) return begin(first, second as ServerResponse, 'https', recorder)
    if (first instanceof Http2ServerRequest) follow(first, second as EventEmitter)
    return undefined
  }

  function beginStream(server: EventEmitter, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    // `@grpc/grpc-js` serves bare streams, and has spans of RPC by its own instrumentation; a tunnel is no request
    const isRpc =
      String(headers['content-type']).startsWith('application/grpc') && server.listenerCount('request') === 0
    if (isRpc || headers[':protocol'] !== undefined) return undefined
    streams.watch(stream)
    const scheme = stream.session?.encrypted ? 'https' : 'http'
    return beginCall(requestOf(stream, headers), responseOf(stream), stream, scheme, recorder)
  }

  /** What the app listens to of a stream in the API of HTTP/1 is emitted by these two. */
  function follow(request: http2.Http2ServerRequest, response: EventEmitter): void {
    const call = observerOf(request.stream)
    if (!call) return
    for (const emitter of [request, response]) observe(emitter, call)
  }

  const undo = [
    () => streams.stop(),
    ...[IncomingMessage, ServerResponse, Http2ServerRequest, Http2ServerResponse].map(({ prototype }) =>
      watchEmitters(prototype),
    ),
    ...serverPrototypes(module).map(prototype =>
      replaceEmit(prototype, inherited => {
        return function emit(this: EventEmitter, event: unknown, first?: unknown, second?: unknown) {
          const call = isOn ? callOf(this, event, first, second) : undefined
          return call ? emitCall(call, inherited(), this, arguments) : Reflect.apply(inherited(), this, arguments)
        }
      }),
    ),
  ]
  return () => {
    isOn = false
    for (const each of undo) each()
  }
}

/** Both classes are known by their instances alone. */
const serverPrototypes = ({ createServer, createSecureServer }: Http2): object[] =>
  [createServer(), createSecureServer()].map(server => Object.getPrototypeOf(server))

function requestOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): ServedRequest {
  const { ':method': method, ':path': url, ':authority': authority } = headers
  const isNamed = headers.host !== undefined || authority === undefined
  return {
    method: method as string,
    url: url as string,
    headers: isNamed ? headers : { ...headers, host: authority },
    httpVersion: '2',
    socket: stream.session?.socket ?? {},
  } as ServedRequest
}

function responseOf(stream: ServerHttp2Stream): ServedResponse {
  const sent = (): OutgoingHttpHeaders => stream.sentHeaders ?? {}
  return {
    get statusCode() {
      return sent()[':status'] as number | undefined
    },
    get writableEnded() {
      return stream.writableEnded
    },
    getHeader: name => sent()[name],
  }
}
