// Whether a finished span is a call of a model that a sum of money leaves out, and why. Apart from unpriced.ts, which the explorer's page loads.
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
 * `afn.llm.unpriced.reason` of a span.
 * @param status of the span
 * @returns undefined for a span that is no call of a model, too
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
