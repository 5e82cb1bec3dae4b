// `get-trace`, as Tempo's MCP server calls it: the spans of a trace as a compact tree, with the facts of calls of models.
import type { Kept } from '../../local/api/answers'
import { statusCode } from '../../otlp/trace'
import { type Backend, getJson } from '../../queries/http'
import type { TraceByIDResponse } from '../../queries/tempo-api'
import { durationMs, spansOf, startNs, summaryOf, type TreeSpan } from '../span-facts'
import { numberOf, offsetArgument, type Tool, textOf, traceIdArgument } from '../tool'
import { isoOf } from '../window'

export const getTrace: Tool = {
  name: 'get-trace',
  title: 'Read a trace',
  description: `Reads one trace as a compact tree: a span each, parents before their children, with depth, service, times, what failed, and for calls
of models the model, tokens and cost. Prompts, answers and all attributes of a span are in get-span.`,
  input: {
    type: 'object',
    properties: { trace_id: traceIdArgument, offset: offsetArgument },
    required: ['trace_id'],
  },
  async run(args, { backend }) {
    const id = textOf(args, 'trace_id')!
    const offset = numberOf(args, 'offset', 0)
    const kept = (await getJson(backend, `api/afn/traces/${id}`, {})) as Kept
    const spans = await readTrace(backend, id)
    const start = firstOf(spans)
    return {
      facts: {
        trace_id: kept.traceId,
        tier: kept.tier,
        kept_because: kept.reason,
        kept_until: isoOf(kept.keptUntil * 1_000),
        start: isoOf(Number(start / 1_000_000n)),
        span_count: spans.length,
        failed_spans: spans.filter(({ node }) => statusCode(node.status?.code) === 'error').length,
        services: [...new Set(spans.map(({ node }) => node.service))],
        longest_span_ms: spans.reduce((longest, { node }) => Math.max(longest, durationMs(node)), 0),
      },
      list: {
        name: 'spans',
        items: spans.slice(offset).map(span => summaryOf(span, start)),
        offset,
        total: spans.length,
      },
    }
  },
}

/** @throws BackendError */
export async function readTrace(backend: Backend, id: string): Promise<TreeSpan[]> {
  const { trace } = (await getJson(backend, `api/v2/traces/${id}`, {})) as TraceByIDResponse
  return spansOf(trace)
}

const firstOf = (spans: readonly TreeSpan[]): bigint =>
  spans.reduce<bigint | undefined>((first, { node }) => {
    const start = startNs(node)
    return first === undefined || start < first ? start : first
  }, undefined) ?? 0n
