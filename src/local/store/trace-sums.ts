// What the spans of a commit add to the row of their trace: as `ofSpans` of trace-parts.ts says it in SQL, which a statement for each commit
// would have to plan anew.
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../semconv'
import { spanUnpriced } from '../../llm/report/cost/span-unpriced'
import { isModelCall } from '../../llm/spans/operations'
import type { AttributeType } from './schema'
import { aheadNs } from './trace-parts'
import type { TreeSpan } from './tree'

/** The attributes that are added up, where their value has this type. */
export const addedUp: ReadonlyMap<string, AttributeType> = new Map([
  [ATTR_GEN_AI_OPERATION_NAME, 'string'],
  [ATTR_AFN_LLM_USAGE_ROLLUP, 'bool'],
  [ATTR_AFN_LLM_COST_TOTAL, 'float'],
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS, 'int'],
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 'int'],
  [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, 'int'],
  [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, 'int'],
  [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, 'int'],
  [ATTR_AFN_LLM_UNPRICED_CAUSE, 'string'],
  [ATTR_AFN_LLM_RESPONSE_PENDING, 'bool'],
  [ATTR_AFN_LLM_STREAM_END, 'string'],
  [ATTR_ERROR_TYPE, 'string'],
  [ATTR_SESSION_ID, 'string'],
  [ATTR_GEN_AI_CONVERSATION_ID, 'string'],
  [ATTR_USER_ID, 'string'],
])

export interface AddedSpan extends TreeSpan {
  readonly seq: number
  /** Nanoseconds since 1970, as are the others. */
  readonly start: bigint
  readonly end: bigint
  readonly received: bigint
  readonly failed: boolean
  readonly signals: number
  readonly resource: number
  /** Of a root. */
  readonly name: string
  /** Those of `addedUp` that it has. */
  readonly attributes: Readonly<Record<string, unknown>>
}

export type TraceSums = ReturnType<typeof sumsOf>

/** @param spans of one trace, at least one, in the order in which they came @returns a row of `trace_parts` without its trace */
export function sumsOf(spans: readonly AddedSpan[]) {
  const first = spans[0]!
  const sums = {
    first_seq: BigInt(first.seq),
    first_ns: first.start,
    last_start_ns: first.start,
    last_ns: later(first.start, first.end),
    fresh_ns: freshOf(first),
    newest_ns: freshOf(first),
    received_ns: first.received,
    signals: 0,
    spans: BigInt(spans.length),
    errors: 0n,
    calls: 0n,
    cost: null as number | null,
    input: null as number | null,
    output: null as number | null,
    cache_read: null as number | null,
    cache_write: null as number | null,
    reasoning: null as number | null,
    no_price: 0n,
    no_usage: 0n,
    roots: 0n,
    root_seq: null as bigint | null,
    root_name: null as string | null,
    root_resource: null as number | null,
    root_duration_ns: null as bigint | null,
    user_id: null as string | null,
    user_ns: null as bigint | null,
    session_min: null as string | null,
    session_max: null as string | null,
    conversation_min: null as string | null,
    conversation_max: null as string | null,
  }
  for (const span of spans) {
    const { start, attributes } = span
    const fresh = freshOf(span)
    if (start < sums.first_ns) sums.first_ns = start
    sums.last_start_ns = later(sums.last_start_ns, start)
    sums.last_ns = later(sums.last_ns, later(start, span.end))
    if (fresh < sums.fresh_ns) sums.fresh_ns = fresh
    sums.newest_ns = later(sums.newest_ns, fresh)
    sums.received_ns = later(sums.received_ns, span.received)
    sums.signals |= span.signals
    if (span.failed) sums.errors++
    if (span.parentId === 0n) {
      sums.roots++
      if (sums.root_seq === null) {
        sums.root_seq = BigInt(span.seq)
        sums.root_name = span.name
        sums.root_resource = span.resource
        sums.root_duration_ns = later(span.end - start, 0n)
      }
    }
    const number = (key: string) => attributes[key] as number | undefined
    sums.cost = plus(sums.cost, number(ATTR_AFN_LLM_COST_TOTAL))
    const user = attributes[ATTR_USER_ID] as string | undefined
    if (user !== undefined && (sums.user_ns === null || start > sums.user_ns)) {
      sums.user_id = user
      sums.user_ns = start
    }
    const session = attributes[ATTR_SESSION_ID] as string | undefined
    if (session !== undefined) {
      if (sums.session_min === null || session < sums.session_min) sums.session_min = session
      if (sums.session_max === null || session > sums.session_max) sums.session_max = session
    }
    const conversation = attributes[ATTR_GEN_AI_CONVERSATION_ID] as string | undefined
    if (conversation !== undefined) {
      if (sums.conversation_min === null || conversation < sums.conversation_min) sums.conversation_min = conversation
      if (sums.conversation_max === null || conversation > sums.conversation_max) sums.conversation_max = conversation
    }
    if (!isModelCall(attributes)) continue
    sums.calls++
    sums.input = plus(sums.input, number(ATTR_GEN_AI_USAGE_INPUT_TOKENS))
    sums.output = plus(sums.output, number(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS))
    sums.cache_read = plus(sums.cache_read, number(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS))
    sums.cache_write = plus(sums.cache_write, number(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS))
    sums.reasoning = plus(sums.reasoning, number(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS))
    const reason = spanUnpriced(attributes, span.failed ? 'error' : 'unset')
    if (reason) sums[reason]++
  }
  return sums
}

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const plus = (sum: number | null, value: number | undefined) => (value === undefined ? sum : (sum ?? 0) + value)
const freshOf = ({ start, received }: AddedSpan): bigint => (start <= received + aheadNs ? start : received)
