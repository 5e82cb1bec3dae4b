// `explain-cost`: the cost of a trace, conversation or session by call, or of all calls by model, user, service or provider. A sum that
// omits calls is marked as a minimum.

import { type Backend, getJson } from '../../../shared/queries/http'
import { secondsOf, type TimeRange } from '../../../shared/queries/window'
import type { SeriesAnswer, SeriesTotal, Usage } from '../../api/answers'
import type { CallsAnswer, SessionKind, Turn } from '../../api/session-answers'
import {
  type Arguments,
  numberOf,
  offsetArgument,
  string,
  type Tool,
  ToolError,
  type ToolResult,
  textOf,
  traceIdArgument,
} from '../tool'
import { describedWindow, isoOf, parametersOf, windowArguments, windowOf } from '../window'

export const explainCost: Tool = {
  name: 'explain-cost',
  title: 'Explain a cost',
  description: `Explains what calls of models cost, in USD. Give one of trace_id, conversation_id and session_id for its calls, the most expensive
first; or by (model, user, service, provider) for the largest sums of a time. exact is true where the cost of every call is known;
otherwise cost_usd is the least that they cost, unpriced calls are left out of it, and unpriced_by says why: no_price (the model has no
price) or no_usage (the number of tokens is not known).`,
  input: {
    type: 'object',
    properties: {
      trace_id: traceIdArgument,
      conversation_id: string('gen_ai.conversation.id'),
      session_id: string('session.id'),
      by: string('What the sums are of.', { enum: ['model', 'user', 'service', 'provider'] }),
      key: string('With by: the one model, user, service or provider that the answer is about.'),
      ...windowArguments,
      offset: offsetArgument,
    },
  },
  async run(args, { backend, now }) {
    const asked = ['trace_id', 'conversation_id', 'session_id', 'by'].filter(name => textOf(args, name) !== undefined)
    if (asked.length > 1) throw new ToolError(`Give one of ${asked.join(' and ')}, not both.`)
    const trace = textOf(args, 'trace_id')
    if (trace !== undefined) return costOfCalls(backend, { trace_id: trace }, `api/afn/traces/${trace}/calls`, args)
    if (asked[0] === 'conversation_id' || asked[0] === 'session_id') return costOfSession(backend, asked[0], args)
    return costBy(backend, args, windowOf(args, now()))
  },
}

/** @param route answers with the sums over all calls, and a page of calls */
async function costOfCalls(backend: Backend, facts: object, route: string, args: Arguments): Promise<ToolResult> {
  const offset = numberOf(args, 'offset', 0)
  const parameters = { sort: 'cost', content: 'false', after: String(offset) }
  const { sum, byModel, turns, next } = (await getJson(backend, route, parameters)) as CallsAnswer
  return {
    facts: {
      ...facts,
      ...sumOf(sum),
      // calls without a model name
      by_model: byModel.map(({ model, ...own }) => ({ model: model ?? 'unknown', ...sumOf(own) })),
    },
    list: { name: 'calls_by_cost', items: turns.map(turnOf), offset, goesOn: next !== null },
  }
}

const sumOf = ({ costUsd, calls, unpriced, unpricedBy, inputTokens, outputTokens }: Usage) => ({
  ...totalOf({ total: costUsd, calls, unpriced, unpricedBy }),
  input_tokens: inputTokens,
  output_tokens: outputTokens,
})

async function costOfSession(backend: Backend, name: 'conversation_id' | 'session_id', args: Arguments) {
  const id = textOf(args, name)!
  const kind: SessionKind = name === 'session_id' ? 'session' : 'conversation'
  const found = await costOfCalls(backend, { [name]: id }, `api/afn/sessions/${kind}/${encodeURIComponent(id)}`, args)
  if (found.facts.calls === 0 && found.facts.cost_usd === null)
    throw new ToolError(`No call of a model belongs to the ${kind} "${id}".`)
  return found
}

const turnOf = (turn: Turn) => ({
  trace_id: turn.traceId,
  span_id: turn.spanId,
  name: turn.name,
  start: isoOf(turn.start * 1_000),
  duration_ms: turn.durationMs,
  model: turn.model,
  input_tokens: turn.inputTokens,
  output_tokens: turn.outputTokens,
  cost_usd: turn.costUsd,
  unpriced: turn.unpriced ?? undefined,
})

async function costBy(backend: Backend, args: Arguments, window: TimeRange): Promise<ToolResult> {
  const by = textOf(args, 'by') ?? 'model'
  const key = textOf(args, 'key')
  const answer = (await getJson(backend, 'api/afn/series', {
    metric: 'cost',
    by,
    ...(key !== undefined && { key }),
    ...parametersOf(window),
    step: String(Math.min(86_400, Math.max(1, Math.ceil(secondsOf(window) / 100)))),
  })) as SeriesAnswer
  const offset = numberOf(args, 'offset', 0)
  const shown = answer.series.map(({ key, points: _, ...total }) => ({ [by]: key, ...totalOf(total) }))
  return {
    facts: {
      by,
      ...(key !== undefined && { key }),
      ...describedWindow(window),
      all: totalOf(answer.all),
      ...(answer.all.series > shown.length && {
        note: `The largest ${shown.length} of ${answer.all.series}; "key" asks about another one.`,
      }),
    },
    list: { name: 'sums', items: shown.slice(offset), offset, total: shown.length },
  }
}

const totalOf = ({ total, calls = 0, unpriced = 0, unpricedBy }: SeriesTotal) => ({
  cost_usd: total,
  exact: unpriced === 0,
  calls,
  unpriced,
  ...(unpriced > 0 && { unpriced_by: unpricedBy }),
})
