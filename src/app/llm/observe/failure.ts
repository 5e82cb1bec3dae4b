// What failed of an LLM call, and how its span says so.
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
  /** The server ended it; `forgotten` when that was told only long after. */
  | { readonly by: 'server'; readonly forgotten?: boolean }
  /** The application stopped; `forgotten` when no event reported that, and it was noticed long after. */
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
  /** Of an answer that says that it failed. */
  readonly status: number | undefined
  readonly providerError: ProviderError | undefined
  /** What ended the reading of the answer. */
  readonly error: unknown
  readonly cut: boolean
  readonly aborted: boolean
  /** A timer that was set for the call aborted it. */
  readonly deadline: boolean
}

/** Undefined where a call has not failed. */
export function failureOf({ status, providerError, error, cut, aborted, deadline }: Ended): Failure | undefined {
  if (status !== undefined || providerError) {
    // A client leaves the body of an attempt that it repeats unread. The status is the one name that all attempts have.
    const type = status === undefined ? (providerError?.type ?? ERROR_TYPE_VALUE_OTHER) : String(status)
    return { type, providerType: providerError?.type, message: providerError?.message }
  }
  if (cut) {
    const message = error instanceof Error ? error.message : 'The answer ended before its documented end'
    // a connection that ends early but in good order has no error to name
    return { type: error === undefined ? AFN_LLM_STREAM_END_VALUE_CUT : failureName(error), message }
  }
  // Stopping is the application's right and no failure, so an abort leaves the status unset; a deadline that passed is one.
  const isTimeout = deadline || (aborted && (error as Error | undefined)?.name === 'TimeoutError')
  return isTimeout ? { type: 'TimeoutError' } : undefined
}

/**
 * @param content whether content is exported; else a message is shown without what it quotes of it
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
