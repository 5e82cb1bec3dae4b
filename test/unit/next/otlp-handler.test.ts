// The way of a page's telemetry to the Collector: who may send what, and what arrives, at our real receiver.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OtlpHandlerOptions, otlpHandler } from '../../../src/app/next/otlp-handler'
import { type Receiver, startReceiver } from '../../../src/backend/receiver'

const ORIGIN = 'https://shop.example'
const logs = (attributes: object[], eventName = 'saved') => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop-web' } }] },
      scopeLogs: [{ logRecords: [{ timeUnixNano: '1700000000000000000', eventName, attributes }] }],
    },
  ],
})
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

describe('otlpHandler', () => {
  let receiver: Receiver
  const received: string[] = []
  beforeAll(async () => {
    const take = (request: object) => void received.push(JSON.stringify(request))
    receiver = await startReceiver({ onLogs: take, onTraces: take, onMetrics: take })
  })
  afterAll(() => receiver.close())
  beforeEach(() => void received.splice(0))

  const post = (body: BodyInit | null, headers: Record<string, string> = {}, path = '/api/otel/v1/logs', more = {}) =>
    new Request(`${ORIGIN}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      body,
      ...more,
    })
  const handler = (options: OtlpHandlerOptions = {}) => otlpHandler({ endpoint: receiver.url, ...options })
  const status = async (request: Request, options?: OtlpHandlerOptions) => (await handler(options)(request)).status
  const fine = JSON.stringify(logs([text('step', 'one')]))

  it('passes on what a page sends, packed or not', async () => {
    expect(await status(post(fine))).toBe(200)
    expect(await status(post(gzipSync(fine), { 'content-encoding': 'gzip' }))).toBe(200)
    expect(received).toHaveLength(2)
    expect(received[0]).toBe(received[1])
    expect(received[0]).toContain('"eventName":"saved"')
  })

  it('redacts again what the browser has no rules for', async () => {
    const body = logs([
      text('note', 'call me at +49 170 1234567'),
      text('customer_name', 'Hannah Whitfield'),
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'bob@example.com' }] } } },
      { key: 'count', value: { intValue: '7' } },
    ])
    expect(await status(post(JSON.stringify(body)))).toBe(200)
    expect(received[0]).not.toMatch(/1234567|Whitfield|bob@/)
    expect(received[0]).toContain('"intValue":"7"')
    expect(received[0]).toContain('1700000000000000000')
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['no origin', { origin: '' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['another type that begins alike', { 'content-type': 'application/json-p' }, 415],
    ['no type at all', { 'content-type': '' }, 415],
  ])('refuses %s', async (_, headers, expected) => {
    expect(await status(post(fine, headers as Record<string, string>))).toBe(expected)
    expect(received).toEqual([])
  })

  it('refuses other paths, methods and bodies', async () => {
    expect(await status(post(fine, {}, '/api/otel/v1/metrics'))).toBe(404)
    expect(await status(new Request(`${ORIGIN}/v1/logs`, { headers: { origin: ORIGIN } }))).toBe(405)
    for (const body of ['{', 'null', '[]', '{"resourceLogs":1}', '{"resourceSpans":[]}'])
      expect(await status(post(body)), body).toBe(400)
    expect(await status(post(JSON.stringify({ resourceLogs: [7] })))).toBe(400)
    expect(await status(post(new Uint8Array([1, 2, 3]), { 'content-encoding': 'gzip' }))).toBe(400)
    expect(received).toEqual([])
  })

  it('refuses what is too large, also once it is unpacked', async () => {
    const large = JSON.stringify(logs([text('step', 'x'.repeat(5000))]))
    expect(await status(post(large), { maxBytes: 4096 })).toBe(413)
    expect(await status(post(gzipSync(large), { 'content-encoding': 'gzip' }), { maxBytes: 4096 })).toBe(413)
  })

  it('asks the app who may send', async () => {
    const authorize = ({ headers }: Request) => headers.get('cookie') === 'session=1'
    expect(await status(post(fine), { authorize })).toBe(401)
    expect(await status(post(fine, { cookie: 'session=1' }), { authorize })).toBe(200)
    const broken = () => Promise.reject(new Error('no database'))
    expect(await status(post(fine), { authorize: broken })).toBe(503)
  })

  it('lets each client send so many a minute', async () => {
    const handle = handler({ perMinute: 2 })
    const from = (address: string) => handle(post(fine, { 'x-forwarded-for': address }))
    const all = [await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]
    expect(all.map(response => response.status)).toEqual([200, 200, 429, 200])
    expect(all[2]!.headers.get('retry-after')).toBe('60')
  })

  it('counts a client by what the nearest proxy wrote, not by what the client wrote before it', async () => {
    const statuses = async (addresses: string[], options: OtlpHandlerOptions) => {
      const handle = handler({ perMinute: 2, ...options })
      const answers: number[] = []
      for (const address of addresses) answers.push((await handle(post(fine, { 'x-forwarded-for': address }))).status)
      return answers
    }
    const madeUp = ['192.0.2.1, 198.51.100.7', '192.0.2.2,198.51.100.7', '192.0.2.3, 198.51.100.7']
    expect(await statuses(madeUp, {})).toEqual([200, 200, 429])
    expect(await statuses(madeUp, { trustedHops: 2 })).toEqual([200, 200, 200])
    // one subscriber has all 2^64 addresses of a network
    expect(await statuses(['2001:db8::1', '2001:0db8:0:0:5::2', '2001:db8:0:0:ffff::'], {})).toEqual([200, 200, 429])
    expect(await statuses(['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1'], {})).toEqual([200, 200, 200])
    // without a proxy the header is the client's own
    expect(await statuses(['192.0.2.1', '192.0.2.1', '192.0.2.1'], { trustedHops: 0 })).toEqual([200, 200, 200])
  })

  it('refuses none of 300 visitors that no proxy names', async () => {
    const handle = handler()
    const all = await Promise.all(Array.from({ length: 300 }, () => handle(post(fine))))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('locks nobody out for requests that it refuses itself', async () => {
    const handle = handler({ perMinute: 2 })
    const from = (address: string, body: string) => handle(post(body, { 'x-forwarded-for': address }))
    for (let i = 0; i < 1_000; i++) await from(`10.0.${i >> 8}.${i & 255}`, '{')
    expect((await from('198.51.100.7', fine)).status).toBe(200)
  })

  it('sends the Collector no more than a hundred times the limit of one client', async () => {
    const handle = handler({ perMinute: 2 })
    const all = await Promise.all(Array.from({ length: 300 }, () => handle(post(fine))))
    const passed = all.filter(({ status }) => status === 200)
    expect(passed.length).toBeGreaterThanOrEqual(200)
    expect(passed.length).toBeLessThan(260)
    expect(received).toHaveLength(passed.length)
  })

  it('counts before it asks the app who may send', async () => {
    let count = 0
    const authorize = () => {
      count++
      return false
    }
    const handle = handler({ perMinute: 5, authorize })
    for (let i = 0; i < 100; i++) await handle(post(fine, { 'x-forwarded-for': '9.9.9.9' }))
    expect(count).toBe(5)
  })

  describe('with the variables of OpenTelemetry', () => {
    const variables = ['ENDPOINT', 'HEADERS', 'LOGS_ENDPOINT', 'LOGS_HEADERS', 'TRACES_ENDPOINT', 'TRACES_HEADERS']
    const clear = () => {
      for (const name of variables) delete process.env[`OTEL_EXPORTER_OTLP_${name}`]
    }
    beforeEach(clear)
    afterAll(clear)

    async function sent(env: Record<string, string>) {
      const requests: { url: string | undefined; headers: IncomingHttpHeaders }[] = []
      const server = createServer((request, response) => {
        requests.push({ url: request.url, headers: request.headers })
        request.resume().on('end', () => response.end('{}'))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      for (const [name, value] of Object.entries(env))
        process.env[`OTEL_EXPORTER_OTLP_${name}`] = value.replace('HOST', host)
      const handle = otlpHandler()
      expect((await handle(post(fine))).status).toBe(200)
      expect((await handle(post('{"resourceSpans":[]}', {}, '/v1/traces'))).status).toBe(200)
      server.closeAllConnections()
      server.close()
      const [ofLogs, ofTraces] = requests
      return { ofLogs: ofLogs!, ofTraces: ofTraces! }
    }

    it.each(['authorization=Basic 50%', 'x=%zz', 'a', '=b', 'x=%0d%0ay'])(
      'loads and sends with headers that are not allowed: %s',
      async value => {
        const { ofLogs } = await sent({ ENDPOINT: 'http://HOST', HEADERS: value })
        expect(ofLogs.url).toBe('/v1/logs')
      },
    )

    it("sends each signal to its own endpoint with its own headers, over the common one's", async () => {
      const { ofLogs, ofTraces } = await sent({
        ENDPOINT: 'http://bob:p%40w@HOST/base/',
        HEADERS: 'a=1,b=two%20words,broken',
        LOGS_ENDPOINT: 'http://HOST/own/path',
        LOGS_HEADERS: 'b=3',
      })
      expect(ofLogs).toMatchObject({ url: '/own/path', headers: { a: '1', b: '3' } })
      expect(ofTraces).toMatchObject({ url: '/base/v1/traces', headers: { a: '1', b: 'two words' } })
      expect(ofTraces.headers.authorization).toBe(`Basic ${btoa('bob:p@w')}`)
    })
  })

  it('answers preflights of the origins that may, behind a proxy too', async () => {
    const preflight = (headers: Record<string, string>, options?: OtlpHandlerOptions) =>
      handler(options)(new Request('http://10.0.0.7:3000/api/otel/v1/logs', { method: 'OPTIONS', headers }))
    const origin = 'https://www.example.com'
    expect((await preflight({ origin })).status).toBe(403)
    const allowed = await preflight({ origin }, { origins: [origin] })
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, origin])
    expect((await preflight({ origin, 'x-forwarded-host': 'www.example.com' })).status).toBe(204)
  })

  it('says 503 when nobody is there, and 400 when the Collector refuses', async () => {
    expect(await status(post(fine), { endpoint: 'http://127.0.0.1:9' })).toBe(503)
    expect(await status(post(JSON.stringify({ resourceLogs: [{ scopeLogs: 7 }] })))).toBe(400)
  })
})
