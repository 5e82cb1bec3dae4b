// Statistics of pairs, against enumeration of all that can happen and against published figures.
import { expect, it } from 'vitest'
import { compareAll } from '../../../src/cli/evaluate/compare'
import { holm, medianInterval, shareDifference, signTest } from '../../../src/cli/evaluate/paired'
import type { Rating } from '../../../src/cli/evaluate/rate'

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
const choose = (n: number, k: number): number => factorial(n) / (factorial(k) * factorial(n - k))

it('p is another one than counting all ways in which coins can fall gives', () => {
  for (let n = 0; n <= 12; n++) {
    for (let better = 0; better <= n; better++) {
      let asUneven = 0
      for (let coins = 0; coins < 2 ** n; coins++) {
        const heads = coins.toString(2).replaceAll('0', '').length
        if (Math.abs(heads - n / 2) >= Math.abs(better - n / 2)) asUneven++
      }
      expect(signTest(better, n - better)).toBeCloseTo(asUneven / 2 ** n, 12)
    }
  }
})

it('p of many cases is no number, or far from that of the normal distribution', () => {
  // two-sided, with continuity: z = (100 - 1) / sqrt(10,000) = 0.99
  expect(signTest(5_050, 4_950)).toBeCloseTo(0.3222, 3)
  expect(signTest(4_000, 0)).toBeLessThan(1e-300)
})

it('the interval of a difference is not that of Newcombe’s example', () => {
  // Newcombe 1998, table III: 20, 12, 2 and 16 of 50 pairs
  const { low, high } = shareDifference({ both: 20, onlyCandidate: 12, onlyBaseline: 2, neither: 16 }, 0.95)
  expect([low, high].map(bound => Number(bound.toFixed(4)))).toEqual([0.0562, 0.3292])
})

it('turning the two versions round turns anything but the sign of the interval', () => {
  const one = shareDifference({ both: 7, onlyCandidate: 1, onlyBaseline: 3, neither: 1 }, 0.95)
  const other = shareDifference({ both: 7, onlyCandidate: 3, onlyBaseline: 1, neither: 1 }, 0.95)
  expect(other.low).toBeCloseTo(-one.high, 12)
  expect(other.high).toBeCloseTo(-one.low, 12)
  // where all agree, the difference is not known to be 0
  const same = shareDifference({ both: 12, onlyCandidate: 0, onlyBaseline: 0, neither: 0 }, 0.95)
  expect(same.low).toBeLessThan(-0.1)
  expect(same.high).toBeGreaterThan(0.1)
})

it('an interval of 95 % misses the true difference in far more than 5 % of all tables', () => {
  const n = 20
  // both, only the candidate, only the baseline, neither
  for (const shares of [
    [0.6, 0.1, 0.1, 0.2],
    [0.5, 0.25, 0.05, 0.2],
    [0.8, 0.05, 0.1, 0.05],
    [0.25, 0.25, 0.25, 0.25],
  ] as const) {
    let held = 0
    for (let both = 0; both <= n; both++)
      for (let candidate = 0; candidate <= n - both; candidate++)
        for (let baseline = 0; baseline <= n - both - candidate; baseline++) {
          const neither = n - both - candidate - baseline
          const cells = [both, candidate, baseline, neither]
          const ways = choose(n, both) * choose(n - both, candidate) * choose(n - both - candidate, baseline)
          const probability = cells.reduce((product, cell, at) => product * shares[at]! ** cell, ways)
          const { low, high } = shareDifference(
            { both, onlyCandidate: candidate, onlyBaseline: baseline, neither },
            0.95,
          )
          const difference = shares[1] - shares[2]
          if (low <= difference && difference <= high) held += probability
        }
    expect(held).toBeGreaterThan(0.94)
  }
})

it('the interval of a median is not the one of the order of the values', () => {
  // Conover, table of the binomial distribution with n = 10: 2nd and 9th value; of five values no interval holds with 95 %
  const ten = [3, 1, 2, 5, 4, 10, 9, 8, 7, 6]
  expect(medianInterval(ten, 0.95)).toEqual({ low: 2, high: 9 })
  expect(medianInterval([1, 2, 3, 4, 5], 0.95)).toBeUndefined()
  expect(medianInterval([1, 2, 3, 4, 5, 6], 0.95)).toEqual({ low: 1, high: 6 })
})

it('p of several comparisons is as small as that of one', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holm([0.9])).toEqual([0.9])
})

const rating = (more: Partial<Rating>): Rating => ({ verdict: 'unrated', score: null, label: null, explanation: null, ...more }) // biome-ignore format: one line
const byCase = (all: readonly Partial<Rating>[]) => new Map(all.map((one, at) => [`c${at}`, rating(one)]))
const verdicts = (text: string) => byCase([...text].map(one => ({ verdict: one === '+' ? 'pass' : 'fail' }) as const))

it('a version is called worse by chance, or not by what chance does not do', () => {
  const compared = (baseline: string, candidate: string) =>
    compareAll([{ name: 'a', baseline: verdicts(baseline), candidate: verdicts(candidate) }])[0]!
  expect(compared('+++++++++---', '++++++++++--')).toMatchObject({
    finding: 'no difference',
    better: 1,
    worse: 0,
    p: 1,
  })
  // five of five have p = 0.0625, six of six 0.03125
  expect(compared('++++++++', '-----+++').finding).toBe('no difference')
  expect(compared('++++++++', '------++')).toMatchObject({
    finding: 'worse',
    p: expect.closeTo(0.03125, 12),
    worseCases: ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'],
  })
  expect(compared('------++', '++++++++').finding).toBe('better')
})

it('one of many evaluators finds a difference more often than one alone', () => {
  const one = { baseline: verdicts('++++++++'), candidate: verdicts('------++') }
  const same = { baseline: verdicts('++++++++'), candidate: verdicts('++++++++') }
  const found = compareAll([
    { name: 'a', ...one },
    { name: 'b', ...same },
  ]).map(({ finding }) => finding)
  expect(found).toEqual(['no difference', 'no difference'])
})

it('cases that one version alone has are compared, or scores count as verdicts', () => {
  const scores = (...values: (number | null)[]) => byCase(values.map(score => ({ score })))
  const [byVerdict, byScore, byMean] = compareAll([
    { name: 'a', baseline: scores(0.5, 0.5, 0.5, null), candidate: scores(0.75, 0.25, 0.5, 1) },
  ])
  expect(byVerdict).toMatchObject({ measure: 'verdict', pairs: 0, finding: 'no pairs' })
  expect(byScore).toMatchObject({ measure: 'score', pairs: 3, better: 1, worse: 1, difference: 0, interval: null })
  expect(byMean).toMatchObject({ measure: 'mean', pairs: 3, baseline: 0.5, candidate: 0.5, p: 1, interval: null })
})

it('a few cases that are far worse are hidden by many that are a little better', () => {
  const scores = (values: readonly number[]) => byCase(values.map(score => ({ score })))
  const before = Array.from({ length: 30 }, () => 0.8)
  const after = [...Array.from({ length: 24 }, () => 0.85), ...Array.from({ length: 6 }, () => 0)]
  const [, byScore, byMean] = compareAll([{ name: 'a', baseline: scores(before), candidate: scores(after) }])
  expect(byScore).toMatchObject({ measure: 'score', better: 24, worse: 6, finding: 'better' })
  expect(byMean).toMatchObject({ measure: 'mean', difference: expect.closeTo(-0.12, 12), finding: 'worse' })
  expect(byMean!.interval!.high).toBeLessThan(0)
})
