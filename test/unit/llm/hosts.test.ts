// What hosts do differently that speak the same protocol.
import { afterEach, describe, expect, it } from 'vitest'
import { type Tapped, tapped } from './tapped'

let tap: Tapped | undefined
afterEach(() => tap?.stop())

const CHAT = 'https://api.openai.com/v1/chat/completions'

async function attributesOf(url: string, answer: () => Response, body: object = {}) {
  tap = tapped('full', async () => answer())
  const init = { method: 'POST', body: JSON.stringify({ model: 'm', max_tokens: 1, messages: [], ...body }) }
  await (await fetch(url, init)).text()
  return (await tap.span()).attributes
}

const stream = (...events: object[]) =>
  new Response([...events.map(event => JSON.stringify(event)), '[DONE]'].map(data => `data: ${data}\n\n`).join(''))

it.each([
  ['https://api.openai.com/v1/chat/completions', 'openai'],
  ['https://eu.api.openai.com/v1/chat/completions', 'openai'],
  ['https://notapi.openai.com.example/v1/chat/completions', 'openai'],
  ['https://me.openai.azure.com/openai/v1/chat/completions', 'azure.ai.openai'],
  ['https://me.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21', 'azure.ai.openai'],
  ['https://me.services.ai.azure.com/openai/v1/chat/completions', 'azure.ai.openai'],
  ['https://me.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview', 'azure.ai.inference'],
  ['https://models.inference.ai.azure.com/chat/completions', 'azure.ai.inference'],
  ['https://models.github.ai/inference/chat/completions', 'github_models'],
  ['https://api.groq.com/openai/v1/chat/completions', 'groq'],
  ['https://api.perplexity.ai/chat/completions', 'perplexity'],
  ['https://api.cloudflare.com/client/v4/accounts/0/ai/v1/chat/completions', 'cloudflare'],
  ['https://us-south.ml.cloud.ibm.com/ml/gateway/v1/chat/completions', 'ibm.watsonx.ai'],
  ['http://localhost:11434/v1/chat/completions', 'ollama'],
  ['http://localhost:1234/v1/chat/completions', 'lm_studio'],
  ['http://localhost:8000/v1/chat/completions', 'openai'],
  ['https://api.x.ai/v1/chat/completions', 'x_ai'],
  ['https://api.deepseek.com/chat/completions', 'deepseek'],
  ['https://api.mistral.ai/v1/chat/completions', 'mistral_ai'],
  ['https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', 'gcp.gemini'],
  ['https://openrouter.ai/api/v1/chat/completions', 'openrouter'],
  ['https://api.together.xyz/v1/chat/completions', 'together_ai'],
  ['https://api.fireworks.ai/inference/v1/chat/completions', 'fireworks'],
  ['https://api.cerebras.ai/v1/chat/completions', 'cerebras'],
  ['https://api.cohere.ai/compatibility/v1/chat/completions', 'cohere'],
  ['https://ollama.com/v1/chat/completions', 'ollama'],
  ['https://me.eastus.models.ai.azure.com/chat/completions', 'azure.ai.inference'],
  ['https://us-central1-aiplatform.googleapis.com/v1/endpoints/openapi/chat/completions', 'gcp.vertex_ai'],
  ['https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1/chat/completions', 'aws.bedrock'],
  ['https://evil-api.openai.com.example/v1/chat/completions', 'openai'],
  ['https://notapi.x.ai/v1/chat/completions', 'openai'],
  ['https://llm.internal/v1/chat/completions', 'openai'],
  ['https://api.anthropic.com/v1/messages', 'anthropic'],
  ['https://me.services.ai.azure.com/anthropic/v1/messages', 'anthropic'],
  ['https://api.deepseek.com/anthropic/v1/messages', 'deepseek'],
  ['https://ai-gateway.vercel.sh/v1/messages', 'vercel'],
  ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions', 'dashscope'],
  ['https://llm.internal/v1/messages', 'anthropic'],
])('a call to %s has the provider %s', async (url, provider) => {
  expect((await attributesOf(url, () => Response.json({})))['gen_ai.provider.name']).toBe(provider)
})

