// A round over budgets: what it raises, what it sends, and what becomes of an Alertmanager or a source that is away.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alertmanagerAt } from '../../../src/monitoring/alerts/api'
import { type Database, openDatabase } from '../../../src/operations/alert-receiver/database'
import type { Budget, CostConfig } from '../../../src/operations/cost/config'
import { defaultCosts } from '../../../src/operations/cost/config'
import { RaisedAlerts } from '../../../src/operations/cost/raised'
import type { Spend, SpendSource } from '../../../src/operations/cost/spend'
import { round } from '../../../src/operations/cost/watch'
import { listen } from '../../support/ports'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const midnight = Date.parse('2026-11-10T00:00:00Z')

/** Dollars an hour from the start of the month on; nothing before. */
const steady = (perHour: number, more: Partial<Spend> = {}): SpendSource => ({
  name: 'test',
  dimensions: new Set(['service', 'provider', 'model']),
  spend: async spans =>
    spans.map(({ start, end }) => {
      const from = Math.max(start, Date.parse('2026-11-01T00:00:00Z'))
      const hours = Math.max(0, end - from) / HOUR
      const labels = { service: 'chat', provider: 'openai', model: 'gpt-5' }
      return [{ labels, usd: perHour * hours, calls: hours * 10, unpriced: 0, ...more }]
    }),
  tokens: () => Promise.reject(new Error('nobody asks')),
  knownSince: async () => 0,
})

const budget = (more: Partial<Budget>): Budget => ({
  name: 'all',
  period: 'month',
  amount: 1_000,
  scope: {},
  thresholds: [50, 100],
  forecast: false,
  ...more,
})
const configOf = (...budgets: Budget[]): CostConfig => ({
  ...defaultCosts,
  priceTableMaxAge: 3_650,
  retirementNotice: [],
  budgets,
})

let folder: string
let database: Database
let raised: RaisedAlerts
let server: Server
let url: string
let posts: { labels: Record<string, string>; annotations: Record<string, string>; startsAt: string; endsAt: string }[][]
let status: number

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-cost-'))
  database = await openDatabase({ url: path.join(folder, 'cost.db') })
  raised = await RaisedAlerts.in(database)
  posts = []
  status = 200
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (status === 200) posts.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(status).end()
  })
  url = `http://127.0.0.1:${await listen(server)}`
})
afterEach(() => {
  vi.useRealTimers()
  database.close()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (config: CostConfig, source: SpendSource, now: number, sourceOf = async (_?: Budget) => source) =>
  round({ config, sourceOf, raised, alertmanagers: [alertmanagerAt(url)], said: { receiver: 'http://alerts.example/', language: 'en' } }, now) // biome-ignore format: one line

const names = () =>
  posts
    .flat()
    .map(({ labels }) => [labels.alertname, labels.budget, labels.period, labels.threshold].filter(Boolean).join(' '))

describe('a threshold', () => {
  it('is raised when it is reached, with labels by which Alertmanager sends it once', async () => {
    const config = configOf(budget({ scope: { service: ['chat'] } }))
    await run(config, steady(2), midnight)
    expect(posts).toEqual([])
    await run(config, steady(2), midnight + 2 * DAY)
    const [alert] = posts.at(-1)!
    expect(alert!.labels).toEqual({
      alertname: 'AfnBudgetThreshold',
      severity: 'low',
      service: 'chat',
      budget: 'all',
      period: '2026-11',
      threshold: '50',
      once: 'true',
    })
    expect(alert!.annotations).toMatchObject({
      summary: 'Budget all has reached 50 % of 1,000.00 USD for 2026-11: 528.00 USD (52.8 %) spent.',
      description: expect.stringContaining('It counts calls of service chat.'),
      runbook_url: 'http://alerts.example/runbooks/AfnBudgetThreshold',
      traces: 'afn-otel cost report --by service,model --from 2026-11-01',
    })
    expect(Date.parse(alert!.endsAt) - Date.parse(alert!.startsAt)).toBe(12 * HOUR)
  })

  it('of one environment or team says so, and one of several is of none', async () => {
    const of = (scope: Budget['scope']) => configOf(budget({ name: Object.values(scope).flat().join('-'), scope }))
    await run(of({ environment: ['staging'], team: ['pay'] }), steady(4), midnight + 2 * DAY)
    const [one] = posts.at(-1)!
    expect(one!.labels).toMatchObject({ budget: 'staging-pay', environment: 'staging', team: 'pay' })
    await run(of({ environment: ['staging', 'qa'], team: ['pay', 'shop'] }), steady(4), midnight + 2 * DAY)
    const other = posts.at(-1)!.find(({ labels }) => labels.budget === 'staging-qa-pay-shop')
    expect(other!.labels).not.toHaveProperty('environment')
    expect(other!.labels).not.toHaveProperty('team')
  })

  it('is sent the same way again and again while it lasts, and never after', async () => {
    vi.useFakeTimers({ now: midnight, toFake: ['Date'] })
    const config = configOf(budget({}))
    for (const hours of [0, 1, 11]) {
      vi.setSystemTime(midnight + hours * HOUR)
      await run(config, steady(4), midnight + hours * HOUR)
    }
    expect(new Set(posts.flat().map(alert => JSON.stringify(alert))).size).toBe(1)
    expect(posts).toHaveLength(3)
    vi.setSystemTime(midnight + 12 * HOUR)
    await run(config, steady(4), midnight + 12 * HOUR)
    expect(posts).toHaveLength(3)
  })

  it('that no Alertmanager could take while it lasted is sent when one comes back', async () => {
    vi.useFakeTimers({ now: midnight, toFake: ['Date'] })
    const config = configOf(budget({}))
    status = 503
    const { failures } = await run(config, steady(4), midnight)
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('503')])
    status = 200
    vi.setSystemTime(midnight + 2 * DAY)
    await run(config, steady(4), midnight + 10 * HOUR)
    const [alert] = posts.flat()
    expect(Date.parse(alert!.endsAt)).toBe(midnight + 2 * DAY + 12 * HOUR)
  })

  it('that is reached in the last hours of a period is raised though nobody looked before it was over', async () => {
    const config = configOf(budget({ thresholds: [50, 75] }))
    await run(config, steady(1), Date.parse('2026-11-30T00:00:00Z'))
    expect(names()).toEqual(['AfnBudgetThreshold all 2026-11 50'])
    posts = []
    // 720 hours at 1.05
    await run(config, steady(1.05), Date.parse('2026-12-02T00:00:00Z'))
    expect(names()).toEqual(['AfnBudgetThreshold all 2026-11 50', 'AfnBudgetThreshold all 2026-11 75'])
  })

  it('of a period that was over before there was the budget is nobody’s news', async () => {
    await run(configOf(budget({ amount: 100 })), steady(1), Date.parse('2026-12-01T01:00:00Z'))
    expect(names()).toEqual([])
  })

  it('is raised anew in the next period', async () => {
    const config = configOf(budget({ period: 'day', amount: 20, thresholds: [100] }))
    await run(config, steady(1), midnight + 21 * HOUR)
    await run(config, steady(1), midnight + DAY + 10 * HOUR)
    await run(config, steady(1), midnight + DAY + 21 * HOUR)
    expect([...new Set(names())]).toEqual([
      'AfnBudgetThreshold all 2026-11-10 100',
      'AfnBudgetThreshold all 2026-11-11 100',
    ])
  })
})

