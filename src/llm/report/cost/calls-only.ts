// An agent or an outer span that repeats what the calls below it cost has no cost of its own: the sum over spans is the
// counter. Called by the sdk's export path, after pricing and before the metrics.
import {
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'

/** All that a span says of what its call cost. */
export const COST_ATTRIBUTES: readonly string[] = [
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
]

/** What its writer told under a name of his own stays there. */
export function costOfCallsOnly(span: LlmSpan): void {
  if (span.attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined || isModelCall(span.attributes)) return
  const own = span.own()
  for (const name of COST_ATTRIBUTES) delete own[name]
}
