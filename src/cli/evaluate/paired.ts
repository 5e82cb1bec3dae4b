// Statistics of two versions on the same cases. Each is held against enumeration in test/unit/evaluate-command/paired.test.ts.
import { type Interval, shareInterval } from '../../shared/statistics'

/**
 * The exact sign test: how likely it is that cases which differ fall as unevenly as they did, or more, where each falls either way by the
 * toss of a coin. On passed and failed it is McNemar's test in its exact form (McNemar 1947; Fay 2010).
 * @returns two-sided p; 1 where no case differs
 */
export function signTest(better: number, worse: number): number {
  const n = better + worse
  let logTerm = -n * Math.LN2
  let tail = 0
  for (let i = 0; i <= Math.min(better, worse); i++) {
    tail += Math.exp(logTerm)
    logTerm += Math.log((n - i) / (i + 1))
  }
  return Math.min(1, 2 * tail)
}

/** Cases by what passed. */
export interface PairedVerdicts {
  readonly both: number
  readonly onlyCandidate: number
  readonly onlyBaseline: number
  readonly neither: number
}

/**
 * Of the difference of two shares on the same cases, candidate less baseline: Wilson's intervals of both, joined by squares with their
 * correlation. Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired data", Statistics
 * in Medicine 17 (1998), 2635-2650, method 10.
 */
export function shareDifference(
  { both, onlyCandidate, onlyBaseline, neither }: PairedVerdicts,
  confidence: number,
): Interval {
  const n = both + onlyCandidate + onlyBaseline + neither
  const [candidate, baseline] = [both + onlyCandidate, both + onlyBaseline]
  const [p1, p2] = [candidate / n, baseline / n]
  const [one, two] = [shareInterval(candidate, n, confidence), shareInterval(baseline, n, confidence)]
  const cross = both * neither - onlyCandidate * onlyBaseline
  const margins = candidate * (n - candidate) * baseline * (n - baseline)
  const corrected = cross > 0 ? Math.max(0, cross - n / 2) : cross
  const phi = margins === 0 ? 0 : corrected / Math.sqrt(margins)
  const reach = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
  const difference = p1 - p2
  return {
    low: Math.max(-1, difference - reach(p1 - one.low, two.high - p2)),
    high: Math.min(1, difference + reach(one.high - p1, p2 - two.low)),
  }
}

/**
 * Of the median of differences, by their order: it holds whatever their distribution is, and belongs to the sign test.
 * Conover, "Practical Nonparametric Statistics" (3rd ed.), 3.2.
 * @returns undefined for so few that no interval is as sure
 */
export function medianInterval(differences: readonly number[], confidence: number): Interval | undefined {
  const n = differences.length
  const sorted = differences.toSorted((a, b) => a - b)
  let cut = 0
  while (cut < n / 2 && signTest(cut, n - cut) <= 1 - confidence) cut++
  return cut === 0 ? undefined : { low: sorted[cut - 1]!, high: sorted[n - cut]! }
}

/**
 * For several tests at once, so that one of them errs as seldom as one alone would. Holm, "A simple sequentially rejective multiple test
 * procedure", Scandinavian Journal of Statistics 6 (1979), 65-70.
 * @returns adjusted values of p in the order given
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p)
  const adjusted: number[] = []
  let most = 0
  for (const [rank, { p, at }] of order.entries()) {
    most = Math.max(most, Math.min(1, p * (values.length - rank)))
    adjusted[at] = most
  }
  return adjusted
}
