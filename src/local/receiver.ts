// An OTLP/HTTP receiver, https://opentelemetry.io/docs/specs/otlp/#otlphttp. Called by up.ts and the demo.
import { createServer, type IncomingMessage } from 'node:http'
import type { OtlpTraces } from '../tiers'
import { type Answer, accepted, type Encoding, type PartialSuccess, refused, type Signal } from './answer'
import { Refused, readBody } from './body'
import { corsHeaders, isPreflight } from './cors'
import { type Door, isAllowedOrigin, refusalOf } from './guard'
import { type Listening, listen } from './listen'
import { fromJson } from './otlp/json'
import { messages } from './otlp/messages'
import { fromProtobuf } from './otlp/protobuf'
import { type Document, Malformed } from './otlp/schema'

/** What was not taken is told to the client; who rejects gets the request again. */
type Taken = PartialSuccess | undefined | Promise<PartialSuccess | undefined>

export interface ReceiverOptions {
  /** 0 or none: a free one. */
  readonly port?: number
  /** Loopback, and nobody needs a token, unless it is given. */
  readonly door?: Door
  /** The requests come in the shape of OTLP JSON, however they were sent. */
  readonly onTraces: (request: OtlpTraces) => Taken
  readonly onMetrics: (request: Document) => Taken
  readonly onLogs: (request: Document) => Taken
  /** In place of the three, for requests that come in protobuf: they are not decoded. May throw Malformed. */
  readonly onProtobuf?: (signal: Signal, request: Buffer) => Taken
  /** The body of each request of OTLP, unpacked, before it is decoded. */
  readonly onBytes?: (signal: Signal, bytes: Buffer) => void
}

/** Its `url` is what OTEL_EXPORTER_OTLP_ENDPOINT is to be. */
export type Receiver = Listening

const loopback: Door = { host: '127.0.0.1' }

/** @throws when the port is taken */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { port = 0, door = loopback } = options
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request, options, door)
    // A connection that idles would hold up `close`.
    if (!server.listening) response.setHeader('connection', 'close')
    if (isAllowedOrigin(request.headers.origin, door)) {
      for (const [name, value] of Object.entries(corsHeaders(request))) response.setHeader(name, value)
    }
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  })
  return listen(server, port, door.host)
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
const requestOf = {
  traces: messages.ExportTraceServiceRequest,
  metrics: messages.ExportMetricsServiceRequest,
  logs: messages.ExportLogsServiceRequest,
}

/** Never rejects. */
async function answer(request: IncomingMessage, options: ReceiverOptions, door: Door): Promise<Answer> {
  if (isPreflight(request) && isAllowedOrigin(request.headers.origin, door)) {
    return { status: 204, headers: {}, body: '' }
  }
  const signal = signals.get(request.url?.split('?', 1)[0])
  const encoding = encodings.get(request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase())
  try {
    const refusal = refusalOf({ headers: request.headers, localAddress: request.socket.localAddress }, door)
    if (refusal) throw new Refused(refusal.status, refusal.message)
    if (!signal) throw new Refused(404, `not here; there are ${[...signals.keys()].join(', ')}`)
    if (request.method !== 'POST') throw new Refused(405, 'send a POST')
    if (!encoding) throw new Refused(415, `content-type has to be one of ${[...encodings.keys()].join(', ')}`)
    const bytes = await readBody(request)
    options.onBytes?.(signal, bytes)
    return accepted(signal, encoding, await take(signal, encoding, bytes, options))
  } catch (error) {
    const { status, message } = refusedFor(error, encoding)
    // A client that is still sending would not read the answer.
    if (!request.readableEnded && !request.destroyed) {
      request.resume()
      await new Promise(resolve => request.once('close', resolve))
    }
    return refused(encoding, status, message)
  }
}

async function take(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  options: ReceiverOptions,
): Promise<Awaited<Taken>> {
  if (encoding === 'protobuf' && options.onProtobuf) return options.onProtobuf(signal, bytes)
  const { onTraces, onMetrics, onLogs } = options
  return { traces: onTraces, metrics: onMetrics, logs: onLogs }[signal](decode(signal, encoding, bytes))
}

function decode(signal: Signal, encoding: Encoding, bytes: Buffer): Document {
  if (encoding === 'protobuf') return fromProtobuf(requestOf[signal], bytes)
  return fromJson(requestOf[signal], JSON.parse(bytes.toString('utf8')))
}

function refusedFor(error: unknown, encoding: Encoding | undefined): Refused {
  if (error instanceof Refused) return error
  if (error instanceof Malformed) return new Refused(400, `no OTLP ${encoding}: ${error.message}`)
  // What JSON.parse says quotes the input.
  if (error instanceof SyntaxError) return new Refused(400, 'the body is no JSON')
  return new Refused(503, `not stored: ${error}`)
}
