// Cohere's chat, version 2.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
} from '../../../../../semconv'
import { count, type Doc, doc, integer, list, number, text } from '../../wire/json'
import { errorFields } from '../errors'
import { choices, messages, tools } from '../openai/content'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { CohereChatFold } from './chat-fold'
import { errorOf, isCohere, usageOf } from './cohere'

export const cohereChat: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, messages: {}, stream: true, response_format: { type: true }, ...parameters() },
  requestContentFields: { messages: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), tools: tools(params) }
  },

  responseFields: { id: true, finish_reason: true, usage: true, ...errorFields },
  responseContentFields: { message: true },
  significantEvent: /"(?:message-start|message-end|content-start|content-end|tool-call-start|tool-call-end|error)"/,
  fold: options => new CohereChatFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(answer.finish_reason)
    return {
      id: text(answer.id),
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorOf(answer, reason),
    }
  },
  output: document => choices([doc(document)]),
}

/** Parameters that both chat versions share. */
export function parameters() {
  return {
    max_tokens: true,
    temperature: true,
    p: true,
    k: true,
    stop_sequences: true,
    frequency_penalty: true,
    presence_penalty: true,
    seed: true,
  } as const
}

export function parameterAttributes(params: Doc): Attributes {
  const stop = list(params.stop_sequences).filter(item => typeof item === 'string')
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? (stop as string[]) : undefined,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(params.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(params.presence_penalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(params.seed),
  }
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || !model || !Array.isArray(params.messages) || !isCohere(url, model)) return undefined
  const format = text(doc(params.response_format)?.type)
  const attributes = {
    ...parameterAttributes(params),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
  }
  return { model, stream: params.stream === true, choices: 1, attributes }
}
