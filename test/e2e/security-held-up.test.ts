// What the attack review tried on `afn-otel up` and found to hold, so that it stays so. A real process; what is sent is written to the socket
// byte by byte, since clients mend what is wrong.
import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { type RunningUp, startUp } from '../support/up'

/** Milliseconds for one test. */
const LIMIT = isLong('attack') ? 900_000 : 120_000

let up: RunningUp
let [api, otlp] = [0, 0]
beforeAll(async () => {
  up = await startUp()
  api = Number(new URL(up.url).port)
  otlp = Number(new URL(up.otlp).port)
})
afterAll(async () => {
  expect(await up.stop()).toBe(0)
})

/** @returns the status of the first answer; 0 without one */
async function raw(port: number, message: string): Promise<{ status: number; answer: string }> {
  const socket = connect(port, '127.0.0.1')
  const answer = textOf(socket).catch(() => '')
  socket.write(message)
  socket.setTimeout(20_000, () => socket.destroy())
  const received = await answer
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? 0), answer: received }
}

const stats = (headers: string, path = '/api/afn/stats') =>
  raw(api, `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`)
const body = '{"resourceSpans":[]}'
const traces = (headers: string) =>
  raw(otlp, `POST /v1/traces HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)

describe('afn-otel up takes a Host header', () => {
  it.each(['127.0.0.1:PORT', 'localhost', 'LOCALHOST:PORT', '[::1]:PORT'])('with %s for this machine', async host => {
    expect((await stats(`Host: ${host.replace('PORT', `${api}`)}\r\n`)).status).toBe(200)
  })

  it.each([
    'evil.example',
    '127.0.0.1.nip.io',
    'localhost.evil.com',
    'localhost:PORT.evil.com',
    '127.0.0.1:PORT@evil.com',
    'evil.com@127.0.0.1',
    '127.evil.com',
    '127.0.0.1, evil.com',
    '0.0.0.0',
    '10.0.0.1',
    'x.host.docker.internal',
  ])('with %s for no name of this machine, on either port', async host => {
    for (const ask of [stats, traces]) {
      const { status } = await ask(`Host: ${host.replace('PORT', `${api}`)}\r\nContent-Type: application/json\r\n`)
      expect([400, 403]).toContain(status)
    }
  })

  // how browsers write these is 127.0.0.1, so that neither answer opens anything
  it.each(['2130706433', '127.1', '0x7f.1', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', 'localhost.', '127.0.0.2'])(
    'with %s, which no page sends, and answers it',
    async host => {
      expect([200, 400, 403]).toContain((await stats(`Host: ${host}\r\n`)).status)
    },
  )

  it('twice, empty, missing, or beside another one in the address: the foreign name is not answered', async () => {
    const [ours, evil] = ['Host: 127.0.0.1\r\n', 'Host: evil.example\r\n']
    expect([400, 403]).toContain((await stats('')).status)
    expect([400, 403]).toContain((await stats(evil + ours)).status)
    expect((await stats(evil, 'http://127.0.0.1/api/afn/stats')).status).toBe(403)
    expect([400, 403]).toContain((await raw(api, 'GET /api/afn/stats HTTP/1.0\r\n\r\n')).status)
  })
})

const pages = [
  'null',
  'https://evil.example',
  'http://127.0.0.1:3000',
  'http://localhost:1',
  'http://127.0.0.1:PORT.evil.com',
  'http://a@127.0.0.1:3000',
  'http://127.0.0.1',
  'file://',
  'chrome-extension://abcdef',
  'about:blank',
  'data:text/html,x',
  'http://[::1]:3000',
  '://',
]
describe('a page', () => {
  it.each(pages)('of %s reads nothing and writes nothing', async origin => {
    const from = `Host: 127.0.0.1:${api}\r\nOrigin: ${origin.replace('PORT', `${api}`)}\r\n`
    const to = `Host: 127.0.0.1:${otlp}\r\nOrigin: ${origin.replace('PORT', `${api}`)}\r\n`
    const answers = [
      await stats(from),
      await traces(`${to}Content-Type: application/json\r\n`),
      await traces(`${to}Content-Type: text/plain\r\n`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    for (const { answer } of answers) expect(answer).not.toMatch(/access-control-allow-origin/i)
  })

  it.each([
    ['an image', 'cross-site', 'no-cors', 'image'],
    ['another port of this machine', 'same-site', 'no-cors', 'empty'],
    ['a frame', 'cross-site', 'navigate', 'iframe'],
    ['a prefetch', 'cross-site', 'navigate', 'empty'],
    ['a link', 'cross-site', 'navigate', 'document'],
  ])('reaches no API and no download by %s', async (_, site, mode, dest) => {
    const headers = `Host: 127.0.0.1:${api}\r\nSec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${dest}\r\n`
    expect((await stats(headers)).status).toBe(403)
    expect((await stats(headers, '/api/afn/export?signal=traces')).status).toBe(403)
    expect((await traces(`${headers}Content-Type: application/json\r\n`)).status).toBe(403)
    // F26: a link shows the page, which is all that it gets
    expect((await stats(headers, '/')).status).toBe(dest === 'document' ? 200 : 403)
  })

  it('opens no WebSocket', async () => {
    const upgrade = `Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\nOrigin: https://evil.example\r\n`
    expect((await stats(`Host: 127.0.0.1:${api}\r\n${upgrade}`)).status).toBe(403)
  })
})

