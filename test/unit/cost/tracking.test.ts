// When the cost of calls is not known any more.
import { describe, expect, it } from 'vitest'
import { brokenTracking, PRICE_TABLE } from '../../../src/cost/tracking'
import { GENAI_PRICES } from '../../../src/llm/report/cost/genai-prices'

const published = Date.parse(PRICE_TABLE.published)
const soon = published + 10 * 86_400_000
const of = (service: string, calls: number, unpriced: number) => ({ labels: { service }, usd: 1, calls, unpriced })

describe('cost tracking is broken', () => {
  it('where a twentieth of the calls of a service or more has no price, and nowhere else', () => {
    const broken = brokenTracking([of('good', 95, 5), of('bad', 94, 6), of('blind', 0, 1), of('idle', 0, 0)], soon, 90)
    expect(broken.map(({ service }) => service)).toEqual(['bad', 'blind'])
    expect(broken[0]!.why).toBe('6 of 100 LLM calls of the last day have no price; at least 95 % need one')
  })

  it('where the price table is older than it may be', () => {
    expect(brokenTracking([], published + 90 * 86_400_000, 90)).toEqual([])
    const [old] = brokenTracking([], published + 91 * 86_400_000, 90)
    expect(old).toMatchObject({ service: undefined, why: expect.stringContaining('91 days old, and may be 90') })
  })
})

it('the day of the price table is that of the table that prices calls', () => {
  expect(PRICE_TABLE.name).toBe(GENAI_PRICES)
})
