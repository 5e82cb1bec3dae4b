// OpenInference (Arize), used by its instrumentations of LangChain, LlamaIndex, OpenAI Agents and others:
// https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../../semconv'
import { doc, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'
import { content } from './openinference-content'
import { parameters } from './parameters'

export const openInference: Dialect = {
  name: 'openinference',
  fields: [
    [ATTR_GEN_AI_PROVIDER_NAME, 'llm.provider', 'llm.system'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'llm.request.model_name', 'embedding.model_name', 'reranker.model_name'],
    [ATTR_GEN_AI_RESPONSE_MODEL, 'llm.response.model_name'],
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS, 'llm.finish_reason'],
    [ATTR_AFN_LLM_COST_TOTAL, 'llm.cost.total'],
    [ATTR_AFN_LLM_COST_INPUT, 'llm.cost.prompt'],
    [ATTR_AFN_LLM_COST_OUTPUT, 'llm.cost.completion'],
    [ATTR_GEN_AI_TOOL_NAME, 'tool.name'],
    [ATTR_GEN_AI_TOOL_DESCRIPTION, 'tool.description'],
    [ATTR_GEN_AI_TOOL_CALL_ID, 'tool.id', 'tool_call.id'],
    [ATTR_GEN_AI_AGENT_NAME, 'agent.name'],
    [ATTR_GEN_AI_CONVERSATION_ID, 'session.id'],
    [ATTR_GEN_AI_PROMPT_NAME, 'prompt.id'],
    [ATTR_GEN_AI_PROMPT_VERSION, 'llm.prompt_template.version'],
    [ATTR_GEN_AI_RETRIEVAL_TOP_K, 'reranker.top_k'],
    ...(['evaluation', 'annotation'] as const).flatMap(kind => evaluation(`${kind}s.0.${kind}`)),
  ],
  counts: [
    ['input', 'llm.token_count.prompt'],
    ['output', 'llm.token_count.completion'],
    ['cacheRead', 'llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
    ['cacheWrite', 'llm.token_count.prompt_details.cache_write'],
    ['audioInput', 'llm.token_count.prompt_details.audio'],
    ['reasoning', 'llm.token_count.completion_details.reasoning'],
    ['audioOutput', 'llm.token_count.completion_details.audio'],
  ],
  read,
  content,
  own: [
    'openinference.span.kind',
    'llm.',
    'input.value',
    'input.mime_type',
    'output.value',
    'output.mime_type',
    'embedding.',
    'retrieval.documents.',
    'reranker.',
    'tool.',
    'tool_call.',
    'agent.name',
    'prompt.id',
  ],
}

/** The first evaluation of a span, because the conventions allow only one. */
function evaluation(prefix: string) {
  return [
    [ATTR_GEN_AI_EVALUATION_NAME, `${prefix}.name`],
    [ATTR_GEN_AI_EVALUATION_SCORE_VALUE, `${prefix}.score`],
    [ATTR_GEN_AI_EVALUATION_SCORE_LABEL, `${prefix}.label`],
    [ATTR_GEN_AI_EVALUATION_EXPLANATION, `${prefix}.explanation`],
  ] as const
}

function read({ attributes }: LlmSpan): Attributes {
  const settings = doc(parsed(text(attributes['llm.invocation_parameters']) ?? '')) ?? {}
  const model = text(attributes['llm.model_name'])
  const requested = text(settings.model) ?? text(settings.model_name)
  // LangChain's own description of the model, because its instrumentation sets no provider
  const metadata = doc(parsed(text(attributes.metadata) ?? ''))
  const provider = text(metadata?.ls_provider)
  return {
    ...parameters(settings),
    ...(requested || model ? { [ATTR_GEN_AI_REQUEST_MODEL]: requested ?? (model as string) } : {}),
    // the older name contains the answering model if the parameters contain the requested one
    ...(requested && model && requested !== model && { [ATTR_GEN_AI_RESPONSE_MODEL]: model }),
    ...(provider &&
      !attributes['llm.provider'] &&
      !attributes['llm.system'] && { [ATTR_GEN_AI_PROVIDER_NAME]: provider }),
  }
}
