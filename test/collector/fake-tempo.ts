// A gRPC server in the place of Tempo. It keeps the ids of the spans that it was sent, and can be away or fall silent. The
// suite in test/tempo has the real one.
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import { gunzipSync } from 'node:zlib'
import { listen } from '../support/ports'
import { decodeSpans } from '../support/receiver'
import { idsOf } from './support'

export interface FakeTempo {
  /** host:port, for AFN_TEMPO. */
  readonly address: string
  /** Of each export, its tenant. */
  readonly tenants: Set<string>
  /** Span ids by trace id; one that was sent twice is there twice. */
  readonly spans: (tenant: string) => Map<string, string[]>
  /** Ids of the spans of exports that it took and did not answer. */
  readonly unanswered: Set<string>
  /** Takes everything and answers nothing, or answers again. */
  silent: boolean
  /** Refuses connections, and breaks those that it has. */
  readonly away: () => Promise<void>
  readonly back: () => Promise<void>
}

export async function startFakeTempo(): Promise<FakeTempo> {
  const kept = new Map<string, { traceId: string; spanId: string }[]>()
  const sessions = new Set<ServerHttp2Session>()
  const unanswered = new Set<string>()
  let server: Http2Server

  const serve = () => {
    server = createServer()
    server.on('session', session => {
      sessions.add(session)
      session.on('close', () => sessions.delete(session)).on('error', () => {})
    })
    server.on('stream', (stream, headers) => {
      const chunks: Buffer[] = []
      stream.on('error', () => {})
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.aborted) return
        const tenant = String(headers['x-scope-orgid'])
        const spans = spansOf(Buffer.concat(chunks))
        kept.set(tenant, [...(kept.get(tenant) ?? []), ...spans])
        if (tempo.silent) {
          for (const { spanId } of spans) unanswered.add(spanId)
          return
        }
        // An empty message in its frame of five bytes, and the status in the trailers.
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(Buffer.alloc(5))
      })
    })
  }

  serve()
  const port = await listen(server!)
  const tempo: FakeTempo = {
    address: `127.0.0.1:${port}`,
    get tenants() {
      return new Set(kept.keys())
    },
    spans: tenant => idsOf(kept.get(tenant) ?? []),
    unanswered,
    silent: false,
    async away() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const session of sessions) session.destroy()
      await closed
    },
    async back() {
      serve()
      await listen(server, port)
    },
  }
  return tempo
}

/** A message of gRPC: whether it is compressed (one byte), its length (four), itself. */
function spansOf(frame: Buffer) {
  const message = frame.subarray(5)
  const body = frame[0] === 1 ? gunzipSync(message) : message
  return decodeSpans({ path: '', headers: {}, body }).map(({ traceId, spanId }) => ({ traceId, spanId }))
}
