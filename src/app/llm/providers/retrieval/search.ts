// A search in a vector store. It involves no model, so it has no tokens and no price, and its content is a query and documents.
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions/incubating'
import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../../../../semconv'
import { fit } from '../../bounded-content'
import { doc, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { type HeaderOf, noHeader, type ParsedRequest, type Protocol, type ProviderError, unstreamed } from '../protocol'
import { asked, askedWithContent, hitsOf, searchOf } from './stores'

const HIT = {
  id: true,
  _id: true,
  file_id: true,
  score: true,
  _score: true,
  distance: true,
  _additional: true,
} as const
/** Weaviate's answer has the class as a key, which a static list of names cannot contain. */
const found = { matches: { '*': HIT }, ids: true, distances: true, code: true, message: true } as const

export const vectorSearch: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  provider: 'vector_store',
  // only the body identifies a search
  identifiableByHead: () => false,

  requestFields: asked,
  requestContentFields: askedWithContent,
  request,
  input: () => ({ messages: [] }),
  apart: {
    // if only a header identifies the store, the search is by a vector
    input: (body, url) => ({ [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: searchOf(body, url, noHeader)?.query }),
    output: document => ({ [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: documents(document) }),
  },

  responseFields: { ...found, result: true, data: true, ...errorFields },
  responseContentFields: { matches: true, documents: true },
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const error = errorOf(document)
    return {
      finishReasons: [],
      usage: undefined,
      error,
      attributes: error ? {} : { [ATTR_DB_RESPONSE_RETURNED_ROWS]: hitsOf(answer).length },
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL, header: HeaderOf): ParsedRequest | undefined {
  const search = searchOf(body, url, header)
  if (!search) return undefined
  const { system, source, namespace, topK } = search
  return {
    model: undefined,
    provider: system,
    stream: false,
    choices: 1,
    attributes: {
      [ATTR_GEN_AI_DATA_SOURCE_ID]: source,
      [ATTR_GEN_AI_RETRIEVAL_TOP_K]: topK,
      [ATTR_DB_SYSTEM_NAME]: system,
      [ATTR_DB_COLLECTION_NAME]: source,
      [ATTR_DB_NAMESPACE]: namespace,
      [ATTR_DB_OPERATION_NAME]: url.pathname.slice(url.pathname.lastIndexOf('/') + 1),
    },
  }
}

/** Milvus reports errors with status 200 and a code. */
function errorOf(document: unknown): ProviderError | undefined {
  const code = number(doc(document)?.code)
  return code ? { type: String(code), message: text(doc(document)?.message) } : errorIn(document)
}

function documents(document: unknown): string | undefined {
  const hits = hitsOf(doc(document) ?? {})
  return hits.length === 0 ? undefined : fit(hits, count => ({ id: `[${count} earlier documents left out]` }))
}
