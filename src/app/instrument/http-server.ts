// Serves each request of `http` and `https` in a span: OpenTelemetry's spans and metrics, at a fraction of their cost (decision 50).
import type { EventEmitter } from 'node:events'
import { IncomingMessage, type Server, ServerResponse } from 'node:http'
import { slot } from '../runtime'
import { type Observer, observe, replaceEmit, watchEmitters } from './emitters'
import type { Scheme } from './http-attributes'
import { beginCall, emitCall, type ServerRecorder, uncaught } from './server-call'

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
        return call ? emitCall(call, inherited(), this, arguments) : Reflect.apply(inherited(), this, arguments)
      }
    }),
  ]
  return () => {
    isOn = false
    for (const each of undo) each()
  }
}

/** @returns undefined where that fails */
export function begin(
  request: IncomingMessage,
  response: ServerResponse,
  scheme: Scheme,
  recorder: ServerRecorder,
): Observer | undefined {
  const call = beginCall(request, response, response, scheme, recorder)
  if (call) observe(request, call)
  return call
}
