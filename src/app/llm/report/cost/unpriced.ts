// Whether a sum of money leaves a call out, and why. Of a span of the embedded store SQL says the same: src/backend/store/calls.ts.
import {
  AFN_LLM_STREAM_END_VALUE_CUT,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
} from '../../../../../semconv'

export type UnpricedReason =
  | typeof AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE
  | typeof AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE

export interface Costless {
  /** Whether it is known how many tokens the call used. */
  readonly hasTokens: boolean
  /** Whether the call failed, by its status or `error.type`. */
  readonly failed: boolean
  /** `afn.llm.stream.end` */
  readonly streamEnd: unknown
  /** `afn.llm.response.pending` */
  readonly pending: unknown
}

/**
 * @returns the value of `afn.llm.unpriced.reason` for a call of a model without a cost; undefined for one that was refused, which used
 * nothing, and for one whose answer is fetched later, which counts it. A call whose answer was cut did use tokens, and nobody knows
 * how many.
 */
export function unpricedReason({ hasTokens, failed, streamEnd, pending }: Costless): UnpricedReason | undefined {
  if (pending === true) return undefined
  if (hasTokens) return AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE
  return failed && streamEnd !== AFN_LLM_STREAM_END_VALUE_CUT ? undefined : AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE
}
