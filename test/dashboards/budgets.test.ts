// The board of budgets. Oracle: Prometheus' own engine (promtool), of the gauges that the watch over budgets sends, and what the command says.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { budgetsBoard } from '../../src/monitoring/dashboards/budgets'
import { grafanaDashboard } from '../../src/monitoring/dashboards/grafana'
import { readQuery } from '../../src/monitoring/dashboards/read-promql'
import { readCosts } from '../../src/operations/cost/config'
import { gaugesOf } from '../../src/operations/cost/gauges'
import type { SpendSource } from '../../src/operations/cost/spend'
import { standingOf } from '../../src/operations/cost/standing'
import { metricName } from '../../src/shared/otlp/prometheus-names'
import { findPrometheus } from '../support/binaries.mjs'

const DAY = 86_400_000
const { config } = readCosts(
  JSON.stringify({
    budget_config: {
      time_zone: 'Asia/Tokyo',
      currency: 'JPY',
      exchange_rates: [
        { from: '2026-09-01', per_usd: 150 },
        { from: '2026-11-16', per_usd: 160 },
        // one that does not hold yet
        { from: '2027-01-01', per_usd: 100 },
      ],
      credits: [{ date: '2026-11-05', amount: 50_000 }],
      budgets: [
        { name: 'all', period: 'month', amount: 300_000, thresholds: [60, 75] },
        { name: 'pay', period: 'day', amount: 30_000, scope: { team: 'pay', user: ['person-4711'] } },
      ],
    },
  }),
)
/** 60 USD a day, of whatever is asked for. */
const source: SpendSource = {
  name: 'steady',
  dimensions: new Set(),
  knownSince: async () => 0,
  tokens: () => Promise.reject(new Error('nobody asks')),
  spend: async spans =>
    spans.map(({ start, end }) => [{ labels: {}, usd: (60 * (end - start)) / DAY, calls: 100, unpriced: 0 }]),
}
const board = budgetsBoard(config!, 'en', { high: 7, medium: 32 })
const table = board.panels.find(({ type }) => type === 'table')!
const found = findPrometheus()
const promtool = 'missing' in found ? undefined : found.promtool
const now = Date.parse('2026-11-30T03:00:00Z')

it('asks for nothing but what the watch says, by the clocks of the account', () => {
  expect(grafanaDashboard(board, { high: 'a', long: 'b' })).toMatchObject({ timezone: 'Asia/Tokyo', weekStart: 'monday' }) // biome-ignore format: one line
  for (const { queries } of board.panels)
    for (const { expr } of queries) {
      const { problem, selectors } = readQuery(expr)
      expect(problem, expr).toBeUndefined()
      for (const { metric } of selectors) expect(metric).toMatch(/^afn_budget_(amount|spent|forecast|threshold)$/)
    }
})

it.skipIf(promtool === undefined)(
  'shows the numbers of the command and of the alerts, at the rate of each day, without credits, and names no person',
  async () => {
    const standings = await Promise.all(config!.budgets.map(budget => standingOf(budget, config!, source, now)))
    const gauges = gaugesOf(standings, config!.currency)
    expect(JSON.stringify(gauges)).not.toContain('4711')
    const [all] = standings
    // 15 days at 150 and 14.5 at 160, by hand
    expect(all!.spent).toBeCloseTo(60 * (15 * 150 + 14.5 * 160) - 50_000, 4)
    const series = gauges.flatMap(({ name, unit, value, attributes }) => {
      const labels = Object.entries({ ...attributes, job: 'afn-otel' }).map(([key, text]) => `${key}="${text}"`)
      return { series: `${metricName(name, unit, 'gauge')}{${labels.join(', ')}}`, values: `${value}x5` }
    })
    const labels = [
      '{budget="all", dimension="all", period="month"}',
      '{budget="pay", dimension="team, user", period="day"}',
    ]
    const expected: Record<string, (standing: (typeof standings)[number]) => number> = {
      Spent: ({ spent }) => spent,
      Amount: ({ budget }) => budget.amount,
      Share: ({ percent }) => percent / 100,
      'Threshold reached': ({ passed }) => (passed.at(-1) ?? 0) / 100,
      Forecast: ({ forecast }) => forecast!.expected,
      'Forecast, share': ({ forecast, budget }) => forecast!.expected / budget.amount,
    }
    expect(table.queries.map(({ legend }) => legend)).toEqual(Object.keys(expected))
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-budgets-'))
    const test = {
      interval: '1m',
      input_series: series,
      promql_expr_test: table.queries.map(({ expr, legend }) => ({
        expr: `round(${expr}, 0.0001)`,
        eval_time: '4m',
        exp_samples: standings.map((standing, n) => ({
          labels: labels[n],
          value: Math.round(expected[legend]!(standing) * 10_000) / 10_000,
        })),
      })),
    }
    const file = path.join(folder, 'test.yml')
    writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
    const { stdout, stderr } = await promisify(execFile)(promtool!, ['test', 'rules', file]).catch(error => error)
    expect(`${stdout}${stderr}`).toContain('SUCCESS')
    rmSync(folder, { recursive: true, force: true })
  },
)
