// Chunk `llm-http2`: the hook on the streams of `http2` sessions, which the AWS SDK uses. Loaded when `http2` is loaded. The class of a
// session is not exported, so it is taken from the first session.
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2'
import { hooks } from '../hook'
import { withPropertiesOf } from '../likeness'
import { addressAt } from './address'
import { CallObserver, StreamReaders } from './call-observer'
import type { HttpCalls, Sending } from './calls'
import { HeldRequest } from './held-request'
import { pieceOf } from './piece'

type Connect = typeof http2.connect

/** Sessions are hooked once; a tap that starts after another has stopped takes over the hook. */
let calls: HttpCalls | undefined
let tapped = false

/** @param namespace of the import that loaded the module, if it was an import: its `connect` is a copy */
export function tapSessions(by: HttpCalls, namespace?: unknown): void {
  if (!calls) replaceConnect(http2)
  if (namespace) replaceConnect(namespace as { connect: Connect })
  calls = by
}

function replaceConnect(module: { connect: Connect }): void {
  const native = module.connect
  module.connect = withPropertiesOf(native, function connect(this: unknown, ...args: Parameters<Connect>) {
    const session = Reflect.apply(native, this, args)
    if (!tapped) {
      tapped = true
      tapRequest(Object.getPrototypeOf(session))
    }
    return session
  } as Connect)
}

function tapRequest(prototype: ClientHttp2Session): void {
  const native = prototype.request
  prototype.request = withPropertiesOf(native, function request(this: ClientHttp2Session, ...args) {
    const stream = Reflect.apply(native, this, args)
    try {
      const sent = stream.sentHeaders ?? {}
      const method = String(sent[':method'])
      const path = String(sent[':path'])
      if (!calls || calls.isUndicis(this.socket)) return stream
      if (!calls.mayBe(method, path)) calls.isNone(sent[':authority'], method, path, sent[':protocol'])
      else {
        const pending = new Pending(calls)
        streams.hook(stream, pending)
        // GET requests are ended implicitly
        if (method === 'GET') pending.sent(stream, undefined, undefined)
      }
    } catch (error) {
      calls?.trouble(error)
    }
    return stream
  })
}

/** Both sides send at the same time, so waiting for the end of the request would block it. */
const TWO_WAYS = /-bidirectional-stream$/

/** A stream from its creation; its first bytes show whether it is an LLM call. */
class Pending {
  #looked = false
  #sending: ((piece: string | Uint8Array) => void) | undefined
  observer: CallObserver | undefined

  #held: HeldRequest | undefined

  constructor(private readonly calls: HttpCalls) {}

  /** `write` or `end`. @returns what it returns */
  pass(name: 'write' | 'end', native: () => unknown, args: unknown[], stream: ClientHttp2Stream): unknown {
    const held = this.#heldOf(stream)
    if (held && !held.isOver) return held.take(name, native, args, error => this.calls.trouble(error))
    this.sent(stream, args[0], args[1])
    return native()
  }

  /** With a guard, the body is held until it is complete. The head has been sent, but a model needs the body to start. */
  #heldOf(stream: ClientHttp2Stream): HeldRequest | undefined {
    const sent = stream.sentHeaders
    if (this.#looked || !this.calls.options.guard || sent[':method'] !== 'POST' || TWO_WAYS.test(String(sent[':path'])))
      return this.#held
    this.#looked = true
    const open = (whole: string | Uint8Array) => {
      const exchange = this.calls.open(sendingOf(stream), whole)
      if (exchange) this.observer = new CallObserver(exchange.call, error => this.calls.trouble(error))
      return exchange
    }
    this.#held = new HeldRequest(stream, open, error => this.observer?.end({ by: 'error', error }))
    return this.#held
  }

  sent(stream: ClientHttp2Stream, chunk: unknown, encoding: unknown): void {
    try {
      const piece = pieceOf(chunk, encoding)
      if (this.#looked) {
        if (piece !== undefined) this.#sending?.(piece)
        return
      }
      this.#looked = true
      const exchange = this.calls.open(sendingOf(stream), piece)
      if (!exchange) return
      this.#sending = bytes => exchange.sending(bytes)
      this.observer = new CallObserver(exchange.call, error => this.calls.trouble(error))
    } catch (error) {
      this.calls.trouble(error)
    }
  }
}

function sendingOf(stream: ClientHttp2Stream): Sending {
  const sent = stream.sentHeaders
  const header = (wanted: string) => {
    const value = Object.entries(sent).find(([name]) => name.toLowerCase() === wanted)?.[1]
    return value === undefined ? null : String(value)
  }
  return {
    method: String(sent[':method']),
    path: String(sent[':path']),
    url: () =>
      addressAt(`${sent[':scheme'] ?? 'https'}://${sent[':authority'] ?? header('host')}`, String(sent[':path'])),
    header,
    aborted: () => false, // an abort is an error or a close, and both are seen
    theirs: undefined,
    without() {},
    adds() {}, // the head is sent
    replaces: () => false,
  }
}

/** The AWS SDK leaves the stream open when its reader stops. Only garbage collection of the iterator reveals that. */
const dropped = new FinalizationRegistry<CallObserver>(observer => observer.end({ by: 'consumer', forgotten: true }))

const streams = hooks<Pending, ClientHttp2Stream>({
  write: (pending, native, args, stream) => pending.pass('write', native, args, stream),
  end: (pending, native, args, stream) => pending.pass('end', native, args, stream),
  emit({ observer }, native, [event, argument], stream) {
    if (event === 'timeout' && observer) return observer.timeout(native)
    observer?.guard(() => {
      if (event === 'response') respond(observer, argument as Head, stream)
      else if (event === 'data') observer.chunk(argument, stream.readableEncoding)
      else if (event === 'end' || event === 'close') observer.end({ by: 'server' })
      else if (event === 'error') observer.end({ by: 'error', error: argument })
    })
    return native()
  },
  [Symbol.asyncIterator]({ observer }, native) {
    const iterator = native()
    observer?.guard(() => dropped.register(iterator as AsyncIterator<unknown>, observer))
    return iterator
  },
  close({ observer }, native) {
    observer?.guard(() => observer.destroyed(undefined))
    return native()
  },
  destroy({ observer }, native, [error], stream) {
    // A reset by the other side closes it first, and the error follows.
    observer?.guard(() => {
      if (error || !stream.closed) observer.unread(error)
    })
    return native()
  },
})

type Head = IncomingHttpHeaders & IncomingHttpStatusHeader

function respond(observer: CallObserver, headers: Head, stream: ClientHttp2Stream): void {
  observer.responded(
    Number(headers[':status']),
    name => headers[name] as string | undefined,
    new StreamReaders(stream),
    headers,
  )
}
