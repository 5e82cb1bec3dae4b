// The numbers of scipy 1.17.1, each by the command next to it. statsmodels 0.15.0 is no oracle for the score test: with a margin other than
// 0 its shares are not the likeliest ones (the likelihood is higher a hundredth away), so scipy searches for them here.
import { describe, expect, it } from 'vitest'
import { normalQuantile, noWorseScore, shareInterval, studentQuantile } from '../../../src/shared/statistics'

it('quantiles of the normal distribution are right to 14 digits', () => {
  // scipy.stats.norm.ppf(p)
  const expected = {
    0.9: 1.2815515655446004,
    0.95: 1.6448536269514722,
    0.975: 1.959963984540054,
    0.995: 2.5758293035489004,
    0.001: -3.090232306167813,
    0.000001: -4.753424308822899,
  }
  for (const [p, value] of Object.entries(expected)) expect(normalQuantile(Number(p)) / value).toBeCloseTo(1, 13)
  expect(normalQuantile(0.5)).toBe(0)
})

it("quantiles of Student's distribution are right to a percent", () => {
  // scipy.stats.t.ppf(p, degrees)
  const expected: [number, number, number][] = [
    [0.9, 2, 1.8856180831641272],
    [0.9, 3, 1.637744353696209],
    [0.9, 5, 1.4758840488244815],
    [0.9, 29, 1.311433647301551],
    [0.975, 2, 4.302652729749462],
    [0.975, 3, 3.1824463052837078],
    [0.975, 10, 2.228138851986274],
    [0.975, 100, 1.9839715185235518],
  ]
  for (const [p, degrees, value] of expected)
    expect(Math.abs(studentQuantile(p, degrees) / value - 1)).toBeLessThan(0.01)
})

it("Wilson's interval is that of statsmodels", () => {
  // statsmodels.stats.proportion.proportion_confint(count, of, 0.1, method='wilson')
  const expected: [number, number, number, number][] = [
    [12, 200, 0.03781443531504404, 0.09393106606115852],
    [0, 200, 0, 0.013347160654775633],
    [200, 200, 0.9866528393452243, 1],
    [25, 400, 0.045381971119208775, 0.08549664307126943],
  ]
  for (const [count, of, low, high] of expected) {
    const interval = shareInterval(count, of, 0.9)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
  }
})

describe('the test whether a share is no worse by more than a margin', () => {
  it.each([
    // scipy.optimize.minimize_scalar finds q, the share of the candidate that makes x1 of n1 and x2 of n2 likeliest where the other is q + m;
    // the score is (x1/n1 - x2/n2 + m) / sqrt(q(1-q)/n1 + (q+m)(1-q-m)/n2)
    [450, 500, 460, 500, 0.05, 1.634406830633024],
    [950, 1000, 955, 1000, 0.05, 4.369282833317468],
    [1700, 2000, 1790, 2000, 0.03, -1.4272664471790777],
    [300, 400, 350, 400, 0.05, -2.7457841111043826],
    [200, 200, 199, 200, 0.03, 2.689768927662317],
    [180, 200, 190, 200, 0.03, -0.7696036287656505],
  ])('of %d in %d beside %d in %d with %f', (x1, n1, x2, n2, margin, score) => {
    const candidate = { passed: x1, of: n1 }
    expect(noWorseScore(candidate, { passed: x2, of: n2 }, margin)).toBeCloseTo(score, 5)
  })
})
