// `traceql-search`, named as in Tempo's MCP server: finds traces by TraceQL, or by facet values that are added to the TraceQL.

import { plainAttributes } from '../../../shared/otlp/any-value'
import { getJson } from '../../../shared/queries/http'
import { spanSetsOf } from '../../../shared/queries/tempo-api'
import type { FoundTrace, SearchAnswer, TraceSort } from '../../api/answers'
import { type Arguments, numberOf, offsetArgument, string, type Tool, textOf, wholeNumber } from '../tool'
import { describedWindow, isoOf, parametersOf, windowArguments, windowOf } from '../window'

const sorts: readonly TraceSort[] = ['start', 'duration', 'cost', 'tokens', 'errors', 'spans', 'service', 'root']

/** The TraceQL condition for each facet. */
const facets: Readonly<Record<string, (value: string) => string>> = {
  service: value => `resource.service.name = ${value}`,
  model: value => `span.gen_ai.request.model = ${value}`,
  user: value => `span.user.id = ${value}`,
  tool: value => `span.gen_ai.tool.name = ${value}`,
  conversation: value => `span.gen_ai.conversation.id = ${value}`,
}

export const traceqlSearch: Tool = {
  name: 'traceql-search',
  title: 'Find traces',
  description: `Finds traces: tier, root, duration, calls of models, tokens, cost in USD, user, first words of prompt and answer.
A cost with "unpriced" above 0 leaves that many calls out, so it is the least that they cost.
query is TraceQL, such as { status = error }, { resource.service.name = "shop" && duration > 2s },
{ span.gen_ai.request.model =~ "gpt-4.*" } | select(span.gen_ai.usage.output_tokens), { span.user.id = "u1" } && { span.http.route = "/chat" }.
service, model, user, tool, conversation and failed are conditions in the place of a query; each may be met by another span of the trace.`,
  input: {
    type: 'object',
    properties: {
      query: string('TraceQL. Default: {}, which is every trace.'),
      service: string('Of a span: service.name.'),
      model: string('Of a span: gen_ai.request.model.'),
      user: string('Of a span: user.id.'),
      tool: string('Of a span: gen_ai.tool.name.'),
      conversation: string('Of a span: gen_ai.conversation.id.'),
      failed: { type: 'boolean', description: 'Whether a span of the trace has to have failed.', default: false },
      ...windowArguments,
      sort: string('By what all found traces are sorted, largest first. Default: start, the newest first.', {
        enum: sorts,
      }),
      limit: wholeNumber('Most traces.', 1, 200, 20),
      offset: offsetArgument,
    },
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const query = queryOf(args)
    const [limit, offset] = [numberOf(args, 'limit', 20), numberOf(args, 'offset', 0)]
    const answer = (await getJson(backend, 'api/search', {
      q: query,
      ...parametersOf(window),
      // one extra, to see whether there are more
      limit: String(limit + 1),
      sort: textOf(args, 'sort') ?? 'start',
      offset: String(offset),
      afn: 'true',
    })) as SearchAnswer
    const { traces = [], warnings } = answer
    return {
      facts: { query, ...describedWindow(window), warnings },
      list: { name: 'traces', items: traces.slice(0, limit).map(traceOf), offset, goesOn: traces.length > limit },
    }
  },
}

function queryOf(args: Arguments): string {
  const conditions = Object.entries(facets).flatMap(([name, write]) => {
    const value = textOf(args, name)
    return value === undefined ? [] : [`{ ${write(JSON.stringify(value))} }`]
  })
  if (args.failed === true) conditions.push('{ status = error }')
  const query = textOf(args, 'query')
  if (conditions.length === 0) return query ?? '{}'
  if (query === undefined) return conditions.join(' && ')
  // a pipeline has to follow all conditions
  const [, spans = query, rest = ''] = /^((?:[^"`|]|"(?:[^"\\]|\\.)*"|`[^`]*`|\|\|)*)(\|.*)?$/s.exec(query) ?? []
  return `${conditions.join(' && ')} && (${spans.trim()}) ${rest}`.trim()
}

export function traceOf({ afn, ...trace }: FoundTrace): Record<string, unknown> {
  const rooted = trace.rootServiceName !== '<root span not yet received>'
  const sets = spanSetsOf(trace)
  return {
    trace_id: trace.traceID.padStart(32, '0'),
    service: rooted ? trace.rootServiceName : null,
    root: rooted ? trace.rootTraceName : null,
    start: isoOf(Number(BigInt(trace.startTimeUnixNano) / 1_000_000n)),
    duration_ms: trace.durationMs ?? 0,
    ...(afn && {
      tier: afn.tier,
      kept_because: afn.reason,
      spans: afn.spans,
      failed_spans: afn.errors,
      calls: afn.calls,
      models: afn.models,
      input_tokens: afn.inputTokens,
      output_tokens: afn.outputTokens,
      cost_usd: afn.costUsd,
      unpriced: afn.unpriced,
      user: afn.user ?? undefined,
      prompt: afn.prompt ?? undefined,
      answer: afn.answer ?? undefined,
    }),
    matched_spans: sets.flatMap(({ spans = [] }) =>
      spans.map(({ spanID, name, durationNanos, attributes }) => ({
        span_id: spanID.padStart(16, '0'),
        name,
        duration_ms: durationNanos === undefined ? undefined : Number(durationNanos) / 1e6,
        ...(attributes?.length && { attributes: plainAttributes(attributes) }),
      })),
    ),
    groups: valuesOf(sets.map(({ attributes }) => plainAttributes(attributes))),
  }
}

/** Values of `by()` and of aggregates, one set per span set. */
const valuesOf = (sets: readonly object[]) => {
  const filled = sets.filter(set => Object.keys(set).length > 0)
  return filled.length > 0 ? filled : undefined
}
