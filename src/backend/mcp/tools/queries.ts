// The catalogue of `collector/queries` and TraceQL metrics: `list-queries`, `run-query` and, named as in Tempo's MCP server,
// `traceql-metrics-instant` and `traceql-metrics-range`.
import { queryNamed } from '../../../shared/queries/catalogue'
import { largestFirst, orderedAmong } from '../../../shared/queries/order'
import { askPrometheus } from '../../../shared/queries/prometheus-api'
import type { Query } from '../../../shared/queries/query'
import type { QueryResult } from '../../../shared/queries/query-result'
import { substitute } from '../../../shared/queries/substitute'
import { askTempo } from '../../../shared/queries/tempo'
import { rateSeconds, secondsOf, type TimeRange } from '../../../shared/queries/window'
import {
  type Arguments,
  type Context,
  numberOf,
  offsetArgument,
  string,
  type Tool,
  ToolError,
  type ToolResult,
  textOf,
  wholeNumber,
} from '../tool'
import { describedWindow, windowArguments, windowOf } from '../window'

export const listQueries: Tool = {
  name: 'list-queries',
  title: 'List the questions that are known',
  description:
    'Lists the questions of the catalogue, such as costly-calls, tool-loops and cost-by-user: what each answers and which parameters it takes. run-query asks one.',
  input: { type: 'object', properties: { offset: offsetArgument } },
  async run(args, { catalogue }) {
    const offset = numberOf(args, 'offset', 0)
    const items = [...catalogue.values()].map(({ name, question, kind, language, parameters }) => ({
      name,
      question,
      answers_with: kind,
      language,
      ...(parameters.length > 0 && {
        parameters: parameters.map(({ name, type, fallback, meaning }) => ({ name, type, default: fallback, meaning })),
      }),
    }))
    return { facts: {}, list: { name: 'queries', items: items.slice(offset), offset, total: items.length } }
  },
}

export const runQuery: Tool = {
  name: 'run-query',
  title: 'Ask a question of the catalogue',
  description:
    'Asks a question of the catalogue by its name; list-queries has the names and their parameters. The answer is a list of traces, numbers by group, or series over time.',
  input: {
    type: 'object',
    properties: {
      name: string('Name of the question, such as costly-calls.', { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
      parameters: {
        type: 'object',
        description: 'Values by name of the parameter.',
        additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      },
      ...windowArguments,
      limit: wholeNumber('Most traces or groups.', 1, 200, 20),
      offset: offsetArgument,
    },
    required: ['name'],
  },
  async run(args, context) {
    const query = queryOf(context, textOf(args, 'name')!)
    const window = windowOf(args, context.now())
    const text = textOfQuery(query, args, window)
    const limit = numberOf(args, 'limit', 20)
    const asked = query.order === undefined ? limit : Math.max(limit, orderedAmong)
    const question = { text, kind: query.kind, window, limit: asked, tenants: ['afn-detailed'] }
    const { backend } = context
    const answer = await (query.language === 'traceql' ? askTempo(backend, question) : askPrometheus(backend, question))
    const facts = { query: query.name, question: query.question, text, note: query.note }
    return answered(largestFirst(answer, query.order, limit), facts, args, window)
  },
}

/** @throws ToolError with the most similar names */
function queryOf({ catalogue }: Context, name: string): Query {
  try {
    return queryNamed(catalogue, name)
  } catch (error) {
    throw new ToolError(
      `${(error as Error).message.replace('see afn-otel query --list', 'list-queries has them all')}.`,
    )
  }
}

/** @throws ToolError with the name of the parameter */
function textOfQuery(query: Query, args: Arguments, window: TimeRange): string {
  const parameters = Object.entries((args.parameters ?? {}) as Record<string, string | number>)
  const values = Object.fromEntries(parameters.map(([name, value]) => [name.replace(/^\$/, ''), String(value)]))
  try {
    return substitute(query, values, { since: `${secondsOf(window)}s`, rate: `${rateSeconds(window)}s` })
  } catch (error) {
    throw new ToolError(`${(error as Error).message.replace(/--param (\S+)=…/, 'the parameter $1')}.`)
  }
}

const metrics = (name: string, title: string, description: string, kind: 'instant' | 'series'): Tool => ({
  name,
  title,
  description: `${description} query is TraceQL with a function of metrics, such as { status = error } | rate() by (resource.service.name), or
{ span.gen_ai.request.model != nil } | sum_over_time(span.afn.llm.cost.total) by (span.gen_ai.request.model).`,
  input: {
    type: 'object',
    properties: { query: string('TraceQL with a function of metrics.'), ...windowArguments, offset: offsetArgument },
    required: ['query'],
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const text = textOf(args, 'query') ?? '{} | rate()'
    const answer = await askTempo(backend, { text, kind, window, limit: 1_000, tenants: ['afn-detailed'] })
    return answered(answer, { query: text }, args, window)
  },
})

export const metricsInstant = metrics(
  'traceql-metrics-instant',
  'Count over a time',
  'Computes one number for each group over the whole time.',
  'instant',
)
export const metricsRange = metrics(
  'traceql-metrics-range',
  'Count step by step',
  'Computes a number for each step of the time and each group.',
  'series',
)

function answered(answer: QueryResult, known: Record<string, unknown>, args: Arguments, window: TimeRange): ToolResult {
  const said = answer.kind === 'traces' ? undefined : answer.notes
  const facts = { ...known, ...describedWindow(window), ...(said?.length && { notes: said }) }
  const offset = numberOf(args, 'offset', 0)
  const list = (name: string, all: readonly object[]) => ({ name, items: all.slice(offset), offset, total: all.length })
  if (answer.kind === 'instant') return { facts, list: list('groups', answer.groups) }
  if (answer.kind === 'series')
    return { facts: { ...facts, step_seconds: answer.stepSeconds }, list: list('series', answer.series) }
  return { facts, list: list('traces', answer.traces.map(traceOf)) }
}

const traceOf = ({
  traceId,
  durationMs,
  spans,
  ...trace
}: Extract<QueryResult, { kind: 'traces' }>['traces'][number]) => ({
  trace_id: traceId,
  ...trace,
  duration_ms: durationMs,
  spans: spans.map(({ spanId, durationMs, ...span }) => ({ span_id: spanId, ...span, duration_ms: durationMs })),
})
