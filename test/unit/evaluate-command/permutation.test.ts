// The permutation test against scipy 1.17.1, permutation_test((x, y), lambda x, y, axis: mean(y) - mean(x), permutation_type='samples',
// n_resamples=inf, alternative='two-sided'), and its interval against the inversion of the test.
import { expect, it } from 'vitest'
import { permutationTest } from '../../../src/cli/evaluate/permutation'

const differencesOf = (before: readonly number[], after: readonly number[]) => after.map((one, at) => one - before[at]!)

it('p of few cases is another one than that of scipy', () => {
  const expected: [before: number[], after: number[], p: number][] = [
    [[0.5, 0.25, 0.75, 0.5, 0.6, 0.4, 0.9], [0.6, 0.5, 0.75, 0.7, 0.55, 0.8, 1.0], 0.0625],
    [[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.1, 0.35], [0.1, 0.35, 0.2, 0.55, 0.3, 0.6, 0.85, 0.7, 0.0, 0.2], 0.041015625],
    [Array(12).fill(0.5), [0.6, 0.4, 0.7, 0.55, 0.45, 0.8, 0.9, 0.3, 0.65, 0.75, 0.5, 0.52], 0.099609375],
    [[1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3], [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29], 0.02734375],
  ] // biome-ignore format: a pair a line
  for (const [before, after, p] of expected) expect(permutationTest(differencesOf(before, after), 0.95).p).toBe(p)
})

it('p of many cases is far from that of scipy, or another one at the next run', () => {
  const before = Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) / 100)
  const after = before.map((one, i) => Math.min(1, Math.max(0, one + (((i * 53) % 41) - 17) / 100)))
  const found = permutationTest(differencesOf(before, after), 0.95)
  // scipy: 2,000,000 samples; of 65,535 the standard error is 0.0008
  expect(Math.abs(found.p - 0.03952)).toBeLessThan(0.003)
  expect(found.interval!.low).toBeGreaterThan(0)
  expect(permutationTest(differencesOf(before, after), 0.95)).toEqual(found)
})

it('the interval holds other means than those that the test does not refuse', () => {
  const differences = differencesOf([0.5, 0.25, 0.75, 0.5, 0.6, 0.4, 0.9], [0.6, 0.5, 0.75, 0.7, 0.55, 0.8, 1.0])
  const { interval } = permutationTest(differences, 0.95)
  // refused on one side is what has fewer than 2.5 % of all ways there
  expect(interval!.low).toBeCloseTo(0, 12)
  expect(interval!.high).toBeCloseTo(0.3, 12)
  expect(permutationTest([0.1, 0.2, 0.3, 0.4, 0.5], 0.95).interval).toBeUndefined()
})

it('turning the two versions round changes anything but signs, or no difference is one', () => {
  const differences = Array.from({ length: 40 }, (_, i) => ((i * 29) % 23) / 23 - 0.45)
  const one = permutationTest(differences, 0.95)
  const other = permutationTest(
    differences.map(value => -value),
    0.95,
  )
  expect(other.p).toBe(one.p)
  expect(other.interval!.low).toBeCloseTo(-one.interval!.high, 12)
  expect(permutationTest(Array(30).fill(0), 0.95)).toEqual({ p: 1, interval: { low: 0, high: 0 } })
  expect(permutationTest([], 0.95)).toEqual({ p: 1, interval: undefined })
})

it('an interval of 95 % misses the true mean in far more than 5 % of samples of a skewed distribution', () => {
  // scores of five steps, most of them the same: the mean of the differences is 0.05
  const values = [-0.25, 0, 0, 0, 0, 0.25, 0.25, 0, 0, 0.25]
  let seed = 7
  const draw = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return values[Math.floor((seed / 2 ** 31) * values.length)]!
  }
  let held = 0
  for (let run = 0; run < 400; run++) {
    const { low, high } = permutationTest(Array.from({ length: 14 }, draw), 0.95).interval!
    if (low <= 0.05 && 0.05 <= high) held++
  }
  expect(held / 400).toBeGreaterThan(0.93)
})
