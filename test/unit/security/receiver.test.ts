// The attacks of the reviews on the receiver of `afn-otel up`, by the number of the finding. How many bytes and records there are
// is the generator's own count; protobuf is written here byte by byte.
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createIntake } from '../../../src/backend/ingest'
import { type Receiver, startReceiver } from '../../../src/backend/receiver'
import { openStore, type Store } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'
import { createRedactor } from '../../../src/shared/redact'

const SIZE = 16 * 2 ** 20 - 1024
let store: Store
let receiver: Receiver
let held: Promise<void> | undefined
beforeEach(async () => {
  held = undefined
  store = await openStore({ path: ':memory:' })
  const take = createIntake(store, { redactor: createRedactor(), prometheus: undefined })
  receiver = await startReceiver({
    onTraces: request => take('traces', request as Document),
    onMetrics: request => take('metrics', request),
    onLogs: async request => {
      await held
      return take('logs', request)
    },
  })
})
afterEach(async () => {
  await receiver.close()
  await store.close()
})

async function post(signal: string, type: string, body: string | Buffer) {
  const response = await fetch(`${receiver.url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': `application/${type}`, 'content-encoding': 'gzip' },
    body: gzipSync(body),
  })
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() }
}

const filled = (before: string, one: string, after: string) =>
  before + one.repeat(Math.floor((SIZE - before.length - after.length) / one.length)).replace(/,$/, '') + after

it.each([
  ['traces', 'empty resources', filled('{"resourceSpans":[', '{},', ']}')],
  ['traces', 'empty spans', filled('{"resourceSpans":[{"scopeSpans":[{"spans":[', '{},', ']}]}]}')],
  ['traces', 'empty attributes', filled('{"resourceSpans":[{"resource":{"attributes":[', '{"key":"k"},', ']}}]}')],
  ['logs', '200,000 empty records', `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${'{},'.repeat(2e5)}{}]}]}]}`],
  [
    'metrics',
    'a million counts of buckets',
    `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[{"bucketCounts":[${'1,'.repeat(1e6)}1]}]}}]}]}]}`,
  ],
])('F12: refuses %s with %s in JSON, and says why', async (signal, _, body) => {
  const { status, text } = await post(signal, 'json', body)
  expect(status).toBe(413)
  expect(text).toContain('100000 records')
  expect(store.vitals.counts.received).toBe(0)
})

it('F12: refuses lists in lists that OTLP does not know, and says why', async () => {
  const { status, text } = await post('traces', 'json', `{"x":${'['.repeat(8e6)}${']'.repeat(8e6)}}`)
  expect(status).toBe(400)
  expect(text).toMatch(/nested|deep/)
})

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
const field = (number: number, content: Buffer) =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), content])
const many = (one: Buffer) => Buffer.alloc(Math.floor((SIZE - 2000) / one.length) * one.length, one)
const nothing = Buffer.alloc(0)
const ids = Buffer.concat([field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 1))])
const inSpan = (...parts: Buffer[]) => field(1, field(2, field(2, Buffer.concat([ids, ...parts]))))

it.each([
  ['traces', 'empty resources', field(1, many(field(2, nothing)))],
  ['traces', 'empty spans', field(1, field(2, many(field(2, nothing))))],
  ['traces', 'empty events', inSpan(many(field(11, nothing)))],
  ['traces', 'empty links', inSpan(many(field(13, nothing)))],
  ['traces', 'empty values', inSpan(field(9, field(2, field(5, many(field(1, nothing))))))],
  ['logs', 'empty records', field(1, field(2, many(field(2, nothing))))],
  ['metrics', 'packed counts', field(1, field(2, field(2, field(9, field(1, field(6, many(Buffer.from([1]))))))))],
])('F12: refuses %s with millions of %s in protobuf', async (signal, _, body) => {
  expect((await post(signal, 'x-protobuf', body)).status).toBe(413)
  expect(store.vitals.counts.received).toBe(0)
})

it('F12: takes 50,000 log records at once, and a large text', async () => {
  const records = Array.from({ length: 50_000 }, (_, at) => ({
    timeUnixNano: '1795000000000000000',
    body: { intValue: at },
  }))
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] }
  expect((await post('logs', 'json', JSON.stringify(body))).status).toBe(200)
  expect(store.vitals.counts).toMatchObject({ received: 50_000, rejected: 0 })
  const text = '{[,"'.repeat(2 ** 20)
  const large = {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: text } }] }] }],
  }
  expect((await post('logs', 'json', JSON.stringify(large))).status).toBe(200)
})

it('F12: log records that say nothing are rejected and named, and those beside them are stored', async () => {
  const logRecords = [
    {},
    { severityNumber: 9 },
    { eventName: 'saved' },
    { timeUnixNano: '1' },
    { body: { boolValue: true } },
  ]
  const { status, text } = await post(
    'logs',
    'json',
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  )
  expect(status).toBe(200)
  expect(JSON.parse(text).partialSuccess).toMatchObject({ rejectedLogRecords: '2' })
  expect(await store.query('SELECT count(*)::INTEGER AS n FROM logs')).toEqual([{ n: 3 }])
})

it('F12: answers 503 with Retry-After when the bodies of all requests together are too large, and takes them afterwards', async () => {
  let go = () => {}
  held = new Promise(resolve => (go = resolve))
  const text = 'word '.repeat(3 * 2 ** 20)
  const body = JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [{ logRecords: [{ timeUnixNano: '1', attributes: [{ key: 'a', value: { stringValue: text } }] }] }],
      },
    ],
  })
  const first = Array.from({ length: 12 }, () => post('logs', 'json', body))
  const answers = Promise.all(first)
  await Promise.race(first)
  go()
  const statuses = (await answers).map(({ status }) => status)
  expect(statuses.filter(status => status === 200).length).toBeLessThanOrEqual(4)
  const refused = (await answers).filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThanOrEqual(8)
  expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true)
  expect((await post('logs', 'json', body)).status).toBe(200)
})

it('B11: --redact reads bytes: text in them, under a secret key, in lists, maps and bodies', async () => {
  const bytes = (text: string) => ({ bytesValue: Buffer.from(text).toString('base64') })
  const secrets = ['bob@example.com', 'Zzhunter2', 'ann@example.com', 'Zzhunter3', 'eve@example.com']
  const [mail, password, inList, inMap, inBody] = secrets as [string, string, string, string, string]
  const record = {
    timeUnixNano: '1795000000000000000',
    body: bytes(`from ${inBody}`),
    attributes: [
      { key: 'a', value: bytes(mail) },
      { key: 'password', value: bytes(password) },
      { key: 'list', value: { arrayValue: { values: [bytes(inList)] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'password', value: bytes(inMap) }] } } },
      { key: 'picture', value: { bytesValue: '/9j/4AAQSkZJRg==' } },
    ],
  }
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
  expect((await post('logs', 'json', body)).status).toBe(200)
  const rows = JSON.stringify(await store.query('SELECT * FROM logs'), (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  for (const secret of secrets) {
    expect(rows).not.toContain(secret)
    expect(rows).not.toContain(Buffer.from(secret).toString('base64').slice(0, 10))
  }
  expect(rows).toContain('/9j/4AAQSkZJRg')
})