describe('a forecast', () => {
  it('raises an alert once its whole interval is above the amount, unless the budget says no', async () => {
    const config = configOf(
      budget({ name: 'one', amount: 1_000, thresholds: [100], forecast: true }),
      budget({ name: 'two', amount: 1_000, thresholds: [100] }),
      budget({ name: 'three', amount: 3_000, thresholds: [100], forecast: true }),
    )
    await run(config, steady(2), midnight + 12 * HOUR)
    expect(names()).toEqual(['AfnBudgetForecast one 2026-11'])
    expect(posts[0]![0]!.annotations.summary).toContain('forecast 1,440.00 USD of 1,000.00 USD')
  })
})

describe('cost tracking', () => {
  it('that is broken is said once a day by the clocks of the account', async () => {
    const config = { ...configOf(budget({})), timeZone: 'Asia/Tokyo' }
    const source = steady(0.01, { unpriced: 1_000 })
    // the tenth in Tokyo until 15:00 UTC
    for (const hours of [0, 6, 14, 16]) await run(config, source, midnight + hours * HOUR)
    const [first] = posts.flat()
    expect(first!.labels).toEqual({
      alertname: 'AfnCostTrackingBroken',
      severity: 'medium',
      service: 'chat',
      period: '2026-11-10',
      once: 'true',
    })
    expect([...new Set(names())]).toEqual(['AfnCostTrackingBroken 2026-11-10', 'AfnCostTrackingBroken 2026-11-11'])
  })
})

describe('a model in use that its provider ends', () => {
  it('is said once for each day of notice, however often it is looked at', async () => {
    const config = { ...configOf(budget({ amount: 1e9 })), retirementNotice: [90, 30, 7] }
    const day = (date: string) => Date.parse(`${date}T12:00:00Z`)
    // gpt-5 ends on 2026-12-11
    for (const date of ['2026-11-02', '2026-11-02', '2026-11-10', '2026-11-20', '2026-12-05', '2026-12-12'])
      await run(config, steady(1), day(date))
    const retiring = posts.flat().filter(({ labels }) => labels.alertname === 'AfnModelRetirement')
    expect([...new Set(retiring.map(({ labels }) => labels.threshold))]).toEqual(['90', '30', '7', '0'])
    expect(new Set(retiring.map(({ labels }) => labels.service))).toEqual(new Set(['chat']))
  })
})

describe('a round', () => {
  it('goes on with other budgets where one can’t be looked at', async () => {
    const config = configOf(budget({ name: 'users', scope: { user: ['ann'] } }), budget({ name: 'all' }))
    const sourceOf = async (one?: Budget) => {
      if (one?.name === 'users') throw new Error('Tempo does not answer')
      return steady(4)
    }
    const { failures, standings } = await run(config, steady(4), midnight, sourceOf)
    expect(failures.map(({ message }) => message)).toEqual(['Tempo does not answer'])
    expect(standings.map(({ budget }) => budget.name)).toEqual(['all'])
    expect(names()).toEqual(['AfnBudgetThreshold all 2026-11 50'])
  })

  it('takes credits off, of the provider alone where one is named', async () => {
    const credits = [
      { date: '2026-11-03', amount: 100, provider: 'openai' },
      { date: '2026-11-04', amount: 10, provider: undefined },
      { date: '2026-10-31', amount: 1_000, provider: undefined },
    ]
    const config = {
      ...configOf(
        budget({ name: 'all' }),
        budget({ name: 'openai', scope: { provider: ['openai'] } }),
        budget({ name: 'chat', scope: { service: ['chat'] } }),
        budget({ name: 'other', scope: { provider: ['anthropic'] } }),
      ),
      credits,
    }
    const { standings } = await run(config, steady(1), midnight)
    expect(standings.map(({ budget, spent }) => [budget.name, spent])).toEqual([
      ['all', 106],
      ['openai', 116],
      ['chat', 216],
      ['other', 0],
    ])
  })
})
