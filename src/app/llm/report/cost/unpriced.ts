// Whether cost totals leave a call out, and why. For spans of the embedded store, SQL computes the same: src/backend/store/calls.ts.
import {
  AFN_LLM_STREAM_END_VALUE_CUT,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
} from '../../../../../semconv'

export type UnpricedReason =
  | typeof AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE
  | typeof AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE

export interface Costless {
  /** Whether the number of tokens is known. */
  readonly hasTokens: boolean
  /** Whether the call failed, by its status or `error.type`. */
  readonly failed: boolean
  /** `afn.llm.stream.end` */
  readonly streamEnd: unknown
  /** `afn.llm.response.pending` */
  readonly pending: unknown
}

/**
 * @returns the value of `afn.llm.unpriced.reason` for a model call without a cost; undefined for a rejected call, which used nothing, and
 * for one whose answer is fetched later, which counts it. A call whose answer was truncated did use tokens, but their number is unknown.
 */
export function unpricedReason({ hasTokens, failed, streamEnd, pending }: Costless): UnpricedReason | undefined {
  if (pending === true) return undefined
  if (hasTokens) return AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE
  return failed && streamEnd !== AFN_LLM_STREAM_END_VALUE_CUT ? undefined : AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE
}
