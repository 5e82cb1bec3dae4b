// An OTLP/HTTP receiver, https://opentelemetry.io/docs/specs/otlp/#otlphttp.
import { createServer, type IncomingMessage } from 'node:http'
import { fromJson } from '../otlp/from-json'
import { fromProtobuf } from '../otlp/from-protobuf'
import { requestMessages } from '../otlp/messages'
import { type Document, Malformed, TooMany } from '../otlp/schema'
import type { TracesData } from '../otlp/trace'
import { nextTurn } from '../otlp/turns'
import { weighJson, weighProtobuf } from '../otlp/weight'
import { type AccessPolicy, isAllowedOrigin, refusalOf } from './access-policy'
import { Load, Refused, readBody, type Share } from './body'
import { corsHeaders, isPreflight } from './cors'
import { reasonFor } from './faults'
import { type Listening, listen } from './listen'
import { type Answer, accepted, type Encoding, type PartialSuccess, refused, type Signal } from './otlp-answer'

/** What was not taken, which the answer says. When it rejects, the client sends the request again. */
type Taken = PartialSuccess | undefined | Promise<PartialSuccess | undefined>

export interface ReceiverOptions {
  /** 0 or none: a free one. */
  readonly port?: number
  /** Loopback, and nobody needs a token, unless it is given. */
  readonly access?: AccessPolicy
  /** The requests come in the shape of OTLP JSON, however they were sent. */
  readonly onTraces: (request: TracesData) => Taken
  readonly onMetrics: (request: Document) => Taken
  readonly onLogs: (request: Document) => Taken
  /** In place of the three, for requests that come in protobuf: they are not decoded. May throw Malformed. */
  readonly onProtobuf?: (signal: Signal, request: Buffer) => Taken
  /** An answer to a request of OTLP, as a status of HTTP. */
  readonly onAnswered?: (signal: Signal, status: number) => void
  /** The body of each request of OTLP, unpacked, before it is decoded. */
  readonly onBytes?: (signal: Signal, bytes: Buffer) => void
}

/** Its `url` is what OTEL_EXPORTER_OTLP_ENDPOINT is to be. */
export type Receiver = Listening

const loopback: AccessPolicy = { host: '127.0.0.1' }

/** @throws when the port is taken */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { port = 0, access = loopback } = options
  const load = new Load()
  const server = createServer(async (request, response) => {
    const share = load.share()
    const { status, headers, body } = await answer(request, options, access, share).finally(() => share.release())
    const signal = signalOf(request)
    if (signal) options.onAnswered?.(signal, status)
    // A connection that idles would hold up `close`.
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

/** What is decoded in no time. */
const SMALL = 16 * 2 ** 10

/** Never rejects. */
async function answer(
  request: IncomingMessage,
  options: ReceiverOptions,
  access: AccessPolicy,
  share: Share,
): Promise<Answer> {
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
    // one in a turn, so that sixty of them keep no signal and no question waiting
    if (bytes.byteLength > SMALL) await nextTurn()
    options.onBytes?.(signal, bytes)
    return accepted(signal, encoding, await take(signal, encoding, bytes, options))
  } catch (error) {
    const { status, message, retryAfter } = refusedFor(error, encoding)
    // A client that is still sending would not read the answer.
    if (!request.readableEnded && !request.destroyed) {
      request.resume()
      await new Promise(resolve => request.once('close', resolve))
    }
    const answer = refused(encoding, status, message)
    if (retryAfter !== undefined) answer.headers['retry-after'] = String(retryAfter)
    return answer
  }
}

async function take(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  options: ReceiverOptions,
): Promise<Awaited<Taken>> {
  if (encoding === 'protobuf') weighProtobuf(requestMessages[signal], bytes)
  else weighJson(bytes)
  if (encoding === 'protobuf' && options.onProtobuf) return options.onProtobuf(signal, bytes)
  const { onTraces, onMetrics, onLogs } = options
  return { traces: onTraces, metrics: onMetrics, logs: onLogs }[signal](decode(signal, encoding, bytes))
}

function decode(signal: Signal, encoding: Encoding, bytes: Buffer): Document {
  if (encoding === 'protobuf') return fromProtobuf(requestMessages[signal], bytes)
  return fromJson(requestMessages[signal], JSON.parse(bytes.toString('utf8')))
}

function refusedFor(error: unknown, encoding: Encoding | undefined): Refused {
  if (error instanceof Refused) return error
  if (error instanceof TooMany) return new Refused(413, error.message)
  if (error instanceof Malformed) return new Refused(400, `no OTLP ${encoding}: ${error.message}`)
  // What JSON.parse says quotes the input.
  if (error instanceof SyntaxError) return new Refused(400, 'the body is no JSON')
  return new Refused(503, `not stored: ${reasonFor(error) ?? 'the fault is at the receiver, whose stderr says more'}`)
}
