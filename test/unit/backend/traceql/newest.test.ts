// The newest traces, where there are so many spans that a search reads them window by window.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { type SearchOptions, search } from '../../../../src/backend/traceql/search'

const second = 1_000_000_000n
const began = 1_700_000_000n * second

/** Trace n begins n seconds after the first, has a root and two more spans, and every hundredth goes on for an hour. */
const count = 24_000
const isLong = (n: number) => n % 100 === 0
const traceId = (n: number) => (n + 1).toString(16).padStart(32, '0')

function spansOf(n: number): object[] {
  const start = began + BigInt(n) * second
  return ['root', 'middle', 'last'].map((name, place) => {
    const from = start + (name === 'last' && isLong(n) ? 3_600n * second : BigInt(place))
    return {
      traceId: traceId(n),
      spanId: (n * 4 + place + 1).toString(16).padStart(16, '0'),
      parentSpanId: place === 0 ? '' : (n * 4 + 1).toString(16).padStart(16, '0'),
      name,
      kind: n % 7 === 0 ? 2 : 1,
      startTimeUnixNano: String(from),
      endTimeUnixNano: String(from + 1_000n),
      status: { code: n % 2_000 === 0 ? 2 : 0 },
    }
  })
}

let store: Store
beforeAll(async () => {
  store = await openStore({ path: ':memory:', now: () => Number(began / 1_000_000n) + count * 1_000 })
  for (let n = 0; n < count; n += 1_000) {
    const spans = Array.from({ length: 1_000 }, (_, index) => spansOf(n + index)).flat()
    await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  }
}, 60_000)
afterAll(() => store.close())

const windowOf = (fromSecond: number, toSecond: number) => ({
  fromNs: began + BigInt(fromSecond) * second,
  toNs: began + BigInt(toSecond) * second,
})
const found = async (query: string, limit: number, fromSecond = 0, toSecond = count + 4_000) => {
  const { traces } = await search(store, query, { window: windowOf(fromSecond, toSecond), limit, spans: 1 })
  return traces.map(({ traceID }) => Number.parseInt(traceID, 16) - 1)
}
/** The last traces up to `to` that are of the kind. */
const last = (limit: number, is: (n: number) => boolean, to = count - 1) =>
  Array.from({ length: to + 1 }, (_, index) => to - index)
    .filter(is)
    .slice(0, limit)

describe('the newest traces of many', () => {
  it('are those that began last, not those whose spans did', async () => {
    expect(await found('{ name = "root" }', 5)).toEqual(last(5, () => true))
    expect(await found('{ name = "last" }', 20)).toEqual(last(20, () => true))
  })
  it('are found when few match', async () => {
    expect(await found('{ kind = server && name = "root" }', 20)).toEqual(last(20, n => n % 7 === 0))
    expect(await found('{ status = error }', 5)).toEqual(last(5, n => n % 2_000 === 0))
    expect(await found('{ status = error }', 100)).toEqual(last(100, n => n % 2_000 === 0))
    expect(await found('{ status = error && kind = server }', 100)).toEqual(last(100, n => n % 14_000 === 0))
  })
  it('are judged by all of their spans', async () => {
    expect(await found('{ } | count() = 3', 10)).toEqual(last(10, () => true))
    expect(await found('{ } | count() < 3', 10)).toEqual([])
    expect(await found('{ traceDuration > 30m }', 5)).toEqual(last(5, isLong))
    expect(await found('{ name = "root" } && { name = "last" && kind = server }', 5)).toEqual(last(5, n => n % 7 === 0))
  })
  it('are those that overlap the window', async () => {
    expect(await found('{ name = "middle" }', 3, 10_000, 20_000)).toEqual(last(3, () => true, 20_000))
    // what went on for an hour is there too, behind what began in the window
    expect(await found('{ name = "root" }', 100, 20_000, 20_002)).toEqual([
      20_002,
      20_001,
      ...last(37, isLong, 20_000).filter(n => n >= 16_400),
    ])
  })
  it('come page by page, each once', async () => {
    expect(await pages(store, '{ kind = server && name = "root" }', 1_500)).toEqual(last(count, n => n % 7 === 0))
    // the page begins in the past, and what began later matches too
    expect(await pages(store, '{ name = "last" }', 60, windowOf(3_000, 3_100))).toEqual([
      ...last(101, () => true, 3_100),
      ...last(30, isLong, 2_999),
    ])
  }, 20_000)
})

describe('traces that began at the same time', () => {
  it('come page by page, each once', async () => {
    const together = await openStore({ path: ':memory:', now: () => Number(began / 1_000_000n) })
    const spans = Array.from({ length: 50 }, (_, n) => ({
      traceId: traceId(n),
      spanId: (n + 1).toString(16).padStart(16, '0'),
      name: 'root',
      startTimeUnixNano: String(began + BigInt(n % 2)),
      endTimeUnixNano: String(began + 1_000n),
    }))
    await together.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const odd = Array.from({ length: 25 }, (_, n) => 2 * n + 1)
    expect(await pages(together, '{}', 7)).toEqual([...odd, ...odd.map(n => n - 1)])
    await together.close()
  })
})

/** Each behind the last trace of the one before, until there are no more. */
async function pages(store: Store, query: string, limit: number, window?: ReturnType<typeof windowOf>) {
  const all: number[] = []
  for (let after: SearchOptions['after']; ; ) {
    const { traces } = await search(store, query, { window, after, limit, spans: 1 })
    all.push(...traces.map(({ traceID }) => Number.parseInt(traceID, 16) - 1))
    const end = traces.at(-1)
    if (!end || traces.length < limit) return all
    after = { start: BigInt(end.startTimeUnixNano), traceId: BigInt(`0x${end.traceID}`) }
  }
}
