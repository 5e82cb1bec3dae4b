// Gemini's Interactions API, of models and of agents. Listed in index.ts.
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../semconv'
import { textPart } from '../../messages'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../observe/wire/value'
import type { Usage } from '../../usage'
import { errorFields, errorIn } from '../error'
import type { Protocol, RequestTold } from '../protocol'
import { answered, asked } from './interactions-content'
import { InteractionFold } from './interactions-fold'
import { sum } from './usage'

export const googleInteractions: Protocol = {
  name: 'google-interactions',
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  path: pathname => pathname.endsWith('/interactions'),
  // Others have interactions, too; the key's header is Google's own.
  vouched: facts => facts.url.hostname.endsWith('.googleapis.com') || facts.header('x-goog-api-key') !== null,

  requestFields: {
    model: true,
    agent: true,
    input: {}, // whether it is there
    stream: true,
    previous_interaction_id: true,
    generation_config: true,
  },
  requestContentFields: { input: true, system_instruction: true, tools: true },
  request,
  input(body) {
    const from = doc(body) ?? {}
    const system = text(from.system_instruction)
    return { messages: asked(from.input), ...(system && { system: [textPart(system)] }), tools: docs(from.tools) }
  },

  responseFields: { id: true, model: true, status: true, usage: true, service_tier: true, ...errorFields },
  responseContentFields: { steps: true, outputs: true },
  telling: /"(?:interaction\.[a-z_]+|error|(?:step|content)\.(?:start|stop))"/,
  fold: options => new InteractionFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const status = text(answer.status)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: status ? [status] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document),
      attributes: { [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier) },
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    return answered(answer.steps ?? answer.outputs)
  },
}

function request(body: unknown): RequestTold | undefined {
  const from = doc(body)
  const model = text(from?.model)
  const agent = text(from?.agent)
  if (!from || !(model ?? agent) || from.input === undefined) return undefined
  const config = doc(from.generation_config) ?? {}
  const stop = list(config.stop_sequences).filter(item => typeof item === 'string') as string[]
  const attributes = {
    [ATTR_GEN_AI_AGENT_ID]: agent,
    [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: text(from.previous_interaction_id),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(config.max_output_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(config.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(config.top_p),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(config.seed),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(config.thinking_level),
  }
  return { model, stream: from.stream === true, choices: 1, attributes }
}

/** As everywhere at Google, thoughts are no part of the output that is told, nor the tools' results of the input. */
function usageOf(told: Doc | undefined): Usage | undefined {
  const input = count(told?.total_input_tokens)
  const output = count(told?.total_output_tokens)
  if (!told || (input === undefined && output === undefined)) return undefined
  const toolUse = count(told.total_tool_use_tokens)
  const reasoning = count(told.total_thought_tokens)
  const of = (modality: string, counts: unknown) =>
    docs(counts)
      .filter(item => item.modality === modality)
      .map(item => count(item.tokens))
      .reduce(sum, undefined)
  return {
    input: sum(input, toolUse),
    output: sum(output, reasoning),
    cacheRead: count(told.total_cached_tokens),
    reasoning,
    toolUse,
    textInput: of('text', told.input_tokens_by_modality),
    audioInput: of('audio', told.input_tokens_by_modality),
    imageInput: of('image', told.input_tokens_by_modality),
    textOutput: of('text', told.output_tokens_by_modality),
    audioOutput: of('audio', told.output_tokens_by_modality),
    imageOutput: of('image', told.output_tokens_by_modality),
  }
}
