// What reconciling pushes, against tiers in memory. The oracle is what was put into them: a span is pushed when the tier that it
// belongs to does not have it, and never otherwise.
import { describe, expect, it } from 'vitest'
import { spanKeys } from '../../../src/pipeline/reconcile/document'
import { reconcile, type Work } from '../../../src/pipeline/reconcile/reconcile'
import type { Store } from '../../../src/pipeline/reconcile/store'
import type { TracesData } from '../../../src/shared/otlp/trace'
import { BackendError } from '../../../src/shared/queries/http'
import { policies, type TraceTier } from '../../../src/shared/tiers'
import { inBaseline } from '../../../src/shared/tiers/baseline'
import { tierOf } from '../../collector/load'
import { exportRequest, type OtlpSpan, trace } from '../../collector/traces'
import { Random } from '../../support/random'

const window = { start: 0, end: 1_000 }

/** A tier that shows what it has, each span as often as it got it. */
class Tier implements Store {
  readonly spans: OtlpSpan[] = []
  pushes = 0
  lists = 0
  /** Shows nothing of a trace in one read of so many. */
  blindEvery = Number.POSITIVE_INFINITY
  reads = 0
  constructor(private readonly second: (traceId: string) => number = () => 0) {}

  async list(query: string, { start, end }: { start: number; end: number }) {
    this.lists += 1
    const spans = new Map<string, number>()
    // a search for one policy finds all: what is found decides nothing
    for (const { traceId } of query === '{ }' || query.includes('status') ? this.spans : []) {
      const at = this.second(traceId)
      if (at >= start && at < end) spans.set(traceId, (spans.get(traceId) ?? 0) + 1)
    }
    const most = end - start > 1 ? 50 : 200
    return { spans: new Map([...spans].slice(0, most)), isCut: spans.size >= most }
  }
  async trace(id: string): Promise<TracesData> {
    if (++this.reads % this.blindEvery === 0) return {}
    return exportRequest(this.spans.filter(({ traceId }) => traceId === id)) as TracesData
  }
  async push(document: TracesData) {
    this.pushes += 1
    for (const { scopeSpans = [] } of document.resourceSpans ?? [])
      for (const { spans = [] } of scopeSpans) this.spans.push(...(spans as OtlpSpan[]))
  }
}

const storesOf = (second?: (traceId: string) => number) =>
  ({ detailed: new Tier(second), sampled: new Tier(second), errors: new Tier(second) }) satisfies Record<
    TraceTier,
    Tier
  >

const nothingWaits = { arrive: async () => true }

const work = (stores: Work['stores'], more: Partial<Work> = {}): Work => ({
  stores,
  window,
  policies,
  dryRun: false,
  limit: 10_000,
  deadline: Date.now() + 60_000,
  pauseMs: 0,
  deliveries: nothingWaits,
  beforePush: () => {},
  ...more,
})

const failing = (random: Random): OtlpSpan[] => {
  for (;;) {
    const spans = trace(random)
    const [first] = spans
    if (inBaseline(first!.traceId, policies.baseline)) continue
    first!.kind = 1
    first!.status.code = 2
    return spans
  }
}

