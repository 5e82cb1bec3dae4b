// The store reads spans with a reader of its own: here it stands against protobuf.ts, on random and on broken requests.
import { afterEach, expect, test } from 'vitest'
import { storedTrace } from '../../../src/backend/api/tempo/document'
import { traceIdHex } from '../../../src/backend/store/columns'
import { openStore, type Store } from '../../../src/backend/store/store'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { messages } from '../../../src/shared/otlp/messages'
import { type Document, Malformed } from '../../../src/shared/otlp/schema'
import { Random } from '../../support/random'
import { requests } from '../otlp/proto'
import { encoded } from '../otlp/random'

let store: Store
afterEach(() => store.close())

const request = messages.ExportTraceServiceRequest
const list = (value: unknown) => (value ?? []) as Document[]

test('the store has of random requests what a reader of protobuf has', { timeout: 60_000 }, async () => {
  store = await openStore({ path: ':memory:' })
  const random = new Random(1)
  const sent = new Map<string, Document>()
  for (let i = 0; i < 30; i++) {
    const bytes = Buffer.from(encoded(requests.ExportTraceServiceRequest, random))
    await store.write('traces', bytes)
    for (const span of spansIn(fromProtobuf(request, bytes))) sent.set(`${span.traceId}`, span)
  }
  const stored = await store.query(`SELECT DISTINCT ${traceIdHex('trace_id')} AS id FROM spans`)
  const found = await Promise.all(stored.map(({ id }) => storedTrace(store, id as string)))
  const spans = found.flatMap(trace => spansIn(trace!.document))
  expect(spans.length).toBeGreaterThan(30)
  for (const span of spans) expect(span).toEqual(expected(sent.get(`${span.traceId}`)!))
})

test('a broken request is refused, and none of it is stored', { timeout: 60_000 }, async () => {
  store = await openStore({ path: ':memory:' })
  const random = new Random(3)
  let spans = 0
  let refused = 0
  const writes = Array.from({ length: 600 }, async () => {
    const bytes = Buffer.from(encoded(requests.ExportTraceServiceRequest, random))
    for (let n = 0; n <= random.below(4); n++) bytes[random.below(bytes.length)] = random.below(256)
    const document = attempt(() => fromProtobuf(request, bytes))
    if (!document) {
      refused++
      await expect(store.write('traces', bytes)).rejects.toThrow(Malformed)
      return
    }
    const partial = await store.write('traces', bytes)
    spans += spansIn(document).length - (partial?.rejected ?? 0)
  })
  await Promise.all(writes)
  expect(refused).toBeGreaterThan(60)
  expect(await store.query('SELECT count(*)::INTEGER AS spans FROM spans')).toEqual([{ spans }])
})

function attempt(read: () => Document): Document | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

const spansIn = (document: Document): Document[] =>
  list(document.resourceSpans).flatMap(({ scopeSpans }) => list(scopeSpans).flatMap(({ spans }) => list(spans)))

/** A span as it comes out: without zeros and empty texts, attributes in order, arrays of one as what is in them. */
function expected(span: Document): Document {
  const start = BigInt((span.startTimeUnixNano as string) ?? 0)
  const end = BigInt((span.endTimeUnixNano as string) ?? 0)
  const parent = /^0*$/.test((span.parentSpanId as string) ?? '') ? '' : span.parentSpanId
  return {
    ...present({
      ...item(span),
      parentSpanId: parent,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(end > start ? end : start),
      events: list(span.events).map(event => item({ timeUnixNano: '0', ...event })),
      links: list(span.links).map(link => item({ ...noIds, ...link })),
    }),
    status: present((span.status ?? {}) as Document),
  }
}

const noIds = { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }

function item(document: Document): Document {
  const pairs = list(document.attributes).map(({ key = '', value = {} }) => [key, value] as [string, Document])
  const first = new Map(pairs.reverse())
  const attributes = Array.from(first, ([key, value]) => ({ key, value: unwrapped(value) }))
  return present({ ...document, attributes: attributes.sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1)) })
}

function unwrapped(value: Document): Document {
  const values = list((value.arrayValue as Document | undefined)?.values)
  const isScalar = (one: Document) => ['stringValue', 'intValue', 'doubleValue', 'boolValue'].some(type => type in one)
  return values.length === 1 && isScalar(values[0]!) ? values[0]! : value
}

function present(fields: Document): Document {
  const isThere = (value: unknown) => Boolean(value) && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isThere(value)))
}
