// pgvector: a query that orders by the distance of vectors is a retrieval too, told by its statement on the span of the database client.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../../semconv'

/** Characters of a statement that are looked at: vectors stand in some. */
const LONGEST = 65_536
/** Cosine distance and inner product are pgvector's alone; PostGIS and geometric types have the other one too. */
const BY_DISTANCE = /\border\s+by\b[\s\S]*?<(?:[=#]|(-))>/i
const OF_PLACES = /\b(?:point|geometry|geography|box|circle|st_\w+)\b/i
const FROM = /\bfrom\s+((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*)/i
const LIMIT = /\blimit\s+(?:(\d+)|\$(\d+))/i

/** @returns undefined for a statement that is no search by vector */
export function retrievalOf(statement: string, values: readonly unknown[] = []): Attributes | undefined {
  if (!statement.includes('>')) return undefined
  const text = statement.slice(0, LONGEST)
  const ordered = BY_DISTANCE.exec(text)
  if (!ordered || (ordered[1] && OF_PLACES.test(text))) return undefined
  const [, given, parameter] = LIMIT.exec(text.slice(ordered.index)) ?? []
  const limit = Number(given ?? values[Number(parameter) - 1])
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
    [ATTR_GEN_AI_DATA_SOURCE_ID]: FROM.exec(text)?.[1]?.replaceAll('"', ''),
    [ATTR_GEN_AI_RETRIEVAL_TOP_K]: Number.isSafeInteger(limit) ? limit : undefined,
  }
}
