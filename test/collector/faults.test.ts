import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { Random } from '../support/random'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { deliver, tierOf, traces, twins, withoutTwins } from './load'
import { describeCollector, type Running, scratchFolder, startCollector, until } from './support'
import { exportRequest } from './traces'

const tiers = ['detailed', 'sampled', 'errors'] as const
/** How long the store is away: 60 for a soak. */
const outageSeconds = Number(process.env.AFN_TEST_OUTAGE_SECONDS ?? 3)
const decided = 'otelcol_processor_tail_sampling_global_count_traces_sampled'

describeCollector('nothing that was taken is lost', () => {
  const random = new Random(6)
  let folder: string
  let tempo: FakeTempo
  let collector: Running
  /** On the queues of this test's folder, whoever has used them before. */
  const start = async (wait: string, args: string[] = []) => {
    const settings = { AFN_TEMPO: tempo.address, AFN_DECISION_WAIT: wait, AFN_AFTER_ROOT: wait }
    collector = await startCollector(folder, args, settings)
  }
  const inTempo = (tier: string) => tempo.spans(`afn-${tier}`)
  const has = (tier: string, ids: Map<string, string[]>) =>
    [...ids].every(([traceId, spanIds]) => {
      const found = new Set(inTempo(tier).get(traceId))
      return spanIds.every(id => found.has(id))
    })

  beforeEach(async () => {
    folder = scratchFolder()
    tempo = await startFakeTempo()
  })
  afterEach(async () => {
    await collector.stop('SIGKILL')
    await tempo.away()
    rmSync(folder, { recursive: true, force: true })
  })

  it('when the Collector is killed under load: detailed has all, the higher tiers all that was decided on', async () => {
    const [before, during] = [traces(random, 100), traces(random, 300)]
    await start('2s')
    // Tempo takes everything and confirms nothing: what is decided on is in the queues alone.
    tempo.silent = true
    await deliver(before, () => collector)
    const decisions = before.length + tierOf(before, 'sampled').size
    await until('all decisions', async () => (await collector.own(decided)) >= decisions)
    let takenRequests = 0
    let restarted: Promise<unknown> | undefined
    const again = await deliver(
      during,
      () => collector,
      () => {
        takenRequests += 1
        if (takenRequests < 200 || restarted) return
        const killed = collector.stop('SIGKILL')
        tempo.silent = false
        restarted = killed.then(() => start('2s'))
      },
    )
    await restarted
    const all = [...before, ...during]
    await until('detailed to be whole', () => has('detailed', tierOf(all, 'detailed'))).catch(() => {})
    // flushes what is undecided
    expect(await collector.stop()).toBe(0)

    expect(withoutTwins(inTempo('detailed'))).toEqual(tierOf(all, 'detailed'))
    // At least once: twice there is only what the client sent again, and what Tempo had and did not confirm.
    const accounted = (id: string) => again.has(id) || tempo.unanswered.has(id)
    for (const tier of tiers) expect(twins(inTempo(tier)).filter(id => !accounted(id))).toEqual([])
    // What was decided on before is whole; what was undecided is for `afn-otel reconcile` (test/tempo/killed.test.ts).
    for (const tier of ['sampled', 'errors'] as const) {
      const found = withoutTwins(inTempo(tier))
      const ofBefore = tierOf(before, tier)
      expect(new Map([...found].filter(([id]) => ofBefore.has(id)))).toEqual(ofBefore)
    }
  })

  it(`when Tempo is away for ${outageSeconds} s`, async () => {
    const sent = traces(random, 200)
    await start('1s')
    await deliver(sent.slice(0, 50), () => collector)
    await until('the first spans', () => inTempo('detailed').size > 0)
    await tempo.away()
    const away = new Promise(resolve => setTimeout(resolve, outageSeconds * 1000))
    expect(await deliver(sent.slice(50), () => collector)).toEqual(new Set())
    await away
    await tempo.back()
    await until('everything', () => tiers.every(tier => has(tier, tierOf(sent, tier)))).catch(() => {})
    for (const tier of tiers) expect(withoutTwins(inTempo(tier))).toEqual(tierOf(sent, tier))
  })

  it('at a signal that ends it: it decides on what it holds, and what Tempo can not take is there at the next start', async () => {
    const sent = traces(random, 100)
    await start('120s')
    await tempo.away()
    await deliver(sent, () => collector)
    expect(await collector.stop('SIGTERM')).toBe(0)
    await tempo.back()
    await start('120s')
    await until('everything', () => tiers.every(tier => has(tier, tierOf(sent, tier)))).catch(() => {})
    for (const tier of tiers) expect(inTempo(tier)).toEqual(tierOf(sent, tier))
  })

  it('when a queue is full: senders are held until there is room', async () => {
    const config = parse(readFileSync(path.resolve(import.meta.dirname, '../../otel-collector.yaml'), 'utf8'))
    const queue = config.exporters['otlp_grpc/tempo-detailed'].sending_queue
    Object.assign(queue, { queue_size: 50, batch: { flush_timeout: '200ms', min_size: 10, max_size: 20 } })
    const file = path.join(folder, 'small-queue.yaml')
    writeFileSync(file, stringify(config))
    const sent = traces(random, 100)
    await start('120s', ['--config', file])
    await tempo.away()
    let [answered, open] = [0, 0]
    const statuses = sent.map(async spans => {
      open += 1
      const status = await collector.send('traces', exportRequest(spans))
      answered += 1
      return status
    })
    await until('the queue to be full', async () => (await collector.own('otelcol_exporter_queue_size{')) >= 45)
    expect(answered).toBeLessThan(open)
    await tempo.back()
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
    await until('everything', () => has('detailed', tierOf(sent, 'detailed'))).catch(() => {})
    expect(inTempo('detailed')).toEqual(tierOf(sent, 'detailed'))
    for (const counter of ['enqueue_failed', 'send_failed']) {
      expect(await collector.own(`otelcol_exporter_${counter}_spans`)).toBe(0)
    }
  })
})
