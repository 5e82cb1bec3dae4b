// Cohere's embeddings, both versions. The conventions define no content for these calls.
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
} from '../../../../../semconv'
import { count, doc, list, text } from '../../wire/json'
import { errorFields } from '../errors'
import { isJson, type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { errorOf, isCohere, usageOf } from './cohere'

export const cohereEmbed: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, embedding_types: true, output_dimension: true },
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: { meta: true, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const images = count(doc(doc(answer.meta)?.billed_units)?.image_tokens)
    const usage = usageOf(doc(answer.meta))
    return {
      finishReasons: [],
      // image tokens are not part of the other count
      usage: usage && (images ? { ...usage, input: (usage.input ?? 0) + images, imageInput: images } : usage),
      error: errorOf(answer),
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || !isCohere(url, model)) return undefined
  const formats = list(params.embedding_types).filter(item => typeof item === 'string')
  const attributes = {
    [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(params.output_dimension),
    [ATTR_GEN_AI_REQUEST_ENCODING_FORMATS]: formats.length ? (formats as string[]) : undefined,
  }
  return { model, stream: false, choices: 1, attributes }
}
