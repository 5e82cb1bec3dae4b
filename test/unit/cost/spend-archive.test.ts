// Days that a source has forgotten, and that were read before.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../../../src/operations/alert-receiver/database'
import { type Budget, defaultCosts } from '../../../src/operations/cost/config'
import type { SpendSource } from '../../../src/operations/cost/spend'
import { keeping } from '../../../src/operations/cost/spend-archive'
import { standingOf } from '../../../src/operations/cost/standing'

const DAY = 86_400_000
const first = Date.parse('2026-11-01T00:00:00Z')

let folder: string
let database: Database
/** Dollars a day, which may come late. */
let perDay: number

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-kept-'))
  database = await openDatabase({ url: path.join(folder, 'cost.db') })
  perDay = 1
})
afterEach(() => {
  vi.useRealTimers()
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Keeps seven days, and has nothing of what is older. */
const week: SpendSource = {
  name: 'traces',
  dimensions: new Set(['user']),
  spend: async (spans, by, scope = {}) =>
    spans.map(({ start, end }) => {
      const from = Math.max(start, Date.now() - 7 * DAY, first)
      const usd = (perDay * Math.max(0, Math.min(end, Date.now()) - from)) / DAY
      return [
        {
          labels: { user: scope.user?.[0], model: by.includes('model') ? 'a' : undefined },
          usd,
          calls: 1,
          unpriced: 0,
        },
      ] as never
    }),
  tokens: () => Promise.reject(new Error('nobody asks')),
  knownSince: async now => now - 7 * DAY,
}

const budget: Budget = {
  name: 'ann',
  period: 'month',
  amount: 100,
  scope: { user: ['ann'] },
  thresholds: [50],
  forecast: false,
}
const at = async (days: number, source: SpendSource) => {
  vi.setSystemTime(first + days * DAY)
  return standingOf(budget, defaultCosts, source, Date.now())
}

it('a budget of a month is whole though traces are kept for a week, if each day was looked at once', async () => {
  vi.useFakeTimers({ now: first, toFake: ['Date'] })
  for (let day = 0.5; day < 20; day++) await at(day, await keeping(week, database))
  const standing = await at(20.25, await keeping(week, database))
  expect(standing.spent).toBeCloseTo(20.25, 9)
  expect(standing.unknownBefore).toBeUndefined()
  // the source alone knows seven days
  expect((await at(20.25, week)).spent).toBeCloseTo(7, 9)
})

it('a day that costs more when it is read again is written down again', async () => {
  vi.useFakeTimers({ now: first, toFake: ['Date'] })
  const source = await keeping(week, database)
  await at(3, source)
  perDay = 2
  await at(4, source)
  expect((await at(10, source)).spent).toBeCloseTo(20, 9)
})

it('what was spent before a gap is not counted, and said to be unknown', async () => {
  vi.useFakeTimers({ now: first, toFake: ['Date'] })
  const source = await keeping(week, database)
  for (const day of [1, 2, 3]) await at(day, source)
  // nobody looked for ten days
  const standing = await at(14, source)
  expect(standing.unknownBefore).toBe(first + 7 * DAY)
  expect(standing.spent).toBeCloseTo(7, 9)
})

it.each([
  ['UTC', '2026-11-10T00:00:00Z'],
  ['Asia/Tokyo', '2026-11-10T15:00:00Z'],
  // a day of 25 hours
  ['America/New_York', '2026-11-01T04:00:00Z'],
])('a round a minute over days of %s leaves a row a day and question', async (timeZone, start) => {
  const began = Date.parse(start)
  vi.useFakeTimers({ now: began, toFake: ['Date'] })
  const whole: SpendSource = { ...week, knownSince: async () => began }
  const source = await keeping(whole, database)
  const account = { ...defaultCosts, timeZone }
  for (let minute = 1; minute <= 3 * 1440 + 120; minute += 7) {
    vi.setSystemTime(began + minute * 60_000)
    await standingOf({ ...budget, period: 'week' }, account, source, Date.now())
  }
  const rows = await database.read('SELECT began, ended FROM cost_days ORDER BY began')
  expect(rows.length).toBeLessThanOrEqual(3)
  expect(new Set(rows.map(({ ended }) => (Number(ended) - began) % 3_600_000))).toEqual(new Set([0]))
})

it('days of more than 400 days ago are removed by a watch that runs on', async () => {
  vi.useFakeTimers({ now: first, toFake: ['Date'] })
  const source = await keeping(week, database)
  for (const day of [2, 4, 6]) await at(day, source)
  expect((await database.read('SELECT began FROM cost_days')).length).toBeGreaterThan(2)
  await at(430, source)
  const [oldest] = await database.read('SELECT min(ended) AS ended FROM cost_days')
  expect(Number(oldest?.ended)).toBeGreaterThan(first + 30 * DAY)
})
