// Anthropic runs a model more than once for one answer, and other models besides. Rates in USD per million: Haiku 5.5 has 0.1, 0.5, cache
// reads 0.01, writes 0.125 and 0.2 for an hour, and five times as much beyond 100,000 tokens of input; Opus 4.1 has 15 and 75.
import { describe, expect, it } from 'vitest'
import { billed } from './billed'

const model = 'claude-haiku-5-5'
const advisor = 'claude-opus-4-1-20250805'
const run = (type: string, input_tokens: number, output_tokens: number, more: object = {}) => ({
  type,
  input_tokens,
  output_tokens,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_creation: null,
  ...more,
})

const plain = (usage: object, more: object = {}) => ({
  id: 'msg_1',
  type: 'message',
  model,
  stop_reason: 'end_turn',
  content: [],
  usage,
  ...more,
})
/** As it is streamed: the last event repeats the counts. */
const streamed = (usage: object, more: object = {}) => [
  {
    type: 'message_start',
    message: {
      ...plain({ input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }, more),
      stop_reason: null,
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'compaction', content: null } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
  { type: 'message_stop' },
]
const shapes = { plain, streamed }
const hosts = [
  ['anthropic-messages', 'anthropic'],
  ['bedrock-invoke', 'anthropic'],
] as const

describe.each(hosts)('%s of %s', (protocol, provider) => {
  describe.each(['plain', 'streamed'] as const)('%s', shape => {
    const ask = (usage: object, more: object = {}) =>
      billed({ protocol, provider, model, answer: shapes[shape](usage, more) })

    it('counts the tokens of a compaction, which the counts at the top leave out', async () => {
      const iterations = [run('compaction', 90_000, 3_500), run('message', 23_000, 1_000)]
      const { spans, cost, total, counted } = await ask({ input_tokens: 23_000, output_tokens: 1_000, iterations })
      expect(spans).toHaveLength(1)
      expect(spans[0]?.attributes['gen_ai.conversation.compacted']).toBe(true)
      expect(total('gen_ai.usage.input_tokens')).toBe(113_000)
      expect(total('gen_ai.usage.output_tokens')).toBe(4_500)
      // neither run is beyond the step, though their sum is
      expect(cost).toBeCloseTo((113_000 * 0.1 + 4_500 * 0.5) / 1e6, 12)
      expect(counted('gen_ai.client.inference.usage.input_tokens')).toBe(113_000)
      expect(counted('afn.llm.cost')).toBeCloseTo(cost!, 12)
    })

    it('prices each run by its own length and its own caches', async () => {
      const iterations = [
        run('compaction', 60_000, 3_000, { cache_read_input_tokens: 90_000 }),
        run('message', 20_000, 500, {
          cache_creation_input_tokens: 4_000,
          cache_creation: { ephemeral_5m_input_tokens: 3_000, ephemeral_1h_input_tokens: 1_000 },
        }),
      ]
      const { cost, total } = await ask({
        input_tokens: 20_000,
        output_tokens: 500,
        cache_creation_input_tokens: 4_000,
        iterations,
      })
      expect(total('gen_ai.usage.cache_read.input_tokens')).toBe(90_000)
      expect(total('gen_ai.usage.input_tokens')).toBe(174_000)
      const long = 60_000 * 0.5 + 90_000 * 0.05 + 3_000 * 2.5
      expect(cost).toBeCloseTo((long + 20_000 * 0.1 + 3_000 * 0.125 + 1_000 * 0.2 + 500 * 0.5) / 1e6, 12)
    })

    it('has the advisor as a call of its own model below, once', async () => {
      const iterations = [
        run('message', 1_000, 100),
        run('advisor_message', 5_000, 800, { model: advisor }),
        run('message', 2_000, 200),
      ]
      const usage = {
        input_tokens: 3_000,
        output_tokens: 300,
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
        iterations,
      }
      const { spans, cost, total, counted } = await ask(usage)
      const [below, call] = spans
      expect(spans).toHaveLength(2)
      expect(below!.parentSpanContext?.spanId).toBe(call!.context.spanId)
      expect(below).toMatchObject({ name: `chat ${advisor}`, attributes: { 'user.id': 'u-1', 'afn.llm.hosted': true } })
      expect(below!.attributes).not.toHaveProperty(['gen_ai.response.id'])
      expect(below!.attributes['afn.llm.cost.total']).toBeCloseTo((5_000 * 15 + 800 * 75) / 1e6, 12)
      expect(cost).toBeCloseTo((3_000 * 0.1 + 300 * 0.5 + 5_000 * 15 + 800 * 75) / 1e6 + 0.02, 12)
      expect(total('gen_ai.usage.input_tokens')).toBe(8_000)
      expect(counted('gen_ai.client.inference.usage.output_tokens')).toBe(1_100)
      expect(counted('afn.llm.cost')).toBeCloseTo(cost!, 12)
    })

    it('takes what a fallback used, and nothing of the model that declined', async () => {
      const served = { model: advisor }
      const iterations = [run('message', 900, 0, { model }), run('fallback_message', 1_000, 100, served)]
      const { spans, cost, total } = await ask({ input_tokens: 1_000, output_tokens: 100, iterations }, served)
      expect(spans).toHaveLength(1)
      expect(total('gen_ai.usage.input_tokens')).toBe(1_000)
      expect(cost).toBeCloseTo((1_000 * 15 + 100 * 75) / 1e6, 12)
    })

    it('tells no cost where nothing says which model compacted', async () => {
      const iterations = [run('compaction', 90_000, 900), run('fallback_message', 1_000, 100, { model: advisor })]
      const { spans, causes } = await ask({ input_tokens: 1_000, output_tokens: 100, iterations }, { model: advisor })
      expect(spans).toHaveLength(1)
      expect(causes).toEqual(['compaction'])
    })

    it('tells no cost where a kind of run is new', async () => {
      const iterations = [run('message', 1_000, 100), run('dreaming', 9_000, 10)]
      const { cost, causes, total } = await ask({ input_tokens: 1_000, output_tokens: 100, iterations })
      expect(total('gen_ai.usage.input_tokens')).toBe(10_000)
      expect(cost).toBeUndefined()
      expect(causes).toEqual(['model'])
    })

    it('is as before where there is one run, or none is told', async () => {
      const usage = { input_tokens: 1_000, output_tokens: 100, cache_read_input_tokens: 200 }
      const one = run('message', 1_000, 100, { cache_read_input_tokens: 200 })
      for (const iterations of [[one], [], null, undefined]) {
        const { spans, cost } = await ask({ ...usage, iterations })
        expect(spans).toHaveLength(1)
        expect(spans[0]!.attributes).not.toHaveProperty(['afn.llm.usage.iterations'])
        expect(cost).toBeCloseTo((1_000 * 0.1 + 200 * 0.01 + 100 * 0.5) / 1e6, 12)
      }
    })
  })
})
