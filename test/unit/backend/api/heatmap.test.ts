// The heatmap of traces: its bins are counted like TraceQL counts, and a box is a condition that has the same spans. The oracles are the search
// and `compare()` over the same store, and what the generator of the shop made.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../../src/backend/api/answers'
import type { HeatmapAnswer, HeatmapMeasure } from '../../../../src/backend/api/heatmap-answer'
import {
  comparisonOf,
  coveredBy,
  differencesIn,
  spansOf,
  valuesOf,
} from '../../../../src/backend/explorer/data/heatmap'
import { withCondition } from '../../../../src/backend/explorer/traceql/write'
import { tracesRequest } from '../../../browser/explorer/data'
import { shop } from '../../../browser/explorer/shop'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000
const [start, end] = [now / 1_000 - 3_600, now / 1_000]
const window = `start=${start}&end=${end}`
const made = shop(BigInt(now) * 1_000_000n)

describe('the heatmap of traces', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi([tracesRequest(made)], now)
  })
  afterAll(() => api.store.close())

  const heatmapOf = (q: string, y: HeatmapMeasure, step = 300): Promise<HeatmapAnswer> =>
    api.json(`/api/afn/heatmap?${window}&step=${step}&y=${y}&q=${encodeURIComponent(q)}`)
  const matched = async (q: string) => {
    const found: SearchAnswer = await api.json(`/api/search?${window}&limit=1000&q=${encodeURIComponent(q)}`)
    return (found.traces ?? []).reduce((sum, { spanSets }) => sum + (spanSets?.[0]?.matched ?? 0), 0)
  }
  const whole = ({ steps, rows }: HeatmapAnswer) => ({ steps: [0, steps - 1], rows: [0, rows.length - 1] }) as const

  it('loses a span, or counts one that did not begin in the window', async () => {
    const answer = await heatmapOf('{}', 'duration')
    const spans = made.flatMap(({ services }) => Object.values(services).flat())
    expect(coveredBy(answer, whole(answer)).spans).toBe(spans.length)
    expect(answer.steps * answer.step).toBeGreaterThanOrEqual(3_600)
  })

  it.each([
    ['{}', 'duration'],
    ['{ span.gen_ai.operation.name = "chat" }', 'duration'],
    ['{ span.gen_ai.operation.name = "chat" }', 'cost'],
    ['{ name =~ "(?is).*order.*" }', 'duration'],
    ['{ nestedSetParent < 0 }', 'duration'],
  ] as const)('has other spans in a row than a search by its edges finds: %s by %s', async (q, y) => {
    const answer = await heatmapOf(q, y)
    expect(answer.rows.length).toBeGreaterThan(1)
    for (const [row, { from, to }] of answer.rows.entries()) {
      const { spans } = coveredBy(answer, { steps: [0, answer.steps - 1], rows: [row, row] })
      expect([row, spans]).toEqual([row, await matched(withCondition(q, valuesOf(y, from, to)))])
    }
  })

  it('says of a box what is not true of its spans', async () => {
    const answer = await heatmapOf(spansOf('{}', 'duration'), 'duration', 60)
    const all = coveredBy(answer, whole(answer)).spans
    const half = Math.floor(answer.rows.length / 2)
    for (const box of [
      { steps: [0, answer.steps - 1], rows: [half, answer.rows.length - 1] },
      { steps: [answer.steps - 20, answer.steps - 1], rows: [0, half] },
    ] as const) {
      const q = comparisonOf(spansOf('{}', 'duration'), 'duration', answer, box)
      const found = differencesIn(await api.json(`/api/metrics/query?${window}&q=${encodeURIComponent(q)}`))
      expect([found.inside, found.inside + found.outside]).toEqual([coveredBy(answer, box).spans, all])
      for (const { condition, inside } of found.list.filter(one => one.condition && box.steps[0] === 0)) {
        const own = withCondition(
          spansOf('{}', 'duration'),
          valuesOf('duration', answer.rows[half]!.from, answer.rows.at(-1)!.to),
        )
        expect([condition, Math.round(inside * found.inside)]).toEqual([
          condition,
          await matched(withCondition(own, condition!)),
        ])
      }
    }
  })

  it('has failures that no span has', async () => {
    const answer = await heatmapOf('{}', 'duration')
    expect(coveredBy(answer, whole(answer)).failed).toBe(await matched('{ status = error && duration > 0ns }'))
  })

  it('answers numbers of a query that makes numbers, or takes a measure that is none', async () => {
    expect((await heatmapOf('{} | rate()', 'duration')).rows).toEqual([])
    expect((await api.get(`/api/afn/heatmap?${window}&y=weight`)).status).toBe(400)
  })
})
