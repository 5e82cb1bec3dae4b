// What a request failed with. Frameworks catch what a handler throws, so the server's side of HTTP never sees it.
import { context } from '@opentelemetry/api'
import { getRPCMetadata, type RPCMetadata, RPCType } from '@opentelemetry/core'

/** What is known of the request that is served: frameworks write it, the server's side of HTTP reads it at the end. */
export interface RequestMetadata extends RPCMetadata {
  /** What the handler threw or handed to `next`; absent where it did neither. The last one counts. */
  error?: unknown
}

/** Of the request that is served here, if one is. */
export function activeRequest(): RequestMetadata | undefined {
  const metadata = getRPCMetadata(context.active())
  return metadata?.type === RPCType.HTTP ? metadata : undefined
}

/**
 * Says what the request that is served here failed with. It is recorded on the server's span where the answer has a status of
 * 500 or more, or is never finished: an error that became a status of 404 was handled. Never throws.
 */
export function noteError(error: unknown): void {
  const request = activeRequest()
  if (request) request.error = error
}
