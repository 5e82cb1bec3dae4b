// What a request failed with. Frameworks catch what a handler throws, so the server's side of HTTP never sees it.
import { context, type Span, SpanStatusCode } from '@opentelemetry/api'
import { getRPCMetadata, type RPCMetadata, RPCType } from '@opentelemetry/core'
import { ATTR_ERROR_TYPE, ERROR_TYPE_VALUE_OTHER } from '@opentelemetry/semantic-conventions'

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

/** Writes on the span what it failed with, which need not be an `Error`. @returns its `error.type`. Never throws. */
export function recordError(span: Span, error: unknown): string {
  try {
    const thrown = isErrorLike(error) ? error : { message: String(error) }
    const type = String(thrown.name ?? ERROR_TYPE_VALUE_OTHER)
    span.setAttribute(ATTR_ERROR_TYPE, type)
    span.setStatus({ code: SpanStatusCode.ERROR, ...(thrown.message !== undefined && { message: thrown.message }) })
    span.recordException(thrown as Error)
    return type
  } catch {
    // an object without a text, or whose members throw
    span.setAttribute(ATTR_ERROR_TYPE, ERROR_TYPE_VALUE_OTHER).setStatus({ code: SpanStatusCode.ERROR })
    return ERROR_TYPE_VALUE_OTHER
  }
}

const isErrorLike = (error: unknown): error is Partial<Error> =>
  typeof error === 'object' && error !== null && ('message' in error || 'name' in error)
