// Every query of every board, asked of a real Prometheus that a real app filled through the real Collector. Of the metrics that a
// board asks for, Prometheus itself says whether anybody sent them.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { boardsOf } from '../../src/dashboards/boards'
import { ask, type Series } from '../dashboards/ask'
import { type Filled, fill } from '../dashboards/load'

const binary = inject('prometheusBinary')
const window = { range: 120, rate: '15s', step: 5 }
const boards = boardsOf('en', { high: 7, medium: 32, low: 365 })
const panels = Object.entries(boards).flatMap(([name, board]) => board.panels.map(panel => [name, panel] as const))

/** What has nothing to show in an app without a database. */
const withoutDatabase = new Set(['Queries of databases, 95 of 100', 'Connections to databases'])

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('boards', () => {
  let filled: Filled
  const answers = new Map<string, Series[]>()

  beforeAll(async () => {
    filled = await fill(binary!, 14)
    for (const [name, panel] of panels)
      for (const [index, { expr }] of panel.queries.entries())
        answers.set(`${name}/${panel.title}/${index}`, await ask(filled.url, panel, expr, window))
  })
  afterAll(() => filled?.stop())

  it.each(Object.keys(boards))('%s has no panel without data', name => {
    const empty = panels
      .filter(([board, { title }]) => board === name && !withoutDatabase.has(title))
      .flatMap(([, panel]) => panel.queries.map((_, index) => `${panel.title}/${index}`))
      .filter(key => answers.get(`${name}/${key}`)!.length === 0)
    expect(empty).toEqual([])
  })

  it('sums are those of the load, on either way to them', async () => {
    const sumOf = async (name: string, title: string, keep = (_: Series) => true) => {
      const [, panel] = panels.find(([board, { title: one }]) => board === name && one === title)!
      const series = await ask(filled.url, panel, panel.queries[0]!.expr, window)
      return series.filter(keep).reduce((sum, { values }) => sum + values[0]!, 0)
    }
    const { rounds } = filled
    // what the app counts comes once a second
    for (const title of ['401', '403', '429', 'Guardrails', 'Audit entries'])
      await expect.poll(() => sumOf('security', title), { timeout: 15_000, interval: 500 }).toBe(rounds)
    // the model that fails is asked twice, since the client tries again
    await expect.poll(() => sumOf('llm-analytics', 'Calls'), { timeout: 15_000, interval: 500 }).toBe(rounds * 4)
    // by the SDK, and from spans by the Collector
    const cost = await sumOf('llm-analytics', 'Cost by model')
    expect(cost).toBeGreaterThan(0)
    for (const title of ['Cost by feature', 'Cost by group of users', 'Cost by service', 'Cost today'])
      await expect
        .poll(async () => (await sumOf('llm-analytics', title)) / cost, {
          timeout: 15_000,
          interval: 500,
          message: title,
        })
        .toBeCloseTo(1, 9)
    const ofPro = ({ metric }: Series) => metric.afn_llm_user_group === 'pro'
    const ofOpenai = ({ metric }: Series) => metric.gen_ai_request_model === 'gpt-4o-mini'
    expect(await sumOf('llm-analytics', 'Cost by group of users', ofPro)).toBeCloseTo(
      await sumOf('llm-analytics', 'Cost by model', ofOpenai),
      9,
    )
    // what no page of ours sends is not counted: five vitals, of which one is no time
    const counted = await fetch(`${filled.url}/api/v1/query?query=sum(afn_web_vital_duration_seconds_count)`)
    const { data } = (await counted.json()) as { data: { result: { value: [number, string] }[] } }
    expect(Number(data.result[0]!.value[1])).toBe(rounds * 4)
  })

  it('no panel has 50 series or more', () => {
    const sizes = panels.map(([name, panel]) => {
      const series = panel.queries.map((_, index) => answers.get(`${name}/${panel.title}/${index}`)!.length)
      return [`${name}/${panel.title}`, series.reduce((sum, one) => sum + one, 0)] as const
    })
    expect(sizes.filter(([, count]) => count >= 50)).toEqual([])
  })
})
