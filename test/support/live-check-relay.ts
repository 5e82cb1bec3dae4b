// Hands what a receiver got on to OpenTelemetry Weaver's live-check: `npm run conformance:weaver` names one in AFN_WEAVER. Weaver takes
// OTLP over gRPC alone, which is HTTP/2 with five bytes before each message: protobuf byte for byte, and the JSON of a page encoded anew.
import { createServer } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { fromJson } from '../../src/shared/otlp/from-json'
import { requestMessages } from '../../src/shared/otlp/messages'
import { toProtobuf } from '../../src/shared/otlp/to-protobuf'
import type { ReceivedRequest } from './receiver'

const services: Readonly<Record<string, readonly [name: string, signal: keyof typeof requestMessages]>> = {
  '/v1/traces': ['trace.v1.TraceService', 'traces'],
  '/v1/metrics': ['metrics.v1.MetricsService', 'metrics'],
  '/v1/logs': ['logs.v1.LogsService', 'logs'],
}

let session: ClientHttp2Session | undefined
let underWay = 0

/** Resolves when live-check has taken it, or there is none; rejects when it did not. */
export async function toLiveCheck({ path, headers, body }: ReceivedRequest): Promise<void> {
  const address = process.env.AFN_WEAVER
  const [service, signal] = services[path] ?? []
  if (!address || !signal) return
  const isJson = !String(headers['content-type']).includes('protobuf')
  const message = isJson
    ? toProtobuf(requestMessages[signal], fromJson(requestMessages[signal], JSON.parse(`${body}`)))
    : body
  if (!session || session.destroyed) session = connect(address)
  const through = session
  // it is for those who use it to keep a process alive
  if (underWay++ === 0) through.ref()
  const stream = through.request({
    ':method': 'POST',
    ':path': `/opentelemetry.proto.collector.${service}/Export`,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(message.length, 1)
  stream.end(Buffer.concat([frame, message]))
  const status = await new Promise<unknown>((resolve, reject) => {
    let told: unknown
    stream.on('response', headers => {
      told = headers['grpc-status'] ?? told
    })
    stream.on('trailers', trailers => {
      told = trailers['grpc-status'] ?? told
    })
    stream.on('error', reject)
    stream.on('close', () => resolve(told))
    stream.resume()
  }).finally(() => {
    if (--underWay === 0) through.unref()
  })
  if (String(status) !== '0') throw new Error(`live-check at ${address} did not take ${path}: gRPC status ${status}`)
}

/**
 * For what sends to a real backend: an address that hands each request on to it too.
 * @returns the backend's own address where there is no live-check
 */
export async function besideLiveCheck(backend: string): Promise<{ url: string; close(): void }> {
  if (!process.env.AFN_WEAVER) return { url: backend, close() {} }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const body = encoding === 'gzip' ? gunzipSync(raw) : raw
    const [answer] = await Promise.all([
      fetch(backend + request.url, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) }),
      toLiveCheck({ path: request.url ?? '', headers: request.headers, body }),
    ])
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? type })
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
