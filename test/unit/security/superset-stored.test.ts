// Nothing that the Collector's second line would find is stored by `afn-otel up --redact`: texts generated from the second line's own
// expressions go over HTTP into the real receiver, as JSON and as protobuf (written by protobufjs), in every place of a span and
// of a log record that holds text or bytes, and what DuckDB has stored is read back from its file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { createIntake } from '../../../src/backend/ingest'
import { startReceiver } from '../../../src/backend/receiver'
import { openStore } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'
import { createRedactor, type Redactor } from '../../../src/shared/redact'
import { isLong } from '../../support/long'
import { requests } from '../otlp/proto'
import { generator, left, privateKeys, secondLine, wrappers } from '../redact-superset'

type Any = Record<string, unknown>
const string = (text: string): Any => ({ stringValue: text })
const bytes = (text: string): Any => ({ bytesValue: Buffer.from(text) })
const list = (...values: Any[]): Any => ({ arrayValue: { values } })
const map = (...values: Any[]): Any => ({ kvlistValue: { values } })
const entry = (key: string, value: Any): Any => ({ key, value })

/** An AnyValue with the text in it. */
const values: readonly ((text: string) => Any)[] = [
  string,
  bytes,
  text => list(string('a'), string(text)),
  text => list(bytes(text), bytes('a')),
  text => map(entry('note', string(text))),
  text => map(entry('a', map(entry('note', list(map(entry('raw', bytes(text)))))))),
]

const SPAN = { name: 'ask', startTimeUnixNano: '1764234000000000000', endTimeUnixNano: '1764234001000000000' }
const id = (length: number, n: number) => Buffer.from(n.toString(16).padStart(length * 2, '0'), 'hex')
const spanOf = (n: number, more: Any): Any => ({ ...SPAN, traceId: id(16, n + 1), spanId: id(8, n + 1), ...more })
const logOf = (more: Any): Any => ({ timeUnixNano: SPAN.startTimeUnixNano, ...more })

/** A span or a log record with the value in it, or the text where no value can be. */
const places: readonly ['spans' | 'logRecords', (n: number, value: Any, text: string) => Any][] = [
  ['spans', (n, value) => spanOf(n, { attributes: [entry('note', value)] })],
  ['spans', (n, _, text) => spanOf(n, { name: text })],
  ['spans', (n, _, text) => spanOf(n, { status: { code: 2, message: text } })],
  ['spans', (n, value) => spanOf(n, { events: [{ name: 'e', timeUnixNano: SPAN.startTimeUnixNano, attributes: [entry('note', value)] }] })],
  ['spans', (n, value) => spanOf(n, { links: [{ traceId: id(16, 9), spanId: id(8, 9), attributes: [entry('note', value)] }] })],
  ['logRecords', (_, value) => logOf({ body: value })],
  ['logRecords', (_, value) => logOf({ body: string('x'), attributes: [entry('note', value)] })],
] // biome-ignore format: a table

/**
 * One text for each expression in each wrapping, each in another place and another kind of value; in short every fourth of them.
 * `npm run test:long -- redaction` sends all.
 */
function* planted(): Generator<{ kind: 'spans' | 'logRecords'; record: Any }> {
  let n = 0
  let turn = 0
  const each = isLong('redaction') ? 1 : 4
  for (const pattern of secondLine) {
    const make = pattern.includes('PRIVATE KEY') ? () => privateKeys[n % privateKeys.length]! : generator(pattern)
    for (const wrap of Object.values(wrappers)) {
      if (turn++ % each !== 0) continue
      const text = wrap(make())
      const [kind, place] = places[n % places.length]!
      yield { kind, record: place(n, values[Math.floor(n / places.length) % values.length]!(text), text) }
      n++
    }
  }
}

const TOGETHER = 120

const everything = [...planted()]

function batches(kind: 'spans' | 'logRecords'): Any[][] {
  const all = everything.filter(one => one.kind === kind).map(({ record }) => record)
  return Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, at) =>
    all.slice(at * TOGETHER, (at + 1) * TOGETHER),
  )
}

