// Defines which operations are model calls; only these have usage and a cost.
import {
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../../../semconv'

/** Values of `gen_ai.operation.name`. */
export const modelOperations: readonly string[] = [
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
]
const modelCalls: ReadonlySet<unknown> = new Set(modelOperations)

/**
 * An agent or a workflow repeats the usage of the calls below it, so only the calls themselves count and have a price. Some
 * instrumentations also name their outer span a chat; the dialects mark it.
 */
export function isModelCall(attributes: Readonly<Record<string, unknown>> | undefined): boolean {
  return modelCalls.has(attributes?.[ATTR_GEN_AI_OPERATION_NAME]) && attributes?.[ATTR_AFN_LLM_USAGE_ROLLUP] !== true
}

/** The name of a span: `invoke_agent support`, or only the operation. */
export function spanName(operation: string, name: string | undefined): string {
  return name ? `${operation} ${name}` : operation
}

/** All attributes of a span about the cost of its call. */
export const COST_ATTRIBUTES: readonly string[] = [
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
]
