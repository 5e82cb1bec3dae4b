// Stands in for Tempo where there is none. What it repeats of the real Tempo 3.1-dev, and who saw it:
// - without a tenant, reads get 401 and spans get 503 with "no org id"; an empty request of OTLP gets 200 (reviews/backends.md 3 A)
// - its receiver takes traces alone: /v1/metrics is 404 (test/tempo/doctor.test.ts on a real one)
// - one read by trace id of some thousands shows nothing of a trace that is there (backends.md 2); here one of `blindEvery`
// - a span that is sent twice is there twice (research/pipeline-proof.md 2 and 5)
// - an unknown trace is `200 {"trace":{}}`, ids are base64, a search finds what a trace's spans match (pipeline-proof.md 3)
// - /status/config has two documents of YAML, the request and the configuration, with the receiver's endpoint (3.1.0-dev, 27 November 2026)
// - a redaction takes traces out by their ids, a tenant at a time, by gRPC (test/tempo/gdpr.test.ts on a real one)
// Searches are answered by `afn-otel up`, one for each tenant, of which 1,422 of 1,485 answers are Tempo's and the rest differ on
// purpose (conformance:traceql). It does not repeat query_end_cutoff, blocks, retention, limits, and TraceQL metrics over duplicates.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { gunzipSync } from 'node:zlib'
import { protobufJson } from '../../src/backend/api/tempo/protobuf-json'
import { fromJson } from '../../src/shared/otlp/from-json'
import { fromProtobuf } from '../../src/shared/otlp/from-protobuf'
import { messages } from '../../src/shared/otlp/messages'
import type { Document } from '../../src/shared/otlp/schema'
import { listen } from './ports'
import { type RunningUp, startUp } from './up'

export interface TempoStandIn {
  readonly url: string
  readonly otlp: string
  /** host:port */
  readonly otlpGrpc: string
  /** Each span of the tenant as often as it was sent. */
  spans(tenant: string): Span[]
  stop(): Promise<void>
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly attributes?: readonly { key: string; value: { doubleValue?: number; intValue?: string } }[]
}

/** A test that compares what is there sends it, so that its own reads are not blind. */
export const seesAll = { 'x-stand-in': 'sees all' }

const message = messages.ExportTraceServiceRequest
const tenants = ['afn-detailed', 'afn-sampled', 'afn-errors']

