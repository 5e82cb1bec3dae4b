// Amounts in the currency of an account, and sums that lose nothing.
import { describe, expect, it } from 'vitest'
import { sumOf } from '../../../src/operations/cost/exact-sum'
import { money, rateOn } from '../../../src/operations/cost/money'

describe('a dollar', () => {
  const yen = {
    currency: 'JPY',
    rates: [
      { from: '2026-10-01', perUsd: 148.5 },
      { from: '2026-11-01', perUsd: 151.2 },
    ],
  }

  it('counts by the rate of the day on which it was spent', () => {
    expect(rateOn('2026-10-31', yen)).toBe(148.5)
    expect(rateOn('2026-11-01', yen)).toBe(151.2)
    expect(rateOn('2027-05-01', yen)).toBe(151.2)
    expect(rateOn('1970-01-01', { currency: 'USD', rates: [] })).toBe(1)
  })

  it('that was spent before the first rate is not guessed', () => {
    expect(() => rateOn('2026-09-30', yen)).toThrow(/JPY.*2026-09-30.*2026-10-01.*exchange_rates/)
  })
})

it.each([
  [1234.5, 'USD', '1,234.50 USD'],
  [1234.5, 'JPY', '1,235 JPY'],
  [1234.5, 'KWD', '1,234.500 KWD'],
  [0.00012345, 'USD', '0.000123 USD'],
  [0.5, 'USD', '0.5 USD'],
  [0, 'USD', '0.00 USD'],
  [-3.2, 'EUR', '-3.20 EUR'],
])('%d %s is written %s', (value, currency, words) => {
  expect(money(value, currency)).toBe(words)
})

it('a million small amounts next to a large one are not lost', () => {
  const values = [1e10, ...Array.from({ length: 1_000_000 }, () => 1e-7), -1e10]
  expect(values.reduce((sum, value) => sum + value, 0)).not.toBeCloseTo(0.1, 9)
  expect(sumOf(values)).toBeCloseTo(0.1, 9)
})
