// The prices that budgets and advice rest on, compared with those of LiteLLM: two tables that different people keep. LiteLLM's is read as data.
import { readFileSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { genaiSource } from '../../../src/app/llm/report/cost/genai-prices'
import { parseOverrides } from '../../../src/app/llm/report/cost/own-prices'
import { tableOf } from '../../../src/app/llm/report/cost/price-table'
import type { Usage } from '../../../src/app/llm/usage'
import { findLitellmPrices } from '../../support/binaries.mjs'

const genaiPrices = tableOf([genaiSource])

const found = findLitellmPrices()
if ('missing' in found) writeSync(1, `skipped: prices of LiteLLM: ${found.missing}\n`)

interface Entry {
  readonly litellm_provider?: string
  readonly mode?: string
  readonly cache_read_input_token_cost?: number
  readonly input_cost_per_token_batches?: number
}

const at = new Date('2026-11-27T00:00:00Z')

describe.skipIf('missing' in found)("LiteLLM's table", () => {
  const text = 'file' in found ? readFileSync(found.file, 'utf8') : '{}'
  const table = tableOf([parseOverrides(text, 'litellm').source])
  const entries = Object.entries(JSON.parse(text) as Record<string, Entry>)

  /** Of the models that both know, how many there are and which differ. */
  function compare(
    provider: string,
    theirs: string,
    question: { usage: Usage; tier?: string; has: (entry: Entry) => boolean },
  ) {
    let both = 0
    const different: string[] = []
    for (const [name, entry] of entries) {
      if (entry.litellm_provider !== theirs || entry.mode !== 'chat' || !question.has(entry)) continue
      const model = name.replace(/^(?:gemini|anthropic|openai)\//, '')
      const call = { provider, models: [model], usage: question.usage, at, serviceTier: question.tier }
      const [one, other] = [genaiPrices.price(call), table.price(call)]
      if ('cause' in one || 'cause' in other) continue
      both++
      if (Math.abs(one.total - other.total) > 1e-9 * other.total) different.push(model)
    }
    return { both, different }
  }

  const plain = { usage: { input: 1_000, output: 500 }, has: () => true }
  const cached = {
    usage: { input: 1_000, output: 0, cacheRead: 1_000 },
    has: (entry: Entry) => entry.cache_read_input_token_cost !== undefined,
  }
  const batch = {
    usage: { input: 1_000, output: 500 },
    tier: 'batch',
    has: (entry: Entry) => entry.input_cost_per_token_batches !== undefined,
  }

  it.each([
    ['openai', 'openai', 75],
    ['anthropic', 'anthropic', 17],
    ['gcp.gemini', 'gemini', 14],
  ])('has the same prices of input and output for every model of %s', (provider, theirs, least) => {
    const { both, different } = compare(provider, theirs, plain)
    expect(different).toEqual([])
    expect(both).toBeGreaterThanOrEqual(least)
  })

  it.each([
    // of models that no one caches, genai-prices has no price of it
    [
      'openai',
      'openai',
      50,
      [
        'ft:gpt-4o-2024-08-06',
        'ft:gpt-4o-mini-2024-07-18',
        'gpt-4o-search-preview',
        'gpt-4o-search-preview-2025-03-11',
      ],
    ],
    ['anthropic', 'anthropic', 17, []],
    ['gcp.gemini', 'gemini', 12, ['gemini-2.5-pro-preview-tts']],
  ])(
    'has the same prices of what is cached for every model of %s but those that are named here',
    (provider, theirs, least, known) => {
      const { both, different } = compare(provider, theirs, cached)
      expect(different.toSorted()).toEqual(known)
      expect(both).toBeGreaterThanOrEqual(least)
    },
  )

  it.each([
    ['openai', 'openai', 50, ['ft:gpt-4o-2024-08-06', 'gpt-3.5-turbo-1106']],
    ['anthropic', 'anthropic', 17, []],
    ['gcp.gemini', 'gemini', 12, []],
  ])(
    'has half of the price for batches, for every model of %s but those that are named here',
    (provider, theirs, least, known) => {
      const { both, different } = compare(provider, theirs, batch)
      expect(different.toSorted()).toEqual(known)
      expect(both).toBeGreaterThanOrEqual(least)
    },
  )
})
