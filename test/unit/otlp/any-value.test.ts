// What OpenTelemetry's own serializer writes, and what protobufjs makes of it in protobuf's JSON, is read back as it was.
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { integer, plainAttributes, plainScalar, typedValue } from '../../../src/shared/otlp/any-value'
import { hexId, type Span, spanKind, statusCode, type TracesData } from '../../../src/shared/otlp/trace'
import { requests } from './proto'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = '00f067aa0ba902b7'
const attributes = {
  text: 'チャット',
  empty: '',
  yes: true,
  no: false,
  int: -7,
  zero: 0,
  safe: Number.MAX_SAFE_INTEGER,
  float: 1.5,
  list: ['a', 'b'],
  mixed: [1, 2.5, true, null],
}
const sent = {
  name: 'chat',
  kind: SpanKind.CLIENT,
  spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
  startTime: [1_790_000_000, 123_456_789],
  endTime: [1_790_000_001, 1],
  duration: [0, 876_543_212],
  ended: true,
  status: { code: SpanStatusCode.ERROR },
  attributes,
  links: [],
  events: [],
  resource: resourceFromAttributes({}),
  instrumentationScope: { name: 'scope' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
} as unknown as ReadableSpan

const otlpJson = JSON.parse(Buffer.from(JsonTraceSerializer.serializeRequest([sent])!).toString()) as TracesData

/** As Tempo answers: ids in base64, enumerations by name, integers as text. */
const protobufJson = () => {
  const type = requests.ExportTraceServiceRequest
  const read = type.decode(ProtobufTraceSerializer.serializeRequest([sent])!)
  return type.toObject(read, { longs: String, enums: String, bytes: String, json: true }) as TracesData
}

const spanOf = ({ resourceSpans }: TracesData): Span => resourceSpans![0]!.scopeSpans![0]!.spans![0]!

it.each([
  ['OTLP JSON', () => otlpJson],
  ["protobuf's JSON", protobufJson],
])('attributes, ids, kind and status of a span in %s are read as they were set', (_, document) => {
  const span = spanOf(document())
  expect(plainAttributes(span.attributes)).toEqual(attributes)
  expect([hexId(span.traceId, 32), hexId(span.spanId, 16)]).toEqual([traceId, spanId])
  expect([spanKind(span.kind), statusCode(span.status?.code)]).toEqual(['client', 'error'])
  expect(integer(span.startTimeUnixNano)).toBe(1_790_000_000_123_456_789n)
})

it('an integer above 2^53 keeps its digits where the caller wants its type', () => {
  const intValue = '9007199254740993'
  expect(typedValue({ intValue })).toEqual({ type: 'int', value: 9007199254740993n })
  expect(plainScalar({ intValue })).toBe(Number(intValue))
})

it('what is nested keeps its types, and the empty value is one of its own', () => {
  const map = { kvlistValue: { values: [{ key: 'list', value: { arrayValue: { values: [{ boolValue: false }] } } }] } }
  expect(typedValue(map)).toEqual({
    type: 'map',
    value: [{ key: 'list', value: { type: 'array', value: [{ type: 'bool', value: false }] } }],
  })
  expect(typedValue({ bytesValue: 'AQL/' })).toEqual({ type: 'bytes', value: 'AQL/' })
  expect(typedValue({ arrayValue: {} })).toEqual({ type: 'array', value: [] })
  expect([typedValue({}), typedValue(undefined)]).toEqual(Array(2).fill({ type: 'empty', value: null }))
})

it('what is no list, map or bytes alone is a scalar', () => {
  expect([{ arrayValue: {} }, { kvlistValue: {} }, { bytesValue: '' }, {}].map(plainScalar)).toEqual(Array(4))
  expect([{ doubleValue: 'NaN' }, { doubleValue: '-Infinity' }].map(plainScalar)).toEqual([Number.NaN, -Infinity])
})

it('an enumeration that is newer than this reader is read as the first of its values', () => {
  expect([spanKind(9), spanKind('SPAN_KIND_NEW'), spanKind(undefined), spanKind(2)]).toEqual([
    'unspecified',
    'unspecified',
    'unspecified',
    'server',
  ])
  expect([statusCode('STATUS_CODE_OK'), statusCode(7), statusCode(-1)]).toEqual(['ok', 'unset', 'unset'])
})
