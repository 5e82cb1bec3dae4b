// OpenInference (Arize), which its instrumentations of LangChain, LlamaIndex, OpenAI Agents and others write:
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
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import { type Message, media, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, parsed, text } from '../../observe/wire/json'
import { messages } from '../../providers/openai/content'
import type { LlmSpan } from '../span'
import { type Dialect, members, parameters, tree } from './dialect'

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

/** The first evaluation of a span; it has room for one. */
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
  // LangChain's own description of the model: its instrumentation writes no provider
  const metadata = doc(parsed(text(attributes.metadata) ?? ''))
  const provider = text(metadata?.ls_provider)
  return {
    ...parameters(settings),
    ...(requested || model ? { [ATTR_GEN_AI_REQUEST_MODEL]: requested ?? (model as string) } : {}),
    // the older name holds the model that answered, where the parameters hold the requested one
    ...(requested && model && requested !== model && { [ATTR_GEN_AI_RESPONSE_MODEL]: model }),
    ...(provider &&
      !attributes['llm.provider'] &&
      !attributes['llm.system'] && { [ATTR_GEN_AI_PROVIDER_NAME]: provider }),
  }
}

// OpenInference's messages, documents and arguments as the GenAI conventions have them.

export function content({ attributes }: LlmSpan): Attributes {
  const input = text(attributes['input.value'])
  const output = text(attributes['output.value'])
  switch (attributes['openinference.span.kind']) {
    case 'TOOL':
      return {
        [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: input ?? text(attributes['tool.parameters']),
        [ATTR_GEN_AI_TOOL_CALL_RESULT]: output,
      }
    case 'RETRIEVER':
      return { [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: input, [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: documents(attributes) }
    case 'LLM':
    case 'AGENT': {
      const prompt = said(attributes, 'llm.input_messages') ?? written(input, 'user')
      const answered = said(attributes, 'llm.output_messages') ?? written(output, 'assistant')
      return { ...inputAttributes({ messages: prompt, tools: tools(attributes) }), ...outputAttributes(answered) }
    }
    default:
      return {}
  }
}

function said(attributes: Readonly<Attributes>, prefix: string): Message[] | undefined {
  const found = members(tree(attributes, prefix)).flatMap(entry => docs([entry.message]))
  return found.length > 0 ? found.map(message) : undefined
}

function message(said: Doc): Message {
  const role = text(said.role) ?? 'user'
  if (role === 'tool') {
    const response = text(said.content) ?? parts(said)
    return { role, parts: [{ type: 'tool_call_response', id: said.tool_call_id ?? said.name, response }] }
  }
  return { role, parts: [...parts(said), ...calls(said)] }
}

function parts(said: Doc): Part[] {
  const plain = text(said.content)
  if (plain) return [textPart(plain)]
  return members(said.contents).flatMap(entry => {
    const part = doc(entry.message_content) ?? {}
    const url = text(doc(doc(part.image)?.image)?.url) ?? text(doc(doc(part.audio)?.audio)?.url)
    if (url) return media(url, String(part.type))
    const written = text(part.text)
    if (part.type === 'reasoning') return { type: 'reasoning', content: written }
    return written === undefined ? { type: String(part.type) } : textPart(written)
  })
}

function calls(said: Doc): Part[] {
  const found = members(said.tool_calls).flatMap(entry => {
    const call = doc(entry.tool_call)
    const called = doc(call?.function)
    return call ? toolCall(call.id, called?.name, called?.arguments) : []
  })
  const old = text(said.function_call_name)
  return old ? [...found, toolCall(undefined, old, said.function_call_arguments_json)] : found
}

/** The span's input or output where it has no list of messages: the body of a request, or a text. */
function written(value: string | undefined, role: string): Message[] {
  if (value === undefined) return []
  const json = parsed(value)
  const found = messages(docs(doc(json)?.messages ?? json).filter(entry => typeof entry.role === 'string'))
  return found.length > 0 ? found : [{ role, parts: [textPart(value)] }]
}

function tools(attributes: Readonly<Attributes>): unknown[] {
  return members(tree(attributes, 'llm.tools')).flatMap(entry => {
    const schema = doc(parsed(text(doc(entry.tool)?.json_schema) ?? ''))
    const inner = doc(schema?.function)
    return inner ? { type: 'function', ...inner } : (schema ?? [])
  })
}

function documents(attributes: Readonly<Attributes>): string | undefined {
  const found = members(tree(attributes, 'retrieval.documents')).flatMap(entry => {
    const { id, content, score, metadata } = doc(entry.document) ?? {}
    return { id, score, content, metadata: parsed(text(metadata) ?? '') }
  })
  return found.length > 0 ? JSON.stringify(found) : undefined
}
