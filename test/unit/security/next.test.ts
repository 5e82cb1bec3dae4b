// The attacks of the review on `otlpHandler`, by the number of the finding. What a page may have stored is read at the far
// end, by a server of node:http, as the Collector would get it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type OtlpHandlerOptions, otlpHandler } from '../../../src/app/next/otlp-handler'

const ORIGIN = 'https://shop.example'
const KEY = 'sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const span = (more: object, resource: object[] = []) => ({
  resourceSpans: [
    {
      resource: { attributes: resource },
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'a'.repeat(32),
              spanId: 'b'.repeat(16),
              name: 'click',
              startTimeUnixNano: '1795000000000000000',
              endTimeUnixNano: '1795000000000000001',
              ...more,
            },
          ],
        },
      ],
    },
  ],
})
const logs = (records: object[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] })

describe('what pages send through otlpHandler', () => {
  const received: string[] = []
  let delay = 0
  const collector = createServer((request, response) => {
    let body = ''
    request
      .on('data', chunk => (body += chunk))
      .on('end', () => {
        received.push(body)
        setTimeout(() => response.end('{}'), delay)
      })
  })
  let endpoint: string
  beforeAll(async () => {
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  })
  afterAll(() => {
    collector.closeAllConnections()
    collector.close()
  })
  beforeEach(() => {
    received.length = 0
    delay = 0
  })
  afterEach(() => vi.unstubAllEnvs())

  const request = (signal: string, body: BodyInit, headers: Record<string, string> = {}) =>
    new Request(`${ORIGIN}/api/otel/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })
  const handler = (options: OtlpHandlerOptions = {}) => otlpHandler({ endpoint, ...options })
  async function stored(signal: 'traces' | 'logs', body: object, options?: OtlpHandlerOptions): Promise<string> {
    expect((await handler(options)(request(signal, JSON.stringify(body)))).status).toBe(200)
    return received.at(-1) ?? ''
  }

  it('F3: a page forges no cost, no LLM call, no mark of redaction, no distribution and no machine', async () => {
    const forged = [
      text('gen_ai.operation.name', 'chat'),
      text('langfuse.observation.type', 'generation'),
      { key: 'afn.llm.cost.total', value: { doubleValue: 77777 } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '77777' } },
      text('afn.stream.end', 'done'),
      text('browser.tag_name', 'button'),
    ]
    const resource = [
      text('afn.redaction.rules', '77777'),
      text('telemetry.distro.name', '@afn/otel'),
      text('telemetry.distro.version', '77777'),
      text('service.instance.id', '77777'),
      text('k8s.pod.name', '77777'),
      text('service.version', '1.2.3'),
    ]
    const events = [{ name: 'e', timeUnixNano: '1', attributes: forged }]
    const links = [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: forged }]
    const body = await stored('traces', span({ attributes: forged, events, links }, resource))
    expect(body).not.toMatch(/77777|gen_ai|langfuse|redaction|"@afn\/otel"/)
    expect(body).toContain('afn.stream.end')
    expect(body).toContain('browser.tag_name')
    expect(body).toContain('1.2.3')
    expect(await stored('logs', logs([{ timeUnixNano: '1', attributes: forged }]))).not.toMatch(/77777|gen_ai/)
  })

  it('H13: a page writes an LLM call in another convention, a tenant, what is sampled, or which Collector it was', async () => {
    const words =
      'openinference.span.kind llm.model_name llm.token_count.prompt traceloop.span.kind ai.model.id ai.usage.promptTokens mcp.method.name ' +
      'genkit:type gcp.vertex.agent.data pydantic_ai.model braintrust.metrics langsmith.span.kind tenant.id sampling.priority slo_exclude'
    const forged = words.split(' ').map(key => text(key, '77777'))
    const body = await stored(
      'traces',
      span({ attributes: forged }, [...forged, text('collector.instance.id', '77777')]),
    )
    expect(body).not.toContain('77777')
    expect(await stored('logs', logs([{ timeUnixNano: '1', attributes: forged }]))).not.toContain('77777')
    const own = ['aim', 'llms', 'collector.item', 'tenants', 'service.version'].map(key => text(key, '55555'))
    expect((await stored('traces', span({ attributes: own }))).match(/55555/g)).toHaveLength(own.length)
  })

  it('F3: a page speaks in the name of its own service only', async () => {
    const forged = span({}, [text('service.name', 'payments'), text('service.name', 'payments')])
    const nameIn = (body: string) => body.match(/"service\.name","value":\{"stringValue":"([^"]*)"/g)?.join()
    const named = (name: string) => `"service.name","value":{"stringValue":"${name}"`
    expect(nameIn(await stored('traces', forged))).toBe(named('shop.example'))
    vi.stubEnv('OTEL_SERVICE_NAME', 'shop')
    expect(nameIn(await stored('traces', forged))).toBe(named('shop-web'))
    expect(nameIn(await stored('traces', span({}, [text('service.name', 'shop.example')])))).toBe(named('shop.example'))
    const serviceNames = ['front', 'payments']
    expect(nameIn(await stored('traces', forged, { serviceNames }))).toBe(named('payments'))
    expect(nameIn(await stored('traces', span({}, [text('service.name', 'x')]), { serviceNames }))).toBe(named('front'))
    expect(nameIn(await stored('traces', { resourceSpans: [{ scopeSpans: [] }] }, { serviceNames }))).toBe(
      named('front'),
    )
  })

  it('F3: nothing passes unread: aliases, trace states, bytes, numbers under a secret key, addresses of schemas', async () => {
    const bytes = Buffer.from('bob@example.com').toString('base64')
    const body = await stored('traces', {
      resource_spans: [{ evil: KEY }],
      ...span({
        trace_state: `v=${KEY}`,
        traceState: `v=${KEY}`,
        links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceState: `v=${KEY}` }],
        attributes: [
          { key: 'db.password', value: { string_value: 'Zzhunter2' } },
          { key: 'db.password', value: { intValue: '987654321017' } },
          { key: 'card_number', value: { intValue: '4111111111111111' } },
          { key: 'x', value: { bytesValue: bytes } },
          { key: 'y', value: { arrayValue: { values: [{ bytesValue: bytes }] } } },
          { key: KEY, value: { stringValue: 'x' } },
        ],
        status: { message: KEY },
      }),
    })
    expect(body).not.toMatch(/Zzhunter2|987654321017|4111111111111111|AbCdEfGh|resource_spans|trace_?state/i)
    expect(body).not.toContain(bytes)
  })

  it.each([
    ['parentSpanId', 'bob@example.com'],
    ['flags', 'bob@example.com'],
    ['attributes', [{ key: 'x', value: { intValue: 'bob@example.com' } }]],
  ])('F3: text in the place of %s is no OTLP', async (name, value) => {
    const answer = await handler()(request('traces', JSON.stringify(span({ [name]: value }))))
    expect(answer.status).toBe(400)
    expect(received).toEqual([])
  })

  const hostile = (size: number) => {
    const one = ` -password ${'(0)11 '.repeat(43_000)}`.slice(0, 8_000)
    const records = Array.from({ length: Math.floor(size / 8_100) }, () => ({
      timeUnixNano: '1',
      body: { stringValue: one },
    }))
    return gzipSync(JSON.stringify(logs(records)))
  }
  const packed = { 'content-encoding': 'gzip' }

  it('F2: hostile numbers cost a small part of what their characters would, and the app works meanwhile', async () => {
    const handle = handler()
    await handle(request('logs', hostile(9_000), packed))
    let turns = 0
    let isDone = false
    const tick = () => {
      turns++
      if (!isDone) setImmediate(tick)
    }
    setImmediate(tick)
    expect((await handle(request('logs', hostile(125_000), packed))).status).toBe(200)
    isDone = true
    expect(turns).toBeGreaterThan(3)
    expect((await handle(request('logs', hostile(200_000), packed))).status).toBe(413)
  })

  it('F2: a client that makes the app work is sooner at its limit', async () => {
    const count = async (body: BodyInit, headers: Record<string, string>) => {
      const handle = handler({ perMinute: 60 })
      let passed = 0
      for (; passed < 60; passed++)
        if ((await handle(request('logs', body, { 'x-forwarded-for': '192.0.2.1', ...headers }))).status === 429) break
      return passed
    }
    expect(await count(JSON.stringify(logs([{ timeUnixNano: '1' }])), {})).toBe(60)
    expect(await count(hostile(125_000), packed)).toBeLessThan(30)
  })

  it('F2: records without anything in them are refused before they are read', async () => {
    for (const list of ['{}', '{"spans":[{}]}', '{"scope":{}}'].map(one => Array(3_000).fill(one).join())) {
      const body = `{"resourceSpans":[{"scopeSpans":[${list}]}]}`
      expect((await handler()(request('traces', body))).status).toBe(413)
    }
    expect(received).toEqual([])
  })

  it('F2: answers 503 with Retry-After when too much is in work', async () => {
    delay = 500
    const handle = handler({ perMinute: 10_000 })
    const large = JSON.stringify(logs([{ timeUnixNano: '1', body: { stringValue: 'word '.repeat(25_000) } }]))
    const answers = await Promise.all(Array.from({ length: 200 }, () => handle(request('logs', large))))
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(50)
    expect(refused.every(({ headers }) => headers.get('retry-after'))).toBe(true)
    // and nothing of it stays
    expect((await handle(request('logs', large))).status).toBe(200)
  })

  it('F27: gzip of nothing, again and again, is not read beyond the limit', async () => {
    const empty = Buffer.concat(Array(3_000).fill(gzipSync('')))
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        if (sent > 20e6) return controller.close()
        sent += empty.length
        controller.enqueue(empty)
      },
    })
    // Node.js 26 takes one member of gzip alone, as the standard of DecompressionStream says
    expect([400, 413]).toContain((await handler()(request('logs', body, packed))).status)
    expect(sent).toBeLessThan(2e6)
  })
})