describe('reconcile', () => {
  it('pushes each lost span once, and none that is there, though one read in seven shows nothing', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = new Random(seed)
      const sent = Array.from({ length: 60 }, () => trace(random))
      const stores = storesOf()
      stores.detailed.spans.push(...sent.flat())
      for (const tier of ['sampled', 'errors'] as const) {
        const wanted = new Set([...tierOf(sent, tier).values()].flat())
        stores[tier].spans.push(...sent.flat().filter(({ spanId }) => wanted.has(spanId) && random.chance(0.8)))
        stores[tier].blindEvery = 7
      }
      // what was delivered twice stays as it is
      const whole = sent.find(spans => spans.every(span => stores.sampled.spans.includes(span)))
      stores.sampled.spans.push(...(whole ?? []))
      const before = { sampled: [...stores.sampled.spans], errors: [...stores.errors.spans] }
      await reconcile(work(stores))
      for (const tier of ['sampled', 'errors'] as const) {
        const ids = (spans: OtlpSpan[]) => spans.map(({ spanId }) => spanId).sort()
        const had = new Set(ids(before[tier]))
        const lost = [...tierOf(sent, tier).values()].flat().filter(id => !had.has(id))
        expect({ seed, tier, spans: ids(stores[tier].spans) }).toEqual({
          seed,
          tier,
          spans: [...ids(before[tier]), ...lost].sort(),
        })
      }
    }
  })

  it('pushes nothing while the Collector still has spans for Tempo', async () => {
    const stores = storesOf()
    stores.detailed.spans.push(...failing(new Random(1)))
    const deliveries = {
      arrive: async () => {
        for (const tier of ['sampled', 'errors'] as const) stores[tier].spans.push(...stores.detailed.spans)
        return true
      },
    }
    expect((await reconcile(work(stores, { deliveries }))).repairs).toEqual([])
    expect([stores.sampled.pushes, stores.errors.pushes]).toEqual([0, 0])
  })

  it('pushes nothing that has arrived meanwhile, though one read in seven shows nothing', async () => {
    const random = new Random(4)
    const stores = storesOf()
    for (let n = 0; n < 60; n++) stores.detailed.spans.push(...failing(random))
    const deliveries = {
      arrive: async () => {
        for (const tier of ['sampled', 'errors'] as const) {
          stores[tier].spans.push(...stores.detailed.spans)
          stores[tier].blindEvery = 7
        }
        return true
      },
    }
    expect((await reconcile(work(stores, { deliveries }))).repairs).toEqual([])
    for (const tier of ['sampled', 'errors'] as const)
      expect(stores[tier].spans).toHaveLength(stores.detailed.spans.length)
  })

  it('leaves what has not arrived in time', async () => {
    const stores = storesOf()
    stores.detailed.spans.push(...failing(new Random(1)))
    const deliveries = { arrive: async () => false }
    const report = await reconcile(work(stores, { deliveries }))
    expect(report).toMatchObject({ repairs: [], waiting: 1 })
  })

  it('pushes nothing more when the lease was lost', async () => {
    const random = new Random(3)
    const stores = storesOf()
    for (let n = 0; n < 5; n++) stores.detailed.spans.push(...failing(random))
    let left = 4
    const beforePush = () => {
      if (left-- === 0) throw new Error('lost')
    }
    await expect(reconcile(work(stores, { beforePush }))).rejects.toThrow('lost')
    expect(stores.sampled.pushes + stores.errors.pushes).toBe(4)
  })

  it('halves a window that has more than one answer, down to a second, and finds all of it', async () => {
    const random = new Random(5)
    const sent = Array.from({ length: 400 }, () => failing(random))
    const seconds = new Map(sent.map(([first], n) => [first!.traceId, n % 700]))
    const stores = storesOf(traceId => seconds.get(traceId) ?? 0)
    stores.detailed.spans.push(...sent.flat())
    const { looked, repairs, left, stoppedAt } = await reconcile(work(stores))
    expect({ looked, repairs: repairs.length, left, stoppedAt }).toEqual({
      looked: 400,
      repairs: 800,
      left: 0,
      stoppedAt: undefined,
    })
    expect(stores.errors.spans).toHaveLength(stores.detailed.spans.length)
  })

  it('ends at its limit and at its deadline, and says what it left', async () => {
    const random = new Random(6)
    const stores = storesOf()
    for (let n = 0; n < 40; n++) stores.detailed.spans.push(...failing(random))
    expect(await reconcile(work(stores, { limit: 25, dryRun: true }))).toMatchObject({ looked: 25, left: 15 })
    const late = await reconcile(work(stores, { deadline: Date.now() - 1 }))
    expect(late).toMatchObject({ looked: 0, repairs: [], stoppedAt: window.start })
  })

  it('goes on behind a trace that Tempo refuses, and ends when it refuses all', async () => {
    const random = new Random(8)
    const stores = storesOf()
    const traces = Array.from({ length: 6 }, () => failing(random))
    stores.detailed.spans.push(...traces.flat())
    const [refused] = traces[0]!
    const take = stores.errors.push.bind(stores.errors)
    stores.errors.push = async document => {
      if ([...spanKeys(document)].some(key => key.startsWith(refused!.spanId))) throw new BackendError('too large', 400)
      return take(document)
    }
    const report = await reconcile(work(stores))
    expect(report.refused).toEqual([expect.objectContaining({ traceId: refused!.traceId, reason: 'too large' })])
    expect(report.repairs).toHaveLength(11)
    stores.errors.spans.length = 0
    stores.errors.push = async () => {
      throw new BackendError('no', 400)
    }
    await expect(reconcile(work(stores))).rejects.toThrow('no')
  })

  it('distinguishes a client span from a server span that shares its id', async () => {
    const random = new Random(9)
    const stores = storesOf()
    const [first] = failing(random)
    const twin = { ...first!, kind: 2 }
    stores.detailed.spans.push(first!, twin)
    stores.sampled.spans.push(first!, twin)
    stores.errors.spans.push(first!)
    const { repairs } = await reconcile(work(stores))
    expect(repairs).toEqual([{ traceId: first!.traceId, tier: 'errors', spans: 1, wasAbsent: false }])
    expect(stores.errors.spans).toEqual([first, expect.objectContaining({ kind: 2 })])
  })
})
