// Stands between the Collector and LangFuse. LangFuse answers 500 while its S3, Redis or Postgres is away, and 401 while its
// keys are changed; the Collector's exporter has a fixed list of statuses after which it tries again, without these two, and
// drops the spans. Here they become 503, so that the spans stay in the Collector's queue. docs/decisions/0023.
import { createHash } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import tls from 'node:tls'
import { isFinal } from '../../shared/config/langfuse-answers'
import { outagesOf } from './outages'

export interface ProxyOptions {
  /** LangFuse's base URL. */
  readonly target: string
  /** Address to listen on. */
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  /** Gets a line when LangFuse stops to take what is sent, and when it takes it again; for stderr. */
  readonly say: (line: string) => void
}

export interface LangfuseProxy {
  readonly url: string
  close(): Promise<void>
}

/** LangFuse may take so long to answer. */
const patienceMs = 60_000
/** Longer than the exporter keeps a connection that it does not use, so that it never writes into one that is closed. */
const idleMs = 120_000
/** What the exporter tries again by itself. */
const understood = new Set([429, 502, 503, 504])
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** @throws Error when the address can't be listened on */
export async function startLangfuseProxy({ target, host, port, say }: ProxyOptions): Promise<LangfuseProxy> {
  const base = new URL(target)
  const basePath = base.pathname.replace(/\/+$/, '')
  const secure = base.protocol === 'https:'
  const client = secure ? https : http
  const agent = secure
    ? new https.Agent({ keepAlive: true, ...systemAuthorities() })
    : new http.Agent({ keepAlive: true })
  const refused = new RefusedAlone()
  const note = outagesOf(base.origin, say, () => performance.now())

  function forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    const hash = createHash('sha256')
    const postpone = (why: string) => {
      // the sender has gone
      if (response.destroyed) return
      note(why)
      if (response.headersSent) response.destroy()
      else answer(response, 503, statusMessage(`LangFuse: ${why}`))
    }
    const options = { method: request.method, agent, headers: passedOn(request.headers), timeout: patienceMs }
    const upstream = client.request(`${base.origin}${basePath}${request.url}`, options, from => {
      const { statusCode: status = 502 } = from
      // so far: it may answer before it has read all
      const body = hash.copy().digest('hex')
      const why = `it returns ${status}`
      if (status < 300) {
        refused.taken(body)
        note(undefined)
      } else if (understood.has(status)) note(why)
      else if (status >= 400 && !isFinal(status)) {
        from.resume()
        if (status < 500 || !refused.isAlone(body)) return postpone(why)
        say(`langfuse: dropped one batch (${why}): ${base.origin} rejected it ${enough} times while it accepted others`)
      }
      response.writeHead(status, passedOn(from.headers))
      from.pipe(response)
      from.on('error', () => response.destroy())
    })
    upstream.on('timeout', () => upstream.destroy(new Error('timed out')))
    upstream.on('error', (error: NodeJS.ErrnoException) => postpone(error.code ?? error.message))
    request.on('data', chunk => hash.update(chunk))
    request.pipe(upstream)
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy()
    })
  }

  const server = http.createServer({ keepAliveTimeout: idleMs }, (request, response) => {
    try {
      forward(request, response)
    } catch (error) {
      answer(response, 400, statusMessage((error as Error).message))
    }
  })
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
        agent.destroy()
      }),
  }
}

/** The Collector trusts what its machine trusts; Node.js does by default what it was built with. */
function systemAuthorities(): { ca?: string[] } {
  const { getCACertificates } = tls as { getCACertificates?: (kind: string) => string[] }
  return getCACertificates ? { ca: [...getCACertificates('default'), ...getCACertificates('system')] } : {}
}

function passedOn(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host' && !ownHeaders.has(name)))
}

function answer(response: http.ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/x-protobuf', 'content-length': body.length })
  response.end(body)
}

/** A google.rpc.Status with a message alone, as OTLP asks for: the Collector writes it into its log. */
function statusMessage(text: string): Buffer {
  const message = Buffer.from(text.slice(0, 100)).subarray(0, 127)
  return Buffer.concat([Buffer.from([0x12, message.length]), message])
}

/**
 * Finds the batch that fails alone. An outage fails every batch; one that fails again and again while others are taken would
 * hold its place in the queue for ever.
 */
class RefusedAlone {
  /** By the hash of the body: how often it was refused, and how many were taken before it was for the first time. */
  readonly #refused = new Map<string, { times: number; readonly takenBefore: number }>()
  #taken = 0

  taken(body: string): void {
    this.#taken++
    this.#refused.delete(body)
  }

  /** @returns whether the body that was refused now is such a one */
  isAlone(body: string): boolean {
    const known = this.#refused.get(body) ?? { times: 0, takenBefore: this.#taken }
    known.times++
    if (known.times >= enough && this.#taken - known.takenBefore >= enough) {
      this.#refused.delete(body)
      return true
    }
    if (this.#refused.size >= mostRefused && !this.#refused.has(body))
      this.#refused.delete(this.#refused.keys().next().value as string)
    this.#refused.set(body, known)
    return false
  }
}

/** Refusals of the one and requests of others that were taken meanwhile; with the exporter's pauses some minutes. */
const enough = 20
/** The exporter has ten requests under way. */
const mostRefused = 100
