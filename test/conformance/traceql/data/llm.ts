// Requests that call a model, use tools and agents, as our SDK records them.

import { double, type Plain } from '../../../support/otlp-json'
import type { Random } from '../../../support/random'
import { duration, models, ms, resources, scopes, serverSpan, users } from './shared'
import type { Attributes, Span } from './trace'

export function chat(random: Random, at: number): Span[] {
  const ns = duration(random, 60 * ms, 6_000 * ms)
  const root = serverSpan(random, at, ns, random.pick([resources.chat, resources.canary]), '/chat')
  const who = identity(random)
  const calls = random.pick([1, 1, 1, 2, 3])
  return [root, ...Array.from({ length: calls }, (_, i) => call(random, at + (i + 1) * 10 * ms, ns / 2, 0, who, i + 1))]
}

export function agent(random: Random, at: number): Span[] {
  const ns = duration(random, 800 * ms, 9_000 * ms)
  const root = serverSpan(random, at, ns, resources.chat, '/agent')
  const who = { ...identity(random), 'gen_ai.agent.name': random.pick(['planner', 'support', 'planner']) }
  const spans: Span[] = [
    root,
    {
      parent: 0,
      resource: resources.chat,
      scope: scopes.llm,
      name: `invoke_agent ${who['gen_ai.agent.name']}`,
      at: at + ms,
      ns: ns - 2 * ms,
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'afn.llm.usage.rollup': true, ...who },
    },
  ]
  const rounds = 1 + random.below(4)
  for (let round = 0; round < rounds; round += 1) {
    const start = at + (round + 1) * 20 * ms
    spans.push(call(random, start, 300 * ms, 1, who, 1), tool(random, start + 5 * ms))
    if (random.chance(0.4)) spans.push(query(random, start + 6 * ms, spans.length - 1))
  }
  return spans
}

export function embedding(random: Random, at: number): Span[] {
  const count = 1 + random.below(6)
  return [
    { resource: resources.worker, name: 'index documents', at, ns: duration(random, 50 * ms, 900 * ms) },
    ...Array.from(
      { length: count },
      (_, i): Span => ({
        parent: 0,
        resource: resources.worker,
        scope: scopes.llm,
        name: 'embeddings text-embedding-3-small',
        kind: 3,
        at: at + i * 7 * ms,
        ns: duration(random, 5 * ms, 40 * ms),
        attributes: {
          'gen_ai.operation.name': 'embeddings',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'text-embedding-3-small',
          'gen_ai.usage.input_tokens': 10 + random.below(500),
          'gen_ai.embeddings.dimension.count': 1_536,
          'afn.llm.usage.source': 'provider',
          'afn.llm.cost.total': double(random.below(100) / 1_000_000),
        },
      }),
    ),
  ]
}

function identity(random: Random): Attributes {
  return {
    'user.id': random.pick(users),
    ...(random.chance(0.8) && { 'session.id': `s${random.below(40)}` }),
    ...(random.chance(0.6) && { 'gen_ai.conversation.id': `c${random.below(60)}` }),
  }
}

function call(random: Random, at: number, most: number, parent: number, who: Attributes, attempt: number): Span {
  const { provider, model } = random.pick(models)
  const failed = random.chance(0.08)
  const ns = duration(random, Math.min(20 * ms, most / 2), most)
  const attributes: Record<string, Plain> = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'gen_ai.request.temperature': double(random.pick([0, 0.2, 0.7, 1])),
    'gen_ai.request.max_tokens': random.pick([256, 1_024, 4_096]),
    'server.address': `api.${provider}.example`,
    'afn.llm.attempt': attempt,
    ...who,
    ...(failed ? failure(random) : success(random, ns)),
  }
  return {
    parent,
    resource: resources.chat,
    scope: scopes.llm,
    name: `chat ${model}`,
    kind: 3,
    at,
    ns,
    status: failed ? 2 : 0,
    ...(failed && { message: 'the provider refused: 429' }),
    attributes,
    events: [...(failed ? [exception(at + ns)] : []), ...(random.chance(0.15) ? [evaluation(random, at + ns)] : [])],
  }
}

