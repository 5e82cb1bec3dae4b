// The LangFuse observation type of a span that is not a model call.
import {
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
} from '../../../../../semconv'

type TypeAttributes = Readonly<Record<string, unknown>>

/** In lower case, because LangFuse ignores others. An operation that is not listed is a plain span, LangFuse's default. */
const types: Readonly<Record<string, string>> = {
  create_agent: 'agent',
  invoke_agent: 'agent',
  invoke_workflow: 'chain',
  execute_tool: 'tool',
  retrieval: 'retriever',
  guardrail: 'guardrail',
}

const models = ['model', 'llm.model_name', ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_RESPONSE_MODEL]

export function typeOf(attributes: TypeAttributes): string {
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  if (operation === undefined) return attributes[ATTR_GEN_AI_EVALUATION_NAME] === undefined ? 'span' : 'evaluator'
  return types[String(operation)] ?? 'span'
}

/** Whether LangFuse would find tokens or a price in it. */
export function isBillable(attributes: TypeAttributes): boolean {
  return models.some(key => attributes[key] !== undefined) || Object.keys(attributes).some(isUsage)
}

function isUsage(key: string): boolean {
  return key.startsWith('gen_ai.usage.') || key.startsWith('llm.token_count.') || key.startsWith('ai.usage.')
}
