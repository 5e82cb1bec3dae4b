// What providers bill beside plain tokens, from an answer to the cost. Rates of LiteLLM 1.110.2 and genai-prices 0.1.8 stand in the sums.
import { expect, it } from 'vitest'
import { billed } from './billed'

const response = (usage: object, more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  model: 'gpt-6-astra',
  status: 'completed',
  output: [],
  usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100, ...usage },
  ...more,
})
const openai = (usage: object, more: object = {}, attributes: Record<string, string> = {}) =>
  billed({
    protocol: 'openai-responses',
    provider: 'openai',
    model: 'gpt-6-astra',
    answer: response(usage, more),
    attributes: { 'server.address': 'api.openai.com', ...attributes },
  })
/** gpt-6-astra: input 10, cached 1, output 50, cache writes 12.5 and for twelve hours 25 USD per million. */
const tokens = (1_000 * 10 + 100 * 50) / 1e6

it('OpenAI keeps a cache for half an hour or for twelve, at two prices', async () => {
  const cache_write_tokens_details = { ttl_30m_tokens: 300, ttl_12h_tokens: 500 }
  const { cost, total } = await openai({
    input_tokens_details: { cached_tokens: 100, cache_write_tokens: 800, cache_write_tokens_details },
  })
  expect(total('afn.llm.usage.cache_write_12h.input_tokens')).toBe(500)
  expect(cost).toBeCloseTo((100 * 10 + 100 * 1 + 300 * 12.5 + 500 * 25 + 100 * 50) / 1e6, 12)
})

it('OpenAI says how many searches it charges, which the items do not', async () => {
  const search = { type: 'web_search_call', id: 'ws', status: 'completed', action: { type: 'search' } }
  const image_gen = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  const several = await openai({}, { output: [search], tool_usage: { image_gen, web_search: { num_requests: 3 } } })
  expect(several.spans).toHaveLength(1)
  expect(several.cost).toBeCloseTo(tokens + 3 * 0.01, 12)
  const discounted = await openai({}, { output: [search], tool_usage: { image_gen, web_search: { num_requests: 0 } } })
  expect(discounted.cost).toBeCloseTo(tokens, 12)
  expect((await openai({}, { output: [search] })).cost).toBeCloseTo(tokens + 0.01, 12)
})

it('images that a tool made are a call of their own model', async () => {
  const image_gen = {
    input_tokens: 200,
    input_tokens_details: { image_tokens: 0, text_tokens: 200 },
    output_tokens: 4_000,
    output_tokens_details: { image_tokens: 4_000, text_tokens: 0 },
    total_tokens: 4_200,
  }
  const tools = [{ type: 'image_generation', model: 'gpt-image-2' }]
  const output = [{ type: 'image_generation_call', id: 'ig', status: 'completed', result: '…' }]
  const tool_usage = { image_gen, web_search: { num_requests: 0 } }
  const { spans, cost, counted } = await openai({}, { output, tools, tool_usage })
  expect(spans.map(({ name }) => name)).toEqual(['generate_content gpt-image-2', 'chat'])
  expect(cost).toBeCloseTo(tokens + (200 * 5 + 4_000 * 30) / 1e6, 12)
  expect(counted('afn.llm.cost')).toBeCloseTo(cost!, 12)
  // nobody says what they took
  expect((await openai({}, { output, tools })).cost).toBeUndefined()
  expect((await openai({}, { output, tool_usage })).causes).toEqual(['model'])
})

it('files are searched for money, and what a container costs no answer tells', async () => {
  const files = await openai({}, { output: [{ type: 'file_search_call' }, { type: 'file_search_call' }] })
  expect(files.cost).toBeCloseTo(tokens + 2 * 0.0025, 12)
  const code = (container_id: string) => ({ type: 'code_interpreter_call', container_id, code: '1', outputs: [] })
  const run = await openai({}, { output: [code('a'), code('a'), code('b')] })
  expect(run.total('afn.llm.usage.code_sessions')).toBe(2)
  expect(run.causes).toEqual(['code_session'])
  expect(run.counted('afn.llm.unpriced_operations')).toBe(1)
})

it.each([
  ['eu.api.openai.com', 'default', 1.1],
  ['us.api.openai.com', 'default', 1.1],
  ['api.openai.com', 'priority', 2],
  ['api.openai.com', 'ultrafast', 6],
  ['api.openai.com', 'flex', 0.5],
  ['eu.api.openai.com', 'flex', 0.55],
])('%s in the tier %s costs %d times as much', async (host, tier, factor) => {
  const { cost } = await openai({}, { service_tier: tier }, { 'server.address': host })
  expect(cost).toBeCloseTo(tokens * factor, 12)
})

