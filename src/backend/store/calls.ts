// SQL that recognises and describes model calls.
import {
  AFN_LLM_STREAM_END_VALUE_CUT,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import { modelOperations } from '../../app/llm/spans/operations'
import { attribute, nestedAttribute, text } from './columns'
import type { AttributeType } from './schema'

/** Equals `isModelCall` of src/app/llm. DuckDB evaluates list_contains() once per distinct name, but IN once per span. */
export const isCall = `(list_contains([${modelOperations.map(text).join(', ')}],
    ${attribute('span', ATTR_GEN_AI_OPERATION_NAME, 'string')})
  AND ${attribute('span', ATTR_AFN_LLM_USAGE_ROLLUP, 'bool')} IS NOT TRUE)`

/** In USD; NULL if the price is unknown. */
export const cost = attribute('span', ATTR_AFN_LLM_COST_TOTAL, 'float')
export const inputTokens = attribute('span', ATTR_GEN_AI_USAGE_INPUT_TOKENS, 'int')
export const outputTokens = attribute('span', ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 'int')
/** Input and output tokens in 128 bits, because each may have 63. */
export const tokens = `(coalesce(${inputTokens}, 0)::HUGEINT + coalesce(${outputTokens}, 0))`

/** Whether a call reports its usage. */
const hasTokens = `(${inputTokens} IS NOT NULL OR ${outputTokens} IS NOT NULL
  OR ${attribute('span', ATTR_AFN_LLM_UNPRICED_CAUSE, 'string')} IS NOT NULL)`

/**
 * Whether a call was answered without a known cost, by the same rule as `afn.llm.unpriced_operations`. A refused call has no usage; a
 * stream that was cut has some. A background response is counted when it is fetched.
 */
const isUnpriced = `(${cost} IS NULL
  AND ${attribute('span', ATTR_AFN_LLM_RESPONSE_PENDING, 'bool')} IS NOT TRUE
  AND (${hasTokens}
  OR (s.status <> 2 AND ${attribute('span', ATTR_ERROR_TYPE, 'string')} IS NULL)
  OR coalesce(${attribute('span', ATTR_AFN_LLM_STREAM_END, 'string')} = ${text(AFN_LLM_STREAM_END_VALUE_CUT)}, false)))`

/** `afn.llm.unpriced.reason` of a call; NULL if its cost is known or it has none. */
export const unpricedReason = `CASE WHEN ${isUnpriced} THEN
  CASE WHEN ${hasTokens} THEN 'no_price' ELSE 'no_usage' END END`

/** Counts the unpriced calls of a group of spans, by `afn.llm.unpriced.reason`. */
export const unpricedBy = {
  no_price: `count(*) FILTER (${isCall} AND ${isUnpriced} AND ${hasTokens})`,
  no_usage: `count(*) FILTER (${isCall} AND ${isUnpriced} AND NOT ${hasTokens})`,
} as const

/** The same counts as named columns. */
export const unpriced = `${unpricedBy.no_price} AS no_price, ${unpricedBy.no_usage} AS no_usage`

/** The requested model, as in metrics, budgets and reports: its name has no date. Falls back to the model that responded. */
export const model = `coalesce(${attribute('span', ATTR_GEN_AI_REQUEST_MODEL, 'string')},
  ${attribute('span', ATTR_GEN_AI_RESPONSE_MODEL, 'string')})`

const details = `list_filter(s.events, lambda e: e.name = 'gen_ai.client.inference.operation.details')[1]`

/** The messages of a call, from the span or its details event. */
export const content = (key: string): string =>
  `coalesce(${attribute('span', key, 'string')}, ${nestedAttribute(details, key, 'string')})`

interface Keys {
  has(scope: 'span', key: string, type: AttributeType): boolean
}

/** The time to the first token of a stream. @param keys avoids reading the maps of all spans if no span has the attribute */
export function firstTokenMs(keys: Keys): string {
  const own = attribute('span', ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS, 'int')
  if (!keys.has('span', ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, 'float')) return own
  return `coalesce(${own}, ${attribute('span', ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, 'float')} * 1000)`
}

/** Sums what the calls of a group report, as a double: senders' values may add up to more than 64 bits. */
const reported = (tokens: string) => `sum(${tokens}::DOUBLE) FILTER (${isCall})`

/** Columns `calls`, `cost`, `no_price`, `no_usage`, `input` and `output` of a group of spans. */
export const totals = `count(*) FILTER (${isCall}) AS calls,
  sum(${cost}) AS cost,
  ${unpriced},
  ${reported(inputTokens)} AS input,
  ${reported(outputTokens)} AS output`

/** Counts spans with status ERROR. */
export const failures = 'count(*) FILTER (s.status = 2) AS errors'
