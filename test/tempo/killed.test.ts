// The Collector is killed with traces that it has not decided on, and `afn-otel reconcile` brings them back to their tiers.
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { deliver, tierOf, traces } from '../collector/load'
import { type Running, scratchFolder, startCollector, until } from '../collector/support'
import { movedTo, type OtlpSpan } from '../collector/traces'
import { isLong } from '../support/long'
import { Random } from '../support/random'
import { counted, runReconcile, runReconcileAt, spansIn, spansOf, tempo } from './tiers'

const wait = '5s'
const decided = 'otelcol_processor_tail_sampling_global_count_traces_sampled'
const tiers = ['detailed', 'sampled', 'errors'] as const

describe.skipIf(inject('collectorBinary') === undefined)('a Collector that is killed', () => {
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
  let collector: Running | undefined
  const start = async () => {
    const settings = { AFN_TEMPO: tempo.otlpGrpc, AFN_DECISION_WAIT: wait, AFN_AFTER_ROOT: wait }
    collector = await startCollector(folder, [], settings)
  }

  beforeAll(async () => {
    await start()
    const to = () => collector!
    await deliver(before, to)
    const decisions = before.length + tierOf(before, 'sampled').size
    await until('the first decisions', async () => (await collector!.own(decided)) >= decisions)
    let takenRequests = 0
    let restarted: Promise<unknown> | undefined
    await deliver(during, to, () => {
      takenRequests += 1
      if (takenRequests >= 200) restarted ??= collector!.stop('SIGKILL').then(start)
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
    await collector?.stop('SIGKILL')
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

/**
 * What `afn-otel reconcile` does with every default but Tempo's address, which is a free port here: its receiver is found, Collector and
 * Tempo run on. The oracle is what was generated; a span that the Collector delivered twice, since it was killed before Tempo's answer,
 * stays as often as it was.
 */
describe.runIf(isLong('reconcile') && inject('collectorBinary') !== undefined)(
  '20 rounds, of which 15 kill the Collector',
  () => {
    let folder: string
    let collector: Running | undefined
    beforeEach(() => {
      folder = scratchFolder()
    })
    // a retry finds no Collector that runs on in its folder
    afterEach(async () => {
      await collector?.stop('SIGKILL')
      collector = undefined
      rmSync(folder, { recursive: true, force: true })
    })
    const settings = { AFN_TEMPO: tempo.otlpGrpc, AFN_DECISION_WAIT: '5s', AFN_AFTER_ROOT: '5s' }
    const start = async () => {
      collector = await startCollector(folder, [], settings)
      return collector
    }

    it('has exact sums in each tier after each repair, and the same ones when nothing was lost', async ({ task }) => {
      // traces of its own for a retry, which finds those of the first try in Tempo
      const random = new Random(23 + (task.result?.retryCount ?? 0))
      let repaired = 0
      for (let round = 0; round < 20; round++) repaired += await repairsOf(round, random)
      expect(repaired).toBeGreaterThan(20)
    }, 3_600_000)

    async function repairsOf(round: number, random: Random): Promise<number> {
      const began = Date.now() - 11 * 60_000
      const isKilled = round % 4 !== 3
      const sent = traces(random, 40).map(spans => movedTo(BigInt(began) * 1_000_000n, spans))
      let running = await start()
      const killAfter = random.below(sent.length)
      let taken = 0
      let restarted: Promise<unknown> | undefined
      const killed = async () => {
        await running.stop('SIGKILL')
        running = await start()
      }
      const to = () => running
      await deliver(sent, to, () => {
        if (isKilled && ++taken > killAfter) restarted ??= killed()
      }).finally(() => restarted)
      // all that this Collector has taken is decided on and delivered
      await until('the last decisions', async () => {
        const traces = await running.own(begun)
        return traces > (isKilled ? 0 : sent.length - 1) && (await running.own(decided)) >= traces
      })
      await until('empty queues', async () => (await queuesOfTempo(running)).every(line => line.endsWith(' 0')))
      const ids = sent.map(([first]) => first!.traceId)
      await until('detailed to be whole', async () => {
        const found = await Promise.all(ids.map(id => spansIn('detailed', id)))
        return found.every((spans, n) => new Set(spans).size === sent[n]!.length)
      })
      const before = await everySpan(ids)
      const window = [began - 60_000, began + 60_000].map(time => new Date(time).toISOString()) as [string, string]
      const places = { AFN_TEMPO_URL: tempo.url, ...running.places }
      const args = ['--from', window[0], '--to', window[1], '--json']
      const { code, stderr, stdout } = await runReconcileAt(folder, args, places)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const { repairs, waiting, left } = JSON.parse(stdout)
      expect({ waiting, left }).toEqual({ waiting: 0, left: 0 })
      const after = await everySpan(ids)
      for (const tier of ['sampled', 'errors'] as const) {
        const wanted = new Set([...tierOf(sent, tier).values()].flat())
        const pushedOf = (traceId: string) =>
          repairs.filter((one: { traceId: string; tier: string }) => one.traceId === traceId && one.tier === tier)
        const expected = sent.map(spans => {
          // What the Collector has for a tier may arrive after `before`. Of a trace to which reconcile added nothing it is all there is.
          const those = pushedOf(spans[0]!.traceId).length > 0 ? before : after
          const timesOf = ({ spanId }: OtlpSpan) => those[tier].filter(span => span.spanId === spanId).length
          // as often as it was, but once at least
          return spans.flatMap(span =>
            Array.from({ length: wanted.has(span.spanId) ? Math.max(1, timesOf(span)) : timesOf(span) }, () => span),
          )
        })
        // which trace it is, and whether reconcile or the Collector brought what is too much
        const wrong = sent.flatMap((spans, n) => {
          const ids = new Set(spans.map(({ spanId }) => spanId))
          const is = after[tier].filter(({ spanId }) => ids.has(spanId)).length
          const was = before[tier].filter(({ spanId }) => ids.has(spanId)).length
          const { traceId } = spans[0]!
          const pushed = pushedOf(traceId)
          return is === expected[n]!.length ? [] : [{ traceId, was, is, expected: expected[n]!.length, pushed }]
        })
        expect({ round, tier, wrong, ...sumsOf(after[tier]) }).toEqual({
          round,
          tier,
          wrong: [],
          ...sumsOf(expected.flat()),
        })
      }
      if (!isKilled) expect({ round, repairs }).toEqual({ round, repairs: [] })
      await running.stop()
      return repairs.length
    }

    const begun = 'otelcol_processor_tail_sampling_new_trace_id_received'
    const queuesOfTempo = async ({ places }: Running) => {
      const metrics = await (await fetch(`http://127.0.0.1:${places.AFN_SELF_METRICS_PORT}/metrics`)).text()
      return metrics.split('\n').filter(line => /^otelcol_exporter_queue_size\{.*tempo-/.test(line))
    }
    const everySpan = async (ids: string[]) => {
      const of = async (tier: (typeof tiers)[number]) => (await Promise.all(ids.map(id => spansOf(tier, id)))).flat()
      return { detailed: await of('detailed'), sampled: await of('sampled'), errors: await of('errors') }
    }
    const sumsOf = (spans: readonly { attributes?: readonly { key: string; value: Record<string, unknown> }[] }[]) => ({
      spans: spans.length,
      costs: spans.flatMap(({ attributes = [] }) => attributes.filter(({ key }) => key === 'afn.llm.cost.total'))
        .length,
      cost: spans
        .flatMap(({ attributes = [] }) => attributes)
        .filter(({ key }) => key === 'afn.llm.cost.total')
        .map(({ value }) => Number(value.doubleValue ?? value.intValue))
        .filter(Number.isFinite)
        .reduce((sum, cost) => sum + Math.round(cost * 1_000_000), 0),
    })
  },
)
