// Our encoders against OpenTelemetry's .proto files (protobufjs) and against OpenTelemetry's own serializers.

import { createRequire } from 'node:module'
import { createTraceState, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { JsonTraceSerializer, ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { logsToJson, spansToJson } from '../../src/otlp/json'
import { encodeLogs, encodeSpans } from '../../src/otlp/protobuf'

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
    // the .proto at hand is older than field 12
    expect(encodeLogs([record]).includes(Buffer.from([12 * 8 + 2, 5, ...Buffer.from('event')]))).toBe(true)
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
    for (const length of [0, 1, 126, 127, 128, 129, 16_383, 16_384, 70_000, 2_100_000]) {
      for (const text of ['x'.repeat(length), 'あ'.repeat(length), `${'x'.repeat(length)}\ud800`]) {
        const decoded = decode('trace.v1.ExportTraceServiceRequest', encodeSpans([span(1, { attributes: { text } })]))
        const value = decoded.resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.stringValue
        expect(value === text.replace('\ud800', '\ufffd')).toBe(true)
      }
    }
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
