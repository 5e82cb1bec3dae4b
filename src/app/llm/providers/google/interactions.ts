// Gemini's Interactions API, for models and agents.
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
} from '../../../../../semconv'
import { textPart } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { ParsedRequest, Protocol } from '../protocol'
import { inputOf, outputOf } from './interactions-content'
import { InteractionFold } from './interactions-fold'
import { sum } from './usage'

export const googleInteractions: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  // Other APIs have interactions, too; the header with the API key is specific to Google.
  identifiableByHead: facts =>
    facts.url.hostname.endsWith('.googleapis.com') || facts.header('x-goog-api-key') !== null,

  requestFields: {
    model: true,
    agent: true,
    input: {}, // whether it is there
    stream: true,
    background: true,
    previous_interaction_id: true,
    generation_config: true,
  },
  requestContentFields: { input: true, system_instruction: true, tools: true },
  request,
  input(body) {
    const from = doc(body) ?? {}
    const system = text(from.system_instruction)
    return { messages: inputOf(from.input), ...(system && { system: [textPart(system)] }), tools: docs(from.tools) }
  },

  responseFields: { id: true, model: true, status: true, usage: true, service_tier: true, ...errorFields },
  responseContentFields: { steps: true, outputs: true },
  significantEvent: /"(?:interaction\.[a-z_]+|error|(?:step|content)\.(?:start|stop))"/,
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
      pending: status === 'in_progress' || status === 'queued',
      attributes: { [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier) },
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    return outputOf(answer.steps ?? answer.outputs)
  },
}

function request(body: unknown): ParsedRequest | undefined {
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
  return { model, stream: from.stream === true, choices: 1, background: from.background === true, attributes }
}

/** As in all Google APIs, thoughts are not part of the output count, and tool results not part of the input count. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  const input = count(counts?.total_input_tokens)
  const output = count(counts?.total_output_tokens)
  if (!counts || (input === undefined && output === undefined)) return undefined
  const toolUse = count(counts.total_tool_use_tokens)
  const reasoning = count(counts.total_thought_tokens)
  const cached = counts.cached_tokens_by_modality
  const searches = (type: string) =>
    docs(counts.grounding_tool_count)
      .filter(item => item.type === type)
      .map(item => count(item.count))
      .reduce(sum, undefined)
  const params = [...docs(counts.input_tokens_by_modality), ...docs(counts.tool_use_tokens_by_modality)]
  const of = (modality: string, counts: unknown) =>
    docs(counts)
      .filter(item => item.modality === modality)
      .map(item => count(item.tokens))
      .reduce(sum, undefined)
  return {
    input: sum(input, toolUse),
    output: sum(output, reasoning),
    cacheRead: count(counts.total_cached_tokens),
    reasoning,
    toolUse,
    textInput: of('text', params),
    audioInput: of('audio', params),
    imageInput: of('image', params),
    textOutput: of('text', counts.output_tokens_by_modality),
    audioOutput: of('audio', counts.output_tokens_by_modality),
    imageOutput: of('image', counts.output_tokens_by_modality),
    videoInput: of('video', params),
    videoOutput: of('video', counts.output_tokens_by_modality),
    textCacheRead: of('text', cached),
    audioCacheRead: of('audio', cached),
    imageCacheRead: of('image', cached),
    videoCacheRead: of('video', cached),
    webSearches: searches('google_search'),
    mapsSearches: searches('google_maps'),
    fileSearches: searches('retrieval'),
  }
}
