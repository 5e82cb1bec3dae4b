// Ollama's own chat.

import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION } from '../../../../semconv'
import { blob, type Message, textPart } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../observe/wire/value'
import * as openai from '../openai/content'
import { choices, tools } from '../openai/content'
import type { Protocol, RequestTold } from '../protocol'
import {
  commonFields,
  isOllama,
  OllamaFold,
  PROVIDER,
  requestAttributes,
  response,
  responseFields,
  telling,
} from './ollama'

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

// Ollama's own text generation.

export const ollamaGenerate: Protocol = {
  name: 'ollama-generate',
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: PROVIDER,
  path: pathname => pathname.endsWith('/api/generate'),
  vouched: ({ url }) => isOllama(url, {}),

  requestFields: { ...commonFields, prompt: true },
  requestContentFields: { system: true, images: true },
  request: generateRequest,
  input(body) {
    const asked = doc(body) ?? {}
    const system = text(asked.system)
    return {
      messages: messages([{ role: 'user', content: asked.prompt, images: asked.images }]),
      ...(system && { system: [textPart(system)] }),
    }
  },

  responseFields,
  responseContentFields: { response: true, thinking: true },
  lines: true,
  telling,
  fold: options => new OllamaFold(options),
  response,
  output(document) {
    const answer = doc(document) ?? {}
    const thinking = text(answer.thinking) ?? doc(answer.message)?.thinking // in a stream put together
    return messages([{ role: 'assistant', content: answer.response, thinking }])
  },
}

function generateRequest(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  // Without a prompt it only loads the model.
  if (!asked || !model || !text(asked.prompt) || !isOllama(url, asked)) return undefined
  return { model, stream: asked.stream !== false, choices: 1, attributes: requestAttributes(asked) }
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