function failure(random: Random): Attributes {
  const status = random.pick([429, 429, 500, 503])
  return {
    'http.response.status_code': status,
    'error.type': status === 429 ? 'rate_limit_exceeded' : String(status),
    'afn.llm.usage.source': 'missing',
    ...(status === 429 && { 'afn.llm.retry_after': double(1.5) }),
  }
}

function success(random: Random, ns: number): Attributes {
  const input = 20 + random.below(9_000)
  const output = 1 + random.below(3_000)
  const priced = random.chance(0.9)
  const streamed = random.chance(0.5)
  // a server that tells no tokens
  if (random.chance(0.04)) return { 'http.response.status_code': 200, 'afn.llm.usage.source': 'missing' }
  return {
    'http.response.status_code': 200,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'afn.llm.usage.source': random.pick(['provider', 'provider', 'estimated']),
    'gen_ai.response.finish_reasons': random.pick([['stop'], ['stop'], ['length'], ['stop', 'tool_calls']]),
    ...(random.chance(0.3) && { 'gen_ai.usage.cache_read.input_tokens': random.below(input) }),
    ...(priced && {
      'afn.llm.cost.total': double((input * 3 + output * 15) / 100_000),
      'afn.llm.cost.source': 'table',
    }),
    ...(streamed && {
      'gen_ai.request.stream': true,
      'afn.llm.stream.end': random.pick(['complete', 'complete', 'complete', 'consumer', 'aborted', 'cut']),
      'afn.llm.time_to_first_chunk_ms': Math.max(1, Math.floor(ns / ms / 3)),
    }),
    ...(random.chance(0.1) && {
      'gen_ai.input.messages': `[{"role":"user","parts":[{"type":"text","content":"${random.pick(prompts)}"}]}]`,
    }),
    ...(random.chance(0.05) && { 'afn.llm.guardrail.triggered': random.chance(0.5), 'redaction.masked.count': 2 }),
    ...(random.chance(0.2) && {
      'afn.llm.rate_limit.requests.limit': 1_000,
      'afn.llm.rate_limit.requests.remaining': random.below(1_000),
    }),
  }
}

const prompts = ['write to [EMAIL] please', 'a list: [1, 2]', '短い詩を書いて', 'line\\nbreak', 'costs \\"5 $\\"']

export const exception = (at: number) => ({
  name: 'exception',
  at,
  attributes: { 'exception.type': 'Error', 'exception.message': 'refused', 'exception.escaped': false },
})

const evaluation = (random: Random, at: number) => ({
  name: 'gen_ai.evaluation.result',
  at,
  attributes: {
    'gen_ai.evaluation.name': random.pick(['relevance', 'tone']),
    'afn.llm.evaluation.score.normalized': double(random.below(11) / 10),
  },
})

function tool(random: Random, at: number): Span {
  const name = random.pick(['search', 'calculator', 'fetch'])
  const failed = random.chance(0.15)
  return {
    parent: 1,
    resource: resources.chat,
    scope: scopes.llm,
    name: `execute_tool ${name}`,
    at,
    ns: duration(random, 2 * ms, 200 * ms),
    status: failed ? 2 : 0,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': `call_${random.hex(4)}`,
      ...(failed && { 'error.type': random.pick(['TimeoutError', 'TypeError']) }),
    },
  }
}

export function query(random: Random, at: number, parent: number): Span {
  const table = random.pick(['documents', 'users', 'prices'])
  return {
    parent,
    resource: resources.chat,
    scope: scopes.pg,
    name: `SELECT ${table}`,
    kind: 3,
    at,
    ns: duration(random, ms / 2, 1_500 * ms),
    attributes: {
      'db.system.name': 'postgresql',
      'db.collection.name': table,
      'db.query.text': `SELECT * FROM ${table} WHERE id = ?`,
      'db.response.returned_rows': random.below(1_000),
    },
  }
}
