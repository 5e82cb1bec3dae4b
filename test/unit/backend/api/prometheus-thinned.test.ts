// What `up` says of metrics of which its sweep has left one sample every 5 minutes, or every hour.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BoardAnswer } from '../../../../src/backend/api/board-answers'
import type { Store } from '../../../../src/backend/store/store'
import { retention } from '../../../../src/shared/tiers'
import { now, stretches, sweptStore } from '../../../prometheus/promql/thinned-points'
import { type Api, startApi } from './ask'

const [medium, low] = stretches
let store: Store
let api: Api
beforeAll(async () => {
  store = await sweptStore()
  api = await startApi([], now, undefined, store)
})
afterAll(() => store.close())

async function ask(query: string, { from }: { readonly from: number }, step: number) {
  const [start, end] = [from / 1_000 + 3_600, from / 1_000 + 13 * 3_600]
  const parameters = new URLSearchParams({ query, start: String(start), end: String(end), step: String(step) })
  const { data, warnings = [], infos = [] } = await api.json(`/api/v1/query_range?${parameters}`)
  const values = data.result.flatMap((one: { values: [number, string][] }) => one.values)
  return { gaps: Math.floor((end - start) / step) + 1 - values.length, notes: [...warnings, ...infos] }
}

it('a range that has less than two of the samples that are kept is told so, with one that is long enough', async () => {
  const short = await ask('rate(calls_total[4m])', medium, 600)
  expect(short.gaps).toBeGreaterThan(0)
  expect(short.notes).toEqual([
    expect.stringMatching(
      /^PromQL warning: calls_total has one sample every 5m until 2026-10-22T\S+: use a range of \[10m\] or longer there \(1:6\)$/,
    ),
  ])
  const { notes } = await ask('sum(rate(calls_total[1h]))', low, 3_600)
  expect(notes).toEqual([expect.stringContaining('use a range of [2h] or longer there')])
})

it('a range as boards ask for it finds values at every moment, and says nothing', async () => {
  for (const name of ['calls_total', 'deltas_total', 'spent_seconds_count']) {
    expect(await ask(`rate(${name}[20m])`, medium, 600)).toEqual({ gaps: 0, notes: [] })
    expect(await ask(`rate(${name}[4h])`, low, 3_600)).toEqual({ gaps: 0, notes: [] })
  }
})

it('a gauge has a value at every moment, and says where it is an older one', async () => {
  expect(await ask('level', medium, 600)).toEqual({ gaps: 0, notes: [] })
  const { gaps, notes } = await ask('level', low, 600)
  expect([gaps, notes]).toEqual([
    0,
    [
      expect.stringMatching(
        /^level has one sample every 1h until 2026-09-\S+: between two samples the older one counts$/,
      ),
    ],
  ])
})

it('nothing is said of a question about other times of the same metric', async () => {
  const { notes } = await ask('rate(calls_total[20m]) / rate(calls_total[4h] offset 30d)', medium, 3_600)
  expect(notes).toEqual([])
})

it('boards know from when on samples are thinned out', async () => {
  const board = { uid: 'b', title: '', description: '', variables: [], rows: [], panels: [], annotations: [] }
  const own = await startApi([], now, undefined, store)
  Object.assign(own.parts, { retention, boards: () => ({ boards: [board], problems: [] }) })
  const { thinned } = (await own.json('/api/afn/boards/b')) as BoardAnswer
  const days = thinned.map(({ before, step }) => [(now / 1_000 - before) / 86_400, step])
  expect(days).toEqual([
    [7, 300],
    [32, 3_600],
  ])
})