describe('token counts of a stream are right', () => {
  const usage = { prompt_tokens: 7, completion_tokens: 3 }
  const choice = (more: object) => ({ id: 'c', choices: [{ index: 0, delta: { content: 'a' }, ...more }] })
  it.each([
    ['in the chunk after the last', [choice({ finish_reason: 'stop' }), { choices: [], usage }]],
    [
      'in every chunk, growing',
      [
        { ...choice({}), usage: { prompt_tokens: 7, completion_tokens: 1 } },
        { ...choice({}), usage },
      ],
    ],
    ['in Groq’s own place', [choice({}), { choices: [], x_groq: { usage } }]],
    ['in the choice, as Moonshot has them', [choice({}), choice({ finish_reason: 'stop', usage })]],
  ])('%s', async (_, events) => {
    const attributes = await attributesOf(CHAT, () => stream(...events))
    expect(attributes['gen_ai.usage.input_tokens']).toBe(7)
    expect(attributes['gen_ai.usage.output_tokens']).toBe(3)
    expect(attributes['afn.llm.usage.source']).toBe('provider')
  })
})

it('parallel tool calls that all have the index 0 are recorded as several', async () => {
  const call = (id: string, args: string) => ({
    index: 0,
    id,
    type: 'function',
    function: { name: id, arguments: args },
  })
  const delta = (tool: object) => ({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [tool] } }] })
  const attributes = await attributesOf(CHAT, () =>
    stream(delta(call('a', '{"x":1}')), delta(call('b', '{"y":')), delta({ index: 0, function: { arguments: '2}' } })),
  )
  const [{ parts }] = JSON.parse(attributes['gen_ai.output.messages'] as string)
  expect(parts).toEqual([
    { type: 'tool_call', id: 'a', name: 'a', arguments: { x: 1 } },
    { type: 'tool_call', id: 'b', name: 'b', arguments: { y: 2 } },
  ])
})

it('the time to the first content is recorded for streams only', async () => {
  const role = { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }
  const empty = await attributesOf(CHAT, () => stream(role))
  expect(empty).not.toHaveProperty('gen_ai.response.time_to_first_chunk')
  tap!.stop()
  const word = { id: 'c', choices: [{ index: 0, delta: { content: 'a' } }] }
  const attributes = await attributesOf(CHAT, () => stream(role, word))
  const seconds = attributes['gen_ai.response.time_to_first_chunk'] as number
  expect(seconds).toBeGreaterThan(0)
  expect(attributes['afn.llm.time_to_first_chunk_ms']).toBe(Math.round(seconds * 1000))
})

describe("the provider's own name of an error", () => {
  it.each([
    ['a code', { error: { code: 'model_not_found', type: 'invalid_request_error', message: 'x' } }, 'model_not_found'],
    ['a type', { error: { code: null, type: 'server_error', message: 'x' } }, 'server_error'],
    ['a code that is a number', { error: { code: 404, type: 'NotFoundError', message: 'x' } }, 'NotFoundError'],
    ['an error at the top', { object: 'error', type: 'BadRequestError', code: 400, message: 'x' }, 'BadRequestError'],
    ['a list', [{ error: { code: 400, status: 'INVALID_ARGUMENT', message: 'x' } }], 'INVALID_ARGUMENT'],
    ['a sentence for a code', { code: 'The model does not exist', error: 'x' }, undefined],
    ['nothing to read', 'x', undefined],
  ])('is read from %s, and error.type is the status all the same', async (_, body, type) => {
    const attributes = await attributesOf(CHAT, () => Response.json(body, { status: 404 }))
    expect(attributes['error.type']).toBe('404')
    expect(attributes['afn.llm.error.type']).toBe(type)
    expect(attributes['http.response.status_code']).toBe(404)
    if (body !== 'x') expect(tap!.spans()[0]!.status).toEqual({ code: 2, message: 'x' })
  })

  it('is error.type inside an answer that says 200', async () => {
    const attributes = await attributesOf(CHAT, () => Response.json({ error: { code: 502, message: 'x' } }))
    expect(attributes).toMatchObject({ 'error.type': '502', 'afn.llm.error.type': '502' })
  })
})

