// Our encoders against OpenTelemetry's .proto files (protobufjs) and against OpenTelemetry's own serializers.

import { createRequire } from 'node:module'
import { createTraceState, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { logsToJson, spansToJson } from '../../../src/shared/otlp/json'
import { encodeLog, encodeLogs, encodeSpan, encodeSpans } from '../../../src/shared/otlp/protobuf'
import { isMessage, lookup, newest, ofProfiles, type ProtoType } from './proto'

const require = createRequire(import.meta.url)
const root = require('@elastic/mockotlpserver/lib/proto.js').getProtoRoot()

const scope = { name: 'scope', version: '1.0.0', schemaUrl: 'https://s' }
const resource = resourceFromAttributes({ 'service.name': 'チャット', big: 2 ** 40 })
const context = (n: number, more: Partial<SpanContext> = {}): SpanContext => ({
  traceId: `${n}`.padStart(32, 'a'),
  spanId: `${n}`.padStart(16, 'b'),
  traceFlags: TraceFlags.SAMPLED,
  ...more,
})

function span(n: number, more: Partial<ReadableSpan> = {}): ReadableSpan {
  return {
    name: `span ${n}`,
    kind: SpanKind.CLIENT,
    spanContext: () => context(n, { traceState: createTraceState('a=1,b=2') }),
    parentSpanContext: context(n + 1, { isRemote: true }),
    startTime: [1_790_000_000, 123_456_789],
    endTime: [1_790_000_001, 1],
    duration: [0, 876_543_212],
    ended: true,
    status: { code: SpanStatusCode.ERROR, message: 'broken 💥' },
    attributes: {
      text: 'x'.repeat(300),
      empty: '',
      yes: true,
      no: false,
      int: -7,
      zero: 0,
      float: 1.5,
      safe: Number.MAX_SAFE_INTEGER,
      list: ['a', 'b'],
      mixed: [1, 2.5],
    },
    links: [{ context: context(9, { isRemote: false }), attributes: { l: 1 } }],
    events: [
      {
        name: 'exception',
        time: [1_790_000_000, 5],
        attributes: { 'exception.message': 'no' },
        droppedAttributesCount: 2,
      },
    ],
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 300,
    ...more,
  }
}

const record: ReadableLogRecord = {
  hrTime: [4_294_967_295, 999_999_999],
  hrTimeObserved: [0, 1],
  spanContext: context(3),
  severityNumber: 17,
  severityText: 'ERROR',
  body: { nested: { list: [1, 'two', null], deep: { ok: true } }, bytes: new Uint8Array([1, 2, 255]) },
  eventName: 'event',
  resource,
  instrumentationScope: { name: 'scope' },
  attributes: { a: 'b' },
  droppedAttributesCount: 0,
}

function decode(type: string, bytes: Uint8Array) {
  const message = root.lookupType(`opentelemetry.proto.collector.${type}`)
  return message.toObject(message.decode(bytes), { longs: String, bytes: String, defaults: true, oneofs: true })
}

describe('protobuf', () => {
  const spans = [
    span(1),
    span(2, { instrumentationScope: { name: 'other' } }),
    span(3, { attributes: {}, links: [], events: [], status: { code: 0 } }),
  ]

  it('spans are what OpenTelemetry encodes', () => {
    const theirs = decode(
      'trace.v1.ExportTraceServiceRequest',
      ProtobufTraceSerializer.serializeRequest(spans) as Uint8Array,
    )
    expect(decode('trace.v1.ExportTraceServiceRequest', encodeSpans(spans))).toEqual(theirs)
  })

  it('log records are what OpenTelemetry encodes', () => {
    const theirs = decode(
      'logs.v1.ExportLogsServiceRequest',
      ProtobufLogsSerializer.serializeRequest([record]) as Uint8Array,
    )
    expect(decode('logs.v1.ExportLogsServiceRequest', encodeLogs([record]))).toEqual(theirs)
    // the .proto files that are always at hand are older than field 12
    expect(encodeLogs([record]).includes(Buffer.from([12 * 8 + 2, 5, ...Buffer.from('event')]))).toBe(true)
  })

  it('records that were encoded one by one make the same request, whatever was encoded or failed meanwhile', () => {
    const sizes = [...Array(60).keys(), 500, 2_000, 9_000, 70_000, 1]
    const many = sizes.map((size, n) =>
      span(n, {
        attributes: { text: 'é'.repeat(size) },
        ...(n % 7 === 0 && { instrumentationScope: { name: 'other' } }),
      }),
    )
    const one = many.map((each, n) => {
      const broken = span(n, { attributes: { text: 'x'.repeat(n) }, endTime: undefined as never })
      if (n % 5 === 0) expect(() => encodeSpan(broken)).toThrow()
      return encodeSpan(each)
    })
    expect(encodeSpans(one).equals(encodeSpans(many))).toBe(true)
    expect(
      encodeSpans(one.map((each, n) => (n % 3 ? each : (many[n] as ReadableSpan)))).equals(encodeSpans(many)),
    ).toBe(true)
    expect(encodeLogs([encodeLog(record), record]).equals(encodeLogs([record, record]))).toBe(true)
  })

  it('registry doubles are doubles, whatever number they are', () => {
    const attributes = { 'afn.llm.cost.total': 1, 'gen_ai.evaluation.score.value': 0, 'gen_ai.usage.input_tokens': 1 }
    const decoded = decode('trace.v1.ExportTraceServiceRequest', encodeSpans([span(1, { attributes })]))
    expect(decoded.resourceSpans[0].scopeSpans[0].spans[0].attributes.map((a: { value: object }) => a.value)).toEqual([
      { value: 'doubleValue', doubleValue: 1 },
      { value: 'doubleValue', doubleValue: 0 },
      { value: 'intValue', intValue: '1' },
    ])
    const json = JSON.parse(spansToJson([span(1, { attributes })]).toString())
    expect(json.resourceSpans[0].scopeSpans[0].spans[0].attributes.map((a: { value: object }) => a.value)).toEqual([
      { doubleValue: 1 },
      { doubleValue: 0 },
      { intValue: '1' },
    ])
  })

  it('holds every length at which a length prefix grows, and text that is no valid Unicode', () => {
    for (const length of [
      0,
      1,
      ...Array.from({ length: 20 }, (_, n) => 107 + n),
      127,
      128,
      129,
      16_383,
      16_384,
      70_000,
      2_100_000,
    ]) {
      for (const text of ['x'.repeat(length), 'あ'.repeat(length), `${'x'.repeat(length)}\ud800`]) {
        const decoded = decode('trace.v1.ExportTraceServiceRequest', encodeSpans([span(1, { attributes: { text } })]))
        const value = decoded.resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.stringValue
        expect(value === text.replace('\ud800', '\ufffd')).toBe(true)
      }
    }
  })
})

describe('scopes and times', () => {
  const logger = (instrumentationScope: object): ReadableLogRecord => ({
    ...record,
    instrumentationScope: instrumentationScope as ReadableLogRecord['instrumentationScope'],
  })
  const tenants = [
    logger({ name: 'lib', version: '1', attributes: { tenant: 'a' } }),
    logger({ name: 'lib', version: '1', attributes: { tenant: 'b' } }),
    logger({
      name: 'lib',
      version: '1',
      schemaUrl: 'https://s',
      attributes: { tenant: 'b' },
      droppedAttributesCount: 2,
    }),
    logger({ name: 'lib', version: '1' }),
  ]

  it('loggers that differ in attributes or schema stay apart, with their attributes, as OpenTelemetry writes them', () => {
    const theirs = decode(
      'logs.v1.ExportLogsServiceRequest',
      ProtobufLogsSerializer.serializeRequest(tenants) as Uint8Array,
    )
    expect(decode('logs.v1.ExportLogsServiceRequest', encodeLogs(tenants))).toEqual(theirs)
    const json = JSON.parse(logsToJson(tenants).toString())
    const theirJson = JSON.parse(Buffer.from(JsonLogsSerializer.serializeRequest(tenants) as Uint8Array).toString())
    const scopes = (request: typeof json) =>
      request.resourceLogs[0].scopeLogs.map(({ scope, schemaUrl }: Record<string, unknown>) => ({ scope, schemaUrl }))
    expect(scopes(json)).toEqual(scopes(theirJson))
  })

  it('records of two loggers that say the same stand under one scope', () => {
    const twice = [logger({ name: 'lib', attributes: { a: 1 } }), logger({ name: 'lib', attributes: { a: 1 } })]
    expect(decode('logs.v1.ExportLogsServiceRequest', encodeLogs(twice)).resourceLogs[0].scopeLogs).toHaveLength(1)
  })

  it('fractions of a nanosecond are cut off as OpenTelemetry does, and what is no number does not cost the batch', () => {
    const fraction = [span(1, { startTime: [1_790_000_000, 123.5], endTime: [1_790_000_000.7, 1_999_999_999] })]
    const theirs = ProtobufTraceSerializer.serializeRequest(fraction) as Uint8Array
    const times = (request: ReturnType<typeof decode>) => {
      const { startTimeUnixNano, endTimeUnixNano } = request.resourceSpans[0].scopeSpans[0].spans[0]
      return [startTimeUnixNano, endTimeUnixNano]
    }
    const expected = ['1790000000000000123', '1790000001999999999']
    expect(times(decode('trace.v1.ExportTraceServiceRequest', theirs))[0]).toEqual(expected[0])
    expect(times(decode('trace.v1.ExportTraceServiceRequest', encodeSpans(fraction)))).toEqual(expected)
    expect(times(JSON.parse(spansToJson(fraction).toString()))).toEqual(expected)
    const none = [span(1, { startTime: [Number.NaN, Number.POSITIVE_INFINITY] })]
    expect(times(JSON.parse(spansToJson(none).toString()))[0]).toBe('0')
    expect(times(decode('trace.v1.ExportTraceServiceRequest', encodeSpans(none)))[0]).toBe('0')
  })
})

describe("every field of OpenTelemetry's .proto files", () => {
  const proto = 'missing' in newest ? root : newest.root

  /** Left out, and why. A field that is written must not stand here. */
  const unwritten: Record<string, string> = {
    'Resource.droppedAttributesCount': 'the SDK has no limit for attributes of resources, so none are dropped',
    'Resource.entityRefs': 'the SDK has no entities',
    ...ofProfiles,
  }

  function allFields(type: ProtoType, seen = new Set<string>()): Set<string> {
    for (const field of type.fieldsArray) {
      const name = `${type.name}.${field.resolve().name}`
      if (seen.has(name)) continue
      seen.add(name)
      if (isMessage(field.resolvedType) && !(name in unwritten)) allFields(field.resolvedType, seen)
    }
    return seen
  }

  /** Fields that are there, by the keys of the message. */
  function written(type: ProtoType, message: Record<string, unknown>, seen = new Set<string>()): Set<string> {
    for (const field of type.fieldsArray) {
      const value = message[field.resolve().name]
      if (value === undefined) continue
      seen.add(`${type.name}.${field.name}`)
      if (isMessage(field.resolvedType))
        for (const one of field.repeated ? (value as unknown[]) : [value])
          written(field.resolvedType, one as Record<string, unknown>, seen)
    }
    return seen
  }

  const values = {
    text: 'a',
    yes: true,
    int: 1,
    double: 1.5,
    list: ['a'],
    map: { key: 'a' },
    bytes: new Uint8Array([1]),
  }
  const whole = {
    resource: resourceFromAttributes({ a: 1 }, { schemaUrl: 'https://s' }),
    instrumentationScope: {
      name: 'scope',
      version: '1',
      schemaUrl: 'https://s',
      attributes: { a: 1 },
      droppedAttributesCount: 1,
    },
  }
  const link = {
    context: context(9, { traceState: createTraceState('a=1') }),
    attributes: { l: 1 },
    droppedAttributesCount: 1,
  }
  const spans = [span(1, { ...whole, attributes: values as never, links: [link] })]
  const logs = [{ ...record, ...whole, attributes: values as never, droppedAttributesCount: 1 }]

  it.each([
    ['protobuf', 'trace', 'ExportTraceServiceRequest', () => encodeSpans(spans)],
    ['protobuf', 'logs', 'ExportLogsServiceRequest', () => encodeLogs(logs)],
    ['JSON', 'trace', 'ExportTraceServiceRequest', () => spansToJson(spans)],
    ['JSON', 'logs', 'ExportLogsServiceRequest', () => logsToJson(logs)],
  ])('is written in %s of %s, or stands in a table with the reason', (encoding, signal, name, encode) => {
    const type = lookup(`${signal}.v1.${name}`, proto)
    const bytes = encode()
    const message = encoding === 'JSON' ? JSON.parse(bytes.toString()) : type.toObject(type.decode(bytes), {})
    const there = written(type, message)
    const fields = allFields(type)
    const missing = [...fields].filter(field => !there.has(field))
    expect(missing.sort()).toEqual(
      Object.keys(unwritten)
        .filter(field => fields.has(field))
        .sort(),
    )
  })
})

describe('JSON', () => {
  const drop = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (_, inner) =>
      inner && typeof inner === 'object' && !Array.isArray(inner) && Object.keys(inner).length === 0
        ? undefined
        : inner,
    )

  it('spans are what OpenTelemetry writes, but for integers, which OTLP has as text', () => {
    const theirs = JSON.parse(
      Buffer.from(JsonTraceSerializer.serializeRequest([span(1)]) as Uint8Array).toString(),
      (key, value) => (key === 'intValue' ? String(value) : key === 'droppedAttributesCount' ? undefined : value),
    )
    const ours = JSON.parse(spansToJson([span(1)]).toString(), (key, value) =>
      key === 'droppedAttributesCount' ? undefined : value,
    )
    expect(drop(ours)).toEqual(drop(theirs))
  })

  it('log bodies keep their structure', () => {
    const { body } = JSON.parse(logsToJson([record]).toString()).resourceLogs[0].scopeLogs[0].logRecords[0]
    expect(body.kvlistValue.values[1]).toEqual({ key: 'bytes', value: { bytesValue: 'AQL/' } })
    expect(body.kvlistValue.values[0].value.kvlistValue.values[0].value.arrayValue.values).toEqual([
      { intValue: '1' },
      { stringValue: 'two' },
      {},
    ])
  })
})
