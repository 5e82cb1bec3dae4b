// What a refusal is in gRPC, https://opentelemetry.io/docs/specs/otlp/#failures. The statuses themselves are those of HTTP, so that both
// receivers count alike.
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
  // without a RetryInfo clients do not send it again
  [413, code.resourceExhausted],
  // of a compression, which gRPC wants so
  [415, code.unimplemented],
])

/** With a time to come again it is a lack of room, which OTLP's clients wait for; without one a fault of the store, which they retry too. */
export const statusOf = ({ status, retryAfter }: Refused): number =>
  codes.get(status) ?? (retryAfter === undefined ? code.unavailable : code.resourceExhausted)

/** `grpc-message`, percent-encoded. Clients take headers of 8 KiB, and some of our messages quote the request. */
export function messageText(message: string): string {
  const bytes = Buffer.from(message.slice(0, 500))
  const escaped = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  const isPlain = (byte: number) => byte >= 0x20 && byte <= 0x7e && byte !== 0x25
  return Array.from(bytes, byte => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte))).join('')
}

/** A `google.rpc.Status`, with a `google.rpc.RetryInfo` where it may come again. */
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
