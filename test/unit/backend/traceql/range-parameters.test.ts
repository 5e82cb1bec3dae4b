// What the parameters of Tempo's metrics API mean.
import { describe, expect, it } from 'vitest'
import { readInstantQuestion, readRangeQuestion } from '../../../../src/backend/traceql/metrics/range-parameters'

const nowMs = 1_700_000_000_500
const second = 1_000_000_000n
const now = 1_700_000_000n * second + 500_000_000n
const at = (seconds: bigint) => 1_700_000_000n * second + seconds * second
const read = (parameters: Record<string, string>) => readRangeQuestion(name => parameters[name], nowMs)

describe('the times of a range query', () => {
  it.each([
    ['1699999000', at(-1_000n)],
    ['1699999000123456789', at(-1_000n) + 123_456_789n],
    ['1699999000.25', at(-1_000n) + 250_000_000n],
    ['2023-11-14T21:56:40Z', at(-1_000n)],
    ['2023-11-14T22:56:40.000000001+01:00', at(-1_000n) + 1n],
  ])('%s', (start, expected) => {
    expect(read({ start, end: '1700000000' })).toMatchObject({ start: expected, end: at(0n) })
  })

  it('are the last hour, or those of `since`, unless the parameters name them', () => {
    expect(read({})).toMatchObject({ start: now - 3_600n * second, end: now })
    expect(read({ end: '1699999000', since: '5m' })).toMatchObject({ start: at(-1_300n), end: at(-1_000n) })
    expect(read({ start: '1699999000', end: '1700009000' })).toMatchObject({ start: at(-1_000n), end: now })
  })

  it('of an instant query end at a whole second that is not in the future', () => {
    const parameters: Record<string, string> = { start: '1699999000', end: '1700000009' }
    expect(readInstantQuestion(name => parameters[name], nowMs)).toEqual({ start: at(-1_000n), end: at(0n) })
  })
})

describe('the step of a range query', () => {
  it.each([
    ['15s', 15n * second],
    ['15', 15n * second],
    ['0.5', 500_000_000n],
    ['1m30s', 90n * second],
    ['250ms', 250_000_000n],
    ['1.5m', 90n * second],
  ])('%s', (step, expected) => expect(read({ step, since: '10m' }).step).toBe(expected))

  it.each([
    ['10s', 50n * 1_000_000n],
    ['30s', 100n * 1_000_000n],
    ['1m', 1n * second],
    ['30m', 5n * second],
    ['1h', 15n * second],
    ['24h', 300n * second],
    ['30d', 10_800n * second],
  ])('has a default for %s', (since, expected) => expect(read({ since, end: '1700000000' }).step).toBe(expected))
})

it('a range query has a hundred exemplars unless the request wants fewer', () => {
  expect(
    [read({}), read({ exemplars: '0' }), read({ exemplars: '7' }), read({ exemplars: '9999' })].map(q => q.exemplars),
  ).toEqual([100, 100, 7, 100])
})

it.each([
  [{ start: 'yesterday' }, /^invalid start: "yesterday" is not a time; use seconds/],
  [{ end: '2023-11-14' }, /^invalid end: /],
  [{ since: 'long' }, /^invalid since: "long" is not a duration; use for example/],
  [{ step: 'long' }, /^invalid step: /],
  [{ step: '-5s' }, /must be positive/],
  [{ step: '0' }, /invalid step: 0;/],
  [{ step: '1ms' }, /1ms is too small for the time range; use at least 0.36s/],
  [{ start: '1700000000', end: '1699999000' }, /end must be greater than start/],
  [{ start: '1700000100', end: '1700000200' }, /in the future/],
  [{ since: '91d' }, /more than 90 days apart/],
])('a range query with %j is refused', (parameters, message) => {
  expect(() => read(parameters)).toThrow(message)
})
