import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseOverrides } from '../../../../src/llm/cost/overrides'
import { loadPrices } from '../../../../src/llm/cost/prices'

const at = new Date('2026-09-01T12:00:00Z')
const rates = { input: 2, output: 10, cache_read: 1, cache_write: 3, cache_write_1h: 5, reasoning: 20 }
const million = 1_000_000

function priceOf(entries: object, call: object = {}) {
  const { table } = parseOverrides(JSON.stringify(entries), 'mine.json')
  return table.price({ provider: 'openai', models: ['m'], usage: { input: million, output: million }, at, ...call })
}

describe('an override', () => {
  it('is in USD per million tokens, by provider and model, whatever their case', () => {
    const price = { total: 12, input: 2, output: 10, currency: 'USD', table: 'mine.json' }
    expect(priceOf({ 'OpenAI/M': { input: 2, output: 10 } })).toEqual(price)
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { models: ['other', 'm'] })).toEqual(price)
    expect(priceOf({ 'openai/a/b': { input: 2, output: 10 } }, { models: ['a/b'] })).toEqual(price)
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { provider: 'groq' })).toBeUndefined()
  })

  it('prices each token once', () => {
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
    expect(priceOf({ 'openai/m': { input: 2, output: 10 } }, { usage })).toMatchObject({ input: 20, output: 30 })
  })

  it('may be free, which is a price', () => {
    expect(priceOf({ 'openai/m': { input: 0, output: 0 } })).toMatchObject({ total: 0 })
  })

  it('may say what a service tier costs that has no known factor', () => {
    expect(priceOf({ 'openai/m': rates }, { serviceTier: 'priority' })).toBeUndefined()
    const priority = { 'openai/m': { ...rates, service_tiers: { priority: 1.75 } } }
    expect(priceOf(priority, { serviceTier: 'priority' })?.total).toBeCloseTo(21, 9)
    expect(priceOf(priority, { serviceTier: 'flex' })?.total).toBeCloseTo(6, 9)
    expect(priceOf(priority)?.total).toBe(12)
  })
})

describe('a wrong entry', () => {
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
      '"openai/m" has an unknown field "cached"; allowed are input, output, cache_read, cache_write, cache_write_1h, reasoning, service_tiers',
    ],
    ['openai/m', { ...rates, service_tiers: { flex: 'half' } }, '"openai/m" has "service_tiers" that are no factors'],
  ])('%s %j is left out and named', (key, entry, problem) => {
    const { table, problems } = parseOverrides(JSON.stringify({ [key]: entry, 'openai/good': rates }), 'mine.json')
    expect(problems).toEqual([problem])
    const usage = { input: 1, output: 1 }
    expect(table.price({ provider: 'openai', models: ['m'], usage, at })).toBeUndefined()
    expect(table.price({ provider: 'openai', models: ['good'], usage, at })).toBeDefined()
  })
})

describe('loadPrices', () => {
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
      table.price({ provider: 'openai', models: [model], usage: { input: million, output: 0 }, at })
    return { table, problems, ask }
  }

  it('asks the file first and the built-in table next', () => {
    const { table, ask, problems } = load('{ "openai/gpt-4o-mini": { "input": 99, "output": 99 } }')
    expect(problems).toEqual([])
    expect(ask('gpt-4o-mini')).toMatchObject({ total: 99, table: 'prices.json' })
    expect(ask('gpt-4o')).toMatchObject({ total: 2.5, table: 'genai-prices@0.1.8' })
    expect(table.name).toBe('prices.json, genai-prices@0.1.8')
  })

  it('tells all wrong entries in one message', () => {
    const { problems } = load('{ "a": {}, "b/c": {} }')
    expect(problems).toEqual([expect.stringMatching(/prices\.json: left out: "a" is not .*; "b\/c" has no "input"$/)])
  })

  it.each([undefined, '{', '[]'])('goes on with the built-in table when the file is %j', content => {
    const { table, problems, ask } = load(content)
    expect(problems).toEqual([expect.stringMatching(/\.json: .*; only built-in prices are used$/)])
    expect(table.name).toBe('genai-prices@0.1.8')
    expect(ask('gpt-4o')).toBeDefined()
  })
})
