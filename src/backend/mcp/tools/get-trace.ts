// `get-trace`, named as in Tempo's MCP server: the spans of a trace as a compact tree, with facts about model calls.

import { type Backend, getJson } from '../../../shared/queries/http'
import type { TraceByIDResponse } from '../../../shared/queries/tempo-api'
import type { TraceSummary } from '../../api/answers'
import type { BreakEnd } from '../../api/break-answers'
import { readBreaks } from '../../api/read-breaks'
import { durationMs, spansOf, startNs, summaryOf, type TreeSpan } from '../span-facts'
import { numberOf, offsetArgument, type Tool, textOf, traceIdArgument } from '../tool'
import { isoOf } from '../window'

export const getTrace: Tool = {
  name: 'get-trace',
  title: 'Read a trace',
  description: `Reads one trace as a compact tree: a span each, parents before their children, with depth, service, times, what failed, and for calls
of models the model, tokens and cost; and where another trace begins because nobody passed the context. Prompts, answers and all attributes of a span are in get-span.`,
  input: {
    type: 'object',
    properties: { trace_id: traceIdArgument, offset: offsetArgument },
    required: ['trace_id'],
  },
  async run(args, { backend }) {
    const id = textOf(args, 'trace_id')!
    const offset = numberOf(args, 'offset', 0)
    const whole = (await getJson(backend, `api/afn/traces/${id}`, {})) as TraceSummary
    const { spans, message } = await readTrace(backend, id)
    const breaks = await readBreaks(backend, id)
    const start = firstOf(spans)
    return {
      facts: {
        trace_id: whole.traceId,
        tier: whole.tier,
        kept_because: whole.reason,
        kept_until: isoOf(whole.keptUntil * 1_000),
        start: isoOf(whole.start * 1_000),
        duration_ms: whole.durationMs,
        span_count: whole.spans,
        failed_spans: whole.errors,
        calls: whole.calls,
        input_tokens: whole.inputTokens,
        output_tokens: whole.outputTokens,
        cost_usd: whole.costUsd,
        unpriced: whole.unpriced,
        services: [...new Set(spans.map(({ node }) => node.service))],
        longest_span_ms: spans.reduce((longest, { node }) => Math.max(longest, durationMs(node)), 0),
        ...(breaks.length > 0 && {
          context_not_passed: breaks.map(({ kind, caller, callee }) => ({
            by: kind,
            caller: endOf(caller),
            called: endOf(callee),
          })),
        }),
        ...(message !== undefined && {
          note: `${message}. The counts and sums are of the whole trace, and services, longest_span_ms and spans are not; traceql-search finds its other spans.`,
        }),
      },
      list: {
        name: 'spans',
        items: spans.slice(offset).map(span => summaryOf(span, start)),
        offset,
        total: whole.spans,
      },
    }
  },
}

interface ReadTrace {
  readonly spans: TreeSpan[]
  /** What the answer omits, in the server's words. */
  readonly message: string | undefined
}

/** @param q TraceQL that selects spans; all spans if absent @throws BackendError */
export async function readTrace(backend: Backend, id: string, q?: string): Promise<ReadTrace> {
  const answer = (await getJson(backend, `api/v2/traces/${id}`, q === undefined ? {} : { q })) as TraceByIDResponse
  return { spans: spansOf(answer.trace), message: answer.message }
}

const endOf = ({ traceId, spanId, name, service }: BreakEnd) => ({ trace_id: traceId, span_id: spanId, name, service })

const firstOf = (spans: readonly TreeSpan[]): bigint =>
  spans.reduce<bigint | undefined>((first, { node }) => {
    const start = startNs(node)
    return first === undefined || start < first ? start : first
  }, undefined) ?? 0n
