// The traces of the shop: forty requests over the last half hour, the same in every run but for their times.
import { type Attributes, type GivenSpan, type GivenTrace, hex } from './data'

const MODELS = [
  { provider: 'openai', model: 'gpt-5-mini', input: 0.25e-6, output: 2e-6 },
  { provider: 'anthropic', model: 'claude-sonnet-4-5', input: 3e-6, output: 15e-6 },
  { provider: 'mistral_ai', model: 'mistral-large-2411', input: 2e-6, output: 6e-6 },
] as const
const QUESTIONS = [
  'Where is my order? My address is [EMAIL] and my number [PHONE:*4711].',
  'Can I send back the blue jacket?',
  '注文した商品はいつ届きますか？ [NAME:0123456789abcdef] です。',
  'Write a haiku about our summer sale.',
] as const

/** The trace of the shop that has everything: an agent, tools, a stream, a failed retry, scores. */
export const AGENT_TRACE = hex(0xa9e47, 32)

export function shop(now: bigint): GivenTrace[] {
  const minute = 60_000_000_000n
  const requests = Array.from({ length: 40 }, (_, n) =>
    request(n, now - BigInt(n) * (minute / 2n) - minute + 123_456_789n),
  )
  return [agent(now - 30_000_000_000n), ...requests]
}

function request(n: number, start: bigint): GivenTrace {
  const { provider, model, input, output } = MODELS[n % MODELS.length]!
  const id = (part: number) => hex((n + 1) * 256 + part, 16)
  const [inputTokens, outputTokens, ms] = [400 + ((n * 137) % 3000), 60 + ((n * 53) % 700), 350 + ((n * 211) % 2600)]
  const cached = n % 4 === 0 ? Math.floor(inputTokens / 2) : 0
  const unpriced = n % 13 === 5
  const failed = n % 9 === 4
  const cost: Attributes = unpriced
    ? {}
    : {
        'afn.llm.cost.total': inputTokens * input + outputTokens * output,
        'afn.llm.cost.input': inputTokens * input,
        'afn.llm.cost.output': outputTokens * output,
        'afn.llm.cost.currency': 'USD',
        'afn.llm.cost.source': 'local',
        'afn.llm.cost.price_table': 'genai-prices@0.1.8',
      }
  const question = QUESTIONS[n % QUESTIONS.length]!
  const user = {
    'user.id': `user-${n % 5}`,
    'session.id': `session-${n % 6}`,
    'gen_ai.conversation.id': `talk-${n % 6}`,
  }
  const chat: GivenSpan = {
    id: id(3),
    parent: id(1),
    name: `chat ${model}`,
    kind: 3,
    at: 40,
    for: ms,
    ...(failed && { failed: 'Rate limit reached for requests: limit 500, used 500' }),
    attributes: {
      ...user,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      'gen_ai.request.temperature': 0.3,
      'gen_ai.request.max_tokens': 1024,
      ...(failed
        ? { 'error.type': '429' }
        : {
            ...cost,
            'gen_ai.response.model': model,
            'gen_ai.response.finish_reasons': ['stop'],
            'gen_ai.usage.input_tokens': inputTokens,
            'gen_ai.usage.output_tokens': outputTokens,
            'afn.llm.usage.source': 'provider',
            ...(cached > 0 && { 'gen_ai.usage.cache_read.input_tokens': cached }),
            'gen_ai.response.time_to_first_chunk': ms / 4000,
            'gen_ai.input.messages': messages(['user', question]),
            'gen_ai.output.messages': messages(['assistant', `Let me see. (${n})`]),
            'langfuse.observation.prompt.name': 'answer',
            'langfuse.observation.prompt.version': String(3 + (n % 2)),
          }),
    },
    events: failed ? [] : evaluations(n, ms),
  }
  const api: GivenSpan = {
    id: id(1),
    parent: id(0),
    name: 'POST /api/chat',
    kind: 2,
    at: 4,
    for: ms + 60,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/chat',
      'http.response.status_code': failed ? 502 : 200,
    },
    ...(failed && { failed: 'upstream failed', events: [exception(ms)] }),
  }
  return {
    id: hex(n + 1, 32),
    start,
    services: {
      'shop-web': [{ id: id(0), name: 'Ask a question', kind: 3, at: 0, for: ms + 80, attributes: user }],
      'shop-api': [
        api,
        {
          id: id(2),
          parent: id(1),
          name: 'SELECT orders',
          kind: 3,
          at: 10,
          for: 18,
          attributes: { 'db.system.name': 'postgresql' },
        },
        chat,
      ],
    },
  }
}

