import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Decision, decide, spansOfOtlp } from '../../src/tiers'
import { describeCollector, scratchFolder, spanIdsIn, startCollector, until } from './support'
import { exportRequest, type OtlpSpan, Random, trace } from './traces'

describeCollector('on 1,000 traces, decide() and the Collector', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  const random = new Random(20261124)
  const traces = Array.from({ length: 1000 }, () => trace(random))
  const decisions = new Map<string, Decision>(
    traces.map(spans => [spans[0]!.traceId, decide(spansOfOtlp(exportRequest(spans)))]),
  )
  const expected = (...tiers: string[]) => {
    const chosen = traces.filter(([first]) => tiers.includes(decisions.get(first!.traceId)!.tier))
    return new Map(chosen.map(spans => [spans[0]!.traceId, spans.map(span => span.spanId).sort()]))
  }

  beforeAll(async () => {
    const collector = await startCollector(folder, ['--files', files], {
      AFN_DECISION_WAIT: '10s',
      AFN_AFTER_ROOT: '10s',
    })
    // A hundred traces at a time, in three rounds; the spans of each trace fall into any of the rounds, in any order.
    for (let i = 0; i < traces.length; i += 100) {
      const rounds: OtlpSpan[][] = [[], [], []]
      for (const span of random.shuffle(traces.slice(i, i + 100).flat())) random.pick(rounds).push(span)
      for (const spans of rounds) expect(await collector.send('traces', exportRequest(spans))).toBe(200)
    }
    // Every trace is decided on by the first sampler, and what it keeps by the second one.
    const kept = expected('sampled', 'errors').size
    await until('all decisions', async () => {
      const decided = await collector.own('otelcol_processor_tail_sampling_global_count_traces_sampled')
      return decided >= traces.length + kept
    }).catch(() => undefined) // the comparison below says more
    expect(await collector.stop()).toBe(0)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('meet every policy', () => {
    const reasons = [...decisions.values()].map(({ reason }) => reason)
    const count = Object.fromEntries([...new Set(reasons)].sort().map(r => [r, reasons.filter(x => x === r).length]))
    expect(Object.keys(count)).toEqual([
      'baseline',
      'costly',
      'errors',
      'guardrail',
      'low_quality',
      'no policy',
      'slow',
    ])
    for (const n of Object.values(count)) expect(n).toBeGreaterThan(10)
  })

  it.each([
    ['detailed', ['detailed', 'sampled', 'errors']],
    ['sampled', ['sampled', 'errors']],
    ['errors', ['errors']],
  ])('have the same traces in %s, each complete and once', (name, tiers) => {
    expect(spanIdsIn(files, name)).toEqual(expected(...tiers))
  })
})
