// A site on loopback with the monitor in its pages, and the project's own OTLP receiver behind /api/otel of the same origin.
// How the way there behaves is up to the test.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startReceiver } from '../../src/backend/receiver'
import { bundle } from './bundle'

/** Scripts of the own origin alone, no eval, no inline style, Trusted Types. */
export const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'"

export interface Received {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId: string
  readonly spanId: string
  /** Of spans. */
  readonly parentSpanId?: string
  readonly start?: number
  readonly end?: number
  /** Milliseconds since 1970, of events. */
  readonly time?: number
}

export interface MonitoredSite {
  readonly url: string
  readonly events: Received[]
  readonly spans: Received[]
  /** What came, as it came. */
  readonly bodies: string[]
  /** Requests of OTLP, the refused ones too. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly at: number }[]
  /** What the next requests of OTLP meet. */
  way: { delay: number; status?: number; headers?: Record<string, string>; cut?: boolean }
  /** Answers other paths. */
  readonly routes: Map<string, (request: IncomingMessage, response: ServerResponse) => void>
  /** What came by that name. */
  named(name: string): Received[]
  /** Resolves when the condition holds; false after ten seconds. */
  until(condition: () => boolean): Promise<boolean>
  close(): Promise<void>
}

const PAGE = (script: string, body: string) =>
  `<!doctype html><title>test</title><link rel="icon" href="data:,">${script && `<script type="module" src="${script}"></script>`}${body}`

/** The path of a page without the monitor. */
export const PLAIN = '/plain'

interface Value {
  stringValue?: string
  intValue?: string | number
  doubleValue?: number
  boolValue?: boolean
  arrayValue?: { values?: Value[] }
}
const plain = (value: Value): unknown =>
  value.arrayValue
    ? value.arrayValue.values?.map(plain)
    : value.intValue !== undefined
      ? Number(value.intValue)
      : (value.stringValue ?? value.doubleValue ?? value.boolValue)
const flat = (attributes: { key: string; value: Value }[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))
const milliseconds = (nanoseconds: unknown) => Number(BigInt(nanoseconds as string) / 1000n) / 1000

// biome-ignore lint/suspicious/noExplicitAny: OTLP as it comes
type Otlp = any

interface SiteOptions {
  readonly policy?: string
  readonly page?: string
  /** What takes OTLP, as an app's route does; without it the project's own receiver. */
  readonly handler?: (request: Request) => Promise<Response>
}

/** @param body of every page, below its script */
export async function startMonitoredSite(
  body = '',
  { policy = STRICT, page = 'monitor', handler }: SiteOptions = {},
): Promise<MonitoredSite> {
  const files = await bundle(`test/browser/pages/${page}.ts`)
  const events: Received[] = []
  const spans: Received[] = []
  const bodies: string[] = []
  const receiver = await startReceiver({
    onLogs(request: Otlp) {
      for (const { resource, scopeLogs } of request.resourceLogs)
        for (const { logRecords } of scopeLogs)
          for (const { eventName, attributes, traceId, spanId, timeUnixNano } of logRecords)
            events.push({
              name: eventName,
              traceId,
              spanId,
              time: milliseconds(timeUnixNano),
              attributes: { ...flat(resource.attributes), ...flat(attributes) },
            })
    },
    onTraces(request: Otlp) {
      for (const { resource, scopeSpans } of request.resourceSpans)
        for (const { spans: all } of scopeSpans)
          for (const { name, attributes, traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano } of all)
            spans.push({
              name,
              traceId,
              spanId,
              parentSpanId,
              start: milliseconds(startTimeUnixNano),
              end: milliseconds(endTimeUnixNano),
              attributes: { ...flat(resource.attributes), ...flat(attributes) },
            })
    },
    onMetrics() {},
    onBytes: (_signal: string, bytes: Buffer) => bodies.push(bytes.toString('utf8')),
  } as Otlp)

  const site: MonitoredSite = {
    url: '',
    events,
    spans,
    bodies,
    requests: [],
    way: { delay: 0 },
    routes: new Map(),
    named: name => [...events, ...spans].filter(record => record.name === name),
    async until(condition) {
      for (let tries = 0; tries < 400; tries++) {
        if (condition()) return true
        await sleep(25)
      }
      return false
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await receiver.close()
    },
  }

  async function otlp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { delay, status, headers, cut } = site.way
    site.requests.push({ path: request.url!, headers: request.headers, at: Date.now() })
    if (cut) return void request.socket.destroy()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (delay) await sleep(delay)
    if (status) return void response.writeHead(status, headers).end('{}')
    const url = (handler ? site.url : receiver.url) + request.url!.replace('/api/otel', '')
    const init = {
      method: 'POST',
      headers: Object.fromEntries(
        ['content-type', 'content-encoding', 'origin', 'host'].flatMap(name => {
          const value = request.headers[name]
          return value && (handler || name.startsWith('content')) ? [[name, value as string]] : []
        }),
      ),
      body: Buffer.concat(chunks),
    }
    const answer = await (handler ? handler(new Request(url, init)) : fetch(url, init))
    response.writeHead(answer.status, headers).end(await answer.text())
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://h')
    const route = site.routes.get(pathname)
    if (route) return route(request, response)
    if (pathname.startsWith('/api/otel')) return void otlp(request, response).catch(() => response.destroy())
    const script = files.get(pathname)
    const type = script === undefined ? 'text/html' : 'text/javascript'
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy })
    response.end(script ?? PAGE(pathname === PLAIN ? '' : '/page.js', body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(site, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}
