// Ollama's own text generation.
import { GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION } from '../../../../../semconv'
import { textPart } from '../../messages'
import { doc, text } from '../../wire/json'
import type { ParsedRequest, Protocol } from '../protocol'
import { messages } from './content'
import { commonFields, isOllama, PROVIDER, requestAttributes, response, responseFields } from './ollama'
import { OllamaFold, significantEvent } from './ollama-fold'

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
  // A request without a prompt only loads the model.
  if (!params || !model || !text(params.prompt) || !isOllama(url, params)) return undefined
  return { model, stream: params.stream !== false, choices: 1, attributes: requestAttributes(params) }
}
