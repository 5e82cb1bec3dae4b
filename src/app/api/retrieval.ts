// A search whose findings go into a prompt.
import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../../semconv'
import { contentOf } from '../llm/bounded-content'
import { inSpan } from './span'

export interface RetrievalOptions {
  /** Index, collection or store that is searched. */
  readonly dataSource?: string
  /** What is searched for. Recorded only with content capture on, redacted. */
  readonly query?: string
  /** How many documents the app wants. */
  readonly topK?: number
}

/**
 * Runs `run` as one search: a span `retrieval`. Where `run` gives an array, that is recorded as the documents
 * that were found, best with `id` and `score` each; only with content capture on (`AFN_CAPTURE_CONTENT`), redacted and cut
 * to 64 KiB. Otherwise as `withAgent()`.
 * @param retrieval options, or the data source alone
 * @returns what `run` returns
 * @throws what `run` throws, and nothing else
 * @example
 * const found = await withRetrieval({ dataSource: 'handbook', query, topK: 5 }, () => index.search(query, 5))
 */
export function withRetrieval<T>(retrieval: string | RetrievalOptions, run: () => T): T {
  const { dataSource, query, topK }: RetrievalOptions =
    typeof retrieval === 'string' ? { dataSource: retrieval } : (retrieval ?? {})
  return inSpan(
    {
      name: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
        [ATTR_GEN_AI_DATA_SOURCE_ID]: dataSource,
        [ATTR_GEN_AI_RETRIEVAL_TOP_K]: topK,
      },
      content: {
        input: () => ({ [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: contentOf(query) }),
        output: found => ({ [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: Array.isArray(found) ? contentOf(found) : undefined }),
      },
    },
    run,
  )
}
