import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import * as semconv from '../../../../../semconv'
import { GENAI_PRICES, genaiSource } from '../../../../../src/app/llm/report/cost/genai-prices'
import type { PricedCall } from '../../../../../src/app/llm/report/cost/price-table'
import { tableOf } from '../../../../../src/app/llm/report/cost/price-table'

const genaiPrices = tableOf([genaiSource])

const at = new Date('2026-09-01T12:00:00Z')

function ask(provider: string, model: string, usage: PricedCall['usage'], more: Partial<PricedCall> = {}) {
  const price = genaiPrices.price({ provider, models: [model], usage, at, ...more })
  return 'cause' in price ? undefined : price
}

describe('the price of a call', () => {
  // a model that each provider's table knows; undefined: the table has no such provider
  const models: Record<string, string | undefined> = {
    openai: 'gpt-4o-mini',
    anthropic: 'claude-sonnet-4-5',
    'azure.ai.openai': 'gpt-4o-mini',
    'azure.ai.inference': 'gpt-4o-mini',
    'aws.bedrock': 'anthropic.claude-3-haiku-20240307-v1:0',
    'gcp.gemini': 'gemini-2.5-flash',
    'gcp.vertex_ai': 'gemini-2.5-flash',
    'gcp.gen_ai': 'gemini-2.5-flash',
    cohere: 'command-r-plus',
    deepseek: 'deepseek-chat',
    groq: 'llama-3.3-70b-versatile',
    mistral_ai: 'mistral-large-latest',
    moonshot_ai: 'kimi-k2-0905-preview',
    perplexity: 'sonar',
    x_ai: 'grok-4',
    'ibm.watsonx.ai': undefined,
  }
  const wellKnown = Object.entries(semconv)
    .filter(([name]) => name.startsWith('GEN_AI_PROVIDER_NAME_VALUE_'))
    .map(([, value]) => value as string)

  it.each(wellKnown)('%s', provider => {
    expect(Object.keys(models)).toContain(provider)
    const model = models[provider]
    if (model === undefined) expect(ask(provider, 'granite-3-8b-instruct', { input: 1, output: 1 })).toBeUndefined()
    else expect(ask(provider, model, { input: 1_000, output: 10 })?.total, model).toBeGreaterThan(0)
  })

  it("is Azure's for a call to Azure", () => {
    // the package itself resolves azure.ai.openai to its OpenAI table, where there is no phi-4
    expect(ask('azure.ai.openai', 'phi-4', { input: 1_000, output: 10 })?.total).toBeGreaterThan(0)
  })

  it.each(['my-openai-proxy', 'anthropic.internal', 'ollama'])('is unknown, and not guessed, for %s', provider => {
    expect(ask(provider, 'gpt-4o-mini', { input: 1, output: 1 })).toBeUndefined()
    expect(ask(provider, 'claude-sonnet-4-5', { input: 1, output: 1 })).toBeUndefined()
  })

  it('is found where the table has the provider under the same name', () => {
    expect(ask('openrouter', 'openai/gpt-4o-mini', { input: 1_000, output: 10 })?.total).toBeGreaterThan(0)
    expect(ask('together_ai', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', { input: 1_000, output: 10 })).toBeDefined()
  })
})

describe('the cost of a call', () => {
  it('has cached tokens once, at their own rate', () => {
    // claude-sonnet-4-5: input 3, cache read 0.3, 5m write 3.75, 1h write 6, output 15 USD per million
    const usage = { input: 1_000, cacheRead: 300, cacheWrite: 200, cacheWrite5m: 150, cacheWrite1h: 50, output: 100 }
    const expected = (500 * 3 + 300 * 0.3 + 150 * 3.75 + 50 * 6) / 1e6
    const price = ask('anthropic', 'claude-sonnet-4-5', usage)
    expect(price?.input).toBeCloseTo(expected, 12)
    expect(price?.output).toBeCloseTo((100 * 15) / 1e6, 12)
    expect(price?.total).toBeCloseTo(expected + (100 * 15) / 1e6, 12)
    // cache writes that are counted by lifetime only cost the same
    expect(ask('anthropic', 'claude-sonnet-4-5', { ...usage, cacheWrite: undefined })?.total).toBe(price?.total)
  })

  it('is at the higher tier for the whole request beyond 200,000 input tokens', () => {
    expect(ask('gcp.gemini', 'gemini-2.5-pro', { input: 200_000, output: 0 })?.total).toBeCloseTo(0.25, 9)
    expect(ask('gcp.gemini', 'gemini-2.5-pro', { input: 200_001, output: 0 })?.total).toBeCloseTo(0.500_002_5, 9)
  })

  it('has a fee for the request in the total only', () => {
    const price = ask('perplexity', 'sonar', { input: 1_000, output: 10 })!
    expect(price.total).toBeGreaterThan(price.input + price.output)
  })

  it('has cached audio at its rate where it is counted, and is unknown where it is not', () => {
    // gemini-2.5-flash: text 0.3, cached 0.03, audio 1, cached audio 0.1 USD per million
    const usage = { input: 1_000, audioInput: 100, cacheRead: 50, output: 0 }
    expect(ask('gcp.gemini', 'gemini-2.5-flash', usage)).toBeUndefined()
    const explicit = ask('gcp.gemini', 'gemini-2.5-flash', { ...usage, audioCacheRead: 20 })
    expect(explicit?.input).toBeCloseTo((870 * 0.3 + 30 * 0.03 + 80 * 1 + 20 * 0.1) / 1e6, 12)
  })

  it('has a fee for each search', () => {
    const usage = { input: 1_000, output: 10 }
    const without = ask('anthropic', 'claude-sonnet-4-5', usage)!
    const price = ask('anthropic', 'claude-sonnet-4-5', { ...usage, webSearches: 3 })!
    expect(price.total).toBeCloseTo(without.total + 0.03, 12)
    expect(price).toMatchObject({ input: without.input, output: without.output })
    expect(ask('anthropic', 'claude-3-opus-20240229', { ...usage, webSearches: 1 })).toBeUndefined()
  })

  it('comes with the name of its table and the installed version', () => {
    const { version } = JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8'))
    expect(GENAI_PRICES).toBe(`genai-prices@${version}`)
    expect(ask('openai', 'gpt-4o-mini', { input: 1, output: 1 })).toMatchObject({
      table: GENAI_PRICES,
      currency: 'USD',
    })
  })
})

describe('the model whose price counts', () => {
  it('is the one that answered, else the one of the request', () => {
    const usage = { input: 1_000, output: 10 }
    const mini = ask('openai', 'gpt-4o-mini', usage)
    expect(genaiPrices.price({ provider: 'openai', models: ['gpt-4o-mini', 'gpt-4o'], usage, at })).toEqual(mini)
    expect(
      genaiPrices.price({ provider: 'openai', models: ['gpt-4o-mini-2099-01-01', 'gpt-4o-mini'], usage, at }),
    ).toEqual(mini)
  })

  it('is none where the table does not know it', () => {
    expect(ask('openai', 'unheard-of', { input: 1, output: 1 })).toBeUndefined()
  })
})

describe('the price of a service tier', () => {
  const usage = { input: 1_000, cacheRead: 400, output: 100 }
  const full = ask('openai', 'gpt-5', usage)!

  it.each(['default', 'auto', 'standard', 'on_demand'])('is the standard price for %s', serviceTier => {
    expect(ask('openai', 'gpt-5', usage, { serviceTier })).toEqual(full)
  })

  it.each(['flex', 'batch'])('is half of the standard price for %s', serviceTier => {
    const price = ask('openai', 'gpt-5', usage, { serviceTier })!
    expect(price.total).toBeCloseTo(full.total / 2, 12)
    expect(price.input + price.output).toBeCloseTo(price.total, 12)
  })

  it("is Groq's standard price for Groq's flex", () => {
    const model = 'llama-3.3-70b-versatile'
    expect(ask('groq', model, usage, { serviceTier: 'flex' })).toEqual(ask('groq', model, usage))
  })

  it("is 1.1 times the standard price for Claude's inference in the US alone, and none for its fast mode", () => {
    const model = 'claude-opus-4-6'
    const standard = ask('anthropic', model, usage)!
    expect(ask('anthropic', model, usage, { serviceTier: 'inference_geo:us' })!.total).toBeCloseTo(
      standard.total * 1.1,
      12,
    )
    expect(ask('anthropic', model, usage, { serviceTier: 'fast' })).toBeUndefined()
  })

  it.each(['priority', 'scale', 'brand-new'])('is unknown, rather than wrong, for %s', serviceTier => {
    expect(ask('openai', 'gpt-5', usage, { serviceTier })).toBeUndefined()
  })
})

describe('usage that contradicts itself', () => {
  it.each<[string, PricedCall['usage']]>([
    ['cached more than read', { input: 10, cacheRead: 20, output: 1 }],
    ['no number', { input: Number.NaN, output: 1 }],
    ['negative', { input: -1, output: 1 }],
    ['cached without a total', { cacheRead: 5, output: 1 }],
  ])('has no price and no error: %s', (_, usage) => {
    expect(ask('anthropic', 'claude-sonnet-4-5', usage)).toBeUndefined()
  })

  it('writes nothing to the console', () => {
    const warn = vi.spyOn(console, 'warn')
    ask('gcp.gemini', 'gemini-2.5-flash', {
      input: 9,
      output: 9,
      reasoning: 1,
      audioInput: 1,
      imageInput: 1,
      imageOutput: 1,
    })
    expect(warn).not.toHaveBeenCalled()
  })
})
