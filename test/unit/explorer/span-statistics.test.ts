// Statistics and flame graph of a trace. Oracles: the counts of the generator below, self time by looking at each nanosecond, and DuckDB's
// own quantile_disc for percentiles.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Frame, flameOf, placeFrames } from '../../../src/backend/explorer/data/flame'
import { sortStatistics, statisticsOf } from '../../../src/backend/explorer/data/span-statistics'
import { treeOf } from '../../../src/backend/explorer/data/tree'
import { openStore, type Store } from '../../../src/backend/store/store'
import { Random } from '../../support/random'
import { attributes, span } from './spans'

const NAMES = ['GET /cart', 'SELECT items', 'chat', 'render']
const SERVICES = ['shop', 'models']
const random = new Random(23)

/** 300 spans within 400 ns, children within and beyond their parents. */
const spans = Array.from({ length: 300 }, (_, n) => {
  const start = random.below(300)
  const end = start + random.below(100)
  const name = NAMES[random.below(NAMES.length)]!
  const isCall = name === 'chat'
  const usage = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 10 * n,
    'gen_ai.usage.output_tokens': n,
    ...(n % 2 === 0 && { 'afn.llm.cost.total': n / 1024 }),
  }
  return span(`s${n}`, n === 0 ? '' : `s${random.below(n)}`, n === 0 ? 0 : start, n === 0 ? 400 : end, {
    name,
    service: SERVICES[random.below(2)]!,
    status: random.below(5) === 0 ? 'error' : 'unset',
    attributes: isCall ? attributes(usage) : [],
  })
})

/** Nanoseconds of a span in which none of its children runs, counted one by one. */
function selfOf(id: string): number {
  const own = spans.find(one => one.id === id)!
  const children = spans.filter(({ parentId }) => parentId === id)
  let free = 0
  for (let at = own.start; at < own.end; at++)
    if (!children.some(({ start, end }) => start <= at && at < end)) free += 1
  return free
}
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

describe('the statistics of a trace', () => {
  const tree = treeOf(spans)
  const rows = statisticsOf(tree)
  const membersOf = (service: string, name: string) => spans.filter(one => one.service === service && one.name === name)
  let store: Store

  beforeAll(async () => {
    store = await openStore({ path: ':memory:' })
  })
  afterAll(() => store.close())

  it('leave a name out, or count, add up or price its spans wrongly', () => {
    expect(rows).toHaveLength(NAMES.length * SERVICES.length)
    for (const row of rows) {
      const members = membersOf(row.service, row.name)
      const calls = members.filter(({ name }) => name === 'chat').map(({ id }) => Number(id.slice(1)))
      expect({ ...row, usage: { ...row.usage, unpricedBy: undefined } }).toMatchObject({
        count: members.length,
        total: BigInt(sum(members.map(({ start, end }) => Number(end - start)))),
        self: BigInt(sum(members.map(({ id }) => selfOf(id)))),
        errors: members.filter(({ status }) => status === 'error').length,
        usage: {
          calls: calls.length,
          tokens: sum(calls.map(n => 11 * n)),
          costUsd: calls.length === 0 ? null : sum(calls.filter(n => n % 2 === 0)) / 1024,
          unpriced: calls.filter(n => n % 2 === 1).length,
        },
      })
    }
  })

  it('have percentiles that DuckDB does not have', async () => {
    for (const { service, name, p50, p95, longest } of rows) {
      const durations = membersOf(service, name).map(({ start, end }) => end - start)
      const sql = `SELECT quantile_disc(d, [0.5, 0.95]) AS q, max(d) AS most FROM (SELECT unnest([${durations}]::BIGINT[]) AS d)`
      const [row] = await store.query(sql)
      expect([p50, p95]).toEqual(row!.q)
      const slowest = spans.find(({ id }) => id === longest)!
      expect([slowest.service, slowest.name, slowest.end - slowest.start]).toEqual([service, name, row!.most])
    }
  })

  it('are sorted by another column than was clicked, or put a cost that is not known above one that is', () => {
    const selfTimes = sortStatistics(rows, 'self', false).map(({ self }) => Number(self))
    expect(selfTimes).toEqual([...selfTimes].sort((a, b) => b - a))
    const names = sortStatistics(rows, 'name', true).map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    expect(sortStatistics(rows, 'cost', false).map(({ usage }) => usage.costUsd !== null)).toEqual(
      rows.map((_, index) => index < SERVICES.length),
    )
  })
})

describe('the flame graph of a trace', () => {
  const tree = treeOf(spans)
  const all = (frames: readonly Frame[]): Frame[] => frames.flatMap(frame => [frame, ...all(frame.children)])
  const pathOf = (frame: Frame): string => `${frame.parent ? pathOf(frame.parent) : ''}/${frame.service}:${frame.name}`
  const byId = new Map(spans.map(one => [one.id, one]))
  const pathOfSpan = (id: string): string => {
    const { parentId, service, name } = byId.get(id)!
    return `${parentId ? pathOfSpan(parentId) : ''}/${service}:${name}`
  }

  it('has a frame for each path of names, with all spans of that path and their own time', () => {
    const paths = new Map<string, string[]>()
    for (const { id } of spans) paths.set(pathOfSpan(id), [...(paths.get(pathOfSpan(id)) ?? []), id])
    const frames = all(flameOf(tree))
    expect(frames.map(pathOf).sort()).toEqual([...paths.keys()].sort())
    for (const frame of frames) {
      const ids = paths.get(pathOf(frame))!
      expect([frame.spans, Number(frame.self)]).toEqual([ids.length, sum(ids.map(selfOf))])
      expect(frame.errors).toBe(ids.filter(id => byId.get(id)!.status === 'error').length)
    }
  })

  it('has a frame that is narrower than what it called, or leaves time out', () => {
    const top = flameOf(tree)
    for (const frame of all(top))
      expect(frame.time).toBe(frame.self + frame.children.reduce((time, child) => time + child.time, 0n))
    expect(sum(top.map(({ time }) => Number(time)))).toBe(sum(spans.map(({ id }) => selfOf(id))))
  })

  it('draws frames over each other or beside the one above, or hides some without counting them', () => {
    const top = flameOf(tree)
    const { placed, hidden } = placeFrames(top)
    const seen = new Set(placed.map(({ frame }) => frame))
    const below = placed.flatMap(({ frame }) => frame.children)
    expect(hidden).toBe(below.filter(frame => !seen.has(frame)).length)
    expect(hidden).toBeGreaterThan(0)
    for (const { frame, left, width, depth } of placed) {
      const above = placed.find(one => one.frame === frame.parent)
      if (above) {
        expect(depth).toBe(above.depth + 1)
        expect(left).toBeGreaterThanOrEqual(above.left - 1e-9)
        expect(left + width).toBeLessThanOrEqual(above.left + above.width + 1e-9)
      }
      const beside = placed.filter(one => one.depth === depth && one.left > left)
      for (const other of beside) expect(other.left).toBeGreaterThanOrEqual(left + width - 1e-9)
    }
  })

  it('is made of a trace fifty thousand spans deep, and of one that took no time', () => {
    const deep = Array.from({ length: 50_000 }, (_, n) => span(`s${n}`, n === 0 ? '' : `s${n - 1}`, n, 100_000))
    const { placed, hidden } = placeFrames(flameOf(treeOf(deep)))
    expect([placed.length, hidden]).toEqual([800, 1])
    expect(placeFrames(flameOf(treeOf([span('a', '', 5, 5), span('b', 'a', 5, 5)])))).toMatchObject({
      placed: [{ width: 1 }],
      hidden: 1,
    })
  })
})
