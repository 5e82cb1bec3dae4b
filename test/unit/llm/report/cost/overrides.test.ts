import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseOverrides } from '../../../../../src/app/llm/report/cost/own-prices'
import type { Price } from '../../../../../src/app/llm/report/cost/price-table'
import { tableOf } from '../../../../../src/app/llm/report/cost/price-table'
import { loadPrices } from '../../../../../src/app/llm/report/cost/prices'
import type { UnpricedCause } from '../../../../../src/app/llm/report/cost/rates'

const at = new Date('2026-09-01T12:00:00Z')
const rates = { input: 2, output: 10, cache_read: 1, cache_write: 3, cache_write_1h: 5, reasoning: 20 }
const million = 1_000_000

function known(price: Price | UnpricedCause): Price | undefined {
  return 'cause' in price ? undefined : price
}

function priceOf(entries: object, call: object = {}) {
  const { source } = parseOverrides(JSON.stringify(entries), 'mine.json')
  const table = tableOf([source])
  return known(
    table.price({ provider: 'openai', models: ['m'], usage: { input: million, output: million }, at, ...call }),
  )
}

describe("a price in the user's own file", () => {
  it('is in USD per million tokens, by provider and model, whatever their case', () => {
    const price = { total: 12, input: 2, output: 10, currency: 'USD', table: 'mine.json' }
    expect(priceOf({ 'OpenAI/M': { input: 2, output: 10 } })).toEqual(price)
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { models: ['m-2026-01-01', 'm'] })).toEqual(price)
    expect(priceOf({ 'openai/a/b': { input: 2, output: 10 } }, { models: ['a/b'] })).toEqual(price)
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { provider: 'groq' })).toBeUndefined()
  })

  it('counts each token once', () => {
    const usage = {
      input: 10 * million,
      cacheRead: 4 * million,
      cacheWrite: 3 * million,
      cacheWrite1h: million,
      cacheWrite5m: 2 * million,
      output: 3 * million,
      reasoning: million,
    }
    expect(priceOf({ 'openai/m': rates }, { usage })).toMatchObject({
      input: 3 * 2 + 4 * 1 + 2 * 3 + 1 * 5,
      output: 2 * 10 + 20,
    })
    const plain = { ...usage, cacheWrite1h: undefined }
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { usage: plain })).toMatchObject({ input: 20, output: 30 })
  })

  it('may be another one for audio, images and searches', () => {
    const apart = {
      ...rates,
      input_audio: 40,
      cache_read_audio: 4,
      output_audio: 80,
      input_image: 7,
      output_image: 30,
      web_search: 0.01,
    }
    const usage = { input: 5 * million, audioInput: 2 * million, cacheRead: 2 * million, audioCacheRead: million }
    const output = { output: 4 * million, audioOutput: million, imageOutput: million, reasoning: million }
    expect(priceOf({ 'openai/m': apart }, { usage: { ...usage, ...output, webSearches: 3 } })).toMatchObject({
      input: 2 * 2 + 1 * 1 + 1 * 4 + 1 * 40,
      output: 10 + 20 + 80 + 30,
      total: 49 + 140 + 0.03,
    })
    expect(priceOf({ 'openai/m': apart }, { usage: { input: 3 * million, imageInput: million } })?.input).toBe(
      2 * 2 + 7,
    )
    // parts of it without a rate of their own are plain tokens
    expect(priceOf({ 'openai/m': rates }, { usage: { input: 3, imageInput: 1, audioInput: 1 } })?.input).toBe(6e-6)
  })

  it('prices nothing where the counts are not enough', () => {
    const audio = { 'openai/m': { ...rates, input_audio: 40 } }
    expect(priceOf(audio, { usage: { input: 9, audioInput: 3, cacheRead: 3, output: 1 } })).toBeUndefined()
    expect(priceOf(audio, { usage: { input: 9, audioInput: 3, output: 1 } })).toBeDefined()
    const image = { 'openai/m': { ...rates, input_image: 7 } }
    expect(priceOf(image, { usage: { input: 9, imageInput: 3, cacheRead: 3, output: 1 } })).toBeUndefined()
    expect(priceOf({ 'openai/m': rates }, { usage: { input: 9, output: 1, webSearches: 1 } })).toBeUndefined()
  })

  it('may be 0, which is a price', () => {
    expect(priceOf({ 'openai/m': { input: 0, output: 0 } })).toMatchObject({ total: 0 })
  })

  it('may be for a service tier that has no known factor', () => {
    expect(priceOf({ 'openai/m': rates }, { serviceTier: 'priority' })).toBeUndefined()
    const priority = { 'openai/m': { ...rates, service_tiers: { priority: 1.75 } } }
    expect(priceOf(priority, { serviceTier: 'priority' })?.total).toBeCloseTo(21, 9)
    expect(priceOf(priority, { serviceTier: 'flex' })?.total).toBeCloseTo(6, 9)
    expect(priceOf(priority)?.total).toBe(12)
  })
})

