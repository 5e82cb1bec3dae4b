// Ollama's own chat. Listed in index.ts.
import { GEN_AI_OPERATION_NAME_VALUE_CHAT } from '../../../../semconv'
import { doc, docs, text } from '../../observe/wire/value'
import { choices, tools } from '../openai/content'
import type { Protocol, RequestTold } from '../protocol'
import { messages } from './content'
import { commonFields, isOllama, PROVIDER, requestAttributes, response, responseFields } from './ollama'
import { OllamaFold, telling } from './ollama-fold'

export const ollamaChat: Protocol = {
  name: 'ollama-chat',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: PROVIDER,
  path: pathname => pathname.endsWith('/api/chat'),
  vouched: ({ url }) => isOllama(url, {}),

  requestFields: { ...commonFields, messages: { '*': { role: true } } },
  requestContentFields: { messages: true, tools: true },
  request,
  input(body) {
    const asked = doc(body) ?? {}
    return { messages: messages(asked.messages), tools: tools(asked) }
  },

  responseFields,
  responseContentFields: { message: true },
  lines: true,
  telling,
  fold: options => new OllamaFold(options),
  response,
  output: document => choices([doc(document)]),
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  if (!asked || !model || !isOllama(url, asked)) return undefined
  if (!docs(asked.messages).every(message => text(message.role)) || !docs(asked.messages).length) return undefined
  // Streams are the default.
  return { model, stream: asked.stream !== false, choices: 1, attributes: requestAttributes(asked) }
}
