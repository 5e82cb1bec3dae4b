import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it, vi } from 'vitest'
import { genaiSource } from '../../../../../src/app/llm/report/cost/genai-prices'
import type { PricedCall, PriceTable } from '../../../../../src/app/llm/report/cost/price-table'
import { tableOf } from '../../../../../src/app/llm/report/cost/price-table'
import { createPricer } from '../../../../../src/app/llm/report/cost/pricer'
import { unknownModel } from '../../../../../src/app/llm/report/cost/unknown-model'
import { llmSpan } from '../../llm-span'

const genaiPrices = tableOf([genaiSource])

const at = new Date('2026-09-01T12:00:01Z')
const call = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 1_000,
  'gen_ai.usage.output_tokens': 100,
  'afn.llm.usage.source': 'provider',
}

async function pricer(table: PriceTable = genaiPrices) {
  const pricer = createPricer({ load: () => table, onFailure: () => {} })
  pricer.load()
  return pricer
}

/** What pricing adds. */
async function added(attributes: Record<string, unknown>, table?: PriceTable) {
  const span = llmSpan({ attributes: attributes as Attributes })
  ;(await pricer(table)).price(span)
  return Object.fromEntries(
    Object.entries(span.attributes).filter(([key, value]) => !Object.is(attributes[key], value)),
  )
}

describe('the stage that prices spans', () => {
  it('writes the cost with its provenance', async () => {
    expect(await added(call)).toEqual({
      'afn.llm.cost.total': expect.closeTo(0.00021, 12),
      'afn.llm.cost.input': expect.closeTo(0.00015, 12),
      'afn.llm.cost.output': expect.closeTo(0.00006, 12),
      'afn.llm.cost.currency': 'USD',
      'afn.llm.cost.source': 'local',
      'afn.llm.cost.price_table': 'genai-prices@0.1.8',
    })
  })

  it.each(['chat', 'generate_content', 'text_completion', 'embeddings'])('writes a cost for %s', async operation => {
    expect(await added({ ...call, 'gen_ai.operation.name': operation })).toHaveProperty(['afn.llm.cost.total'])
  })

  it.each<[string, Record<string, unknown>]>([
    ['an agent, which repeats the usage of its calls', { 'gen_ai.operation.name': 'invoke_agent' }],
    ['a span that is no LLM call', { 'gen_ai.operation.name': undefined }],
    ['a call without usage', { 'gen_ai.usage.input_tokens': undefined, 'gen_ai.usage.output_tokens': undefined }],
    ['counts that are no measurement', { 'afn.llm.usage.source': 'missing' }],
    ['a cost from the provider', { 'afn.llm.cost.total': 0.5, 'afn.llm.cost.source': 'provider' }],
  ])('writes nothing for %s', async (_, attributes) => {
    expect(await added({ ...call, ...attributes })).toEqual({})
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['model', 'a model that nobody knows', { 'gen_ai.request.model': 'unheard-of' }],
    ['usage', 'more cached than there is', { 'gen_ai.usage.cache_read.input_tokens': 1_001 }],
    ['usage', 'more reasoning than output', { 'gen_ai.usage.reasoning.output_tokens': 101 }],
    ['service_tier', 'a tier without a known price', { 'openai.response.service_tier': 'priority' }],
    ['model', 'no model', { 'gen_ai.request.model': undefined }],
    ['model', 'no provider', { 'gen_ai.provider.name': undefined }],
    ['usage', 'counts that are no numbers', { 'gen_ai.usage.input_tokens': '1000' }],
    ['usage', 'NaN', { 'gen_ai.usage.input_tokens': Number.NaN }],
    ['usage', 'a negative count', { 'gen_ai.usage.output_tokens': -1 }],
  ])('writes that %s is why there is no cost of %s', async (cause, _, attributes) => {
    expect(await added({ ...call, ...attributes })).toEqual({ 'afn.llm.unpriced.cause': cause })
  })

  it('writes the part that is known when a cut stream has its input only', async () => {
    const cost = await added({ ...call, 'gen_ai.usage.output_tokens': undefined })
    expect(cost['afn.llm.cost.total']).toBe(cost['afn.llm.cost.input'])
    expect(cost).not.toHaveProperty(['afn.llm.cost.output'])
  })

  it('takes an empty service tier for none', async () => {
    const empty = { 'openai.request.service_tier': '', 'openai.response.service_tier': '' }
    expect(await added({ ...call, ...empty })).toEqual(await added(call))
  })

  it('looks up the model that answered before the one of the request, and the tier that served', async () => {
    const lookups: PricedCall[] = []
    const table: PriceTable = {
      name: 't',
      price(call) {
        lookups.push(call)
        return unknownModel
      },
    }
    const tiers = { 'openai.request.service_tier': 'flex', 'openai.response.service_tier': 'default' }
    await added({ ...call, 'gen_ai.response.model': 'gpt-4o-mini-2024-07-18', ...tiers }, table)
    expect(lookups).toMatchObject([{ models: ['gpt-4o-mini-2024-07-18', 'gpt-4o-mini'], at, serviceTier: 'default' }])
  })
})

describe('the first look at a span, before prices are loaded,', () => {
  it('says which spans a price table could still price', async () => {
    const { needs, price } = await pricer()
    const of = (attributes: Attributes) => llmSpan({ attributes })
    expect(needs(of(call).call)).toBe(true)
    expect(needs(of({ 'http.request.method': 'GET' }).call)).toBe(false)
    expect(needs(of({ ...call, 'afn.llm.usage.source': 'missing' }).call)).toBe(false)
    const priced = of(call)
    price(priced)
    expect(needs(priced.call)).toBe(false)
    const unknown = of({ ...call, 'gen_ai.request.model': 'unheard-of' })
    price(unknown)
    expect(needs(unknown.call)).toBe(true)
  })
})

describe('the chunk of prices', () => {
  it('is loaded at the first LLM call, and once', async () => {
    const load = vi.fn(() => genaiPrices)
    const pricer = createPricer({ load, onFailure: () => {} })
    const early = llmSpan({ attributes: call })
    pricer.price(early)
    expect([load.mock.calls.length, pricer.ready, pricer.table, early.attributes]).toEqual([0, false, undefined, call])
    pricer.load()
    pricer.load()
    expect([load.mock.calls.length, pricer.ready, pricer.table]).toEqual([1, true, genaiPrices.name])
  })

  it("is a diagnostic where it can't be loaded, and spans are exported unpriced", () => {
    const load = () => {
      throw new Error('gone')
    }
    const onFailure = vi.fn()
    const pricer = createPricer({ load, onFailure })
    pricer.load()
    pricer.load()
    const span = llmSpan({ attributes: call })
    pricer.price(span)
    expect([pricer.ready, pricer.table, span.attributes]).toEqual([true, undefined, call])
    expect(onFailure.mock.calls).toEqual([[new Error('gone')]])
  })
})
