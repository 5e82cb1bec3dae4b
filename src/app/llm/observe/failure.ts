// Determines why an LLM call failed, and sets its span's status.
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import {
  AFN_LLM_STREAM_END_VALUE_CUT,
  ATTR_AFN_LLM_ERROR_TYPE,
  ATTR_ERROR_TYPE,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../../semconv'
import type { ProviderError } from '../providers/protocol'
import { failureName } from '../spans/failure'
import { withoutQuotations } from './quotations'
import { bounded } from './response-attributes'

/** How the reading of an answer ended. */
export type End =
  /** The server ended it; `forgotten` if that was noticed only long after. */
  | { readonly by: 'server'; readonly forgotten?: boolean }
  /** The application stopped reading; `forgotten` if no event reported it, and it was noticed long after. */
  | { readonly by: 'consumer'; readonly forgotten?: boolean }
  | { readonly by: 'error'; readonly error: unknown }

export interface Failure {
  /** `error.type` */
  readonly type: string | undefined
  /** `afn.llm.error.type` */
  readonly providerType?: string | undefined
  readonly message?: string | undefined
}

interface Ended {
  /** HTTP status of an answer that reports a failure. */
  readonly status: number | undefined
  readonly providerError: ProviderError | undefined
  /** The error that ended the reading of the answer. */
  readonly error: unknown
  readonly cut: boolean
  readonly aborted: boolean
  /** Whether a timer that was set for the call aborted it. */
  readonly deadline: boolean
}

/** Undefined if the call has not failed. */
export function failureOf({ status, providerError, error, cut, aborted, deadline }: Ended): Failure | undefined {
  if (status !== undefined || providerError) {
    // Clients do not read the body of an attempt that they retry. Only the status is known for all attempts.
    const type = status === undefined ? (providerError?.type ?? ERROR_TYPE_VALUE_OTHER) : String(status)
    return { type, providerType: providerError?.type, message: providerError?.message }
  }
  if (cut) {
    const message = error instanceof Error ? error.message : 'The answer ended before its documented end'
    // a connection that closes early but without an error has no error name
    return { type: error === undefined ? AFN_LLM_STREAM_END_VALUE_CUT : failureName(error), message }
  }
  // An app may stop a call, so an abort leaves the status unset; an expired timeout is a failure.
  const isTimeout = deadline || (aborted && (error as Error | undefined)?.name === 'TimeoutError')
  return isTimeout ? { type: 'TimeoutError' } : undefined
}

/**
 * @param content whether content is exported; if not, quotations of content are removed from the message
 * @param request see `withoutQuotations`
 */
export function setFailure(
  span: Span,
  { type, providerType, message }: Failure,
  content: boolean,
  request: string | Uint8Array | undefined,
): void {
  span.setAttributes(bounded({ [ATTR_ERROR_TYPE]: type, [ATTR_AFN_LLM_ERROR_TYPE]: providerType }))
  const shown = message && !content ? withoutQuotations(message, request) : message
  span.setStatus({ code: SpanStatusCode.ERROR, ...(shown && { message: shown.slice(0, 512) }) })
}