const host = () => `Host: 127.0.0.1:${api}\r\n`

it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'FOO', 'CONNECT'])(
  'a request that changes nothing: %s',
  async method => {
    const path = method === 'CONNECT' ? '127.0.0.1:80' : '/api/afn/stats'
    const { status } = await raw(api, `${method} ${path} HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`)
    expect([0, 400, 403, 405]).toContain(status)
  },
)

it.each([
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/package.json',
  '/assets/..%5c..%5cx',
  '//etc/passwd',
  '/assets/%00',
  '/index.html%00.js',
  '/api/traces/..%2f..%2f',
  '/api/traces/%00',
  '/%ff',
  '/%',
  '/api/afn/sessions/session/%ff',
  '/api/v2/search/tag/%ff/values',
])('%s reads no file, and is no failure of ours', async path => {
  const { status, answer } = await stats(host(), path)
  // what is no name of a session is one that is not there
  expect(status === 200 ? path : status).toSatisfy(
    is => is === '/api/afn/sessions/session/%ff' || (is >= 400 && is < 500),
  )
  expect(answer).not.toMatch(/root:|"name": "@afn/)
})

it('two lengths of one body, and a header of 20 KB, are refused', async () => {
  const smuggled = `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${otlp}\r\nContent-Type: application/json\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`
  expect((await raw(otlp, smuggled)).status).toBe(400)
  expect((await stats(`${host()}X: ${'a'.repeat(20_000)}\r\n`)).status).toBe(431)
})

const hostile = [
  "x'); DROP TABLE spans; --",
  '__proto__',
  `x;ATTACH '/etc/passwd'`,
  `a'::INT`,
  '"; DROP TABLE spans; --',
  'x\0y',
  "x' OR '1'='1",
  "x\\' OR 1=1 --",
  `x"`,
  `x'`,
  'x\ny',
  `\${1+1}`,
  '{{1}}',
  "x'||(select 1)||'",
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  'x]y',
  '$1',
  '?',
  '%s',
  '\u2028',
  '𝒳',
  "') , lambda e: true) --",
  "service.name'",
  'x`y',
  '',
  ' ',
  '.',
  '..',
  'a.b"c',
  'x\\',
  "x\\\\'",
]
const now = BigInt(Date.now()) * 1_000_000n
const attributes = hostile.map((key, at) => ({
  key,
  value: at % 4 ? { stringValue: key } : { intValue: String(at) },
}))
const one = (text: string, at: number) => ({
  traceId: (at + 1).toString(16).padStart(32, '0'),
  spanId: (at + 1).toString(16).padStart(16, '0'),
  name: text,
  startTimeUnixNano: `${now - 1_000_000_000n}`,
  endTimeUnixNano: `${now}`,
  attributes,
  events: [
    { name: text, timeUnixNano: `${now}`, attributes },
    {
      name: 'exception',
      timeUnixNano: `${now}`,
      attributes: [
        { key: 'exception.message', value: { stringValue: text } },
        { key: 'exception.stacktrace', value: { stringValue: `at ${text} (../../../../etc/passwd:1:1)` } },
      ],
    },
  ],
  links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes }],
  status: { code: 2, message: text },
})

