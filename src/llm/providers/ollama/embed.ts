// Ollama's own embeddings, of today and before. The conventions know no content of these calls.
import { ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS } from '../../../../semconv'
import { count, doc, text } from '../../observe/wire/value'
import type { Protocol, RequestTold } from '../protocol'
import { errorFields, errorIn, unstreamed } from '../protocol'
import { isOllama, PROVIDER, usageOf } from './ollama'

export const ollamaEmbed: Protocol = {
  name: 'ollama-embed',
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: PROVIDER,
  path: pathname => /\/api\/embed(?:dings)?$/.test(pathname),
  vouched: ({ url }) => isOllama(url, {}),

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

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  const given = asked?.input ?? asked?.prompt
  if (!asked || !model || !(typeof given === 'string' || Array.isArray(given)) || !isOllama(url, asked))
    return undefined
  const attributes = { [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(asked.dimensions) }
  return { model, stream: false, choices: 1, attributes }
}