describe('the cost that a provider reports is on the span', () => {
  it.each([
    [
      'OpenRouter',
      {
        cost: 0.004756,
        is_byok: false,
        cost_details: { upstream_inference_prompt_cost: 0.001636, upstream_inference_completions_cost: 0.00312 },
      },
      [0.004756, 0.001636, 0.00312],
    ],
    [
      'OpenRouter, with a key of one’s own',
      { cost: 0.0002, is_byok: true, cost_details: { upstream_inference_cost: 0.004 } },
      [0.0042, undefined, undefined],
    ],
    ['OpenRouter, free', { cost: 0 }, [0, undefined, undefined]],
    [
      'Perplexity',
      { cost: { input_tokens_cost: 0.001, output_tokens_cost: 0.002, request_cost: 0.005, total_cost: 0.008 } },
      [0.008, 0.001, 0.002],
    ],
    ['xAI', { cost_in_usd_ticks: 37_756_000 }, [0.0037756, undefined, undefined]],
    ['nobody', { cost: 'free' }, [undefined, undefined, undefined]],
  ])('%s', async (_, cost, [total, input, output]) => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, ...cost }
    const attributes = await attributesOf(CHAT, () => stream({ id: 'c', choices: [] }, { choices: [], usage }))
    expect(attributes['afn.llm.cost.total']).toBe(total)
    expect(attributes['afn.llm.cost.input']).toBe(input)
    expect(attributes['afn.llm.cost.output']).toBe(output)
    expect(attributes['afn.llm.cost.source']).toBe(total === undefined ? undefined : 'provider')
    expect(attributes['afn.llm.cost.currency']).toBe(total === undefined ? undefined : 'USD')
  })
})

it.each<[object, string | undefined]>([
  [{ service_tier: 'standard', inference_geo: 'global' }, 'standard'],
  [{ service_tier: 'batch' }, 'batch'],
  [{ service_tier: 'standard', inference_geo: 'us' }, 'inference_geo:us'],
  [{ service_tier: 'standard', speed: 'fast' }, 'fast'],
  [{}, undefined],
])("the span has what Claude's price depends on: %o", async (more, tier) => {
  const usage = { input_tokens: 7, output_tokens: 3, ...more }
  const attributes = await attributesOf('https://api.anthropic.com/v1/messages', () =>
    Response.json({ id: 'm', content: [], usage }),
  )
  expect(attributes['openai.response.service_tier']).toBe(tier)
})

describe("the cost that LiteLLM's proxy reports in a header is on the span", () => {
  const usage = { prompt_tokens: 7, completion_tokens: 3 }
  const whole = (more: object = {}) => JSON.stringify({ id: 'c', choices: [], usage: { ...usage, ...more } })
  it.each<[string, string, boolean, string, number | undefined]>([
    ['counts', '0.000123', false, whole(), 0.000123],
    ['is none where it knows no price', '0.0', false, whole(), undefined],
    ['is none where it says so', 'None', false, whole(), undefined],
    [
      'is none of a stream, which has not begun by then',
      '0.5',
      true,
      `data: ${whole()}\n\ndata: [DONE]\n\n`,
      undefined,
    ],
    ['says less than the answer itself', '0.5', false, whole({ cost: 0.25 }), 0.25],
  ])('%s', async (_, header, streamed, body, total) => {
    const headers = {
      'x-litellm-response-cost': header,
      'content-type': streamed ? 'text/event-stream' : 'application/json',
    }
    const answer = () => new Response(body, { headers })
    const attributes = await attributesOf('http://localhost:4000/v1/chat/completions', answer, { stream: streamed })
    expect(attributes['gen_ai.usage.input_tokens']).toBe(7)
    expect(attributes['afn.llm.cost.total']).toBe(total)
    expect(attributes['afn.llm.cost.source']).toBe(total === undefined ? undefined : 'provider')
  })
})

it('the mean time between chunks is recorded where there are at least two', async () => {
  const word = { id: 'c', choices: [{ index: 0, delta: { content: 'a' } }] }
  expect(await attributesOf(CHAT, () => stream(word))).not.toHaveProperty('afn.llm.time_per_output_chunk')
  tap!.stop()
  const attributes = await attributesOf(CHAT, () => stream(word, word, word))
  expect(attributes['afn.llm.time_per_output_chunk']).toBeGreaterThanOrEqual(0)
})
