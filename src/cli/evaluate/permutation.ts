// The paired permutation test: how likely a mean difference as large as this is where a version is as good as the other, so that each
// difference might as well have had the other sign (Fisher 1935). It sees by how much scores differ, which the sign test does not.
import type { Interval } from '../../shared/statistics'

export interface Permutation {
  /** Two-sided; 1 where no case differs. */
  readonly p: number
  /** Of the mean; undefined for so few that no interval is as sure. */
  readonly interval: Interval | undefined
}

/** Up to so many cases all ways are counted; of more, as many at random. */
const MOST_EXACT = 16
const SAMPLES = 2 ** MOST_EXACT - 1
/** Any; the same for each run, so that the same answers give the same p. */
const SEED = 0x9e3779b9

/**
 * The interval holds the means that the test would not refuse: those between two of the ordered means of subsets of the differences (Hartigan,
 * "Using subsample values as typical values", JASA 64 (1969), 1303-1317).
 * @param confidence of the interval
 */
export function permutationTest(differences: readonly number[], confidence: number): Permutation {
  const n = differences.length
  const isExact = n <= MOST_EXACT
  const total = differences.reduce((sum, one) => sum + one, 0)
  // sums in another order differ by what doubles round
  const least = Math.abs(total) - differences.reduce((sum, one) => sum + Math.abs(one), 0) * 1e-13
  const samples = isExact ? 2 ** n - 1 : SAMPLES
  const random = isExact ? undefined : generator()
  const means = new Float64Array(samples)
  // that nothing changes sign is one of the ways
  let asLarge = 1
  for (let sample = 0; sample < samples; sample++) {
    let [sum, size] = [0, 0]
    // an empty subset has no mean
    while (size === 0) {
      let bits = isExact ? sample + 1 : 0
      for (let at = 0; at < n; at++) {
        if (random && at % 32 === 0) bits = random()
        if ((bits >>> (at % 32)) & 1) {
          sum += differences[at]!
          size++
        }
      }
    }
    means[sample] = sum / size
    if (Math.abs(total - 2 * sum) >= least) asLarge++
  }
  means.sort()
  const cut = Math.floor(((1 - confidence) / 2) * (samples + 1))
  return {
    p: asLarge / (samples + 1),
    interval: cut === 0 ? undefined : { low: means[cut - 1]!, high: means[samples - cut]! },
  }
}

/** Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003), 14. @returns 32 bits */
function generator(): () => number {
  let [x, y, z, w] = [SEED, 362436069, 521288629, 88675123]
  return () => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return w
  }
}