/** Of the answer of a request: a score on a range, a word, and a number whose range nobody knows. */
function evaluations(n: number, at: number) {
  const stars = 1 + ((n * 7) % 9) / 2
  const event = (attributes: Attributes) => ({ name: 'gen_ai.evaluation.result', at, attributes })
  return [
    event({
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.evaluation.score.value': stars,
      'afn.llm.evaluation.score.normalized': (stars - 1) / 4,
      'afn.llm.evaluation.score.min': 1,
      'afn.llm.evaluation.score.max': 5,
      'afn.llm.evaluation.outcome': stars >= 2.5 ? 'pass' : 'fail',
      'afn.llm.evaluation.evaluator.name': 'relevance-judge-v2',
      'afn.llm.evaluation.evaluator.type': 'llm',
      'gen_ai.evaluation.explanation':
        stars >= 2.5 ? 'Answers what was asked.' : 'Does not say when the order comes, which is what [NAME] asked.',
    }),
    event({
      'gen_ai.evaluation.name': 'tone',
      'gen_ai.evaluation.score.label': ['warm', 'neutral', 'cold'][((n * 5) % 7) % 3]!,
    }),
    ...(n % 2 === 0
      ? [event({ 'gen_ai.evaluation.name': 'readability', 'gen_ai.evaluation.score.value': 40 + ((n * 31) % 45) })]
      : []),
    ...(n % 8 === 0
      ? [
          event({
            'gen_ai.evaluation.name': 'grounded',
            'afn.llm.evaluation.outcome': n % 16 === 0 ? 'error' : 'skipped',
          }),
        ]
      : []),
  ]
}