describe("LiteLLM's price list", () => {
  const sonnet = {
    litellm_provider: 'anthropic',
    mode: 'chat',
    max_tokens: 64_000,
    input_cost_per_token: 3e-6,
    output_cost_per_token: 1.5e-5,
    cache_read_input_token_cost: 3e-7,
    cache_creation_input_token_cost: 3.75e-6,
    cache_creation_input_token_cost_above_1hr: 6e-6,
    input_cost_per_token_above_200k_tokens: 6e-6,
    output_cost_per_token_above_200k_tokens: 2.25e-5,
    cache_read_input_token_cost_above_200k_tokens: 6e-7,
    search_context_cost_per_query: { search_context_size_high: 0.01, search_context_size_low: 0.01 },
    supports_vision: true,
  }
  const gpt = {
    litellm_provider: 'openai',
    input_cost_per_token: 1.25e-6,
    output_cost_per_token: 1e-5,
    input_cost_per_token_priority: 2.5e-6,
    output_cost_per_token_priority: 2e-5,
    search_context_cost_per_query: { search_context_size_high: 0.05, search_context_size_low: 0.03 },
  }
  const anthropic = { provider: 'anthropic', models: ['claude-s'] }
  const ask = (usage: object, more: object = anthropic) =>
    priceOf({ 'claude-s': sonnet, m: gpt, sample_spec: { ...gpt } }, { usage, ...more })

  it('is read in the form in which LiteLLM publishes it', () => {
    const usage = { input: 1_000, cacheRead: 300, cacheWrite: 200, cacheWrite1h: 50, output: 100, webSearches: 2 }
    const price = ask(usage)
    expect(price?.input).toBeCloseTo(500 * 3e-6 + 300 * 3e-7 + 150 * 3.75e-6 + 50 * 6e-6, 12)
    expect(price?.output).toBeCloseTo(100 * 1.5e-5, 12)
    expect(price?.total).toBeCloseTo(price!.input + price!.output + 0.02, 12)
  })

  it('has higher rates for the whole request beyond a threshold', () => {
    expect(ask({ input: 200_000, output: 10 })?.total).toBeCloseTo(200_000 * 3e-6 + 10 * 1.5e-5, 9)
    expect(ask({ input: 200_001, cacheRead: 1, output: 10 })?.total).toBeCloseTo(
      200_000 * 6e-6 + 6e-7 + 10 * 2.25e-5,
      9,
    )
  })

  it('has rates for service tiers, and known factors where it has none', () => {
    const usage = { input: 1_000, output: 100 }
    const full = 1_000 * 1.25e-6 + 100 * 1e-5
    expect(ask(usage, { serviceTier: 'priority' })?.total).toBeCloseTo(2 * full, 12)
    expect(ask(usage, { serviceTier: 'flex' })?.total).toBeCloseTo(full / 2, 12)
    expect(ask(usage, { serviceTier: 'scale' })).toBeUndefined()
    // what a search costs depends on what no response has
    expect(ask({ ...usage, webSearches: 1 }, {})).toBeUndefined()
  })

  it.each([
    ['azure/gpt-4o', 'azure', 'azure.ai.openai', 'gpt-4o'],
    ['gemini/gemini-2.5-pro', 'gemini', 'gcp.gemini', 'gemini-2.5-pro'],
    ['gemini-2.5-pro', 'vertex_ai-language-models', 'gcp.vertex_ai', 'gemini-2.5-pro'],
    ['us.anthropic.claude-x-v1:0', 'bedrock_converse', 'aws.bedrock', 'us.anthropic.claude-x-v1:0'],
    ['openrouter/anthropic/claude-x', 'openrouter', 'openrouter', 'anthropic/claude-x'],
    ['mistral/mistral-small', 'mistral', 'mistral_ai', 'mistral-small'],
    ['xai/grok-4', 'xai', 'x_ai', 'grok-4'],
    ['mine/my-model', undefined, 'mine', 'my-model'],
  ])('%s of %s', (key, litellm_provider, provider, model) => {
    const entry = { ...gpt, litellm_provider }
    expect(priceOf({ [key]: entry }, { provider, models: [model] })?.input).toBeCloseTo(1.25, 9)
  })

  it('is no problem where it has more than prices of tokens', () => {
    const entries = { 'dall-e-2': { litellm_provider: 'openai', input_cost_per_pixel: 1e-7 }, m: gpt }
    expect(parseOverrides(JSON.stringify(entries), 'l.json').problems).toEqual([])
  })
})

