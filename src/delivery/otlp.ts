// Chunk `otlp`: encoders and transport, loaded at the first export.
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { OtlpTarget } from '../config/otlp'
import { logsToJson, spansToJson } from '../otlp/json'
import { encodeLogs, encodeSpans } from '../otlp/protobuf'

export { createTransport, type Transport } from './transport'
export { encodeLogs, encodeSpans }

export const encoders = {
  'http/protobuf': {
    traces: encodeSpans as (spans: readonly ReadableSpan[]) => Buffer,
    logs: encodeLogs as (records: readonly ReadableLogRecord[]) => Buffer,
    metrics: (metrics: ResourceMetrics) => Buffer.from(ProtobufMetricsSerializer.serializeRequest(metrics) ?? []),
  },
  'http/json': {
    traces: spansToJson,
    logs: logsToJson,
    metrics: (metrics: ResourceMetrics) => Buffer.from(JsonMetricsSerializer.serializeRequest(metrics) ?? []),
  },
} satisfies Record<OtlpTarget['protocol'], unknown>