function agent(start: bigint): GivenTrace {
  const user = { 'user.id': 'user-1', 'session.id': 'session-agent', 'gen_ai.conversation.id': 'talk-agent' }
  const call = (
    id: string,
    at: number,
    length: number,
    more: Partial<GivenSpan> & { attributes: Attributes },
  ): GivenSpan => ({
    id,
    parent: hex(0xb2, 16),
    name: 'chat claude-sonnet-4-5',
    kind: 3,
    at,
    for: length,
    ...more,
    attributes: {
      ...user,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-5',
      ...more.attributes,
    },
  })
  const system = JSON.stringify([
    {
      type: 'text',
      content: 'You are the assistant of a small shop. Be brief. Never promise a date that a tool has not told.',
    },
  ])
  const question = {
    role: 'user',
    parts: [{ type: 'text', content: 'Where is order 1234? I am [NAME:0123456789abcdef], [EMAIL].' }],
  }
  const toolCall = {
    type: 'tool_call',
    id: 'toolu_1',
    name: 'find_order',
    arguments: { order: '1234', include: ['parcel', 'invoice'] },
  }
  const toolTurn = [
    {
      role: 'assistant',
      parts: [{ type: 'reasoning', content: 'I need the state of the order first.' }, toolCall],
      finish_reason: 'tool_call',
    },
  ]
  const answer = {
    type: 'tool_call_response',
    id: 'toolu_1',
    response: { state: 'shipped', carrier: 'DHL', eta: '2026-11-27' },
  }
  return {
    id: AGENT_TRACE,
    start,
    services: {
      'shop-web': [{ id: hex(0xb0, 16), name: 'Ask a question', kind: 3, at: 0, for: 6_400, attributes: user }],
      'shop-api': [
        {
          id: hex(0xb1, 16),
          parent: hex(0xb0, 16),
          name: 'POST /api/agent',
          kind: 2,
          at: 6,
          for: 6_380,
          attributes: { 'http.route': '/api/agent' },
        },
        {
          id: hex(0xb2, 16),
          parent: hex(0xb1, 16),
          name: 'invoke_agent order-desk',
          at: 12,
          for: 6_350,
          attributes: { ...user, 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'order-desk' },
        },
        call(hex(0xb3, 16), 20, 120, { failed: 'Overloaded', attributes: { 'error.type': '529' } }),
        call(hex(0xb4, 16), 400, 1_900, {
          attributes: {
            ...usage(4_210, 180, 3_584, 0.0083),
            'gen_ai.usage.cache_write.input_tokens': 256,
            'gen_ai.usage.reasoning.output_tokens': 120,
            'gen_ai.response.finish_reasons': ['tool_call'],
            'gen_ai.system_instructions': system,
            'gen_ai.input.messages': JSON.stringify([question]),
            'gen_ai.output.messages': JSON.stringify(toolTurn),
            'gen_ai.tool.definitions': JSON.stringify([
              { type: 'function', name: 'find_order', parameters: { order: 'string' } },
            ]),
          },
        }),
        {
          id: hex(0xb5, 16),
          parent: hex(0xb2, 16),
          name: 'execute_tool find_order',
          at: 2_320,
          for: 420,
          attributes: {
            ...user,
            'gen_ai.operation.name': 'execute_tool',
            'gen_ai.tool.name': 'find_order',
            'gen_ai.tool.call.id': 'toolu_1',
            'gen_ai.tool.call.arguments': '{"order":"1234","include":["parcel","invoice"]}',
            'gen_ai.tool.call.result': '{"state":"shipped","carrier":"DHL"}',
          },
        },
        {
          id: hex(0xb6, 16),
          parent: hex(0xb5, 16),
          name: 'SELECT parcels',
          kind: 3,
          at: 2_330,
          for: 390,
          attributes: { 'db.system.name': 'postgresql' },
        },
        call(hex(0xb7, 16), 2_760, 3_500, {
          attributes: {
            ...usage(4_520, 640, 4_096, 0.0122),
            'gen_ai.request.stream': true,
            'gen_ai.response.time_to_first_chunk': 0.82,
            'afn.llm.stream.end': 'complete',
            'gen_ai.response.finish_reasons': ['stop'],
            'gen_ai.input.messages': JSON.stringify([question, ...toolTurn, { role: 'tool', parts: [answer] }]),
            'gen_ai.output.messages': messages([
              'assistant',
              'Your order has been shipped with DHL and should arrive on 27 November. A link was sent to [EMAIL].',
            ]),
          },
          events: [
            {
              name: 'gen_ai.evaluation.result',
              at: 6_300,
              attributes: {
                'gen_ai.evaluation.name': 'helpfulness',
                'gen_ai.evaluation.score.value': 0.92,
                'afn.llm.evaluation.outcome': 'pass',
                'gen_ai.evaluation.explanation': 'Answers the question and names the carrier.',
              },
            },
          ],
        }),
      ],
      'mail-worker': [
        {
          id: hex(0xb8, 16),
          parent: hex(0xb1, 16),
          name: 'send tracking link',
          kind: 4,
          at: 6_290,
          for: 60,
          links: [{ traceId: hex(1, 32), spanId: hex(256, 16) }],
        },
      ],
    },
  }
}

function usage(input: number, output: number, cached: number, cost: number): Attributes {
  return {
    'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cached,
    'afn.llm.usage.source': 'provider',
    'afn.llm.cost.total': cost,
    'afn.llm.cost.input': cost * 0.3,
    'afn.llm.cost.output': cost * 0.7,
    'afn.llm.cost.currency': 'USD',
    'afn.llm.cost.source': 'local',
    'afn.llm.cost.price_table': 'genai-prices@0.1.8',
  }
}

function messages(...turns: readonly (readonly [role: string, text: string])[]): string {
  return JSON.stringify(turns.map(([role, content]) => ({ role, parts: [{ type: 'text', content }] })))
}

function exception(at: number) {
  return {
    name: 'exception',
    at,
    attributes: {
      'exception.type': 'RateLimitError',
      'exception.message': 'Rate limit reached for requests: limit 500, used 500',
      'exception.stacktrace':
        'RateLimitError: Rate limit reached\n    at chat (/app/llm.js:41:11)\n    at async handle (/app/server.js:88:18)',
    },
  }
}
