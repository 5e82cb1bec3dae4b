// What a call of a model is, in SQL.
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

/** As `isModelCall` of src/app/llm has it. A list is looked through once for each different name, IN once for each span. */
export const isCall = `(list_contains([${modelOperations.map(text).join(', ')}],
    ${attribute('span', ATTR_GEN_AI_OPERATION_NAME, 'string')})
  AND ${attribute('span', ATTR_AFN_LLM_USAGE_ROLLUP, 'bool')} IS NOT TRUE)`

/** USD; NULL where no price is known. */
export const cost = attribute('span', ATTR_AFN_LLM_COST_TOTAL, 'float')
export const inputTokens = attribute('span', ATTR_GEN_AI_USAGE_INPUT_TOKENS, 'int')
export const outputTokens = attribute('span', ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 'int')
/** Of both, in 128 bits: each has up to 63. */
export const tokens = `(coalesce(${inputTokens}, 0)::HUGEINT + coalesce(${outputTokens}, 0))`

/** Of a call: whether it reports what it used. */
const hasTokens = `(${inputTokens} IS NOT NULL OR ${outputTokens} IS NOT NULL
  OR ${attribute('span', ATTR_AFN_LLM_UNPRICED_CAUSE, 'string')} IS NOT NULL)`

/**
 * Of a call: whether it was answered and its cost is not known, as `afn.llm.unpriced_operations` counts. A call that was refused used
 * nothing; one that was cut did. What is answered in the background is counted where it is fetched.
 */
const isUnpriced = `(${cost} IS NULL
  AND ${attribute('span', ATTR_AFN_LLM_RESPONSE_PENDING, 'bool')} IS NOT TRUE
  AND (${hasTokens}
  OR (s.status <> 2 AND ${attribute('span', ATTR_ERROR_TYPE, 'string')} IS NULL)
  OR coalesce(${attribute('span', ATTR_AFN_LLM_STREAM_END, 'string')} = ${text(AFN_LLM_STREAM_END_VALUE_CUT)}, false)))`

/** `afn.llm.unpriced.reason` of a call; NULL where its cost is known, or where there is none. */
export const unpricedReason = `CASE WHEN ${isUnpriced} THEN
  CASE WHEN ${hasTokens} THEN 'no_price' ELSE 'no_usage' END END`

/** Of a group of spans: calls without a cost, by `afn.llm.unpriced.reason`. */
export const unpricedBy = {
  no_price: `count(*) FILTER (${isCall} AND ${isUnpriced} AND ${hasTokens})`,
  no_usage: `count(*) FILTER (${isCall} AND ${isUnpriced} AND NOT ${hasTokens})`,
} as const

/** The same as columns. */
export const unpriced = `${unpricedBy.no_price} AS no_price, ${unpricedBy.no_usage} AS no_usage`

/** The one that was requested, as metrics, budgets and reports have it: its name has no date. Where it is not known, the one that answered. */
export const model = `coalesce(${attribute('span', ATTR_GEN_AI_REQUEST_MODEL, 'string')},
  ${attribute('span', ATTR_GEN_AI_RESPONSE_MODEL, 'string')})`

const details = `list_filter(s.events, lambda e: e.name = 'gen_ai.client.inference.operation.details')[1]`

/** Messages of a call, from the span or from its event of details. */
export const content = (key: string): string =>
  `coalesce(${attribute('span', key, 'string')}, ${nestedAttribute(details, key, 'string')})`

interface Keys {
  has(scope: 'span', key: string, type: AttributeType): boolean
}

/** Of streams. @param keys so that the maps of all spans are not read for what none has */
export function firstTokenMs(keys: Keys): string {
  const own = attribute('span', ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS, 'int')
  if (!keys.has('span', ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, 'float')) return own
  return `coalesce(${own}, ${attribute('span', ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, 'float')} * 1000)`
}

/** What the calls of a group report; a sum of what senders say is no number of 64 bits. */
const reported = (tokens: string) => `sum(${tokens}::DOUBLE) FILTER (${isCall})`

/** Columns `calls`, `cost`, `no_price`, `no_usage`, `input` and `output` of a group of spans. */
export const totals = `count(*) FILTER (${isCall}) AS calls,
  sum(${cost}) AS cost,
  ${unpriced},
  ${reported(inputTokens)} AS input,
  ${reported(outputTokens)} AS output`

/** Spans whose status is ERROR. */
export const failures = 'count(*) FILTER (s.status = 2) AS errors'
