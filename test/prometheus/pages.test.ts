// F4: what a page of another origin can do to the real Prometheus that `afn-otel up --prometheus` starts, from a real Chromium.
// The Prometheus of compose.yaml has the same flag; setup.ts starts that one.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { freePorts } from '../support/ports'
import { startUp } from '../support/up'

const binary = inject('prometheusBinary')
const evil = 'https://evil.example'

describe.skipIf(!binary)('a page of another origin', () => {
  let up: Awaited<ReturnType<typeof startUp>>
  let url: string
  beforeAll(async () => {
    const [port] = await freePorts(1)
    url = `http://127.0.0.1:${port}`
    up = await startUp(['--memory', '--prometheus'], { env: { PROMETHEUS_BIN: binary!, AFN_PROMETHEUS_URL: url } })
  })
  afterAll(() => up?.stop())

  /** By node:http, since fetch sets what a browser sets. */
  async function get(headers: Record<string, string>, route = '/api/v1/query?query=up'): Promise<IncomingMessage> {
    const [response] = await once(request(url + route, { headers }).end(), 'response')
    return response.resume()
  }

  it('F4: gets no leave to read from the Prometheus of up or of compose.yaml, nor to send', async () => {
    for (const base of [url, inject('prometheus')!]) {
      const read = await fetch(`${base}/api/v1/query?query=up`, { headers: { origin: evil } })
      expect(read.headers.get('access-control-allow-origin')).toBeNull()
      const preflight = await fetch(`${base}/api/v1/otlp/v1/metrics`, {
        method: 'OPTIONS',
        headers: {
          origin: evil,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
      // what a page may send without leave
      for (const type of ['text/plain', 'multipart/form-data; boundary=x', '']) {
        const headers = { origin: evil, ...(type && { 'content-type': type }) }
        const body = new Uint8Array(Buffer.from('{"resourceMetrics":[]}'))
        const simple = await fetch(`${base}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body })
        expect([400, 403, 415], type).toContain(simple.status)
      }
    }
  })

  it('F4: reads nothing under a name that was rebound to this machine', async () => {
    const { port } = new URL(url)
    const statusOf = async (...one: Parameters<typeof get>) => (await get(...one)).statusCode
    expect(await statusOf({ host: 'evil.example' })).toBe(403)
    expect(await statusOf({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` })).toBe(403)
    expect(await statusOf({ host: `localhost:${port}` })).toBe(200)
    expect(await statusOf({ host: `127.0.0.1:${port}` }, '/api/v1/label/__name__/values')).toBe(200)
  })

  it('F4: the proxy serves its pages, and no answer shows where they are behind it', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const link = await get(headers, '/')
    expect([link.statusCode, link.headers.location]).toEqual([302, '/query'])
    expect((await get(headers)).statusCode).toBe(403)
    const configuration = await fetch(`${url}/api/v1/status/flags`).then(response => response.json())
    const [address, prefix] = ['web.listen-address', 'web.route-prefix'].map(name => configuration.data[name])
    // only programs can ask for the flags; a page that could would be here already
    expect(address).not.toContain(new URL(url).port)
    expect(prefix).toMatch(/^\/[\da-f]{32}$/)
  })

  it.skipIf(!hasChromium)('F4: reads nothing and stores nothing, in Chromium', async () => {
    const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>other</h1>'))
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
    let browser: Browser | undefined
    try {
      browser = await startChromium()
      const page = await browser.context.newPage()
      await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`)
      const tried = (path: string, body?: string) =>
        page.evaluate(
          ([target, json]) =>
            fetch(
              target!,
              json ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: json } : {},
            ).then(
              response => response.status,
              () => 'blocked',
            ),
          [url + path, body],
        )
      const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 4242 }
      const metric = { name: 'forged', gauge: { dataPoints: [point] } }
      const forged = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })
      expect(await tried('/api/v1/query?query=up')).toBe('blocked')
      expect(await tried('/api/v1/status/config')).toBe('blocked')
      expect(await tried('/api/v1/otlp/v1/metrics', forged)).toBe('blocked')
      const names = await fetch(`${url}/api/v1/label/__name__/values`).then(response => response.text())
      expect(names).not.toContain('forged')
      // the same request of a program is stored: it is the page that may not
      const headers = { 'content-type': 'application/json' }
      expect((await fetch(`${url}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body: forged })).status).toBe(200)
    } finally {
      await browser?.close()
      site.close()
    }
  })
})
