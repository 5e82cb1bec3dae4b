// Chunk `otlp`: encoders, transport and the sender of spooled requests, loaded with the first export.
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { OtlpTarget, Signal } from '../../shared/config/otlp'
import { logsToJson, spansToJson } from '../../shared/otlp/json'
import { encodeLog, encodeLogs, encodeSpan, encodeSpans } from '../../shared/otlp/protobuf'
import type { AcceptedAttempt } from './retrying-transport'

export { createTransport, type Transport } from './retrying-transport'
export { sendForEnding, sendSpooled } from './send-spooled'
export { encodeLogs, encodeSpans }

/** Encodes a single record for a protobuf request. */
export const encodeOne = { traces: encodeSpan, logs: encodeLog }

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

/** Maximum characters of a server's message. */
const longestMessage = 200
const rejectedFields = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const

/**
 * How many items the server rejected of an accepted request, with its message. An unreadable answer counts as full success.
 * https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function partialSuccess(
  signal: Signal,
  { body, contentType }: AcceptedAttempt,
): { rejected?: number; message?: string } {
  try {
    const { partialSuccess } = contentType.includes('json')
      ? (JSON.parse(body.toString()) as { partialSuccess?: Record<string, unknown> })
      : fromProtobuf(signal, body)
    // JSON encodes 64-bit integers as strings
    const rejected = Number(partialSuccess?.[rejectedFields[signal]] ?? 0)
    const message = partialSuccess?.errorMessage
    return {
      ...(rejected > 0 && { rejected }),
      ...(typeof message === 'string' && message !== '' && { message: message.slice(0, longestMessage) }),
    }
  } catch {
    return {}
  }
}

/** The answers of the three signals differ only in a field name, which protobuf does not transmit. */
function fromProtobuf(signal: Signal, body: Buffer): { partialSuccess?: Record<string, unknown> } {
  const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(body)
  if (!partialSuccess) return {}
  const { rejectedDataPoints, errorMessage } = partialSuccess
  return { partialSuccess: { [rejectedFields[signal]]: rejectedDataPoints, errorMessage } }
}
