/** Chunk `suppression-spooled`: a request that an earlier process left behind, without the records of subjects who objected since. */
import { fromProtobuf } from '../../shared/otlp/from-protobuf'
import { requestMessages } from '../../shared/otlp/messages'
import { toProtobuf } from '../../shared/otlp/to-protobuf'
import type { RequestSignal } from './request'
import type { Suppression } from './suppression'

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
  const document = fromProtobuf(requestMessages[signal], request)
  return suppression.remove(signal, document) > 0 ? toProtobuf(requestMessages[signal], document) : undefined
}
