// Cohere's reranking, and hosts that speak it (Voyage, Jina). The conventions have no name for it.
import { GEN_AI_PROVIDER_NAME_VALUE_COHERE } from '../../../../semconv'
import { count, doc, text } from '../../observe/wire/json'
import { errorFields, isJson, type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { isProvider } from '../providers'
import { errorOf, isCohere } from './cohere'

export const rerank: Protocol = {
  operation: 'rerank',
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  requestFields: { model: true, query: {}, documents: {} }, // whether they are there
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: { model: true, usage: true, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    // Cohere bills searches, the others tokens.
    const input = count(doc(answer.usage)?.total_tokens)
    return {
      model: text(answer.model),
      finishReasons: [],
      usage: input === undefined ? undefined : { input },
      error: errorOf(answer),
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params?.query || !Array.isArray(params.documents) || !(model || isCohere(url, model))) return undefined
  return { model, stream: false, choices: 1, attributes: {} }
}
