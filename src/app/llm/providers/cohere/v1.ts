// Cohere's chat, version 1.
import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_PROVIDER_NAME_VALUE_COHERE } from '../../../../../semconv'
import { doc, text } from '../../wire/json'
import { errorFields } from '../errors'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { parameterAttributes, parameters } from './chat'
import { errorOf, isCohere, usageOf } from './cohere'
import { chatInput, chatOutput } from './v1-content'
import { CohereFoldV1 } from './v1-fold'

export const significantEvent = /"event_type"\s*:\s*"(?!text-generation|tool-calls-chunk)/

export const cohereChatV1: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, message: true, stream: true, ...parameters() },
  requestContentFields: { chat_history: true, preamble: true, tools: true, tool_results: true },
  request,
  input: body => chatInput(doc(body) ?? {}),

  responseFields: { generation_id: true, finish_reason: true, meta: true, ...errorFields },
  responseContentFields: { text: true, tool_calls: true },
  lines: true,
  significantEvent,
  fold: options => new CohereFoldV1(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(answer.finish_reason)
    return {
      id: text(answer.generation_id),
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.meta)),
      error: errorOf(answer, reason),
    }
  },
  output: document => chatOutput(doc(document) ?? {}),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || typeof params.message !== 'string' || !isCohere(url, model)) return undefined
  return { model, stream: params.stream === true, choices: 1, attributes: parameterAttributes(params) }
}
