// Ollama's own chat.

import { GEN_AI_OPERATION_NAME_VALUE_CHAT } from '../../../../../semconv'
import { doc, docs, text } from '../../wire/json'
import { choices, tools } from '../openai/content'
import type { ParsedRequest, Protocol } from '../protocol'
import { messages } from './content'
import { commonFields, isOllama, PROVIDER, requestAttributes, response, responseFields } from './ollama'
import { OllamaFold, significantEvent } from './ollama-fold'

export const ollamaChat: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: PROVIDER,
  identifiableByHead: ({ url }) => isOllama(url, {}),

  requestFields: { ...commonFields, messages: { '*': { role: true } } },
  requestContentFields: { messages: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), tools: tools(params) }
  },

  responseFields,
  responseContentFields: { message: true },
  lines: true,
  significantEvent,
  fold: options => new OllamaFold(options),
  response,
  output: document => choices([doc(document)]),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || !model || !isOllama(url, params)) return undefined
  if (!docs(params.messages).every(message => text(message.role)) || !docs(params.messages).length) return undefined
  // Streaming is the default.
  return { model, stream: params.stream !== false, choices: 1, attributes: requestAttributes(params) }
}
