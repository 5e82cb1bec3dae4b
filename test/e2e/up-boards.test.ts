// The boards that a real `afn-otel up` answers: those of the package, and what monitoring-config.json has at the moment.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BoardAnswer, BoardsAnswer } from '../../src/backend/api/board-answers'
import { type RunningUp, startUp, upFolder } from '../support/up'

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
      ['afn-coding-agents', 'コーディングエージェント'],
      ['afn-performance', 'パフォーマンス'],
      ['afn-security', 'セキュリティ'],
    ])
    expect(problems).toEqual([])
    const { panels } = await ask<BoardAnswer>('boards/afn-llm-analytics?lang=en')
    const needs = panels.filter(one => one.needs).map(({ title }) => title)
    expect(needs).toEqual(['Cost by feature', 'Cost by user group', 'Call duration, p95'])
  })

  it('change with the file, which says what is wrong in it', async () => {
    const panel = { title: 'Orders', type: 'stat', unit: 'short', queries: [{ query: 'sum(orders_total)' }] }
    write({
      dashboard_config: { dashboards: [{ uid: 'shop', title: 'Shop', panels: [panel] }] },
      budget_config: { budgets: [{ name: 'all', period: 'day', amount: 5 }] },
    })
    const { boards } = await ask<BoardsAnswer>('boards')
    expect(boards.slice(5).map(({ uid }) => uid)).toEqual(['afn-budgets', 'shop'])
    const { panels } = await ask<BoardAnswer>('boards/shop')
    expect(panels.map(({ title, queries }) => [title, queries[0]!.expr])).toEqual([['Orders', 'sum(orders_total)']])
    write({ dashboard_config: { dashboards: [{ uid: 'shop', title: 'Shop', panels: [{ ...panel, unit: 'shrt' }] }] } })
    const { problems } = await ask<BoardsAnswer>('boards')
    expect(problems.join()).toMatch(/^monitoring-config\.json:\d+:\d+ .*short/)
  })
})

it('up says itself where budgets stand, as the command does, and the board shows it', async () => {
  const folder = upFolder()
  const data = ['--data', path.join(folder, 'data')]
  const budgets = [{ name: 'pay', period: 'day', amount: 5, scope: { team: 'pay' } }]
  writeFileSync(path.join(folder, 'monitoring-config.json'), JSON.stringify({ budget_config: { budgets } }))
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const call = (team: string, n: number) => ({
    resource: { attributes: [text('service.name', 'shop'), text('team', team)] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: String(n).padStart(32, 'a'),
            spanId: String(n).padStart(16, 'b'),
            name: 'chat gpt-5',
            kind: 3,
            startTimeUnixNano: `${Date.now() - 2_000}000000`,
            endTimeUnixNano: `${Date.now() - 1_000}000000`,
            attributes: [
              text('gen_ai.operation.name', 'chat'),
              text('gen_ai.provider.name', 'openai'),
              text('gen_ai.request.model', 'gpt-5'),
              { key: 'afn.llm.cost.total', value: { doubleValue: 1.25 } },
            ],
          },
        ],
      },
    ],
  })
  const first = await startUp(data, { folder })
  await first.post('traces', { resourceSpans: [call('pay', 1), call('pay', 2), call('other', 3)] })
  await first.stop()
  const up = await startUp(data, { folder })
  try {
    const { panels } = (await (await fetch(`${up.url}/api/afn/boards/afn-budgets`)).json()) as BoardAnswer
    const spent = panels.flatMap(({ queries }) => queries).find(({ legend }) => legend === 'Spent')!.expr
    const value = async (query: string) => {
      const answer = await fetch(`${up.url}/api/v1/query?${new URLSearchParams({ query })}`)
      const { data } = (await answer.json()) as { data: { result: { metric: object; value: [number, string] }[] } }
      return data.result.map(({ metric, value: [, number] }) => [metric, Number(number)])
    }
    const labels = { budget: 'pay', period: 'day', dimension: 'team' }
    await vi.waitFor(async () => expect(await value(spent)).toEqual([[labels, 2.5]]), {
      timeout: 30_000,
      interval: 500,
    })
    const { stdout } = await up.command(['cost', 'budget', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ spent: 2.5, passed: [50] })
    expect(up.stderr()).toBe('')
  } finally {
    await up.stop()
  }
})
