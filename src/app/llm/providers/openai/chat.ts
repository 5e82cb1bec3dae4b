// OpenAI chat completions, and all hosts with the same API.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
} from '../../../../../semconv'
import { count, type Doc, doc, docs, integer, list, number, text, texts } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { costFields, costOf as gatewayCost } from '../vercel/gateway'
import { ChatFold } from './chat-fold'
import { choices, messages, tools } from './content'
import { deploymentOf } from './deployment'
import { costOf, usageOf } from './usage'

/** Parameters that chat and text completions share. */
export const parameterFields = {
  n: true,
  max_tokens: true,
  max_completion_tokens: true,
  temperature: true,
  top_p: true,
  top_k: true,
  stop: true,
  frequency_penalty: true,
  presence_penalty: true,
  seed: true,
} as const

export const openaiChat: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  // Mistral's agents answer in the same format as its models.
  identifiableByHead: isJson,

  usageOption: true,
  requestFields: {
    model: true,
    agent_id: true,
    messages: {}, // whether it is a list
    stream: true,
    ...parameterFields,
    reasoning_effort: true,
    reasoning: { effort: true }, // OpenRouter
    response_format: { type: true },
    modalities: true,
    service_tier: true,
    web_search_options: {},
  },
  requestContentFields: { messages: true, tools: true, functions: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), tools: tools(params) }
  },

  responseFields: {
    id: true,
    request_id: true, // of an answer that xAI defers
    model: true,
    choices: { '*': { index: true, finish_reason: true, message: { provider_metadata: costFields } } },
    usage: true,
    service_tier: true,
    system_fingerprint: true,
    ...errorFields,
  },
  responseContentFields: { choices: true },
  significantEvent: /"(?:finish_reason|usage|error|provider_metadata)"\s*:\s*[^n\s]|"object"\s*:\s*"error"/,
  fold: options => new ChatFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const told = doc(doc(list(answer.choices)[0])?.message)?.provider_metadata
    const deferred = answer.choices === undefined ? text(answer.request_id) : undefined
    return {
      id: text(answer.id) ?? deferred,
      model: text(answer.model),
      finishReasons: inOrder(answer).flatMap(choice => text(choice.finish_reason) ?? []),
      usage: usageOf(doc(answer.usage)),
      cost: costOf(doc(answer.usage)) ?? (told ? gatewayCost(told) : undefined),
      error: errorIn(document),
      pending: deferred === undefined ? undefined : true,
      attributes: {
        // Mistral reports it within its usage
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier) ?? text(doc(answer.usage)?.service_tier),
        [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: text(answer.system_fingerprint),
      },
    }
  },
  output: document => choices(inOrder(doc(document) ?? {})),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  const agent = text(params?.agent_id)
  if (!params || !(model ?? agent) || !Array.isArray(params.messages)) return undefined
  const attributes: Attributes = {
    [ATTR_GEN_AI_AGENT_ID]: agent,
    [ATTR_OPENAI_API_TYPE]: OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
    ...parameters(params),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(params.reasoning_effort) ?? text(doc(params.reasoning)?.effort),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(params),
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(params.service_tier),
    // each search is charged, but answers do not report their number
    [ATTR_AFN_LLM_UNPRICED_CAUSE]: doc(params.web_search_options) ? 'web_search' : undefined,
  }
  return { model, stream: params.stream === true, choices: choiceCount(params), attributes }
}

function outputType(params: Doc): string | undefined {
  if (Array.isArray(params.modalities) && params.modalities.includes('audio')) return 'speech'
  const format = text(doc(params.response_format)?.type)
  return format?.startsWith('json') ? 'json' : format
}

export function parameters(params: Doc): Attributes {
  const choices = choiceCount(params)
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_completion_tokens) ?? count(params.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(params.stop),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(params.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(params.presence_penalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(params.seed),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices === 1 ? undefined : choices,
  }
}

export function choiceCount(params: Doc): number {
  return count(params.n) ?? 1
}

export function inOrder(answer: Doc): Doc[] {
  return docs(answer.choices).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}