/** Questions with the text in each place that takes one. */
function questions(text: string): string[] {
  const [quoted, encoded] = [JSON.stringify(text), encodeURIComponent(text)]
  const q = encodeURIComponent
  const searches = ['span.', 'resource.', 'event.', 'link.', 'instrumentation.', '.'].flatMap(scope => [
    `{ ${scope}${quoted} = ${quoted} }`,
    `{ ${scope}${quoted} =~ ${quoted} }`,
    `{ ${scope}${quoted} != nil } | by(${scope}${quoted}) | count() > 0`,
    `{ } | select(${scope}${quoted})`,
    `{} | avg(${scope}${quoted}) > 1`,
  ])
  const broken = [`{ ${text} = 1 }`, `{ span.${text} = "x" }`, `{ .a = "${text}" }`, `{ name =~ "${text}(" }`, text]
  return [
    ...[...searches, `{ name = ${quoted} }`, `{ trace:id = ${quoted} }`, ...broken].map(
      search => `/api/search?q=${q(search)}`,
    ),
    `/api/metrics/query_range?q=${q(`{} | rate() by (.${quoted})`)}&step=60`,
    `/api/v2/search/tag/${q(`span.${quoted}`)}/values`,
    `/api/v2/search/tag/${encoded}/values`,
    `/api/search/tag/${encoded}/values`,
    `/api/search?tags=${q(`"${text}"="${text}"`)}`,
    `/api/search/tags?scope=${encoded}`,
    `/api/v2/search/tags?limit=${encoded}&q=${q(`{ .a = ${quoted} }`)}`,
    ...['q', 'class', 'trace', 'event'].map(name => `/api/afn/logs?${name}=${encoded}`),
    ...['q', 'service', 'version'].map(name => `/api/afn/logs/summary?${name}=${encoded}`),
    `/api/afn/logs/tail?environment=${encoded}`,
    `/api/afn/sessions/session/${encoded}`,
    `/api/afn/sessions/${encoded}/x`,
    `/api/afn/series?metric=${encoded}&by=${encoded}&step=${encoded}`,
    `/api/afn/traces/${encoded}`,
    `/api/afn/export?signal=${encoded}`,
    `/api/afn/export?start=${encoded}`,
    `/api/traces/${encoded}`,
    `/api/afn/tail?q=${encoded}{`,
    ...['limit', 'spss', 'after', 'minDuration'].map(name => `/api/search?${name}=${encoded}`),
    `/api/metrics/query?q=${q('{}|rate()')}&start=${encoded}&end=${encoded}`,
    `/api/metrics/query_range?q=${q('{}|rate()')}&step=${encoded}`,
  ]
}

it(
  'no text in a key, a value, a name or a question reaches SQL: no failure, and the same rows afterwards',
  async () => {
    const resourceSpans = hostile.map((text, at) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: text } }, ...attributes] },
      scopeSpans: [{ scope: { name: text, version: text, attributes }, spans: [one(text, at)] }],
    }))
    const logRecords = hostile.map(text => ({
      timeUnixNano: `${now}`,
      body: { stringValue: text },
      attributes,
      eventName: text,
    }))
    expect((await up.post('traces', { resourceSpans })).status).toBe(200)
    expect(
      (await up.post('logs', { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] })).status,
    ).toBe(200)
    const rows = async () => {
      const { spans, logs } = (await (await fetch(`${up.url}/api/afn/stats`)).json()) as Record<string, unknown>
      return { spans, logs }
    }
    const before = await rows()
    const paths = (isLong('attack') ? hostile : hostile.slice(0, 3)).flatMap(questions)
    const failed: string[] = []
    for (const path of paths) {
      const response = await fetch(up.url + path)
      // a tail of a text that is a question would not end
      const answer = response.headers.get('content-type')?.includes('event-stream') ? '' : await response.text()
      await response.body?.cancel().catch(() => {})
      if (response.status >= 500 || /Parser Error|Binder Error|Catalog Error|syntax error at/i.test(answer))
        failed.push(`${response.status} ${decodeURIComponent(path)} ${answer.slice(0, 100)}`)
    }
    expect(failed).toEqual([])
    expect(await rows()).toEqual(before)
    expect(before).not.toEqual({ spans: 0, logs: 0 })
    for (const path of ['/api/afn/errors', '/api/afn/overview', '/api/v2/search/tags', '/api/afn/logs'])
      expect((await fetch(up.url + path)).status, path).toBe(200)
  },
  LIMIT,
)