/** Ids in hexadecimal, other bytes in base64. */
const asJson = (document: Any): string =>
  JSON.stringify(document, function (this: Any, key, value) {
    const raw = this[key]
    return Buffer.isBuffer(raw) ? raw.toString(/Id$/.test(key) ? 'hex' : 'base64') : value
  })

/** All strings in what is stored, and what is written in them in base64. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    const inside = value.startsWith('{') || value.startsWith('[') ? parsed(value) : undefined
    if (inside !== undefined) return yield* texts(inside)
    yield value
    if (/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) yield Buffer.from(value, 'base64').toString()
  } else if (value instanceof Uint8Array) yield Buffer.from(value).toString()
  else if (Array.isArray(value)) for (const one of value) yield* texts(one)
  else if (value !== null && typeof value === 'object') {
    for (const [key, one] of Object.entries(value)) {
      yield key
      yield* texts(one)
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Of a private key each line counts, however it is wrapped. */
const lines = privateKeys.flatMap(key => key.split('\n')).filter(line => /^[\w+/=]{24,}$/.test(line))
const leaks = (found: readonly string[]) =>
  [...new Set(found)].filter(text => left(text).length > 0 || lines.some(line => text.includes(line.slice(0, 24))))

/** Sends all that is planted, each second request as protobuf; returns how many records were sent, and all texts that were stored. */
async function stored(redactor: Redactor | undefined, most: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-superset-'))
  const file = path.join(folder, 'afn.duckdb')
  try {
    const store = await openStore({ path: file })
    const take = createIntake(store, { redactor, prometheus: undefined })
    const receiver = await startReceiver({
      onTraces: request => take('traces', request as Document),
      onMetrics: request => take('metrics', request),
      onLogs: request => take('logs', request),
    })
    let sent = 0
    for (const kind of ['spans', 'logRecords'] as const) {
      for (const [n, records] of batches(kind).slice(0, most).entries()) {
        const inside =
          kind === 'spans' ? { scopeSpans: [{ spans: records }] } : { scopeLogs: [{ logRecords: records }] }
        const document = kind === 'spans' ? { resourceSpans: [inside] } : { resourceLogs: [inside] }
        const request = kind === 'spans' ? requests.ExportTraceServiceRequest : requests.ExportLogsServiceRequest
        const isJson = n % 2 === 0
        const response = await fetch(`${receiver.url}/v1/${kind === 'spans' ? 'traces' : 'logs'}`, {
          method: 'POST',
          headers: { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' },
          body: isJson ? asJson(document) : Buffer.from(request.encode(document).finish()),
        })
        expect(response.status).toBe(200)
        sent += records.length
      }
    }
    expect(store.vitals.counts.received).toBe(sent)
    await receiver.close()
    await store.close()
    return { sent, found: await read(file) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function read(file: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const tables = await connection.runAndReadAll(
    "select table_name from information_schema.tables where table_type = 'BASE TABLE'",
  )
  const found: string[] = []
  for (const [table] of tables.getRows()) {
    const rows = await connection.runAndReadAll(`select * from "${table}"`)
    for (const text of texts(rows.getRowObjectsJson())) found.push(text)
  }
  connection.closeSync()
  instance.closeSync()
  return found
}

it('finds what it planted, where nothing is redacted', async () => {
  const { found } = await stored(undefined, 1)
  expect(leaks(found).length).toBeGreaterThan(50)
}, 300_000)

it('stores nothing that the second line would find', async () => {
  const { sent, found } = await stored(createRedactor(), Number.POSITIVE_INFINITY)
  expect(sent).toBeGreaterThan(1000)
  expect(leaks(found)).toEqual([])
  // read, not replaced unread
  expect(found.filter(text => /\[[A-Z_]+\]/.test(text)).length).toBeGreaterThan(sent / 3)
}, 300_000)
