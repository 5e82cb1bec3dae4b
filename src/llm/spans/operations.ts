// Which operations are calls of a model.
import {
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../../semconv'

/** Values of `gen_ai.operation.name`. */
export const modelOperations: readonly string[] = [
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
]
const modelCalls: ReadonlySet<unknown> = new Set(modelOperations)

/**
 * An agent or a workflow repeats the usage of the calls under it, so only the calls themselves count and have a price.
 * Some instrumentations call their outer span a chat too; the dialects mark it.
 */
export function isModelCall(attributes: Readonly<Record<string, unknown>> | undefined): boolean {
  return modelCalls.has(attributes?.[ATTR_GEN_AI_OPERATION_NAME]) && attributes?.[ATTR_AFN_LLM_USAGE_ROLLUP] !== true
}
