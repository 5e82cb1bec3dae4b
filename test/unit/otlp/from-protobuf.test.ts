// The protobuf reader against somebody else's: protobufjs with the .proto files, and OpenTelemetry's serializers.
import { SpanKind } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { messages } from '../../../src/shared/otlp/messages'
import { MAX_DEPTH, Malformed } from '../../../src/shared/otlp/schema'
import type { TracesData } from '../../../src/shared/otlp/trace'
import { decide, spansOfOtlp } from '../../../src/shared/tiers'
import { Random } from '../../support/random'
import { asOtlpJson, requests } from './proto'
import { encoded } from './random'

const names = ['ExportTraceServiceRequest', 'ExportMetricsServiceRequest', 'ExportLogsServiceRequest'] as const
const traces = messages.ExportTraceServiceRequest

/** Field `number` with these bytes; `wireType` is 2, a length and as many bytes, by default. */
const field = (number: number, content: number[], wireType = 2) => [
  number * 8 + wireType,
  ...(wireType === 2 ? [content.length] : []),
  ...content,
]
const read = (message: keyof typeof messages, ...bytes: number[]) => fromProtobuf(messages[message], Buffer.from(bytes))

describe.each(names)('%s', name => {
  it('is read as protobufjs reads it, on 300 random messages', () => {
    const random = new Random(1)
    for (let i = 0; i < 300; i++) {
      const bytes = encoded(requests[name], random)
      expect(fromProtobuf(messages[name], bytes)).toEqual(asOtlpJson(requests[name], bytes))
    }
  })

  it('cut anywhere is Malformed or a shorter message, and never anything else', () => {
    const bytes = encoded(requests[name], new Random(2))
    let refused = 0
    for (let length = 0; length < bytes.length; length++) refused += attempt(name, bytes.subarray(0, length))
    expect(refused).toBeGreaterThan(bytes.length / 2)
  })

  it('with bytes changed at random is Malformed or another message, and never anything else', () => {
    const random = new Random(3)
    let refused = 0
    for (let i = 0; i < 3000; i++) {
      const bytes = Uint8Array.from(encoded(requests[name], random))
      for (let n = 0; n <= random.below(4); n++) bytes[random.below(bytes.length)] = random.below(256)
      refused += attempt(name, bytes)
    }
    expect(refused).toBeGreaterThan(300)
  })
})

function attempt(name: (typeof names)[number], bytes: Uint8Array): number {
  try {
    fromProtobuf(messages[name], bytes)
    return 0
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return 1
  }
}

it('an empty body is a message without fields', () => {
  expect(fromProtobuf(traces, new Uint8Array())).toEqual({})
})

it('a view that begins in the middle of its buffer is read', () => {
  const bytes = Buffer.from([0xff, 0xff, ...field(1, field(3, [0x75]))])
  expect(fromProtobuf(traces, bytes.subarray(2))).toEqual({ resourceSpans: [{ schemaUrl: 'u' }] })
})

it('an id is hex; without bytes there is none', () => {
  expect(read('Span', ...field(2, [0, 1, 2, 3, 4, 5, 6, 0xff]), ...field(4, []))).toEqual({
    spanId: '00010203040506ff',
  })
})

it('a field of an event that an older reader would call its name is read', () => {
  expect(read('LogRecord', ...field(12, [0x65]))).toEqual({ eventName: 'e' })
})

it.each([
  ['packed', field(6, [...le64(1), ...le64(300)])],
  ['one by one', [...field(6, le64(1), 1), ...field(6, le64(300), 1)]],
  ['both', [...field(6, le64(1)), ...field(6, le64(300), 1)]],
])('repeated numbers are read where they come %s', (_, bytes) => {
  expect(read('HistogramDataPoint', ...bytes)).toEqual({ bucketCounts: ['1', '300'] })
})

it('the last field of a oneof counts', () => {
  expect(read('AnyValue', ...field(1, [0x61]), ...field(2, [1], 0))).toEqual({ boolValue: true })
})

it('a message that comes twice is one', () => {
  const value = (text: number) => field(5, field(1, field(1, [text])))
  expect(read('AnyValue', ...value(0x61), ...value(0x62))).toEqual({
    arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] },
  })
})

it('text that is no UTF-8 costs a character, not the batch', () => {
  expect(read('Span', ...field(5, [0x61, 0xff, 0x62]))).toEqual({ name: 'a\ufffdb' })
})

it('unknown fields of every wire type are skipped', () => {
  const unknown = [
    ...field(100, [1, 2, 3, 4], 5).toSpliced(0, 1, 0xa5, 6),
    ...field(15, [1, 2, 3, 4, 5, 6, 7, 8], 1),
    ...field(14, [0x96, 1], 0),
    ...field(13, [1, 2]),
  ]
  expect(read('KeyValue', ...unknown, ...field(1, [0x6b]), ...unknown)).toEqual({ key: 'k' })
})

