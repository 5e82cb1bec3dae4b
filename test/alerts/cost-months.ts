// Three months of five services and forty models as a source of spend: what each costs each hour is known, and every process that reads
// this file knows the same.
import type { CostConfig, Dimension } from '../../src/operations/cost/config'
import { readCosts } from '../../src/operations/cost/config'
import { type Spend, type SpendSource, totalsBy } from '../../src/operations/cost/spend'
import { Random } from '../support/random'

export const zone = 'America/New_York'
const HOUR = 3_600_000
/** Midnight in New York, in summer time; the clocks are put back on 2 November. */
export const start = Date.parse('2025-09-01T04:00:00Z')
export const end = Date.parse('2025-12-01T05:00:00Z')

export const services = ['chat', 'search', 'mail', 'batch', 'voice']
const models = Array.from({ length: 40 }, (_, index) => `model-${index}`)

export interface Series {
  readonly service: string
  readonly model: string
  /** Dollars an hour. */
  readonly hours: Float64Array
}

/** Nights and weekends are quiet, and what is spent grows by a third over the time. */
export function months(): Series[] {
  const random = new Random(2025)
  const count = (end - start) / HOUR
  return services.flatMap(service =>
    models.map(model => {
      const dollars = 10 ** (random.next() * 3 - 3)
      const hours = Float64Array.from({ length: count }, (_, hour) => {
        const [ofDay, ofWeek] = [hour % 24, Math.floor(hour / 24) % 7]
        const quiet = (ofDay < 7 ? 0.2 : 1) * (ofWeek > 4 ? 0.5 : 1)
        return dollars * quiet * (1 + hour / count / 3) * (0.5 + random.next())
      })
      return { service, model, hours }
    }),
  )
}

/** Spans of it begin and end with an hour. */
export function sourceOf(all: readonly Series[]): SpendSource {
  // so that a span is one subtraction
  const sums = all.map(({ hours }) => {
    const sum = new Float64Array(hours.length + 1)
    for (const [hour, usd] of hours.entries()) sum[hour + 1] = sum[hour]! + usd
    return sum
  })
  const hourOf = (at: number) => Math.max(0, Math.min((end - start) / HOUR, (at - start) / HOUR))
  return {
    name: 'three months',
    dimensions: new Set<Dimension>(['service', 'provider', 'model']),
    spend: async (spans, by) =>
      spans.map(span => {
        const [from, to] = [hourOf(span.start), hourOf(span.end)]
        const spends = all.map(
          ({ service, model }, index): Spend => ({
            labels: { service, model, provider: 'openai' },
            usd: sums[index]![to]! - sums[index]![from]!,
            calls: to - from,
            unpriced: 0,
          }),
        )
        return totalsBy(spends, by)
      }),
    tokens: () => Promise.reject(new Error('nobody asks for tokens')),
    knownSince: async () => start,
  }
}

const rates = [
  { from: '2025-08-01', per_usd: 147 },
  { from: '2025-10-15', per_usd: 151.5 },
]

export const config: CostConfig = readCosts(
  JSON.stringify({
    budget_config: {
      time_zone: zone,
      currency: 'JPY',
      exchange_rates: rates,
      price_table_max_age: 3_650,
      budgets: [
        { name: 'all', period: 'month', amount: 1_500_000, thresholds: [10, 25, 50, 80, 95, 100, 120, 150, 200] },
        ...services.map((service, index) => ({
          name: service,
          period: 'month',
          amount: 250_000 + index * 100_000,
          scope: { service },
        })),
        { name: 'week', period: 'week', amount: 450_000, thresholds: [50, 90, 100, 110] },
        { name: 'some-models', period: 'week', amount: 32_000, scope: { model: ['model-1', 'model-2', 'model-3'] } },
        { name: 'chat-day', period: 'day', amount: 11_000, scope: { service: 'chat' }, thresholds: [60, 100, 140] },
      ],
    },
  }),
).config!

export const rateOn = (date: string): number => rates.findLast(({ from }) => from <= date)!.per_usd