const gemini = (model: string, candidate: object, usage: object = {}) =>
  billed({
    protocol: 'google-generate',
    provider: 'gcp.gemini',
    model,
    answer: {
      modelVersion: model,
      candidates: [{ index: 0, finishReason: 'STOP', ...candidate }],
      usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100, ...usage },
    },
  })

it('Gemini charges its searches by the query, and before its third generation by the prompt', async () => {
  const groundingMetadata = { webSearchQueries: ['a', 'b'], groundingChunks: [{ web: { uri: 'x' } }] }
  const newer = await gemini('gemini-3.8-flash', { groundingMetadata })
  expect(newer.cost).toBeCloseTo((1_000 * 0.75 + 100 * 3.75) / 1e6 + 2 * 0.014, 12)
  const older = await gemini('gemini-2.5-flash', { groundingMetadata })
  expect(older.cost).toBeCloseTo((1_000 * 0.3 + 100 * 2.5) / 1e6 + 0.035, 12)
})

it('Gemini looks things up on maps, and its newer models tell no number of queries', async () => {
  const groundingMetadata = { groundingChunks: [{ maps: { uri: 'x' } }] }
  const older = await gemini('gemini-2.5-flash', { groundingMetadata })
  expect(older.cost).toBeCloseTo((1_000 * 0.3 + 100 * 2.5) / 1e6 + 0.025, 12)
  expect((await gemini('gemini-3.8-flash', { groundingMetadata })).causes).toEqual(['maps_search'])
})

it('sound is not in a cache that has text alone', async () => {
  const usage = {
    cachedContentTokenCount: 400,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 700 },
      { modality: 'AUDIO', tokenCount: 300 },
    ],
    cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 400 }],
  }
  const { cost } = await gemini('gemini-2.5-flash', {}, usage)
  expect(cost).toBeCloseTo((300 * 0.3 + 400 * 0.03 + 300 * 1 + 100 * 2.5) / 1e6, 12)
})

it('Claude is dearer when it is fast, in the US alone, and both', async () => {
  const ask = (usage: object) =>
    billed({
      protocol: 'anthropic-messages',
      provider: 'anthropic',
      model: 'claude-opus-5-5',
      answer: {
        model: 'claude-opus-5-5',
        content: [],
        stop_reason: 'end_turn',
        usage: { input_tokens: 1_000, output_tokens: 100, service_tier: 'standard', ...usage },
      },
    })
  const plain = (await ask({ speed: 'standard', inference_geo: 'global' })).cost!
  expect(plain).toBeGreaterThan(0)
  expect((await ask({ inference_geo: 'us' })).cost).toBeCloseTo(plain * 1.1, 12)
  expect((await ask({ service_tier: 'batch', inference_geo: 'us' })).cost).toBeCloseTo(plain * 0.55, 12)
  expect((await ask({ inference_geo: 'mars' })).causes).toEqual(['service_tier'])
  expect((await ask({ service_tier: 'priority' })).causes).toEqual(['service_tier'])
})

it('a cache that Bedrock keeps for an hour has no price where the table has none', async () => {
  const ask = (cacheDetails: object[]) =>
    billed({
      protocol: 'bedrock-converse',
      provider: 'aws.bedrock',
      model: 'amazon.nova-lite-v1:0',
      answer: {
        output: { message: { content: [] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 100, outputTokens: 10, cacheWriteInputTokens: 500, cacheDetails },
      },
    })
  expect((await ask([{ ttl: '5m', inputTokens: 500 }])).cost).toBeGreaterThan(0)
  expect((await ask([{ ttl: '1h', inputTokens: 500 }])).causes).toEqual(['cache_write_1h'])
})

it('what is charged by the second or by the piece has a cost, or none and a cause, without tokens', async () => {
  const heard = await billed({
    protocol: 'openai-transcriptions',
    provider: 'openai',
    model: 'whisper-1',
    answer: { text: 'hello', usage: { type: 'duration', seconds: 90 } },
    attributes: { 'afn.llm.usage.source': 'missing' },
  })
  expect(heard.cost).toBeCloseTo(90 * 0.0001, 12)
  const drawn = await billed({
    protocol: 'openai-images',
    provider: 'x_ai',
    model: 'grok-imagine-image',
    answer: { data: [{ url: 'a' }, { url: 'b' }] },
    attributes: { 'afn.llm.usage.source': 'missing' },
  })
  expect(drawn.total('afn.llm.usage.images')).toBe(2)
  expect(drawn.causes).toEqual(['image'])
})
