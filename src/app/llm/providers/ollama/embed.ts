// Ollama's own embeddings, current and legacy. The conventions define no content for these calls.
import { ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS } from '../../../../../semconv'
import { count, doc, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { ParsedRequest, Protocol } from '../protocol'
import { unstreamed } from '../protocol'
import { isOllama, PROVIDER, usageOf } from './ollama'

export const ollamaEmbed: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: PROVIDER,
  identifiableByHead: ({ url }) => isOllama(url, {}),

  requestFields: { model: true, input: {}, prompt: {}, options: true, keep_alive: true, dimensions: true },
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: { model: true, prompt_eval_count: true, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    return { model: text(answer.model), finishReasons: [], usage: usageOf(answer), error: errorIn(document) }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  const input = params?.input ?? params?.prompt
  if (!params || !model || !(typeof input === 'string' || Array.isArray(input)) || !isOllama(url, params))
    return undefined
  const attributes = { [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(params.dimensions) }
  return { model, stream: false, choices: 1, attributes }
}
