import { describe, expect, it } from 'vitest'
import * as format from '../../../src/backend/explorer/data/format'

describe('durations', () => {
  it.each([
    [0n, '0'],
    [999n, '999 ns'],
    [1_500n, '1.5 µs'],
    [532_000n, '532 µs'],
    [1_250_000n, '1.25 ms'],
    [59_990_000_000n, '60 s'],
    [125_000_000_000n, '2 m 5 s'],
    [3_780_000_000_000n, '1 h 3 m'],
    [180_000_000_000_000n, '2 d 2 h'],
  ])('%s ns is %s', (ns, text) => expect(format.duration(ns)).toBe(text))
})

describe('money', () => {
  it.each([
    [0, '$0'],
    [0.0000123, '$0.0000123'],
    [0.00123456, '$0.00123'],
    [0.5, '$0.5'],
    [3.21e-10, '$0.000000000321'],
    [3e-15, '$3.00e-15'],
    [12.3456, '$12.35'],
    [1234567.8, '$1,234,567.80'],
  ])('%s is %s', (value, text) => expect(format.usd(value)).toBe(text))
})

describe('counts and sizes', () => {
  it('are whole below ten thousand and rounded above', () => {
    expect([0, 9_999, 12_345, 1_000_000, 4_560_000_000].map(format.count)).toEqual([
      '0',
      '9,999',
      '12.3k',
      '1M',
      '4.56G',
    ])
    expect([0.016666, 2.5].map(format.count)).toEqual(['0.0167', '2.5'])
    expect([999, 1_048_576].map(format.bytes)).toEqual(['999 B', '1.05 MB'])
    expect(format.percent(1, 3)).toBe('33.3 %')
    expect(format.percent(1, 0)).toBe('–')
  })
})

describe('times', () => {
  it('keep their nanoseconds in UTC', () => {
    expect(format.utcTime(1_795_574_000_123_456_789n)).toBe('2026-11-25T02:33:20.123456789Z')
    expect(format.utcTime(-1n)).not.toBe('')
    expect(format.utcTime(10n ** 30n)).toContain('ns')
  })

  it('below a chart leave open of which day they are', () => {
    const hour = (day: number, of: number, minutes = 0) => new Date(2026, 10, day, of, minutes).getTime() / 1000
    const ticks = [hour(23, 13, 30), hour(23, 20), hour(24, 0), hour(24, 6), hour(25, 6)]
    const texts = ticks.map((tick, at) => format.tickTime(tick, 3_600, 'en', ticks[at - 1]))
    expect(texts).toEqual(['23 Nov 13:30', '20:00', '24 Nov', '06:00', '25 Nov 06:00'])
    expect(format.tickTime(hour(24, 0), 86_400, 'en', hour(23, 0))).toBe('24 Nov')
  })

  it('are written relative to now in both languages', () => {
    const now = 1_795_574_000_000
    expect(format.relative(now / 1000 - 180, 'en', now)).toBe('3 minutes ago')
    // kept for 90 days, looked at a minute later
    expect(format.relative(now / 1000 + 90 * 86_400 - 60, 'en', now)).toBe('in 90 days')
    expect(format.relative(now / 1000 + 2 * 86_400, 'ja', now)).toBe('2 日後')
  })
})
