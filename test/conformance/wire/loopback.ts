// The providers on this machine: one TLS server under all of their names, HTTP/2 and HTTP/1.1 by ALPN, WebSockets, and a proxy that
// tunnels to it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Call } from './case'

export interface Received {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly httpVersion: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Loopback {
  /** PEM file for NODE_EXTRA_CA_CERTS. */
  readonly ca: string
  readonly proxy: string
  readonly received: Received[]
  /** Answers these calls from now on, by their names; a request that names none of them is of the latest. */
  start(calls: Readonly<Record<string, Call>>): void
  close(): void
}

type Request = http.IncomingMessage | http2.Http2ServerRequest
type Response = http.ServerResponse | http2.Http2ServerResponse

/**
 * @param hosts names of the providers, which lead to this machine
 * @param modules where `ws` is
 */
export async function startLoopback(hosts: readonly string[], modules: string): Promise<Loopback> {
  const { cert, key } = certificate(hosts)
  const received: Received[] = []
  let calls: Readonly<Record<string, Call>> = {}
  let latest: Call | undefined
  const turns = new Map<Call, number>()
  const turnOf = (call: Call) => {
    const turn = turns.get(call) ?? 0
    turns.set(call, turn + 1)
    return turn
  }
  /** A call says its name in what it sends; what follows may only say what it follows. */
  const callOf = (text: string) => {
    const name = Object.keys(calls).find(name => text.includes(`<${name}>`))
    if (name !== undefined) latest = calls[name]
    return latest
  }
  const handle = async (request: Request, response: Response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = request.headers as Received['headers']
    const one: Received = {
      method: request.method ?? '',
      host: String(headers[':authority'] ?? headers.host),
      path: request.url ?? '',
      httpVersion: request.httpVersion,
      headers,
      body: Buffer.concat(chunks),
    }
    received.push(one)
    const call = callOf(`${decodeURIComponent(one.path)}\n${one.body.toString('utf8')}`)
    const answer = call?.answer(one, turnOf(call))
    await give(answer ?? { status: 404, parts: [] }, response)
  }
  const quietly = (request: Request, response: Response) => {
    handle(request, response).catch(() => (response as http.ServerResponse).destroy()) // the client left
  }
  const server = http2.createSecureServer(
    { cert: readFileSync(cert), key: readFileSync(key), allowHTTP1: true },
    quietly,
  )
  const open = new Set<{ destroy(): void }>()
  const keep = (one: net.Socket | http2.ServerHttp2Session) => {
    open.add(one)
    one.on('close', () => open.delete(one)).on('error', () => {})
  }
  server.on('session', keep).on('connection', keep).on('secureConnection', keep)
  const { WebSocketServer } = createRequire(path.join(modules, '_'))('ws') as typeof import('ws')
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, socket => {
      socket.on('error', () => {})
      socket.on('message', async data => {
        const text = String(data)
        const call = callOf(text) ?? Object.values(calls).find(({ frames }) => frames)
        for (const frame of call?.frames?.(text, turnOf(call)) ?? []) {
          if (typeof frame === 'number') await sleep(frame)
          else socket.send(frame)
        }
      })
    })
  })
  const proxy = http.createServer((_, response) => response.writeHead(405).end())
  proxy.on('connection', keep).on('connect', (_, client: net.Socket, head) => {
    const upstream = net.connect(443, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      client.pipe(upstream).pipe(client)
    })
    keep(upstream)
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  await new Promise<void>(resolve => server.listen(443, '127.0.0.1', resolve))
  await new Promise<void>(resolve => proxy.listen(3128, '127.0.0.1', resolve))
  return {
    ca: cert,
    proxy: 'http://127.0.0.1:3128',
    received,
    start(next) {
      calls = next
      received.length = 0
      turns.clear()
      latest = undefined
    },
    close() {
      server.close()
      proxy.close()
      for (const one of open) one.destroy()
    },
  }
}

async function give({ status = 200, headers = {}, parts, ends }: Answer, response: Response): Promise<void> {
  response.on('error', () => {})
  response.sendDate = false
  // HTTP/1.1 holds the head back until there is content, HTTP/2 doesn't: clients that only time its arrival would wait forever
  if (typeof parts[0] === 'number') await sleep(parts[0])
  if (response.destroyed) return
  ;(response as http.ServerResponse).writeHead(status, headers)
  for (const part of typeof parts[0] === 'number' ? parts.slice(1) : parts) {
    if (response.destroyed || response.writableEnded) return
    if (typeof part === 'number') await sleep(part)
    else {
      ;(response as http.ServerResponse).write(part)
      await new Promise(setImmediate)
    }
  }
  if (ends === 'cut') (response as http.ServerResponse).destroy()
  else if (ends !== 'never') response.end()
}

/** Its own authority: clients trust it by NODE_EXTRA_CA_CERTS. */
function certificate(hosts: readonly string[]) {
  const folder = mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'afn-wire-'))
  const [cert, key] = [path.join(folder, 'ca.pem'), path.join(folder, 'key.pem')]
  const names = [...hosts, 'localhost'].map(host => `DNS:${host}`).join(',')
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const files = ['-keyout', key, '-out', cert]
  const is = ['-subj', '/CN=loopback', '-addext', `subjectAltName=${names}`]
  execFileSync('openssl', ['req', '-x509', ...made, ...files, ...is], { stdio: 'pipe' })
  return { cert, key }
}
