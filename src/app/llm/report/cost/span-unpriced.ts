// Whether a finished span is a model call that is missing in cost totals, and why. Separate from unpriced.ts, which the explorer's page
// loads.
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../../../semconv'
import { isModelCall } from '../../spans/operations'
import { type UnpricedReason, unpricedReason } from './unpriced'

/**
 * The `afn.llm.unpriced.reason` of a span.
 * @param status of the span
 * @returns undefined also for a span that is not a model call
 */
export function spanUnpriced(
  attributes: Readonly<Record<string, unknown>>,
  status: 'unset' | 'ok' | 'error',
): UnpricedReason | undefined {
  if (attributes[ATTR_AFN_LLM_COST_TOTAL] !== undefined || !isModelCall(attributes)) return undefined
  const has = (key: string) => attributes[key] !== undefined
  return unpricedReason({
    hasTokens:
      has(ATTR_GEN_AI_USAGE_INPUT_TOKENS) || has(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) || has(ATTR_AFN_LLM_UNPRICED_CAUSE),
    failed: status === 'error' || has(ATTR_ERROR_TYPE),
    streamEnd: attributes[ATTR_AFN_LLM_STREAM_END],
    pending: attributes[ATTR_AFN_LLM_RESPONSE_PENDING],
  })
}
