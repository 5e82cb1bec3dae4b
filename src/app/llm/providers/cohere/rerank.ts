// Cohere's reranking, and hosts with the same API (Voyage, Jina, vLLM, which also scores pairs). The conventions define no operation for
// it.
import { GEN_AI_PROVIDER_NAME_VALUE_COHERE } from '../../../../../semconv'
import { count, type Doc, doc, text } from '../../wire/json'
import { errorFields } from '../errors'
import { isJson, type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { isProvider } from '../providers'
import { errorOf, isCohere } from './cohere'

/** Names of the second text of a pair. https://docs.vllm.ai/en/latest/models/pooling_models/ */
const pairs = ['text_2', 'data_2', 'items']

export const rerank: Protocol = {
  operation: 'rerank',
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  requestFields: { model: true, query: {}, documents: {}, ...Object.fromEntries(pairs.map(name => [name, {}])) }, // whether they are there
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: { model: true, usage: true, meta: { billed_units: true }, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    // Cohere bills searches, the others bill tokens.
    const input = count(doc(answer.usage)?.total_tokens)
    const searchUnits = count(doc(doc(answer.meta)?.billed_units)?.search_units)
    return {
      model: text(answer.model),
      finishReasons: [],
      usage: input === undefined && searchUnits === undefined ? undefined : { input, searchUnits },
      error: errorOf(answer),
    }
  },
  output: () => [],
}

function isPair(params: Doc | undefined): boolean {
  return pairs.some(name => params?.[name] !== undefined)
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  const isAsked = url.pathname.endsWith('/score') ? isPair(params) : params?.query && Array.isArray(params.documents)
  if (!params || !isAsked || !(model || isCohere(url, model))) return undefined
  return { model, stream: false, choices: 1, attributes: {} }
}
