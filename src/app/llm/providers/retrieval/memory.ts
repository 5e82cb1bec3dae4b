// mem0's memories over HTTP: storing and searching. https://docs.mem0.ai/api-reference
import {
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_RECORD_COUNT,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY,
} from '../../../../../semconv'
import { fit } from '../../bounded-content'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { type ParsedRequest, type Protocol, unstreamed } from '../protocol'

const PATH = /\/memories\/(?:search\/|add\/)?$/

export const memory: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  provider: 'mem0',
  identifiableByHead: () => false,

  requestFields: { messages: {}, query: {}, filters: {}, top_k: true }, // whether they are there
  requestContentFields: { messages: true, query: true },
  request,
  input: () => ({ messages: [] }),
  apart: {
    input(body) {
      const { query, messages } = doc(body) ?? {}
      return {
        [ATTR_GEN_AI_MEMORY_QUERY_TEXT]: text(query),
        [ATTR_GEN_AI_MEMORY_RECORDS]: records(docs(messages).map(({ content }) => ({ content }))),
      }
    },
    output: document => ({
      [ATTR_GEN_AI_MEMORY_RECORDS]: records(
        found(document).map(({ id, memory: content, score }) => ({ id, content, score })),
      ),
    }),
  },

  responseFields: { '*': { id: true }, results: { '*': { id: true } }, ...errorFields },
  responseContentFields: { '*': true, results: true },
  ...unstreamed,
  response(document) {
    const error = errorIn(document)
    return {
      finishReasons: [],
      usage: undefined,
      error,
      attributes: error ? {} : { [ATTR_GEN_AI_MEMORY_RECORD_COUNT]: found(document).length },
    }
  },
  output: () => [],
}

function request(body: unknown, { pathname }: URL): ParsedRequest | undefined {
  if (!PATH.test(pathname)) return undefined
  const params = doc(body)
  const isKept = params?.messages !== undefined
  if (!params || !(isKept || params.query !== undefined || params.filters !== undefined)) return undefined
  return {
    model: undefined,
    // the store decides whether the memory is new
    operation: isKept ? GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY : GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
    stream: false,
    choices: 1,
    attributes: { [ATTR_GEN_AI_RETRIEVAL_TOP_K]: count(params.top_k) },
  }
}

/** A list, or one in `results`. */
function found(document: unknown): Doc[] {
  return docs(Array.isArray(document) ? document : doc(document)?.results)
}

function records(list: Doc[]): string | undefined {
  return list.length === 0 ? undefined : fit(list, left => ({ content: `[${left} earlier records left out]` }))
}
