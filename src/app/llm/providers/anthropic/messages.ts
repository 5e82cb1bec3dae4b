// Anthropic messages, plain and beta; batches and token counting have other paths.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OUTPUT_TYPE_VALUE_JSON,
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
} from '../../../../../semconv'
import { type Iteration, sumOf, type Usage } from '../../usage'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../wire/json'
import { errorIn } from '../errors'
import { calledIn } from '../google/request'
import { costOf } from '../openai/usage'
import { ON_VERTEX } from '../paths'
import type { ParsedRequest, ParsedResponse, Protocol } from '../protocol'
import { blocks, messages, tools } from './content'
import { MessageFold } from './message-fold'

export const anthropicMessages: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  // `/v1/messages` is a common path, but the version header is specific to this API and mandatory.
  identifiableByHead: facts => facts.header('anthropic-version') !== null || ON_VERTEX.test(facts.url.pathname),

  requestFields: {
    model: true,
    messages: {}, // whether it is a list
    max_tokens: true,
    stream: true,
    temperature: true,
    top_p: true,
    top_k: true,
    stop_sequences: true,
    output_config: { effort: true, format: { type: true } },
    output_format: { type: true },
  },
  requestContentFields: { messages: true, system: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), system: blocks(params.system), tools: tools(params.tools) }
  },

  responseFields: { id: true, model: true, stop_reason: true, usage: true, error: true },
  responseContentFields: { content: true },
  significantEvent: /"(?:message_start|message_delta|message_stop|error|ping|content_block_start|content_block_stop)"/,
  fold: options => new MessageFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(answer.stop_reason)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: reason ? [reason] : [],
      ...usedBy(doc(answer.usage), text(answer.model)),
      cost: costOf(doc(answer.usage)),
      error: errorIn(document),
      attributes: {
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tierOf(doc(answer.usage) ?? {}),
        [ATTR_GEN_AI_CONVERSATION_COMPACTED]: wasCompacted(doc(answer.usage)),
      },
    }
  },
  output: document => [{ role: 'assistant', parts: blocks(doc(document)?.content) }],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const vertex = ON_VERTEX.test(url.pathname) ? calledIn(url.pathname)?.model : undefined
  const model = text(params?.model) ?? vertex
  if (!params || !model || !Array.isArray(params.messages) || count(params.max_tokens) === undefined) return undefined
  const stop = list(params.stop_sequences).filter(item => typeof item === 'string')
  const config = doc(params.output_config) ?? {}
  const format = doc(config.format) ?? doc(params.output_format)
  const attributes: Attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? (stop as string[]) : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(config.effort),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format?.type === 'json_schema' ? GEN_AI_OUTPUT_TYPE_VALUE_JSON : undefined,
  }
  const provider = vertex === undefined ? undefined : GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI
  return { model, ...(provider && { provider }), stream: params.stream === true, choices: 1, attributes }
}

/** Fast mode and inference in a single region have their own prices like a tier, and can be combined with one. */
function tierOf({ service_tier, speed, inference_geo }: Doc): string | undefined {
  const tier = text(service_tier)
  const geo = text(inference_geo)
  const tiers = [
    ...(tier === undefined || tier === 'standard' ? [] : [tier]),
    ...(speed === 'fast' ? [speed] : []),
    ...(geo === undefined || geo === 'global' || geo === 'not_available' ? [] : [`inference_geo:${geo}`]),
  ]
  return tiers.length > 0 ? tiers.join(',') : tier
}

/** Whether the provider compacted the conversation before it answered. */
function wasCompacted(counts: Doc | undefined): true | undefined {
  return docs(counts?.iterations).some(({ type }) => type === 'compaction') || undefined
}

function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const fresh = count(counts.input_tokens)
  const cacheRead = count(counts.cache_read_input_tokens)
  const cacheWrite = count(counts.cache_creation_input_tokens)
  const writes = doc(counts.cache_creation) ?? {}
  const output = count(counts.output_tokens)
  if (fresh === undefined && output === undefined) return undefined
  return {
    // `input_tokens` excludes cached tokens, but the conventions include them.
    input: fresh === undefined ? undefined : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output,
    cacheRead,
    cacheWrite,
    cacheWrite5m: count(writes.ephemeral_5m_input_tokens),
    cacheWrite1h: count(writes.ephemeral_1h_input_tokens),
    reasoning: count(doc(counts.output_tokens_details)?.thinking_tokens),
    webSearches: count(doc(counts.server_tool_use)?.web_search_requests),
  }
}

/**
 * Usage of the answer. The top-level counts exclude compaction, which the same model did, and the advisor, which is another model. If a
 * fallback model answered, they are those of the fallback, and a model that declined is not charged.
 */
function usedBy(
  counts: Doc | undefined,
  model: string | undefined,
): Pick<ParsedResponse, 'usage' | 'iterations' | 'unpriced'> {
  const top = usageOf(counts)
  const told = docs(counts?.iterations)
  if (!top || told.length === 0) return { usage: top }
  const isServed = told.some(({ type }) => type === 'fallback_message')
  const own: Iteration[] = []
  const hosted: Iteration[] = []
  for (const iteration of told) {
    const usage = usageOf(iteration) ?? {}
    const by = text(iteration.model)
    const isOwn = by === undefined || by === model
    const isRun =
      iteration.type === 'message' || iteration.type === 'compaction' || iteration.type === 'fallback_message'
    if (isRun && isOwn) own.push({ usage })
    else if (!isRun || !isServed) hosted.push({ usage, hosted: { operation: anthropicMessages.operation, model: by } })
  }
  const { reasoning, webSearches } = top
  const sum = sumOf(own.map(({ usage }) => usage))
  // with a fallback, the runs are only used if they match the top-level counts
  const isTop = own.length === 0 || (isServed && (sum.input !== top.input || sum.output !== top.output))
  const runs = isTop ? [{ usage: top }] : own.map((run, n) => (n ? run : { usage: { ...run.usage, webSearches } }))
  return {
    usage: isTop ? top : { ...sum, reasoning: sum.reasoning ?? reasoning, webSearches },
    iterations: [...runs, ...hosted],
    // it is unknown which of the models did the compaction
    unpriced: isServed && told.some(({ type }) => type === 'compaction') ? 'compaction' : undefined,
  }
}
