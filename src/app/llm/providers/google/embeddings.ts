// Gemini's embedContent and batchEmbedContents, and the embedding models behind Vertex' predict. The conventions define no content for
// these calls.
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../../semconv'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { ParsedRequest, Protocol } from '../protocol'
import { unstreamed } from '../protocol'
import { inBothStyles, member } from './members'
import { calledIn, providerIn } from './request'
import { sum, usageOf } from './usage'

export const googleEmbeddings: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  // `predict` calls all kinds of models; embedding models are identified by their names.
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: {
    content: {}, // of these three, whether they are there
    instances: {},
    requests: { '*': inBothStyles('outputDimensionality') },
    parameters: true,
    ...inBothStyles('outputDimensionality'),
  },
  requestContentFields: {},
  request,
  input: () => ({ messages: [] }),

  responseFields: {
    usageMetadata: true,
    predictions: { '*': { embeddings: { statistics: true } } },
    ...errorFields,
  },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    return {
      finishReasons: [],
      usage: usageOf(doc(answer.usageMetadata)) ?? predicted(docs(answer.predictions)),
      error: errorIn(document),
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const params = doc(body)
  if (!called || !(doc(params?.content) ?? params?.requests ?? params?.instances)) return undefined
  const sizes = [params, docs(params?.requests)[0], doc(params?.parameters)].flatMap(
    part => count(member(part, 'outputDimensionality')) ?? [],
  )
  const attributes = { [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: sizes[0] }
  return { model: called.model, provider: providerIn(url), stream: false, choices: 1, attributes }
}

/** Vertex reports the count of each text separately. */
function predicted(predictions: Doc[]): Usage | undefined {
  const counts = predictions.map(({ embeddings }) => count(doc(doc(embeddings)?.statistics)?.token_count))
  const input = counts.reduce(sum, undefined)
  return input === undefined ? undefined : { input }
}
