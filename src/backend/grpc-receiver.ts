// An OTLP/gRPC receiver, https://opentelemetry.io/docs/specs/otlp/#otlpgrpc. It serves three unary methods with only node:http2, so that it
// shares the limits of the HTTP receiver (decision 136).
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type Signal, signals } from '../shared/config/otlp'
import { type AccessPolicy, refusalOf } from './access-policy'
import { type Load, MAX_BYTES, Refused, type Share, unpacked } from './body'
import { failure, messageText, statusOf } from './grpc-status'
import type { Listening } from './listen'
import { accepted } from './otlp-answer'
import { refusedFor, type Takers, takeRequest } from './otlp-request'

export interface GrpcReceiverOptions
  extends Pick<Takers, 'onTraces' | 'onMetrics' | 'onLogs' | 'onProtobuf' | 'onAnswered'> {
  /** 0 for a free port. */
  readonly port: number
  readonly access: AccessPolicy
  /** Limits the bytes that all receivers hold together. */
  readonly load: Load
}

const methods = new Map<string | undefined, Signal>(
  signals.map(signal => {
    const name = signal === 'traces' ? 'trace' : signal
    const service = `${name[0]!.toUpperCase()}${name.slice(1)}Service`
    return [`/opentelemetry.proto.collector.${name}.v1.${service}/Export`, signal]
  }),
)

/** Milliseconds: the same limits as HTTP's `headersTimeout` and `requestTimeout`, and the maximum idle time of a client. */
const PREFACE = 10_000
const REQUEST = 60_000
const IDLE = 300_000
/** Limit per connection. A waiting stream holds 64 KiB, its flow-control window. */
const MOST_STREAMS = 100

/** @throws if the port is in use */
export async function startGrpcReceiver(options: GrpcReceiverOptions): Promise<Listening> {
  const server = createServer({ settings: { maxConcurrentStreams: MOST_STREAMS } })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', session => {
    sessions.add(session)
    const silent = setTimeout(() => session.destroy(), PREFACE)
    session.once('remoteSettings', () => clearTimeout(silent))
    session.setTimeout(IDLE, () => session.close())
    session.once('close', () => {
      clearTimeout(silent)
      sessions.delete(session)
    })
  })
  // invalid HTTP/2 ends only this connection
  server.on('sessionError', () => {})
  server.on('stream', (stream, headers) => void serve(stream, headers, options))
  const { port, access } = options
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, access.host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${access.host.includes(':') ? `[${access.host}]` : access.host}:${bound}`,
    port: bound,
    close: () => close(server, sessions),
  }
}

function close(server: Http2Server, sessions: ReadonlySet<ServerHttp2Session>): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      for (const session of sessions) session.destroy()
    }, 5_000)
    server.close(error => {
      clearTimeout(patience)
      if (error) reject(error)
      else resolve()
    })
    for (const session of sessions) session.close()
  })
}

/** Never rejects. */
async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: GrpcReceiverOptions,
): Promise<void> {
  // a client may reset its stream at any time
  stream.on('error', () => {})
  const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), REQUEST)
  stream.once('close', () => clearTimeout(late))
  if (headers[':method'] !== 'POST' || !/^application\/grpc($|[+;])/.test(headers['content-type'] ?? '')) {
    stream.respond({ ':status': 415 }, { endStream: true })
    stream.close(constants.NGHTTP2_NO_ERROR)
    return
  }
  const signal = methods.get(headers[':path'])
  const share = options.load.share()
  let status = 200
  try {
    const partial = await answered(stream, headers, signal, options, share)
    if (isOpen(stream)) respond(stream, partial)
  } catch (error) {
    const refused = refusedFor(error, 'protobuf')
    status = refused.status
    if (isOpen(stream)) refuse(stream, refused)
  } finally {
    share.release()
  }
  if (signal) options.onAnswered?.(signal, status)
}

const isOpen = ({ destroyed, closed, headersSent }: ServerHttp2Stream): boolean => !(destroyed || closed || headersSent)

/** @returns the message of the answer, encoded */
async function answered(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  signal: Signal | undefined,
  options: GrpcReceiverOptions,
  share: Share,
): Promise<Buffer> {
  const { ':authority': host = headers.host, ':path': path = '' } = headers
  const origin = { headers: { ...headers, host }, path, localAddress: stream.session?.socket.localAddress }
  const refusal = refusalOf(origin, options.access)
  if (refusal) throw new Refused(refusal.status, refusal.message)
  if (!signal) throw new Refused(404, `no such method; there are ${[...methods.keys()].join(', ')}`)
  const bytes = await messageOf(stream, headers['grpc-encoding'], share)
  const { body } = accepted(signal, 'protobuf', await takeRequest(signal, 'protobuf', bytes, options))
  return body as Buffer
}

/** Reads the single message of a request: one byte for the compression flag, four for the length, then the message. */
async function messageOf(
  stream: ServerHttp2Stream,
  encoding: string | string[] | undefined,
  share: Share,
): Promise<Buffer> {
  const prefix = await prefixOf(stream)
  const length = prefix.readUInt32BE(1)
  if (prefix[0]! > 1) throw new Refused(400, 'the message begins with neither 0 nor 1')
  if (length > MAX_BYTES) throw new Refused(413, `the message is larger than ${MAX_BYTES} bytes; send smaller batches`)
  let came = 0
  stream.on('data', (chunk: Buffer) => {
    came += chunk.length
  })
  const bytes = await unpacked(stream, prefix[0] === 1 ? String(encoding ?? 'identity') : 'identity', share)
  if (came !== length) throw new Refused(400, `the message has ${came} bytes, and says ${length}`)
  return bytes
}

const PREFIX = 5

function prefixOf(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const read = () => {
      const prefix: Buffer | null = stream.read(PREFIX)
      if (prefix === null) return
      stream.off('readable', read)
      if (prefix.length === PREFIX) resolve(prefix)
      else reject(new Refused(400, 'there is no message'))
    }
    stream.on('readable', read)
    const end = () => reject(new Refused(400, 'there is no message'))
    stream.once('end', end).once('close', end)
  })
}

const ofAnswer = { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,gzip' }

function respond(stream: ServerHttp2Stream, body: Buffer): void {
  const prefix = Buffer.alloc(PREFIX)
  prefix.writeUInt32BE(body.length, 1)
  stream.respond(ofAnswer, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(Buffer.concat([prefix, body]))
}

/** Refuses the request and tells a client that still sends to stop. */
function refuse(stream: ServerHttp2Stream, refused: Refused): void {
  const status = statusOf(refused)
  const failed = {
    'grpc-status': String(status),
    'grpc-message': messageText(refused.message),
    'grpc-status-details-bin': failure(status, refused).toString('base64'),
  }
  stream.respond({ ...ofAnswer, ...failed }, { endStream: true })
  stream.close(constants.NGHTTP2_NO_ERROR)
  // the stream closes once the received bytes are consumed
  stream.resume()
}
