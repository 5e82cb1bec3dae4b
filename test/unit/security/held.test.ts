// What the attack review tried on `otlpHandler` and on redaction, and found to hold. A server of node:http behind the handler says what left.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { otlpHandler } from '../../../src/app/next/otlp-handler'
import { messages } from '../../../src/shared/otlp/messages'
import { createDocumentRedactor } from '../../../src/shared/otlp/redact-request'
import { createRedactor, redact } from '../../../src/shared/redact'
import { ISSUERS } from '../../../src/shared/redact/detectors/secrets/formats/issuers'
import { isLong } from '../../support/long'
import { Random } from '../../support/random'
import { hostile } from '../redact-hostile'

/** Milliseconds for one test. */
const LIMIT = isLong('attack') ? 3_600_000 : 60_000

const ORIGIN = 'https://shop.example'
const empty = '{"resourceLogs":[]}'

describe('otlpHandler', () => {
  const received: { url?: string | undefined; headers: object; body: string }[] = []
  const collector = createServer((request, response) => {
    let body = ''
    request
      .on('data', chunk => (body += chunk))
      .on('end', () => {
        received.push({ url: request.url, headers: request.headers, body })
        response.end('{}')
      })
  })
  let handle: ReturnType<typeof otlpHandler>
  beforeAll(async () => {
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    handle = otlpHandler({ endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` })
  })
  afterAll(() => {
    collector.closeAllConnections()
    collector.close()
  })
  const ask = (body: BodyInit, headers: Record<string, string> = {}, path = '/api/otel/v1/logs') =>
    handle(
      new Request(`${ORIGIN}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      }),
    )
  const log = (value: string) =>
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":${value}}]}]}]}`

  it.each([
    'null',
    'https://evil.example',
    'https://shop.example.evil.com',
    'https://x.shop.example',
    'https://shop.exampl',
    'https://evil.com/https://shop.example',
    'https://user@shop.example',
    '',
  ])('sends nothing for a page of %s', async origin => {
    received.length = 0
    const answer = await ask(empty, { origin })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(received).toEqual([])
  })

  it.each(['/api/otel/v1/logs/../../admin', '/api/otel/v1/metrics', '/api/otel/v1/logs%2f..', '/api/otel/v1/logsx'])(
    '%s is no way to another path of the Collector',
    async path => {
      received.length = 0
      expect((await ask(empty, {}, path)).status).toBe(404)
      expect(received).toEqual([])
    },
  )

  it('takes no body that a form may send without asking first', async () => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])
      expect((await ask(empty, { 'content-type': type })).status).toBe(415)
  })

  it('does not unpack a bomb of gzip', async () => {
    const bomb = gzipSync(Buffer.alloc(isLong('attack') ? 200e6 : 20e6))
    expect((await ask(bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
  })

  it('answers to values that are nested 5,000 deep, and passes none on', async () => {
    received.length = 0
    const value = `${'{"arrayValue":{"values":['.repeat(1_500)}{"intValue":1}${']}}'.repeat(1_500)}`
    expect((await ask(log(value))).status).toBe(400)
    expect((await ask(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)).status).toBe(400)
    expect((await ask(`{"resourceLogs":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)).status).toBe(400)
    expect(received).toEqual([])
  })

  it('is not changed by __proto__ and constructor as names', async () => {
    const attributes = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
      .map(
        key => `{"key":"${key}","value":{"kvlistValue":{"values":[{"key":"__proto__","value":{"stringValue":"x"}}]}}}`,
      )
      .join()
    const body = `{"__proto__":{"polluted":1},"resourceLogs":[{"resource":{"attributes":[${attributes}],"__proto__":{"polluted":1}},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","attributes":[${attributes}]}]}]}]}`
    expect((await ask(body)).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(received.at(-1)?.body).not.toContain('polluted')
    expect(received.at(-1)?.body).toContain('"__proto__"')
  })

  it('sends the Collector no header of the page', async () => {
    await ask(empty, { cookie: 'session=1', authorization: 'Bearer of-the-page', 'x-scope-orgid': 'other' })
    expect(received.at(-1)?.headers).not.toHaveProperty('cookie')
    expect(received.at(-1)?.headers).not.toHaveProperty('authorization')
    expect(received.at(-1)?.headers).not.toHaveProperty('x-scope-orgid')
    expect(received.at(-1)?.url).toBe('/v1/logs')
  })
})

const MAIL = 'zq.leak@corp-example.com'
const KEY = 'sk-proj-Zq001AbCdEfGhIjKlMnOpQrStUvWxYz0123456789aB'
const NEEDLE = /zq\.leak|Zq001|leak%40|hunter2zz/

describe('no place keeps an address, a key or a password', () => {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const attributes = [
    text('a', `to ${MAIL}`),
    text('b', KEY),
    text(`by ${MAIL}`, '1'),
    text('db.password', 'hunter2zz'),
  ]
  const scope = { name: MAIL, version: KEY, attributes }
  const resource = { attributes }
  const record = {
    timeUnixNano: '1',
    body: { kvlistValue: { values: [text('msg', `for ${MAIL}`), text('password', 'hunter2zz')] } },
    attributes,
    severityText: MAIL,
    eventName: MAIL,
  }
  const span = {
    name: `GET ${MAIL}`,
    traceState: `v=${KEY}`,
    status: { code: 2, message: `no ${MAIL}` },
    attributes,
    events: [
      {
        name: `by ${MAIL}`,
        attributes: [
          text('exception.message', `Error: ${MAIL}`),
          text('exception.stacktrace', `Error: ${MAIL}\n    at f (a.js:1:1)\n  [cause]: Error: key ${KEY}`),
        ],
      },
    ],
    links: [{ attributes, traceState: `v=${KEY}` }],
  }
  const point = { attributes, timeUnixNano: '1', asInt: '1', exemplars: [{ filteredAttributes: attributes }] }
  const metric = {
    name: `m.${MAIL}`,
    unit: MAIL,
    description: KEY,
    metadata: attributes,
    gauge: { dataPoints: [point] },
  }
  const schemaUrl = `https://x/?token=${KEY}`

  it.each([
    [
      'ExportTraceServiceRequest',
      { resourceSpans: [{ resource, schemaUrl, scopeSpans: [{ scope, schemaUrl, spans: [span] }] }] },
    ],
    [
      'ExportLogsServiceRequest',
      { resourceLogs: [{ resource, schemaUrl, scopeLogs: [{ scope, schemaUrl, logRecords: [record] }] }] },
    ],
    [
      'ExportMetricsServiceRequest',
      { resourceMetrics: [{ resource, schemaUrl, scopeMetrics: [{ scope, schemaUrl, metrics: [metric] }] }] },
    ],
  ] as const)('of an %s', (name, request) => {
    const document = structuredClone(request) as Record<string, unknown>
    for (const _ of createDocumentRedactor(createRedactor())(messages[name], document));
    expect(JSON.stringify(document)).not.toMatch(NEEDLE)
  })

  const json = JSON.stringify({ user: { email: MAIL, password: 'hunter2zz' } })
  it.each([
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json)],
    ['JSON in JSON in JSON', JSON.stringify(JSON.stringify(json))],
    ['XML', `<user><email>${MAIL}</email><password>hunter2zz</password></user>`],
    ['YAML', `user:\n  email: ${MAIL}\n  password: hunter2zz\n`],
    ['a form', `email=${encodeURIComponent(MAIL)}&password=hunter2zz`],
    [
      'multipart',
      `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2zz\r\n--x\r\nContent-Disposition: form-data; name="m"\r\n\r\n${MAIL}\r\n--x--`,
    ],
    ['a cookie', `Cookie: session=hunter2zz; mail=${MAIL}`],
    ['baggage', `baggage: user=${encodeURIComponent(MAIL)},key=${KEY}`],
    ['a line of pino', `{"level":30,"msg":"for ${MAIL}","req":{"headers":{"authorization":"Bearer hunter2zz0123"}}}`],
    ['an address of a database', `postgres://bob:hunter2zz@db/x?user=${MAIL}`],
  ])('in %s', (_, text) => {
    expect(redact(text)).not.toMatch(NEEDLE)
  })
})

describe('keys of known issuers in a bare sentence', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const alphabets: Record<string, string> = {
    h: '0123456789abcdef',
    A: 'ABCDEFGHJKLMNPQRSTUVWXYZ234567',
  }
  let seed = 99
  const below = (n: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return Math.floor((seed / 0x8000_0000) * n)
  }
  const some = (length: number, of: string) => Array.from({ length }, () => of[below(of.length)]).join('')
  const uuid = () => [8, 4, 4, 4, 12].map(length => some(length, alphabets.h!)).join('-')
  const rows = ISSUERS.flatMap(([form, least, prefixes]) =>
    prefixes.split(' ').map(prefix => ({ form, least, prefix })),
  )

  it(`each of the ${rows.length} prefixes masks what the issuer writes behind it`, () => {
    expect(rows.length).toBeGreaterThan(230)
    const leaks = rows.flatMap(({ form, least, prefix }) =>
      Array.from({ length: isLong('attack') ? 40 : 8 }, (_, at) => {
        const longer = form === 'h' || form === 'A' ? 0 : at % 7
        const body = form === 'u' ? uuid() : some(least + longer, alphabets[form] ?? letters)
        return redact(`upstream said ${prefix}${body} is wrong`).includes(body) ? prefix : ''
      }),
    )
    expect([...new Set(leaks.filter(Boolean))]).toEqual([])
  })
})

describe('texts that a search makes of hostile pieces', () => {
  const more = [
    '\n',
    ' ',
    '"',
    '\\',
    '{',
    '[',
    '(',
    '<',
    '=',
    ':',
    ',',
    '.',
    '-',
    '@',
    '1',
    '1234567890',
    'aA1',
    'é',
    '山',
    'カ',
    '様',
    '\u200b',
    '\u00a0',
    '１',
    '😀',
    '\ud83d',
    '%20',
    '\\n',
    'https://',
    '?a=',
    'name:',
    'street ',
    'Dr. ',
    '|a|b|\n',
    'a,b\n',
    '<td>',
    '٠',
    'AKIA',
    'select ',
    "where a='",
    '/*',
    '${',
    '丁目',
    '+49',
    '(0)',
  ]
  const pool = [...hostile, ...more]
  const random = new Random(7)
  const one = () => random.pick(pool)
  const { text } = createRedactor()
  /** CPU of one call in microseconds, the least of some. */
  function cost(value: string): number {
    let least = Number.POSITIVE_INFINITY
    for (let n = 0; n < 3; n++) {
      const from = process.cpuUsage()
      text(value)
      const { user, system } = process.cpuUsage(from)
      least = Math.min(least, user + system)
    }
    return least
  }

  it(
    'take four times as long when they are four times as long',
    () => {
      const bad: string[] = []
      for (let n = 0; n < (isLong('attack') ? 1_800 : 25); n++) {
        const [before, unit, after] = [one(), Array.from({ length: 1 + random.below(4) }, one).join(''), one()]
        const of = (length: number) => before + unit.repeat(Math.ceil(length / unit.length)).slice(0, length) + after
        const ratio = () => cost(of(32_768)) / Math.max(200, cost(of(8_192)))
        let least = ratio()
        // a busy machine spoils one measurement, not eight
        for (let again = 0; again < 7 && least > 7; again++) least = Math.min(least, ratio())
        if (least > 7) bad.push(JSON.stringify([before, unit, after]))
      }
      expect(bad).toEqual([])
    },
    LIMIT,
  )
})
