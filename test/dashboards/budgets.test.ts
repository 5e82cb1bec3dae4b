// The board of budgets. Oracle: Prometheus' own engine (promtool), of a month that is written down here.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { type Account, budgetsBoard } from '../../src/dashboards/budgets'
import { grafanaDashboard } from '../../src/dashboards/grafana'
import { readQuery } from '../../src/dashboards/read-promql'
import { findPrometheus } from '../support/binaries.mjs'

const account: Account = {
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  perUsd: 150,
  featureAttribute: 'span.gen_ai.agent.name',
  budgets: [
    { name: 'all', period: 'month', amount: 30_000, scope: {} },
    {
      name: 'shop.chat',
      period: 'month',
      amount: 1_500,
      scope: { service: ['shop'], model: ['gpt-5-mini', 'gpt-5.1'] },
    },
    { name: 'booker', period: 'day', amount: 300, scope: { feature: ['booker'] } },
    { name: 'person', period: 'day', amount: 300, scope: { user: ['u-1'] } },
    { name: 'odd', period: 'week', amount: 300, scope: { feature: ['booker'], model: ['gpt-5-mini'] } },
  ],
}
const board = budgetsBoard(account, 'en', { high: 7, medium: 32 })
const found = findPrometheus()
const promtool = 'missing' in found ? undefined : found.promtool

it('has a row for each kind of period, by the clocks of the account, and names what no metric has', () => {
  expect(board.rows.map(({ title }) => title)).toEqual(['Today', 'This month'])
  expect(board.description).toContain('person, odd')
  expect(grafanaDashboard(board, { high: 'a', long: 'b' })).toMatchObject({
    timezone: 'Asia/Tokyo',
    weekStart: 'monday',
  })
  for (const { queries } of board.panels)
    for (const { expr } of queries) expect(readQuery(expr).problem, expr).toBeUndefined()
})

it.skipIf(promtool === undefined)(
  'says what was spent and what it will be, in the currency of the account',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-budgets-'))
    const table = board.panels.find(({ title, since }) => title === 'Budgets' && since === 'month')!
    // a day of a month of 31 days would be too early; after ten days something is said
    const at = (query: number, range: number) =>
      table.queries[query]!.expr.replaceAll('$__range_s', String(range)).replaceAll('$__range', `${range}s`)
    const tenDays = 864_000
    const labelled = (values: Record<string, number>) =>
      Object.entries(values).map(([budget, value]) => ({ labels: `{budget="${budget}"}`, value }))
    const test = {
      interval: '1h',
      // 1 USD an hour of one, a tenth of it of the other: of 240 hours
      input_series: [
        { series: 'afn_llm_cost_total{service_name="shop", gen_ai_request_model="gpt-5-mini"}', values: '0+0.1x240' },
        { series: 'afn_llm_cost_total{service_name="shop", gen_ai_request_model="gpt-5x1"}', values: '0+1x240' },
      ],
      promql_expr_test: [
        [at(0, tenDays), { all: 264 * 150, 'shop.chat': 24 * 150 }],
        [at(1, tenDays), { all: 30_000, 'shop.chat': 1_500 }],
        [at(2, tenDays), { all: (264 * 150) / 30_000, 'shop.chat': (24 * 150) / 1_500 }],
        // promtool counts from 1970 on: January has 31 days
        [at(3, tenDays), { all: 264 * 150 * 3.1, 'shop.chat': 24 * 150 * 3.1 }],
        [at(3, 86_400), {}],
      ].map(([expr, values]) => ({
        expr: `round(${expr as string}, 0.001)`,
        eval_time: '240h',
        exp_samples: labelled(values as Record<string, number>),
      })),
    }
    const file = path.join(folder, 'test.yml')
    writeFileSync(file, JSON.stringify({ evaluation_interval: '1h', tests: [test] }))
    const { stdout, stderr } = await promisify(execFile)(promtool!, ['test', 'rules', file]).catch(error => error)
    expect(`${stdout}${stderr}`).toContain('SUCCESS')
    rmSync(folder, { recursive: true, force: true })
  },
)
