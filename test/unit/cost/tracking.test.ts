// When the cost of calls is not known any more.
import { describe, expect, it } from 'vitest'
import { GENAI_PRICES } from '../../../src/app/llm/report/cost/genai-prices'
import { brokenTracking, PRICE_TABLE } from '../../../src/operations/cost/tracking'

const published = Date.parse(PRICE_TABLE.published)
const soon = published + 10 * 86_400_000
const of = (service: string, calls: number, unpriced: number) => ({ labels: { service }, usd: 1, calls, unpriced })

describe('cost tracking is broken', () => {
  it('where a twentieth of the calls of a service or more has no price, and nowhere else', () => {
    const services = [of('good', 950, 50), of('bad', 940, 60), of('blind', 0, 10), of('rare', 0, 9), of('idle', 0, 0)]
    const broken = brokenTracking(services, soon, 90)
    expect(broken.map(({ service }) => service)).toEqual(['bad', 'blind'])
    expect(broken[0]!.why.en).toBe('60 of 1000 LLM calls in the last day have no price; at least 95 % need one')
  })

  it('where the price table is older than it may be', () => {
    expect(brokenTracking([], published + 90 * 86_400_000, 90)).toEqual([])
    const [old] = brokenTracking([], published + 91 * 86_400_000, 90)
    expect(old).toMatchObject({
      service: undefined,
      table: PRICE_TABLE.name,
      why: { en: expect.stringContaining('91 days old, older than 90') },
    })
  })
})

it('the day of the price table is that of the table that prices calls', () => {
  expect(PRICE_TABLE.name).toBe(GENAI_PRICES)
})
