import { describe, expect, it } from 'vitest'
import { canFire, promDuration, tiersOf, windowSeconds } from '../../src/monitoring/slo/windows'

/** Printed by sloth 0.16 for each period: by its own tables for 30 and 28 days, and by its examples/windows/7d.yaml. */
const slothFactors = {
  '30d': [14.4, 6, 3, 1],
  '28d': [13.44, 5.6, 2.8, 0.9333333333],
  '7d': [13.44, 3.5, 1.4, 0.98],
} as const

describe('windows', () => {
  it.each(Object.entries(slothFactors))('the factors of %s are those of Sloth', (period, factors) => {
    const tiers = tiersOf({ objective: 99.9, period: period as keyof typeof slothFactors })
    for (const [at, factor] of factors.entries()) {
      expect(tiers[at]?.factor).toBeCloseTo(factor, 9)
      expect(tiers[at]?.threshold).toBeCloseTo(factor * 0.001, 12)
    }
  })

  it('a threshold above all events can never fire, as at 80 % over 7 days', () => {
    const tiers = tiersOf({ objective: 80, period: '7d' })
    expect(tiers.filter(tier => !canFire(tier)).map(({ name, threshold }) => [name, threshold])).toEqual([
      ['fast_burn', 2.688],
    ])
  })

  it('durations are written as Prometheus writes them, so that records have the names of Sloth', () => {
    expect(windowSeconds.map(promDuration)).toEqual(['5m', '30m', '1h', '2h', '6h', '1d', '3d'])
    expect([7, 28, 30].map(days => promDuration(days * 86_400))).toEqual(['1w', '4w', '30d'])
  })
})
