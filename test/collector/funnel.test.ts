import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Decision, decide, type Policies, policies, spansOfOtlp, type TraceTier } from '../../src/shared/tiers'
import { Random } from '../support/random'
import { describeCollector, idsOf, scratchFolder, spanIdsIn, startCollector, until } from './support'
import { exportRequest, lateSpans, lateTrace, type OtlpSpan, trace } from './traces'

/** A trace, and which of its spans come when the samplers have decided. */
interface Sent {
  early: OtlpSpan[]
  late: OtlpSpan[]
}
const decisionOf = (spans: OtlpSpan[], used: Policies = policies): Decision =>
  decide(spansOfOtlp(exportRequest(spans)), used)

describeCollector('on 2,000 traces and 200 with late spans, decide() and the Collector', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  const random = new Random(20261124)
  const mixed: Sent[] = Array.from({ length: 2000 }, () => ({ early: trace(random), late: [] }))
  const late = Object.fromEntries(
    lateSpans.map(kind => [kind, Array.from({ length: 50 }, (): Sent => lateTrace(random, kind))]),
  )
  const sent = [...mixed, ...Object.values(late).flat()]
  const decisions = new Map(sent.map(({ early }) => [early[0]!.traceId, decisionOf(early)]))
  const expected = (...tiers: TraceTier[]) => {
    const chosen = sent.filter(({ early: [first] }) => tiers.includes(decisions.get(first!.traceId)!.tier))
    return idsOf(chosen.flatMap(({ early, late }) => [...early, ...late]))
  }

  beforeAll(async () => {
    const collector = await startCollector(folder, ['--files', files], {
      AFN_DECISION_WAIT: '10s',
      AFN_AFTER_ROOT: '10s',
    })
    const send = async (spans: OtlpSpan[]) => expect(await collector.send('traces', exportRequest(spans))).toBe(200)
    // A hundred traces at a time, in three rounds; the spans of each trace fall into any of the rounds, in any order.
    for (let i = 0; i < sent.length; i += 100) {
      const rounds: OtlpSpan[][] = [[], [], []]
      const spans = sent.slice(i, i + 100).flatMap(({ early }) => early)
      for (const span of random.shuffle(spans)) random.pick(rounds).push(span)
      for (const round of rounds) await send(round)
    }
    // Every trace is decided on by the first sampler, and what it keeps by the second one.
    const kept = expected('sampled', 'errors').size
    await until('all decisions', async () => {
      const decided = await collector.own('otelcol_processor_tail_sampling_global_count_traces_sampled')
      return decided >= sent.length + kept
    }).catch(() => undefined) // the comparisons below say more
    await send(random.shuffle(sent.flatMap(({ late }) => late)))
    const spansIn = (tier: string) => [...spanIdsIn(files, tier).values()].flat().length
    await until('the late spans', () => {
      const whole = [...expected('errors').values()].flat().length
      return spansIn('errors') >= whole
    }).catch(() => undefined)
    expect(await collector.stop()).toBe(0)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('meet every policy', () => {
    const reasons = mixed.map(({ early: [first] }) => decisions.get(first!.traceId)!.reason)
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
    for (const n of Object.values(count)) expect(n).toBeGreaterThan(20)
  })

  it.each<[TraceTier, TraceTier[]]>([
    ['detailed', ['detailed', 'sampled', 'errors']],
    ['sampled', ['sampled', 'errors']],
    ['errors', ['errors']],
  ])('have the same traces in %s, each complete and once, late spans with them', (name, tiers) => {
    expect(spanIdsIn(files, name)).toEqual(expected(...tiers))
  })

  it('keep of what no policy wants as many as ten in a hundred may be', () => {
    const { percent } = policies.baseline
    const everything = { ...policies, baseline: { ...policies.baseline, percent: 100 } }
    const others = mixed.filter(({ early }) => decisionOf(early, everything).reason === 'baseline')
    const sampled = spanIdsIn(files, 'sampled')
    const kept = others.filter(({ early: [first] }) => sampled.has(first!.traceId)).length
    const share = percent / 100
    const deviation = Math.sqrt(others.length * share * (1 - share))
    expect(Math.abs(kept - others.length * share)).toBeLessThan(4 * deviation)
  })

  it('differ where only a late span failed: detailed has it, and the errors tier gets it by reconciling', () => {
    const errors = spanIdsIn(files, 'errors')
    for (const { early, late: failed } of late['a failed span']!) {
      expect(decisionOf([...early, ...failed]).tier).toBe('errors')
      expect(errors.has(early[0]!.traceId)).toBe(false)
    }
  })
})
