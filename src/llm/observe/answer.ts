// What an answer told, as attributes. Called by the call when it ends.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
} from '../../../semconv'
import type { CostTold, ResponseTold } from '../providers/protocol'
import { usageAttributes } from '../usage'

export function answerAttributes(answer: ResponseTold): Attributes {
  return {
    [ATTR_GEN_AI_RESPONSE_ID]: answer.id,
    [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: answer.finishReasons.length ? answer.finishReasons : undefined,
    ...answer.attributes,
    ...(answer.usage && usageAttributes(answer.usage)),
    ...(answer.cost && costAttributes(answer.cost)),
  }
}

function costAttributes({ total, input, output }: CostTold): Attributes {
  return {
    [ATTR_AFN_LLM_COST_TOTAL]: total,
    [ATTR_AFN_LLM_COST_INPUT]: input,
    [ATTR_AFN_LLM_COST_OUTPUT]: output,
    [ATTR_AFN_LLM_COST_CURRENCY]: 'USD',
    [ATTR_AFN_LLM_COST_SOURCE]: AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  }
}
