// Advice on calls that are made up: what was planted is found, healthy services hear nothing, and a model that is worse is seldom called
// as good. Prices are those of @pydantic/genai-prices.
import { describe, expect, it } from 'vitest'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { adviceOn } from '../../../src/operations/cost/advice'
import { pricingBy } from '../../../src/operations/cost/advice/call'
import { isNoWorse, MARGIN } from '../../../src/operations/cost/advice/model'
import { savingOf } from '../../../src/operations/cost/advice/saving'
import { defaultCosts } from '../../../src/operations/cost/config'
import { retirementsBy } from '../../../src/operations/cost/retirement/lookup'
import { Random } from '../../support/random'
import { gaussian, healthy, planted, start, type Workload } from './workloads'

const price = pricingBy(loadPrices(undefined, problem => expect.unreachable(problem)))
const span = { start, end: start + 7 * 86_400_000 }
const advise = ({ calls, arms }: Workload) =>
  adviceOn({
    ...{ calls, arms, price, span, source: undefined, featureAttribute: 'span.gen_ai.agent.name' },
    ...{ retirementOf: () => undefined, now: span.end },
  })

const TIMES = 20

describe('of what is planted', () => {
  const found: Record<string, number> = {}
  const others: string[] = []

  it.each(Object.keys(planted))('%s is found', async name => {
    found[name] = 0
    for (let time = 0; time < TIMES; time++) {
      const advice = await advise(planted[name]!())
      const kinds = advice.map(({ kind }) => kind)
      if (kinds.some(kind => name.split(' or ').includes(kind))) found[name]++
      others.push(...kinds.filter(kind => !name.split(' or ').includes(kind)).map(kind => `${kind} in ${name}`))
    }
    expect(found[name]).toBeGreaterThanOrEqual(TIMES * 0.9)
  })

  it('95 in 100 are found, and no more than 2 in 100 get other advice', () => {
    const all = Object.keys(planted).length * TIMES
    expect(Object.values(found).reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(all * 0.95)
    expect(others.length, others.join(', ')).toBeLessThanOrEqual(all * 0.02)
  })
})

it('healthy services get advice in no more than 2 of 100 cases', async () => {
  const wrong: string[] = []
  for (const [index, workload] of healthy.entries())
    for (let time = 0; time < TIMES; time++)
      for (const { kind } of await advise(workload())) wrong.push(`${kind} in ${index}`)
  expect(wrong.length, wrong.join(', ')).toBeLessThanOrEqual(healthy.length * TIMES * 0.02)
})

describe('a model that is worse by the margin', () => {
  const draws = new Random(5)
  const passes = (of: number, share: number) => {
    let passed = 0
    for (let one = 0; one < of; one++) if (draws.chance(share)) passed++
    return { passed, of }
  }

  it.each([
    [300, 0.9],
    [500, 0.8],
    [1_000, 0.95],
    [2_000, 0.7],
  ])('is called no worse in 5 of 100 cases, of 1,000 with %d evaluations each and %f passes', (of, share) => {
    let called = 0
    for (let time = 0; time < 1_000; time++) if (isNoWorse(passes(of, share - MARGIN), passes(of, share))) called++
    expect(called).toBeGreaterThanOrEqual(40)
    expect(called).toBeLessThanOrEqual(60)
  })

  it('is so in 5 ± 1 of 100 cases by arithmetic, over all outcomes that there are', () => {
    for (const [of, share] of [
      [200, 0.9],
      [200, 0.7],
      [250, 0.95],
    ] as const) {
      const [candidate, reference] = [binomial(of, share - MARGIN), binomial(of, share)]
      let size = 0
      for (let one = 0; one <= of; one++)
        for (let other = 0; other <= of; other++) {
          const weight = candidate[one]! * reference[other]!
          if (weight > 1e-12 && isNoWorse({ passed: one, of }, { passed: other, of })) size += weight
        }
      expect(Math.abs(size - 0.05)).toBeLessThan(0.01)
    }
  })

  it('is never called so of fewer than 200 evaluations, however good they are', () => {
    expect(isNoWorse({ passed: 199, of: 199 }, { passed: 500, of: 1_000 })).toBe(false)
    expect(isNoWorse({ passed: 500, of: 500 }, { passed: 100, of: 199 })).toBe(false)
    expect(isNoWorse({ passed: 200, of: 200 }, { passed: 100, of: 200 })).toBe(true)
  })

  it('is not called so more often because many are tried', () => {
    let called = 0
    for (let time = 0; time < 500; time++) {
      const reference = passes(400, 0.9)
      const some = Array.from({ length: 10 }, () => passes(400, 0.9 - MARGIN))
      if (some.some(candidate => isNoWorse(candidate, reference, 10))) called++
    }
    expect(called / 500).toBeLessThan(0.07)
  })

  /** Probabilities of each count. */
  function binomial(of: number, share: number): number[] {
    let logarithm = of * Math.log(1 - share)
    return Array.from({ length: of + 1 }, (_, passed) => {
      if (passed > 0) logarithm += Math.log((of - passed + 1) / passed) + Math.log(share / (1 - share))
      return Math.exp(logarithm)
    })
  }
})

it('the interval of a saving holds the true one in nine of ten cases', () => {
  const base = { ...planted.batch!().calls[0]!, input: 1_000, output: 100 }
  let inside = 0
  for (let time = 0; time < 500; time++) {
    // a fifth of what an answer costs is saved on average, and each differs
    const calls = Array.from({ length: 300 }, () => ({ ...base, output: Math.round(100 * Math.exp(gaussian())) }))
    const saving = savingOf(
      calls,
      ({ output }) => output,
      ({ output }) => ({ usd: output * (0.8 + 0.1 * gaussian()) }),
    )!
    if (saving.interval.low <= 0.2 && saving.interval.high >= 0.2) inside++
  }
  expect(inside / 500).toBeGreaterThan(0.85)
  expect(inside / 500).toBeLessThan(0.95)
})

describe('advice', () => {
  it('says what it rests on, what it saves in a month, what may be lost and how to see whether it was right', async () => {
    const { calls, arms } = planted.batch!()
    const [advice] = await advise({ calls, arms })
    const { service, provider, model } = calls[0]!
    const week = calls.reduce((sum, call) => sum + price(call)!, 0)
    expect(advice).toMatchObject({
      kind: 'batch',
      service,
      provider,
      model,
      n: calls.length,
      share: expect.closeTo(0.5, 9),
      saving: { expected: expect.closeTo((week / 2) * (30 / 7), 6) },
      confidence: 'medium',
    })
    expect(advice!.query).toContain(`resource.service.name = "${service}" && `)
    for (const words of [advice!.why, advice!.what, advice!.risk, advice!.verify, advice!.unless])
      expect(words).toMatch(/\w{3}.*\.$/)
    expect(advice!.saving!.interval.low).toBeLessThanOrEqual(advice!.saving!.expected)
  })
})

describe('of a model that ends', () => {
  const DAY = 86_400_000
  const { calls: made } = planted.batch!()
  const [one] = made as [(typeof made)[number], ...typeof made]
  const day = (days: number) => new Date(span.end + days * DAY).toISOString().slice(0, 10)
  const some = (count: number, more: Partial<typeof one>) =>
    Array.from({ length: count }, (_, n) => ({ ...one, at: start + n * 60_000, isAwaited: true, isStreamed: true, provider: 'openai', model: 'gpt-4o', input: 1_000, output: 100, cacheRead: 0, cacheWrite: 0, ...more })) // biome-ignore format: one call
  const ends = (days: number, model: string, replacement?: string) => ({ provider: 'openai', model, date: day(days), replacement, source: 'own' }) // biome-ignore format: one line
  const advise = (calls: typeof made, arms: Workload['arms'], ...retirements: ReturnType<typeof ends>[]) =>
    adviceOn({
      ...{ calls, arms, price, span, source: undefined, featureAttribute: 'span.gen_ai.agent.name' },
      ...{ retirementOf: retirementsBy({ ...defaultCosts, retirements }), now: span.end },
    })

  it('nothing is said of few calls, or its share and what its replacement costs are other ones', async () => {
    const calls = [...some(3, {}), ...some(9, { model: 'gpt-new' })]
    const [advice, ...others] = await advise(calls, [], ends(30, 'gpt-4o', 'gpt-4o-mini'))
    expect(others).toEqual([])
    // 1,000 tokens at USD 2.50 and 100 at 10, against 0.15 and 0.60
    const [now, then] = [0.0035, 0.00021]
    expect(advice).toMatchObject({
      kind: 'retirement',
      model: 'gpt-4o',
      n: 3,
      why: `It ends on ${day(30)}, in 30 days (own), and 25 % of all calls are these.`,
      what: 'Move these calls to gpt-4o-mini, which is recommended instead.',
      share: expect.closeTo(1 - then / now, 9),
      saving: { expected: expect.closeTo((3 * (now - then) * 30) / 7, 9) },
    })
  })

  it('a dearer replacement saves, one without a price costs nothing, or a day far away is urgent', async () => {
    const calls = [
      ...some(5, { model: 'gpt-4o-mini' }),
      ...some(4, { model: 'gpt-4.1' }),
      ...some(3, { model: 'gpt-4.1-nano' }),
    ]
    const found = await advise(
      calls,
      [],
      ends(89, 'gpt-4o-mini', 'gpt-4o'),
      ends(-3, 'gpt-4.1', 'nobody-knows-it'),
      ends(91, 'gpt-4.1-nano', 'gpt-4o'),
    )
    expect(found.map(({ model, share, saving }) => [model, share && Math.sign(share), saving && Math.sign(saving.expected)])).toEqual([
      ['gpt-4.1', null, null],
      ['gpt-4o-mini', -1, -1],
    ]) // biome-ignore format: a model a line
    expect(found[0]!.why).toContain(`It ended on ${day(-3)}`)
  })

  it('a cheaper model is advised that ends itself within 90 days', async () => {
    const calls = some(300, {})
    const passes = { passed: 360, of: 400 }
    const arms = ['gpt-4o', 'gpt-4o-mini'].map(model => ({ service: one.service, evaluation: 'good', provider: 'openai', model, passes })) // biome-ignore format: one line
    const far = ends(1_000, 'gpt-4o')
    const kinds = async (days: number) =>
      (await advise(calls, arms, far, ends(days, 'gpt-4o-mini'))).map(({ kind }) => kind)
    expect(await kinds(500)).toContain('model')
    expect(await kinds(50)).not.toContain('model')
  })
})