describe("a wrong entry in the user's price file", () => {
  it.each<[string, unknown, string]>([
    ['m', rates, '"m" is not "provider/model"'],
    ['openai/', rates, '"openai/" is not "provider/model"'],
    ['openai/m', 3, '"openai/m" has no rates; write { "input": USD per million tokens, "output": … }'],
    ['openai/m', { input: 2 }, '"openai/m" has no "output"'],
    ['openai/m', { input: 2, output: '10' }, '"openai/m" has a "output" that is no number from 0 up'],
    ['openai/m', { input: -2, output: 10 }, '"openai/m" has a "input" that is no number from 0 up'],
    [
      'openai/m',
      { ...rates, cached: 1 },
      '"openai/m" has an unknown field "cached"; allowed are input, output, cache_read, cache_write, cache_write_1h, cache_write_12h, reasoning, input_audio, output_audio, cache_read_audio, input_image, output_image, cache_read_image, input_video, output_video, cache_read_video, request, web_search, file_search, maps_search, social_search, code_session, search_unit, image, audio_second, video_second, compute_second, character, page, annotated_page, service_tiers',
    ],
    ['openai/m', { ...rates, service_tiers: { flex: 'half' } }, '"openai/m" has "service_tiers" that are no factors'],
  ])('%s %j is left out and named', (key, entry, problem) => {
    const { source, problems } = parseOverrides(JSON.stringify({ [key]: entry, 'openai/good': rates }), 'mine.json')
    const table = tableOf([source])
    expect(problems).toEqual([problem])
    const usage = { input: 1, output: 1 }
    expect(known(table.price({ provider: 'openai', models: ['m'], usage, at }))).toBeUndefined()
    expect(known(table.price({ provider: 'openai', models: ['good'], usage, at }))).toBeDefined()
  })
})

describe("the user's price file", () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'afn-prices-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  function load(content: string | undefined) {
    const file = path.join(directory, 'prices.json')
    if (content !== undefined) writeFileSync(file, content)
    const problems: string[] = []
    const table = loadPrices(content === undefined ? path.join(directory, 'absent.json') : file, problem =>
      problems.push(problem),
    )
    const ask = (model: string) =>
      known(table.price({ provider: 'openai', models: [model], usage: { input: million, output: 0 }, at }))
    return { table, problems, ask }
  }

  it('goes before the built-in table', () => {
    const { table, ask, problems } = load('{ "openai/gpt-4o-mini": { "input": 99, "output": 99 } }')
    expect(problems).toEqual([])
    expect(ask('gpt-4o-mini')).toMatchObject({ total: 99, table: 'prices.json' })
    expect(ask('gpt-4o')).toMatchObject({ total: 2.5, table: 'litellm@1.110.2' })
    expect(table.name).toBe('prices.json, litellm@1.110.2, genai-prices@0.1.8')
  })

  it('has all its wrong entries named in one message', () => {
    const { problems } = load('{ "a": {}, "b/c": {} }')
    expect(problems).toEqual([expect.stringMatching(/prices\.json: left out: "a" is not .*; "b\/c" has no "input"$/)])
  })

  it.each([undefined, '{', '[]'])('is passed over for the built-in table where it is %j', content => {
    const { table, problems, ask } = load(content)
    expect(problems).toEqual([expect.stringMatching(/\.json: .*; only built-in prices are used$/)])
    expect(table.name).toBe('litellm@1.110.2, genai-prices@0.1.8')
    expect(ask('gpt-4o')).toBeDefined()
  })
})
