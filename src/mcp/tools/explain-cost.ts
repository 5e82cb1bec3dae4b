// `explain-cost`: what a trace, a conversation or a session cost call by call, or what all calls cost by model, user, service or provider.
// A sum that leaves calls out says so: it is the least that they cost.

import { isModelCall } from '../../llm/spans/operations'
import type { SeriesAnswer, SeriesTotal, SessionAnswer, SessionKind, Turn } from '../../local/api/answers'
import { type Backend, getJson } from '../../queries/http'
import { secondsOf, type Window } from '../../queries/window'
import { callOf, spanIdOf, type TreeSpan } from '../span-facts'
import {
  type Arguments,
  type Found,
  numberOf,
  offsetArgument,
  string,
  type Tool,
  ToolError,
  textOf,
  traceIdArgument,
} from '../tool'
import { describedWindow, isoOf, parametersOf, windowArguments, windowOf } from '../window'
import { readTrace } from './get-trace'

/** Turns that the API gives of one session. */
const MOST_TURNS = 1_000

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
    if (trace !== undefined) return costOfTrace(backend, trace, args)
    if (asked[0] === 'conversation_id' || asked[0] === 'session_id') return costOfSession(backend, asked[0], args)
    return costBy(backend, args, windowOf(args, now()))
  },
}

/** One call, with the names of an answer. */
interface Call {
  readonly cost_usd: number | null
  readonly model: unknown
  readonly unpriced: unknown
}

/** A model that nothing names is `unknown`. */
function sumOf(calls: readonly Call[]) {
  const priced = calls.filter(({ cost_usd }) => cost_usd !== null)
  const unpriced = calls.filter(({ unpriced }) => typeof unpriced === 'string')
  const by: Record<string, number> = {}
  for (const { unpriced: reason } of unpriced) by[String(reason)] = (by[String(reason)] ?? 0) + 1
  return {
    cost_usd: priced.length === 0 ? null : priced.reduce((sum, { cost_usd }) => sum + cost_usd!, 0),
    exact: unpriced.length === 0,
    calls: calls.length,
    unpriced: unpriced.length,
    ...(unpriced.length > 0 && { unpriced_by: by }),
  }
}

function explained(facts: object, calls: readonly Call[], args: Arguments, isWhole = true): Found {
  const models = new Map<string, Call[]>()
  for (const call of calls) {
    const model = String(call.model ?? 'unknown')
    models.set(model, [...(models.get(model) ?? []), call])
  }
  const offset = numberOf(args, 'offset', 0)
  const sum = sumOf(calls)
  const sorted = calls.toSorted((a, b) => (b.cost_usd ?? -1) - (a.cost_usd ?? -1))
  return {
    facts: {
      ...facts,
      ...sum,
      exact: sum.exact && isWhole,
      by_model: [...models].map(([model, own]) => ({ model, ...sumOf(own) })),
      ...(!isWhole && { note: `Only the first ${MOST_TURNS} calls are counted.` }),
    },
    list: { name: 'calls_by_cost', items: sorted.slice(offset), offset, total: sorted.length },
  }
}

async function costOfTrace(backend: Backend, id: string, args: Arguments): Promise<Found> {
  const spans = await readTrace(backend, id)
  // a step that is no call has a cost of its own where an app says so
  const counted = spans.filter(({ attributes }) => isModelCall(attributes) || costIn(attributes) !== null)
  const calls = counted.map(({ node, attributes }) => ({
    span_id: spanIdOf(node),
    name: node.name,
    service: node.service,
    ...(callOf(node, attributes) as { model: unknown; unpriced: unknown }),
    cost_usd: costIn(attributes),
  }))
  return explained({ trace_id: id }, calls, args)
}

const costIn = (attributes: TreeSpan['attributes']): number | null => {
  const cost = attributes['afn.llm.cost.total']
  return typeof cost === 'number' ? cost : null
}

async function costOfSession(
  backend: Backend,
  name: 'conversation_id' | 'session_id',
  args: Arguments,
): Promise<Found> {
  const id = textOf(args, name)!
  const kind: SessionKind = name === 'session_id' ? 'session' : 'conversation'
  const { turns } = (await getJson(backend, `api/afn/sessions/${kind}/${encodeURIComponent(id)}`, {})) as SessionAnswer
  if (turns.length === 0) throw new ToolError(`No call of a model belongs to the ${kind} "${id}".`)
  return explained({ [name]: id }, turns.map(turnOf), args, turns.length < MOST_TURNS)
}

const turnOf = (turn: Turn) => ({
  trace_id: turn.traceId,
  span_id: turn.spanId,
  name: turn.name,
  start: isoOf(turn.start * 1_000),
  model: turn.model,
  input_tokens: turn.inputTokens,
  output_tokens: turn.outputTokens,
  cost_usd: turn.costUsd,
  unpriced: turn.unpriced ?? undefined,
})

async function costBy(backend: Backend, args: Arguments, window: Window): Promise<Found> {
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
