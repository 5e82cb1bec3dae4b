// Cohere's chat, version 1. Listed in index.ts.
import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_PROVIDER_NAME_VALUE_COHERE } from '../../../../semconv'
import { doc, text } from '../../observe/wire/value'
import { errorFields } from '../error'
import { isJson, type Protocol, type RequestTold } from '../protocol'
import { parameterAttributes, parameters } from './chat'
import { errorOf, isCohere, usageOf } from './cohere'
import { input, output } from './v1-content'
import { CohereFoldV1, telling } from './v1-fold'

export const cohereChatV1: Protocol = {
  name: 'cohere-chat-v1',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  path: pathname => pathname.endsWith('/v1/chat'),
  vouched: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, message: true, stream: true, ...parameters() },
  requestContentFields: { chat_history: true, preamble: true, tools: true, tool_results: true },
  request,
  input: body => input(doc(body) ?? {}),

  responseFields: { generation_id: true, finish_reason: true, meta: true, ...errorFields },
  responseContentFields: { text: true, tool_calls: true },
  lines: true,
  telling,
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
  output: document => output(doc(document) ?? {}),
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  if (!asked || typeof asked.message !== 'string' || !isCohere(url, model)) return undefined
  return { model, stream: asked.stream === true, choices: 1, attributes: parameterAttributes(asked) }
}