it(
  'expensive TraceQL is answered or refused, and other questions are answered meanwhile',
  async () => {
    const times = (count: number, part: string, between: string) => Array(count).fill(part).join(between)
    const expensive = [
      `{ ${'('.repeat(3500)}.a = 1${')'.repeat(3500)} }`,
      times(12, '{}', '>>'),
      '{ .k =~ "(((x{1,10}){1,10}){1,10}){1,9}" }',
      `{} ${'| by(.n)'.repeat(100)}`,
      ...(isLong('attack')
        ? [
            `{ ${'!'.repeat(5000)}(.a = 1) }`,
            `{ .a = ${'-'.repeat(5000)}1 }`,
            `${'('.repeat(4000)}{ }${')'.repeat(4000)}`,
            `{ ${times(1500, '.a=1', '||')} }`,
            `{ ${times(700, 'event.a=1', '&&')} }`,
            times(6, '{}', '~'),
            times(300, '{}', '>>'),
            times(800, '{.a=1}', '||'),
            `{ .n ${'+ .n'.repeat(2000)} = 1 }`,
            `{ .n ${'^ .n'.repeat(60)} > 1 }`,
            '{} ~ {}',
            '{} &>> {}',
            '{ .k =~ "(x+x+)+y.*(x|xx)*z{0,900}" }',
            '{ .k =~ "(" }',
            `{} ${'| count() > 0'.repeat(200)}`,
          ]
        : []),
    ]
    const answers = expensive.map(async question => {
      const { status } = await fetch(`${up.url}/api/search?q=${encodeURIComponent(question)}`)
      return [200, 400, 422, 431, 503, 504].includes(status) ? [] : [`${status} ${question.slice(0, 40)}`]
    })
    expect((await fetch(`${up.url}/ready`)).status).toBe(200)
    expect((await Promise.all(answers)).flat()).toEqual([])
    const ranges = ['start=0&end=4000000000&step=1ns', 'start=0&end=4000000000&step=1s']
    for (const range of ranges) {
      const { status } = await fetch(`${up.url}/api/metrics/query_range?q=${encodeURIComponent('{}|rate()')}&${range}`)
      expect(status, range).toBeLessThan(500)
    }
  },
  LIMIT,
)

it(
  'many open tails get a trace, and up goes on',
  async () => {
    const count = isLong('attack') ? 1_500 : 50
    const tails = await Promise.all(
      Array.from({ length: count }, async () => {
        const request = get(`${up.url}/api/afn/tail?q=${encodeURIComponent('{}')}`, { agent: false })
        request.on('error', () => {})
        const [response] = await once(request, 'response')
        let received = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
        response.on('error', () => {})
        return { request, status: response.statusCode as number, received: () => received }
      }),
    )
    expect(new Set(tails.map(({ status }) => status))).toEqual(new Set([200]))
    const spans = [{ ...one('the tail', 0), traceId: 'c'.repeat(32) }]
    expect((await up.post('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })).status).toBe(200)
    await expect
      .poll(() => tails.filter(({ received }) => received().includes('c'.repeat(32))).length, { timeout: LIMIT / 2 })
      .toBe(count)
    for (const { request } of tails) request.destroy()
    expect((await fetch(`${up.url}/api/afn/stats`)).status).toBe(200)
    expect(up.stderr()).not.toMatch(/Warning|Error/)
  },
  LIMIT,
)
