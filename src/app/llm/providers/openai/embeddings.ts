// OpenAI embeddings, and all hosts with the same API. The conventions define no content for these calls.
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../../semconv'
import { count, doc, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isJson, type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './deployment'
import { costOf, usageOf } from './usage'

export const openaiEmbeddings: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  requestFields: { model: true, input: {}, dimensions: true, encoding_format: true, output_dimension: true },
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: { model: true, usage: true, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const counts = doc(answer.usage)
    const total = count(counts?.total_tokens) // Voyage sends no other count; there is no output
    return {
      model: text(answer.model),
      finishReasons: [],
      usage: usageOf(counts && { prompt_tokens: total, ...counts }),
      cost: costOf(counts),
      error: errorIn(document),
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  if (!params || !model || !(typeof params.input === 'string' || Array.isArray(params.input))) return undefined
  const format = text(params.encoding_format)
  const attributes = {
    [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(params.dimensions) ?? count(params.output_dimension),
    [ATTR_GEN_AI_REQUEST_ENCODING_FORMATS]: format ? [format] : undefined,
  }
  return { model, stream: false, choices: 1, attributes }
}
