// A user's own boards. What the messages say stands in broken.golden; oracles: the place that a message names is that of the text that
// was broken, and the rules of dashboard-linter hold for what is made of the good file.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { overlap } from '../../src/monitoring/dashboards/board'
import { ownDashboardFiles } from '../../src/monitoring/dashboards/files'
import { lint } from '../../src/monitoring/dashboards/lint'
import { readOwnBoards } from '../../src/monitoring/dashboards/own/read'
import { deployed } from '../support/packed'
import { broken, good } from './broken'

const kept = { high: 7, medium: 32, low: 365 }

const changed = ([from, to]: readonly [string, string]): string => {
  expect(good.split(from), from).toHaveLength(2)
  return good.replace(from, () => to)
}

describe('monitoring-config.json', () => {
  it('makes boards of a good file, which break no rule', () => {
    const { boards, mistakes } = readOwnBoards(good)
    expect(mistakes).toEqual([])
    const { exclusions } = parse(readFileSync(path.join(deployed, 'grafana/dashboards/.lint'), 'utf8'))
    const files = ownDashboardFiles(boards, kept, 'made by nobody')
    expect(files.map(file => file.path)).toEqual([
      'grafana/dashboards/own-shop-orders.json',
      'grafana/dashboards/own-shop-cost.json',
    ])
    const ofApp = { 'target-metric-rule': { reason: 'an app has metrics of its own' } }
    for (const { content } of files) expect(lint(JSON.parse(content), { ...exclusions, ...ofApp })).toEqual([])
    const [orders, cost] = files.map(({ content }) => JSON.parse(content))
    expect(orders.panels[1].targets[0].expr).toContain('sum by (gen_ai_request_model)')
    expect(orders.panels[1].targets[0].expr).toContain('service_name="shop"')
    expect(orders.panels[1].fieldConfig.defaults.unit).toBe('currencyUSD')
    const last = cost.panels.at(-1)
    expect(last).toMatchObject({ title: 'Time', type: 'heatmap' })
    expect(cost.panels.filter((one: { gridPos: never }) => overlap(one.gridPos, last.gridPos))).toEqual([last])
  })

  it('says of a panel whose queries ask two servers that it does', () => {
    const text = good.replace(
      '"legend": "{{kind}}" }',
      '"legend": "{{kind}}" }, { "query": "ALERTS", "store": "high" }',
    )
    const [file] = ownDashboardFiles(readOwnBoards(text).boards, kept, 'made by nobody')
    expect(JSON.parse(file!.content).panels[0].datasource.uid).toBe('-- Mixed --')
  })

  it('has no boards where it has another section alone', () => {
    expect(
      readOwnBoards('{ "budget_config": { "budgets": [{ "name": "all", "period": "month", "amount": 5 }] } }'),
    ).toEqual({
      boards: [],
      mistakes: [],
    })
  })

  it('is refused in 60 ways and more, each with its place and what would be right', async () => {
    const cases = Object.entries(broken)
    expect(cases.length).toBeGreaterThanOrEqual(60)
    const said = cases.map(([what, change]) => {
      const text = changed(change)
      const { boards, mistakes } = readOwnBoards(text)
      expect(boards, what).toEqual([])
      expect(mistakes.length, what).toBeGreaterThan(0)
      const lines = text.split('\n')
      for (const { line, column } of mistakes) {
        expect(line, what).toBeLessThanOrEqual(lines.length)
        expect(column, what).toBeLessThanOrEqual(lines[line - 1]!.length + 1)
      }
      return [`# ${what}`, ...mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)].join('\n')
    })
    await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot('broken.golden')
  })

  it('names a broken unit and an unknown metric as people look for them', () => {
    const messageOf = (name: keyof typeof broken) => readOwnBoards(changed(broken[name]!)).mistakes[0]!.message
    expect(messageOf('the unit usd')).toContain('did you mean "currencyUSD"')
    expect(messageOf('a metric of ours with a typo')).toContain('did you mean "afn_llm_cost_total"')
    expect(messageOf('a query that ends early')).toMatch(/^column \d+ of the query/)
  })
})
