// What OpenTelemetry's own serializers and ours write, in protobuf and in JSON, is one document once it is read.
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { AggregationType, MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { fromJson } from '../../../src/shared/otlp/from-json'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { logsToJson, spansToJson } from '../../../src/shared/otlp/json'
import { messages } from '../../../src/shared/otlp/messages'
import { encodeLogs, encodeSpans } from '../../../src/shared/otlp/protobuf'

const resource = resourceFromAttributes({ 'service.name': 'チャット', big: 2 ** 40 })
const instrumentationScope = { name: 'scope', version: '1.0.0', schemaUrl: 'https://s' }
const context = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: TraceFlags.SAMPLED }

const span: ReadableSpan = {
  name: 'POST /chat',
  kind: SpanKind.SERVER,
  spanContext: () => context,
  parentSpanContext: { ...context, spanId: 'ef'.repeat(8), isRemote: true },
  startTime: [1_790_000_000, 123_456_789],
  endTime: [1_790_000_001, 1],
  duration: [0, 876_543_212],
  ended: true,
  status: { code: SpanStatusCode.ERROR, message: 'broken 💥' },
  attributes: { text: 'x', yes: true, int: -7, float: 1.5, list: ['a', 'b'] },
  links: [{ context, attributes: { l: 1 } }],
  events: [{ name: 'exception', time: [1_790_000_000, 5], attributes: { 'exception.message': 'no' } }],
  resource,
  instrumentationScope,
  droppedAttributesCount: 1,
  droppedEventsCount: 2,
  droppedLinksCount: 300,
}

const record: ReadableLogRecord = {
  hrTime: [1_790_000_000, 1],
  hrTimeObserved: [1_790_000_000, 2],
  spanContext: context,
  severityNumber: 17,
  severityText: 'ERROR',
  body: { nested: [1, 'two'], ok: true },
  eventName: 'event',
  resource,
  instrumentationScope,
  attributes: { a: 'b' },
  droppedAttributesCount: 3,
}

/** Without the defaults that one writer writes out and another leaves out. */
const shown = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) =>
    one === 0 || one === '' || one === false || isEmpty(one) ? undefined : one,
  )
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0
const json = (name: keyof typeof messages, bytes: Uint8Array | undefined) =>
  shown(fromJson(messages[name], JSON.parse(Buffer.from(bytes!).toString())))
const protobuf = (name: keyof typeof messages, bytes: Uint8Array | undefined) =>
  shown(fromProtobuf(messages[name], bytes!))

it("OpenTelemetry's serializer and ours write the same spans", () => {
  const name = 'ExportTraceServiceRequest'
  const expected = protobuf(name, ProtobufTraceSerializer.serializeRequest([span]))
  expect(expected).toMatchObject({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'チャット' } }, {}] },
        scopeSpans: [
          {
            scope: { name: 'scope' },
            spans: [
              {
                traceId: context.traceId,
                parentSpanId: 'ef'.repeat(8),
                startTimeUnixNano: '1790000000123456789',
                kind: 2,
                status: { code: 2, message: 'broken 💥' },
                droppedLinksCount: 300,
              },
            ],
          },
        ],
      },
    ],
  })
  expect(json(name, JsonTraceSerializer.serializeRequest([span]))).toEqual(expected)
  expect(protobuf(name, encodeSpans([span]))).toEqual(expected)
  expect(json(name, spansToJson([span]))).toEqual(expected)
})

it("OpenTelemetry's serializer and ours write the same log records", () => {
  const name = 'ExportLogsServiceRequest'
  const expected = protobuf(name, ProtobufLogsSerializer.serializeRequest([record]))
  expect(JSON.stringify(expected)).toContain('"eventName":"event"')
  expect(json(name, JsonLogsSerializer.serializeRequest([record]))).toEqual(expected)
  expect(protobuf(name, encodeLogs([record]))).toEqual(expected)
  expect(json(name, logsToJson([record]))).toEqual(expected)
})

it("OpenTelemetry's serializer and ours write the same metrics of every kind", async () => {
  const name = 'ExportMetricsServiceRequest'
  const metrics = await recorded()
  const expected = protobuf(name, ProtobufMetricsSerializer.serializeRequest(metrics))
  const kinds = /"(gauge|sum|histogram|exponentialHistogram)":/g
  expect(new Set(JSON.stringify(expected).match(kinds)).size).toBe(4)
  expect(json(name, JsonMetricsSerializer.serializeRequest(metrics))).toEqual(expected)
})

class Reader extends MetricReader {
  protected async onForceFlush() {}
  protected async onShutdown() {}
}

async function recorded(): Promise<ResourceMetrics> {
  const reader = new Reader()
  const exponential = {
    instrumentName: 'exponential',
    aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const,
  }
  const meter = new MeterProvider({ resource, readers: [reader], views: [exponential] }).getMeter('scope')
  meter.createCounter('counter', { unit: '{call}' }).add(3, { a: 'b' })
  meter.createUpDownCounter('doubles').add(-1.5)
  meter.createGauge('gauge', { description: 'one' }).record(-7)
  const [plain, exponents] = [meter.createHistogram('histogram'), meter.createHistogram('exponential')]
  for (const value of [0.001, 1, 300, 70_000]) {
    plain.record(value)
    exponents.record(value)
  }
  return (await reader.collect()).resourceMetrics
}
