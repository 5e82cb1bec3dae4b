// An OTLP/HTTP receiver, https://opentelemetry.io/docs/specs/otlp/#otlphttp.
import { createServer, type IncomingMessage } from 'node:http'
import type { Signal } from '../shared/config/otlp'
import { type AccessPolicy, isAllowedOrigin, refusalOf } from './access-policy'
import { Load, Refused, readBody, type Share } from './body'
import { corsHeaders, isPreflight } from './cors'
import { type Listening, listen } from './listen'
import { accepted, type Encoding, type OtlpResponse, refused } from './otlp-answer'
import { refusedFor, type Takers, takeRequest } from './otlp-request'

export interface ReceiverOptions extends Takers {
  /** 0 or undefined for a free port. */
  readonly port?: number
  /** Loopback without a token by default. */
  readonly access?: AccessPolicy
  /** Limits the bytes that all receivers hold together. */
  readonly load?: Load
}

/** Its `url` is the value for OTEL_EXPORTER_OTLP_ENDPOINT. */
export type Receiver = Listening

const loopback: AccessPolicy = { host: '127.0.0.1' }

/** @throws if the port is in use */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { port = 0, access = loopback, load = new Load() } = options
  const server = createServer(async (request, response) => {
    const share = load.share()
    const { status, headers, body } = await answer(request, options, access, share).finally(() => share.release())
    const signal = signalOf(request)
    if (signal) options.onAnswered?.(signal, status)
    // an idle connection would delay `close`
    if (!server.listening) response.setHeader('connection', 'close')
    if (isAllowedOrigin(request.headers.origin, access)) {
      for (const [name, value] of Object.entries(corsHeaders(request))) response.setHeader(name, value)
    }
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  })
  return listen(server, port, access.host)
}

const signals = new Map<string | undefined, Signal>([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
])
const encodings = new Map<string | undefined, Encoding>([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
])

const signalOf = ({ url }: IncomingMessage): Signal | undefined => signals.get(url?.split('?', 1)[0])

/** Never rejects. */
async function answer(
  request: IncomingMessage,
  options: ReceiverOptions,
  access: AccessPolicy,
  share: Share,
): Promise<OtlpResponse> {
  if (isPreflight(request) && isAllowedOrigin(request.headers.origin, access)) {
    return { status: 204, headers: {}, body: '' }
  }
  const signal = signalOf(request)
  const encoding = encodings.get(request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase())
  try {
    const { headers, socket } = request
    const refusal = refusalOf({ headers, path: request.url ?? '', localAddress: socket.localAddress }, access)
    if (refusal) throw new Refused(refusal.status, refusal.message)
    if (!signal) throw new Refused(404, `not here; there are ${[...signals.keys()].join(', ')}`)
    if (request.method !== 'POST') throw new Refused(405, 'send a POST')
    if (!encoding) throw new Refused(415, `content-type has to be one of ${[...encodings.keys()].join(', ')}`)
    const bytes = await readBody(request, share)
    return accepted(signal, encoding, await takeRequest(signal, encoding, bytes, options))
  } catch (error) {
    const { status, message, retryAfter } = refusedFor(error, encoding)
    // a client that is still sending would not read the answer
    if (!request.readableEnded && !request.destroyed) {
      request.resume()
      await new Promise(resolve => request.once('close', resolve))
    }
    const answer = refused(encoding, status, message)
    if (retryAfter !== undefined) answer.headers['retry-after'] = String(retryAfter)
    return answer
  }
}
