// Where the words of a search stand: the oracle is what the traces of the shop say.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../../src/backend/api/answers'
import { snippetOf } from '../../../../src/backend/api/found-words'
import { readSearch } from '../../../../src/backend/explorer/traceql/search-text'
import { tracesRequest } from '../../../browser/explorer/data'
import { shop } from '../../../browser/explorer/shop'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000

describe('the words of a search', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi([tracesRequest(shop(BigInt(now) * 1_000_000n))], now)
  })
  afterAll(() => api.store.close())

  const found = async (typed: string, words: readonly string[]) => {
    const { query } = readSearch(typed) as { query: string }
    const params = {
      q: query,
      start: now / 1_000 - 3_600,
      end: now / 1_000,
      afn: 'true',
      limit: 100,
      words: words.join('\n'),
    }
    const pairs = Object.entries(params).map(([key, value]) => [key, String(value)])
    const { traces = [] }: SearchAnswer = await api.json(`/api/search?${new URLSearchParams(pairs)}`)
    return traces.map(({ afn }) => afn?.found)
  }

  it('are found without a word of where they stand', async () => {
    const ofJacket = await found('JACKET', ['JACKET'])
    expect(ofJacket.length).toBeGreaterThan(5)
    for (const places of ofJacket)
      expect(places).toEqual([{ place: 'span.gen_ai.input.messages', text: '…back the blue jacket?' }])
    for (const places of await found('limit chat', ['rate limit', 'chat'])) {
      const [first, second] = places ?? []
      expect(first?.place).toMatch(/^(statusMessage|event\.exception\.message)$/)
      expect(second).toBeDefined()
    }
    expect((await found('注文した', ['注文した']))[0]).toEqual([
      { place: 'span.gen_ai.input.messages', text: '注文した商品はいつ届きますか？ [NAME:0123456789abcdef] です。' },
    ])
  })

  it('are not said where nobody asks for them', async () => {
    expect(await found('jacket', [])).not.toContainEqual(expect.anything())
  })

  it.each([
    [
      '[{"role":"user","parts":[{"type":"text","content":"first line\\nsay \\"refund\\" now"}]}]',
      'first line say "refund" now',
    ],
    ['no JSON, though cut: a refund', '…though cut: a refund'],
    ['a text that goes on for more than there is room for, of a refund', '…room for, of a refund'],
  ])('stand in JSON that nobody can read: %s', (text, snippet) => {
    expect(snippetOf(text, 'Refund', true)).toBe(snippet)
  })
})
