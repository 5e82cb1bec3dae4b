// Ollama's own text generation. Listed in index.ts.
import { GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION } from '../../../../semconv'
import { textPart } from '../../messages'
import { doc, text } from '../../observe/wire/value'
import type { Protocol, RequestTold } from '../protocol'
import { messages } from './content'
import { commonFields, isOllama, PROVIDER, requestAttributes, response, responseFields } from './ollama'
import { OllamaFold, telling } from './ollama-fold'

export const ollamaGenerate: Protocol = {
  name: 'ollama-generate',
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: PROVIDER,
  path: pathname => pathname.endsWith('/api/generate'),
  vouched: ({ url }) => isOllama(url, {}),

  requestFields: { ...commonFields, prompt: true },
  requestContentFields: { system: true, images: true },
  request,
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

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  // Without a prompt it only loads the model.
  if (!asked || !model || !text(asked.prompt) || !isOllama(url, asked)) return undefined
  return { model, stream: asked.stream !== false, choices: 1, attributes: requestAttributes(asked) }
}
