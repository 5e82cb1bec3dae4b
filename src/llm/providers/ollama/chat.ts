// Ollama's own chat.

import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION } from '../../../../semconv'
import { blob, type Message, textPart } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../observe/wire/json'
import * as openai from '../openai/content'
import { choices, tools } from '../openai/content'
import type { ParsedRequest, Protocol } from '../protocol'
import {
  commonFields,
  isOllama,
  OllamaFold,
  PROVIDER,
  requestAttributes,
  response,
  responseFields,
  significantEvent,
} from './ollama'

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
  // Streams are the default.
  return { model, stream: params.stream !== false, choices: 1, attributes: requestAttributes(params) }
}

// Ollama's own text generation.

export const ollamaGenerate: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: PROVIDER,
  identifiableByHead: ({ url }) => isOllama(url, {}),

  requestFields: { ...commonFields, prompt: true },
  requestContentFields: { system: true, images: true },
  request: generateRequest,
  input(body) {
    const params = doc(body) ?? {}
    const system = text(params.system)
    return {
      messages: messages([{ role: 'user', content: params.prompt, images: params.images }]),
      ...(system && { system: [textPart(system)] }),
    }
  },

  responseFields,
  responseContentFields: { response: true, thinking: true },
  lines: true,
  significantEvent,
  fold: options => new OllamaFold(options),
  response,
  output(document) {
    const answer = doc(document) ?? {}
    const thinking = text(answer.thinking) ?? doc(answer.message)?.thinking // in a stream put together
    return messages([{ role: 'assistant', content: answer.response, thinking }])
  },
}

function generateRequest(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  // Without a prompt it only loads the model.
  if (!params || !model || !text(params.prompt) || !isOllama(url, params)) return undefined
  return { model, stream: params.stream !== false, choices: 1, attributes: requestAttributes(params) }
}

// Chat messages of Ollama's shape, which is OpenAI's but for pictures and tools, as GenAI messages.

export function messages(value: unknown): Message[] {
  return docs(value).flatMap(item => {
    const pictures = list(item.images).flatMap(image => (typeof image === 'string' ? blob('image/unknown', image) : []))
    // A result has the name of its tool; newer servers give calls an id.
    const alike: Doc = { ...item, tool_call_id: item.tool_call_id ?? item.tool_name }
    return openai.messages([alike]).map(message => ({ ...message, parts: [...message.parts, ...pictures] }))
  })
}
