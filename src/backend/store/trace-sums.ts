// The contribution of a commit's spans to the row of their trace. Equals `ofSpans` of trace-parts.ts in SQL, which would have to be planned
// for each commit.
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
import { spanUnpriced } from '../../app/llm/report/cost/span-unpriced'
import { isModelCall } from '../../app/llm/spans/operations'
import type { AttributeType } from './schema'
import { type Halves, isZero, type TreeSpan } from './tree'
import type { Value } from './values'

/** Attributes that are summed, with the type that their value must have. */
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
  readonly seq: Halves
  /** Nanoseconds since 1970, as are the others. */
  readonly start: Halves
  readonly end: Halves
  readonly received: Halves
  /** The latest start that counts as plausible. */
  readonly latest: Halves
  readonly failed: boolean
  readonly signals: number
  readonly resource: number
  /** Empty unless the span is a root. */
  readonly name: string
  /** Only attributes of `addedUp`. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Columns of `trace_parts` that sum numbers: the first over all spans, the others over calls. */
export const totalled: readonly (readonly [column: string, key: string])[] = [
  ['cost', ATTR_AFN_LLM_COST_TOTAL],
  ['input', ATTR_GEN_AI_USAGE_INPUT_TOKENS],
  ['output', ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
  ['cache_read', ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
  ['cache_write', ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS],
  ['reasoning', ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
]

/** A row of `trace_parts` without its trace id, by column. */
export interface TraceSums {
  readonly values: Readonly<Record<string, Value>>
  readonly counts: Readonly<Record<string, number>>
  /** In the order of `totalled`; `known` has a bit for each total that exists. */
  readonly totals: Float64Array
  readonly known: number
}

/** @param spans of one trace in order of arrival, at least one */
export function sumsOf(spans: readonly AddedSpan[]): TraceSums {
  const first = spans[0]!
  const values = {
    first_seq: first.seq,
    first_ns: first.start,
    last_start_ns: first.start,
    last_ns: later(first.start, first.end),
    fresh_ns: freshOf(first),
    newest_ns: freshOf(first),
    received_ns: first.received,
    signals: 0,
    root_seq: null as Halves | null,
    root_name: null as string | null,
    root_resource: null as number | null,
    root_duration_ns: null as Halves | null,
    user_id: null as string | null,
    user_ns: null as Halves | null,
    session_min: null as string | null,
    session_max: null as string | null,
    conversation_min: null as string | null,
    conversation_max: null as string | null,
  }
  const counts = { spans: spans.length, errors: 0, calls: 0, roots: 0, no_price: 0, no_usage: 0 }
  const totals = new Float64Array(totalled.length)
  let known = 0
  for (const span of spans) {
    const { start, attributes } = span
    const fresh = freshOf(span)
    if (isLater(values.first_ns, start)) values.first_ns = start
    values.last_start_ns = later(values.last_start_ns, start)
    values.last_ns = later(values.last_ns, later(start, span.end))
    if (isLater(values.fresh_ns, fresh)) values.fresh_ns = fresh
    values.newest_ns = later(values.newest_ns, fresh)
    values.received_ns = later(values.received_ns, span.received)
    values.signals |= span.signals
    if (span.failed) counts.errors++
    if (isZero(span.parent)) {
      counts.roots++
      if (values.root_seq === null) {
        values.root_seq = span.seq
        values.root_name = span.name
        values.root_resource = span.resource
        values.root_duration_ns = lengthOf(start, span.end)
      }
    }
    const user = attributes[ATTR_USER_ID] as string | undefined
    if (user !== undefined && (values.user_ns === null || isLater(start, values.user_ns))) {
      values.user_id = user
      values.user_ns = start
    }
    const session = attributes[ATTR_SESSION_ID] as string | undefined
    if (session !== undefined) {
      if (values.session_min === null || session < values.session_min) values.session_min = session
      if (values.session_max === null || session > values.session_max) values.session_max = session
    }
    const conversation = attributes[ATTR_GEN_AI_CONVERSATION_ID] as string | undefined
    if (conversation !== undefined) {
      if (values.conversation_min === null || conversation < values.conversation_min)
        values.conversation_min = conversation
      if (values.conversation_max === null || conversation > values.conversation_max)
        values.conversation_max = conversation
    }
    const isCall = isModelCall(attributes)
    for (let at = 0; at < (isCall ? totalled.length : 1); at++) {
      const value = attributes[totalled[at]![1]] as number | undefined
      if (value === undefined) continue
      totals[at]! += value
      known |= 1 << at
    }
    if (!isCall) continue
    counts.calls++
    const reason = spanUnpriced(attributes, span.failed ? 'error' : 'unset')
    if (reason) counts[reason]++
  }
  return { values, counts, totals, known }
}

/** Compares as unsigned numbers. */
const isLater = (a: Halves, b: Halves): boolean =>
  a.high === b.high ? a.low >>> 0 > b.low >>> 0 : a.high >>> 0 > b.high >>> 0
const later = (a: Halves, b: Halves): Halves => (isLater(a, b) ? a : b)
const freshOf = ({ start, received, latest }: AddedSpan): Halves => (isLater(start, latest) ? received : start)

/** 0 if the span ends before it starts. */
export function lengthOf(start: Halves, end: Halves): Halves {
  if (!isLater(end, start)) return { low: 0, high: 0 }
  const isBorrowed = end.low >>> 0 < start.low >>> 0
  return { low: (end.low - start.low) | 0, high: (end.high - start.high - (isBorrowed ? 1 : 0)) | 0 }
}
