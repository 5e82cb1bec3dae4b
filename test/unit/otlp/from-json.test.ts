import { describe, expect, it } from 'vitest'
import { fromJson } from '../../../src/shared/otlp/from-json'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { messages } from '../../../src/shared/otlp/messages'
import { MAX_DEPTH, Malformed } from '../../../src/shared/otlp/schema'
import { Random } from '../../support/random'
import { asOtlpJson, requests } from './proto'
import { encoded } from './random'

const read = (message: keyof typeof messages, value: unknown) => fromJson(messages[message], value)

it.each(['ExportTraceServiceRequest', 'ExportMetricsServiceRequest', 'ExportLogsServiceRequest'] as const)(
  '%s: JSON and protobuf of the same message are read alike',
  name => {
    const random = new Random(4)
    for (let i = 0; i < 200; i++) {
      const bytes = encoded(requests[name], random)
      const json = JSON.parse(JSON.stringify(asOtlpJson(requests[name], bytes)))
      expect(read(name, json)).toEqual(fromProtobuf(messages[name], bytes))
    }
  },
)

it.each<[string, keyof typeof messages, unknown, unknown]>([
  ['ids in capitals', 'Span', { spanId: 'ABCDEF0123456789' }, { spanId: 'abcdef0123456789' }],
  ['empty ids', 'Span', { traceId: '', parentSpanId: '' }, {}],
  ['nulls', 'Span', { name: null, attributes: null, status: null }, {}],
  ['unknown fields', 'Span', { name: 'a', colour: 'red', __proto__: { b: 1 } }, { name: 'a' }],
  ['names with underscores, which OTLP does not know', 'Span', { trace_state: 'a' }, {}],
  ['64-bit integers as numbers', 'Span', { startTimeUnixNano: 12 }, { startTimeUnixNano: '12' }],
  ['64-bit integers as text', 'AnyValue', { intValue: '-9223372036854775808' }, { intValue: '-9223372036854775808' }],
  ['32-bit integers as text', 'Span', { droppedEventsCount: '7' }, { droppedEventsCount: 7 }],
  ['doubles as text', 'AnyValue', { doubleValue: '1e3' }, { doubleValue: 1000 }],
  ['what is no number', 'AnyValue', { doubleValue: 'NaN' }, { doubleValue: 'NaN' }],
  ['infinity', 'AnyValue', { doubleValue: '-Infinity' }, { doubleValue: '-Infinity' }],
  ['two of a oneof: the last one', 'AnyValue', { stringValue: 'a', intValue: 1 }, { intValue: '1' }],
  ['a value without any', 'KeyValue', { key: 'k', value: {} }, { key: 'k', value: {} }],
])('%s', (_, message, input, expected) => {
  expect(read(message, input)).toEqual(expected)
})

it.each<[string, keyof typeof messages, unknown, string]>([
  ['an array', 'Span', [], 'Span is no object'],
  ['null', 'Span', null, 'Span is no object'],
  ['text', 'ExportTraceServiceRequest', 'hello', 'ExportTraceServiceRequest is no object'],
  ['one where many are', 'Span', { attributes: {} }, 'Span.attributes is no array'],
  ['null among many', 'Span', { attributes: [null] }, 'Span.attributes is no object'],
  ['a number as text', 'Span', { name: 7 }, 'Span.name is no string'],
  ['a short id', 'Span', { traceId: 'abc' }, 'Span.traceId is no id of 32 hexadecimal digits'],
  ['an id in base64', 'Span', { spanId: 'AAAAAAAAAAA=bbbb' }, 'Span.spanId is no id of 16 hexadecimal digits'],
  [
    'the name of an enum',
    'Span',
    { kind: 'SPAN_KIND_SERVER' },
    "Span.kind is no number (OTLP has no enum's name there)",
  ],
  ['half an integer', 'AnyValue', { intValue: 1.5 }, 'AnyValue.intValue is no int64'],
  ['an integer that is too large', 'AnyValue', { intValue: '9223372036854775808' }, 'AnyValue.intValue is no int64'],
  ['a time before 1970', 'Span', { startTimeUnixNano: -1 }, 'Span.startTimeUnixNano is no fixed64'],
  ['an integer in words', 'Span', { endTimeUnixNano: 'now' }, 'Span.endTimeUnixNano is no fixed64'],
  ['2^32', 'Span', { flags: 2 ** 32 }, 'Span.flags is no fixed32'],
  ['empty text as a double', 'AnyValue', { doubleValue: '' }, 'AnyValue.doubleValue is no double'],
  ['a number as a bool', 'AnyValue', { boolValue: 1 }, 'AnyValue.boolValue is no bool'],
])('%s is Malformed, and it says where', (_, message, input, reason) => {
  expect(() => read(message, input)).toThrow(new Malformed(reason))
})

describe('lists in lists', () => {
  const nested = (depth: number): object =>
    JSON.parse(`${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`)

  it('are read, and are Malformed beyond a depth', () => {
    const deepest = nested(MAX_DEPTH / 2)
    expect(Object.keys(read('AnyValue', deepest))).toEqual(['arrayValue'])
    for (const depth of [MAX_DEPTH / 2 + 1, 100_000]) expect(() => read('AnyValue', nested(depth))).toThrow(Malformed)
  })
})
