/** Chunk `suppression-spooled`: a request that an earlier process left behind, without the records of subjects who objected since. */
import { fromProtobuf } from '../otlp/from-protobuf'
import { messages } from '../otlp/messages'
import { toProtobuf } from '../otlp/to-protobuf'
import type { RequestSignal } from './request'
import type { Suppression } from './suppression'

const messageOf = { traces: messages.ExportTraceServiceRequest, logs: messages.ExportLogsServiceRequest }

/**
 * @param request protobuf
 * @returns undefined where nothing is left of it
 * @throws Malformed
 */
export function withoutSuppressed(
  suppression: Suppression,
  signal: RequestSignal,
  request: Buffer,
): Buffer | undefined {
  const document = fromProtobuf(messageOf[signal], request)
  return suppression.remove(signal, document) > 0 ? toProtobuf(messageOf[signal], document) : undefined
}
