// Cohen's kappa against published tables, and its interval against the exact distribution of all tables of 30 pairs.
import { describe, expect, it } from 'vitest'
import { kappaOf, type PairedVerdicts } from '../../../../src/backend/api/own/kappa'

const verdicts = ([bothPassed, evaluatorPassed, humanPassed, bothFailed]: readonly number[]): PairedVerdicts =>
  ({ bothPassed, evaluatorPassed, humanPassed, bothFailed }) as PairedVerdicts

function kappa(...counts: readonly number[]) {
  const found = kappaOf(verdicts(counts))
  if ('none' in found) throw new Error(`no kappa: ${found.none}`)
  return found
}

describe("Cohen's kappa", () => {
  it.each([
    // https://en.wikipedia.org/wiki/Cohen%27s_kappa, its three examples
    [[20, 5, 10, 15], 0.4],
    [[45, 15, 25, 15], 0.1304],
    [[25, 35, 5, 35], 0.2593],
    // all agree; all disagree; the evaluator passes everything; as chance has it
    [[15, 0, 0, 15], 1],
    [[0, 15, 15, 0], -1],
    [[20, 10, 0, 0], 0],
    [[16, 16, 16, 16], 0],
  ])('of %j is %f', (counts, value) => {
    expect(kappa(...counts).value).toBeCloseTo(value, 4)
  })

  it('has the interval of Fleiss, Cohen and Everitt of the table with one more in each cell', () => {
    // by hand for 21, 6, 11, 16 of 54: kappa 0.3704, standard error 0.1241
    const { low, high } = kappa(20, 5, 10, 15)
    expect(low).toBeCloseTo(0.1271, 3)
    expect(high).toBeCloseTo(0.6136, 3)
    // of many pairs it is that of the table itself: kappa 0.4, standard error 0.126996 / sqrt(1000)
    const many = kappa(20_000, 5_000, 10_000, 15_000)
    expect(many.low).toBeCloseTo(0.4 - 0.007871, 4)
    expect(many.high).toBeCloseTo(0.4 + 0.007871, 4)
  })

  it('is there from 30 pairs on, and not where both gave one verdict to all', () => {
    expect(kappaOf(verdicts([20, 1, 1, 7]))).toEqual({ none: 'too_few' })
    expect(kappaOf(verdicts([0, 0, 0, 0]))).toEqual({ none: 'too_few' })
    expect(kappaOf(verdicts([20, 1, 1, 8]))).toHaveProperty('value')
    expect(kappaOf(verdicts([30, 0, 0, 0]))).toEqual({ none: 'one_verdict' })
    expect(kappaOf(verdicts([0, 0, 0, 30]))).toEqual({ none: 'one_verdict' })
  })

  it('is better than chance only where the whole interval is above 0', () => {
    expect(kappa(20, 5, 10, 15).isBetterThanChance).toBe(true)
    expect(kappa(16, 16, 16, 16).isBetterThanChance).toBe(false)
    expect(kappa(20, 10, 0, 0).isBetterThanChance).toBe(false)
    expect(kappa(2, 15, 15, 2).isBetterThanChance).toBe(false)
    // the plain variance is 0 here, and would say that kappa is 1 for certain
    expect(kappa(29, 0, 0, 1).low).toBeLessThan(0.3)
  })
})

const tables = (n: number): number[][] =>
  range(n).flatMap(a => range(n - a).flatMap(b => range(n - a - b).map(c => [a, b, c, n - a - b - c])))
const range = (most: number) => Array.from({ length: most + 1 }, (_, value) => value)

it('the interval holds kappa, and lies between -1 and 1, for each table of 30 pairs', () => {
  for (const table of tables(30)) {
    const found = kappaOf(verdicts(table))
    if ('none' in found) continue
    const { low, value, high } = found
    expect(low >= -1 && low <= value && value <= high && high <= 1, `${table}: ${low} ${value} ${high}`).toBe(true)
  }
})

/** Of the answers that the evaluator and the person pass, and their true kappa. */
const truths = [
  [0.5, 0.5, 0],
  [0.8, 0.8, 0],
  [0.9, 0.8, 0],
  [0.8, 0.8, 0.4],
  [0.9, 0.9, 0.4],
  [0.8, 0.8, 0.8],
  [0.95, 0.9, 0.6],
  [0.5, 0.5, 0.9],
] as const

it.each(truths)(
  'of 30 pairs with shares %f and %f and kappa %f, 94 % or more of the intervals hold it',
  (p, q, truth) => {
    const byChance = p * q + (1 - p) * (1 - q)
    const both = (truth * (1 - byChance) + byChance + p + q - 1) / 2
    const shares = [both, p - both, q - both, 1 - p - q + both]
    const factorials = range(30).reduce<number[]>(
      (logs, n) => [...logs, (logs.at(-1) ?? 0) + Math.log(Math.max(1, n))],
      [],
    )
    let [of, holding, better] = [0, 0, 0]
    for (const table of tables(30)) {
      const found = kappaOf(verdicts(table))
      if ('none' in found) continue
      const logs = table.map((n, cell) => (n === 0 ? 0 : n * Math.log(shares[cell]!)) - factorials[n]!)
      const probability = Math.exp(logs.reduce((sum, log) => sum + log, factorials[30]!))
      of += probability
      if (found.low <= truth && truth <= found.high) holding += probability
      if (found.isBetterThanChance) better += probability
    }
    expect(holding / of).toBeGreaterThan(0.94)
    // who judges without looking is called better than chance once in 40 times, as such an interval has it
    if (truth === 0) expect(better / of).toBeLessThan(0.03)
  },
)
