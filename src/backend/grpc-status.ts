// Maps a refusal to a gRPC status, https://opentelemetry.io/docs/specs/otlp/#failures. Refusals have HTTP statuses, so that both receivers
// count the same ones.
import { Writer } from '../shared/otlp/writer'
import type { Refused } from './body'

/** https://grpc.io/docs/guides/status-codes/ */
const code = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const

const codes = new Map<number, number>([
  [400, code.invalidArgument],
  [401, code.unauthenticated],
  [403, code.permissionDenied],
  [404, code.unimplemented],
  // not retried, because it has no RetryInfo
  [413, code.resourceExhausted],
  // an unsupported compression, for which gRPC prescribes this status
  [415, code.unimplemented],
])

/**
 * With a retry time, the receiver is overloaded, and OTLP clients wait. Without one, the store failed, and they retry with their own
 * backoff.
 */
export const statusOf = ({ status, retryAfter }: Refused): number =>
  codes.get(status) ?? (retryAfter === undefined ? code.unavailable : code.resourceExhausted)

/**
 * Percent-encodes the `grpc-message`. It is truncated, because some of our messages quote the request and clients limit headers to 8 KiB.
 */
export function messageText(message: string): string {
  const bytes = Buffer.from(message.slice(0, 500))
  const escaped = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  const isPlain = (byte: number) => byte >= 0x20 && byte <= 0x7e && byte !== 0x25
  return Array.from(bytes, byte => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte))).join('')
}

/** A `google.rpc.Status`, with a `google.rpc.RetryInfo` if the client may retry. */
export function failure(status: number, { message, retryAfter }: Refused): Buffer {
  const writer = new Writer(1_024)
  writer.unsigned(1, status)
  writer.text(2, message.slice(0, 500))
  if (retryAfter !== undefined)
    writer.message(3, () => {
      writer.text(1, 'type.googleapis.com/google.rpc.RetryInfo')
      writer.message(2, () => writer.message(1, () => writer.unsigned(1, retryAfter)))
    })
  return writer.finish()
}