const ones = (count: number) => Array.from({ length: count }, () => 0xff)

it.each<[string, keyof typeof messages, number[]]>([
  ['a length that leads beyond the end', 'Span', [5 * 8 + 2, 5, 0x61]],
  ['a length that leads beyond the message around it', 'ResourceSpans', [...field(1, [1 * 8 + 2, 3]), 0, 0, 0]],
  ['a length of 2^31', 'Span', [5 * 8 + 2, 0x80, 0x80, 0x80, 0x80, 0x08]],
  ['a length of 2^63', 'Span', [5 * 8 + 2, ...ones(9), 0x7f]],
  ['a negative length', 'Span', [5 * 8 + 2, ...ones(9), 1]],
  ['an unknown field whose length leads beyond the end', 'Span', [0xfa, 6, 100]],
  ['a varint of 11 bytes', 'Span', [6 * 8, ...ones(10), 1]],
  ['a varint without an end', 'Span', [6 * 8, 0x80]],
  ['a double of 4 bytes', 'AnyValue', field(4, [0, 0, 0, 0], 1)],
  ['text as a varint', 'Span', field(5, [1], 0)],
  ['a message as a varint', 'KeyValue', field(2, [1], 0)],
  ['a time as text', 'Span', field(7, le64(1))],
  ['packed numbers that end in the middle of one', 'HistogramDataPoint', field(6, [1, 2, 3])],
  ['a trace id of 8 bytes', 'Span', field(1, [1, 2, 3, 4, 5, 6, 7, 8])],
  ['a span id of 16 bytes', 'Span', field(2, [...le64(1), ...le64(1)])],
  ['field number 0', 'Span', [2, 0]],
  ['a field number of 2^29 and more', 'Span', [0x82, 0x80, 0x80, 0x80, 0x10, 0]],
  ['a group', 'Span', [17 * 8 + 3, 1, 17 * 8 + 4, 1]],
  ['wire type 7', 'Span', [0xff, 6]],
])('%s is Malformed', (_, message, bytes) => {
  expect(() => read(message, ...bytes)).toThrow(Malformed)
})

it('an error of reading says where, and never which data', () => {
  expect(() => read('Span', ...field(5, [42], 0))).toThrow(/^Span\.name has wire type 0$/)
  expect(() => read('Span', ...field(1, [0x61, 0x62]))).toThrow(/^an id has 2 bytes, not 16$/)
})

describe('lists in lists', () => {
  /** `depth` AnyValues, each the only one in the array of the one around it. */
  function nested(depth: number): Buffer {
    let bytes = Buffer.from(field(2, [1], 0))
    for (let i = 1; i < depth; i++)
      for (const tag of [10, 42]) bytes = Buffer.concat([header(tag, bytes.length), bytes])
    return bytes
  }

  it(`are read up to ${MAX_DEPTH} messages`, () => {
    let value = fromProtobuf(messages.AnyValue, nested(MAX_DEPTH / 2)) as { arrayValue?: { values: object[] } }
    let depth = 1
    for (; value.arrayValue; depth++) value = value.arrayValue.values[0] as typeof value
    expect(depth).toBe(MAX_DEPTH / 2)
    expect(value).toEqual({ boolValue: true })
  })

  it.each([MAX_DEPTH / 2 + 1, 2_000])('%d deep are Malformed, before the stack ends', depth => {
    expect(() => fromProtobuf(messages.AnyValue, nested(depth))).toThrow(Malformed)
  })
})

it('the reader gives the tiers the fields that they read', () => {
  const span = {
    traceId: Buffer.alloc(16, 0xab),
    spanId: Buffer.alloc(8, 1),
    kind: SpanKind.SERVER + 1,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000000000000001',
    status: { code: 2 },
    attributes: [{ key: 'http.response.status_code', value: { intValue: 502 } }],
  }
  const type = requests.ExportTraceServiceRequest
  const bytes = type.encode({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).finish()
  const [read] = spansOfOtlp(fromProtobuf(traces, bytes) as TracesData)
  expect(read).toMatchObject({
    traceId: 'ab'.repeat(16),
    kind: 'server',
    attributes: { 'http.response.status_code': 502 },
    start: 1_790_000_000_000_000_000n,
  })
  expect(decide([read!])).toEqual({ tier: 'errors', reason: 'errors' })
})

function le64(value: number): number[] {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return [...bytes]
}

function header(tag: number, length: number): Buffer {
  const bytes = [tag]
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) | 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}