export async function startTempoStandIn({ blindEvery = Number.POSITIVE_INFINITY } = {}): Promise<TempoStandIn> {
  const searched = new Map<string, RunningUp>()
  for (const tenant of tenants) searched.set(tenant, await startUp())
  const kept = new Map<string, Map<string, Document[]>>(tenants.map(tenant => [tenant, new Map()]))
  let reads = 0

  async function take(tenant: string, request: Document): Promise<void> {
    const traces = kept.get(tenant)
    if (!traces) throw new Error(`a tenant that no tier has: ${tenant}`)
    for (const resource of (request.resourceSpans ?? []) as Document[])
      for (const scope of (resource.scopeSpans ?? []) as Document[])
        for (const span of (scope.spans ?? []) as Document[]) {
          const id = span.traceId as string
          const one = { ...resource, scopeSpans: [{ ...scope, spans: [span] }] }
          traces.set(id, [...(traces.get(id) ?? []), one])
        }
    const response = await searched.get(tenant)!.post('traces', request)
    if (response.status !== 200)
      throw new Error(`the search takes no spans: ${response.status} ${await response.text()}`)
  }

  /** Field 1 of SubmitRedactionRequest is the tenant, field 2 is a trace id of 16 bytes, as often as there are traces. */
  function redact(tenant: string, request: Buffer): void {
    for (let at = 0; at < request.length; ) {
      const [field, length] = [request[at]! >> 3, request[at + 1]!]
      const value = request.subarray(at + 2, at + 2 + length)
      if (field === 2) kept.get(tenant)!.delete(value.toString('hex'))
      else if (value.toString() !== tenant) throw new Error(`redaction of another tenant: ${value}`)
      at += 2 + length
    }
  }

  const api = createServer(async (request, response) => {
    const { pathname, search: parameters } = new URL(request.url ?? '/', 'http://tempo')
    const tenant = request.headers['x-scope-orgid']
    if (pathname === '/ready') return end(response, 200, 'ready')
    if (/^\/(?:api\/)?status\/buildinfo$/.test(pathname))
      return end(response, 200, { version: '3.1.0', goVersion: 'go1.26' })
    if (pathname === '/status/config')
      return end(
        response,
        200,
        `GET /status/config\n---\ndistributor:\n  receivers:\n    otlp:\n      protocols:\n        http:\n          endpoint: 127.0.0.1:${otlpPort}\n`,
      )
    if (typeof tenant !== 'string') return end(response, 401, 'no org id')
    const up = searched.get(tenant)
    if (!up) return end(response, 200, { traces: [] })
    const [, id] = /^\/api\/v2\/traces\/([0-9a-f]+)$/.exec(pathname) ?? []
    if (id === undefined) {
      const answer = await fetch(`${up.url}${pathname}${parameters}`)
      return end(response, answer.status, await answer.text())
    }
    const isBlind = request.headers['x-stand-in'] === undefined && ++reads % blindEvery === 0
    const resourceSpans = isBlind ? [] : (kept.get(tenant)!.get(id.padStart(32, '0')) ?? [])
    return end(response, 200, { trace: protobufJson(message, { resourceSpans }), metrics: {} })
  })

  const otlp = createServer(async (request, response) => {
    if (request.url !== '/v1/traces') return end(response, 404, '404 page not found')
    const body = await bodyOf(request)
    const isJson = request.headers['content-type']?.startsWith('application/json')
    const document = isJson ? fromJson(message, JSON.parse(body.toString() || '{}')) : fromProtobuf(message, body)
    const tenant = request.headers['x-scope-orgid']
    if (countOf(document) === 0) return end(response, 200, {})
    if (typeof tenant !== 'string') return end(response, 503, { code: 14, message: 'no org id' })
    await take(tenant, document)
    return end(response, 200, {})
  })

  const sessions = new Set<ServerHttp2Session>()
  const grpc = createHttp2Server()
  grpc.on('session', session => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session)).on('error', () => {})
  })
  grpc.on('stream', (stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('error', () => {})
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', async () => {
      // a message of gRPC: whether it is compressed (one byte), its length (four), itself
      const frame = Buffer.concat(chunks)
      const body = frame[0] === 1 ? gunzipSync(frame.subarray(5)) : frame.subarray(5)
      const tenant = String(headers['x-scope-orgid'])
      if (headers[':path'] === '/tempopb.BackendScheduler/SubmitRedaction') redact(tenant, body)
      else await take(tenant, fromProtobuf(message, body))
      if (stream.destroyed) return
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(Buffer.alloc(5))
    })
  })

  const [apiPort, otlpPort, grpcPort] = [await listen(api), await listen(otlp), await listen(grpc)]
  return {
    url: `http://127.0.0.1:${apiPort}`,
    otlp: `http://127.0.0.1:${otlpPort}`,
    otlpGrpc: `127.0.0.1:${grpcPort}`,
    spans: tenant =>
      [...kept.get(tenant)!.values()].flat().map(one => (one as unknown as Resource).scopeSpans[0].spans[0]),
    async stop() {
      for (const session of sessions) session.destroy()
      for (const server of [api, otlp]) server.closeAllConnections()
      await Promise.all([api, otlp, grpc].map(server => new Promise(resolve => server.close(resolve))))
      for (const one of searched.values()) await one.stop()
    },
  }
}

interface Resource {
  readonly scopeSpans: readonly [{ readonly spans: readonly [Span] }]
}

function countOf({ resourceSpans = [] }: Document): number {
  return (resourceSpans as { scopeSpans?: { spans?: unknown[] }[] }[])
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .reduce((sum, { spans = [] }) => sum + spans.length, 0)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}

function end(response: ServerResponse, status: number, body: string | object): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }).end(text)
}
