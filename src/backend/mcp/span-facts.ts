// The spans of a trace for an agent: in tree order, with facts about model calls.
import {
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import { spanUnpriced } from '../../app/llm/report/cost/span-unpriced'
import { isModelCall } from '../../app/llm/spans/operations'
import { integer, type PlainValue, plainAttributes } from '../../shared/otlp/any-value'
import { type SpanNode, spanTree } from '../../shared/otlp/span-tree'
import { hexId, type Span, spanKind, statusCode, type TracesData } from '../../shared/otlp/trace'

export interface TreeSpan {
  readonly node: SpanNode
  /** 0 for a root. */
  readonly depth: number
  readonly attributes: Readonly<Record<string, PlainValue>>
}

/** All spans in depth-first order. */
export function spansOf(trace: TracesData | undefined): TreeSpan[] {
  const spans: TreeSpan[] = []
  // iterative, because recursion would overflow the stack on deep traces
  const open = spanTree(trace).map(node => ({ node, depth: 0 }))
  open.reverse()
  for (let top = open.pop(); top; top = open.pop()) {
    const { node, depth } = top
    spans.push({ node, depth, attributes: plainAttributes(node.attributes) })
    for (const child of node.children.toReversed()) open.push({ node: child, depth: depth + 1 })
  }
  return spans
}

const nanos = (text: string | number | undefined) => integer(text)

export const durationMs = ({ startTimeUnixNano, endTimeUnixNano }: Span): number =>
  Number(nanos(endTimeUnixNano) - nanos(startTimeUnixNano)) / 1e6

export const startNs = ({ startTimeUnixNano }: Span): bigint => nanos(startTimeUnixNano)

export const spanIdOf = ({ spanId }: Span): string => hexId(spanId, 16)

/** @param traceStart nanoseconds since 1970 */
export function summaryOf({ node, depth, attributes }: TreeSpan, traceStart: bigint): Record<string, unknown> {
  const call = callOf(node, attributes)
  return {
    depth,
    span_id: spanIdOf(node),
    name: node.name ?? '',
    service: node.service,
    kind: spanKind(node.kind),
    start_ms: Number(startNs(node) - traceStart) / 1e6,
    duration_ms: durationMs(node),
    ...errorOf(node, attributes),
    ...(call && { llm: call }),
    tool: attributes[ATTR_GEN_AI_TOOL_NAME],
    agent: attributes[ATTR_GEN_AI_AGENT_NAME],
  }
}

/** Empty for a span without an error. */
export function errorOf({ status }: Span, attributes: TreeSpan['attributes']): Record<string, unknown> {
  if (statusCode(status?.code) !== 'error') return {}
  return { status: 'error', error_type: attributes[ATTR_ERROR_TYPE], error_message: status?.message || undefined }
}

/** Facts about a model call, or about an agent or another step with tokens; undefined for other spans. */
export function callOf(node: SpanNode, attributes: TreeSpan['attributes']): Record<string, unknown> | undefined {
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  if (operation === undefined) return undefined
  const isCall = isModelCall(attributes)
  return {
    operation,
    // the tokens of an agent or a workflow repeat those of the calls below it
    ...(!isCall && { counts_in_costs: false }),
    provider: attributes[ATTR_GEN_AI_PROVIDER_NAME],
    model: attributes[ATTR_GEN_AI_RESPONSE_MODEL] ?? attributes[ATTR_GEN_AI_REQUEST_MODEL],
    input_tokens: attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS],
    cached_input_tokens: attributes[ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
    output_tokens: attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
    cost_usd: attributes[ATTR_AFN_LLM_COST_TOTAL],
    input_cost_usd: attributes[ATTR_AFN_LLM_COST_INPUT],
    output_cost_usd: attributes[ATTR_AFN_LLM_COST_OUTPUT],
    price_from: attributes[ATTR_AFN_LLM_COST_SOURCE],
    unpriced: spanUnpriced(attributes, statusCode(node.status?.code)),
    first_token_ms: attributes[ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS],
    finish_reasons: attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS],
    stream_end: attributes[ATTR_AFN_LLM_STREAM_END],
  }
}
