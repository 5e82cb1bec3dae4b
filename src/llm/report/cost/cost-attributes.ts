// An agent or an outer span that repeats what the calls below it cost has no cost of its own: the sum over spans is the counter.
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

/** A cost that another instrumentation wrote under a name of its own stays on the span. */
export function costOfCallsOnly(span: LlmSpan): void {
  if (span.attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined || isModelCall(span.attributes)) return
  const own = span.own()
  for (const name of COST_ATTRIBUTES) delete own[name]
}
