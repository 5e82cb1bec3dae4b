// The Collector is killed with traces that it has not decided on, and `afn-otel reconcile` brings them back to their tiers.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { deliver, tierOf, traces } from '../collector/load'
import { type Running, scratchFolder, startCollector, until } from '../collector/support'
import { movedTo, Random } from '../collector/traces'
import { counted, runReconcile, spansIn, tempo } from './tiers'

const wait = '5s'
const decided = 'otelcol_processor_tail_sampling_global_count_traces_sampled'
const tiers = ['detailed', 'sampled', 'errors'] as const

describe.skipIf(!tempo || inject('collectorBinary') === undefined)('a Collector that is killed', () => {
  const folder = scratchFolder()
  const random = new Random(9)
  /** Away from the times of the other tests of this Tempo, and younger than what it looks for in finished blocks only. */
  const began = Date.now() - 11 * 60_000
  const some = (count: number) => traces(random, count).map(spans => movedTo(BigInt(began) * 1_000_000n, spans))
  const [before, during, last] = [some(80), some(240), some(20)]
  const all = [...before, ...during, ...last]
  const reconcile = async () => {
    const window = [began - 60_000, began + 60_000].map(time => new Date(time).toISOString()) as [string, string]
    const { code, stdout, stderr } = await runReconcile(folder, '--from', window[0], '--to', window[1], '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  /** What Tempo has of these traces, an id as often as it stands there. */
  const inTempo = async (tier: (typeof tiers)[number], expected: Iterable<string>) => {
    const found = new Map<string, string[]>()
    for (const traceId of expected) {
      const ids = await spansIn(tier, traceId)
      if (ids.length > 0) found.set(traceId, ids)
    }
    return found
  }
  let collector: Running
  const start = async () => {
    const settings = { AFN_TEMPO: tempo!.otlpGrpc, AFN_DECISION_WAIT: wait, AFN_AFTER_ROOT: wait }
    collector = await startCollector(folder, [], settings)
  }

  beforeAll(async () => {
    await start()
    const to = () => collector
    await deliver(before, to)
    const decisions = before.length + tierOf(before, 'sampled').size
    await until('the first decisions', async () => (await collector.own(decided)) >= decisions)
    let takenRequests = 0
    let restarted: Promise<unknown> | undefined
    await deliver(during, to, () => {
      takenRequests += 1
      if (takenRequests >= 200) restarted ??= collector.stop('SIGKILL').then(start)
    })
    await restarted
    await deliver(last, to)
    // The last traces are decided on after all others.
    const lastFailed = [...tierOf(last, 'errors').keys()]
    await until('the last errors', async () => (await inTempo('errors', lastFailed)).size === lastFailed.length)
    await until('detailed to be found', async () => {
      return (await counted('detailed', '{ resource.service.name = "funnel" }')) >= all.length
    })
  }, 240_000)
  afterAll(async () => {
    await collector.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('loses nothing of detailed, and of the errors only what it had not decided on', async () => {
    const ids = all.map(([first]) => first!.traceId)
    // what was under way when it was killed is sent again
    const detailed = Array.from(await inTempo('detailed', ids), ([id, spans]) => [id, [...new Set(spans)]] as const)
    expect(new Map(detailed)).toEqual(tierOf(all, 'detailed'))
    const failed = tierOf(all, 'errors')
    const found = await inTempo('errors', failed.keys())
    const lost = [...failed].filter(([id, spans]) => found.get(id)?.length !== spans.length).map(([id]) => id)
    const undecided = new Set(during.map(([first]) => first!.traceId))
    expect(lost.filter(id => !undecided.has(id))).toEqual([])
    expect(lost.length).toBeGreaterThan(0)
  })

  it('has its tiers whole again after reconciling, which then finds nothing more to do', async () => {
    expect((await reconcile()).repairs.length).toBeGreaterThan(0)
    for (const tier of ['sampled', 'errors'] as const) {
      const expected = tierOf(all, tier)
      expect(await inTempo(tier, expected.keys())).toEqual(expected)
    }
    expect((await reconcile()).repairs).toEqual([])
  }, 120_000)
})
