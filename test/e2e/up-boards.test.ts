// The boards that a real `afn-otel up` answers: those of the package, and what monitoring-config.json has at the moment.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoardAnswer, BoardsAnswer } from '../../src/local/api/board-answers'
import { type RunningUp, startUp } from '../support/up'

describe('boards of up', () => {
  let up: RunningUp
  const ask = async <Answer>(place: string) => (await (await fetch(`${up.url}/api/afn/${place}`)).json()) as Answer
  const write = (config: object) =>
    writeFileSync(path.join(up.folder, 'monitoring-config.json'), JSON.stringify(config, null, 2))

  beforeAll(async () => {
    up = await startUp()
  })
  afterAll(() => up?.stop())

  it('are those of the package, and say what an app alone does not send', async () => {
    const { boards, problems } = await ask<BoardsAnswer>('boards?lang=ja')
    expect(boards.map(({ uid, title }) => [uid, title])).toEqual([
      ['afn-overview', '概要'],
      ['afn-llm-analytics', 'LLM分析'],
      ['afn-performance', 'パフォーマンス'],
      ['afn-security', 'セキュリティ'],
    ])
    expect(problems).toEqual([])
    const { panels } = await ask<BoardAnswer>('boards/afn-llm-analytics?lang=en')
    const needs = panels.filter(one => one.needs).map(({ title }) => title)
    expect(needs).toEqual(['Cost by feature', 'Cost by group of users', 'Duration of calls, 95 of 100'])
  })

  it('change with the file, which says what is wrong in it', async () => {
    const panel = { title: 'Orders', type: 'stat', unit: 'short', queries: [{ query: 'sum(orders_total)' }] }
    write({
      dashboard_config: { dashboards: [{ uid: 'shop', title: 'Shop', panels: [panel] }] },
      budget_config: { budgets: [{ name: 'all', period: 'day', amount: 5 }] },
    })
    const { boards } = await ask<BoardsAnswer>('boards')
    expect(boards.slice(4).map(({ uid }) => uid)).toEqual(['afn-budgets', 'shop'])
    const { panels } = await ask<BoardAnswer>('boards/shop')
    expect(panels.map(({ title, queries }) => [title, queries[0]!.expr])).toEqual([['Orders', 'sum(orders_total)']])
    write({ dashboard_config: { dashboards: [{ uid: 'shop', title: 'Shop', panels: [{ ...panel, unit: 'shrt' }] }] } })
    const { problems } = await ask<BoardsAnswer>('boards')
    expect(problems.join()).toMatch(/^monitoring-config\.json:\d+:\d+ .*short/)
  })
})
