// Two versions on the same cases: what differs, and whether chance explains it.
import type { Interval } from '../../shared/statistics'
import { holm, medianInterval, shareDifference, signTest } from './paired'
import { permutationTest } from './permutation'
import type { Rating } from './rate'

export type Finding = 'better' | 'worse' | 'no difference' | 'no pairs'

export interface Comparison {
  readonly evaluator: string
  /** `verdict`: passed or failed; `score`: which score is higher; `mean`: by how much. */
  readonly measure: 'verdict' | 'score' | 'mean'
  /** Cases that were rated in both versions. */
  readonly pairs: number
  readonly better: number
  readonly worse: number
  /** Share that passed, or mean score from 0 to 1. Null without pairs; likewise the others. */
  readonly baseline: number | null
  readonly candidate: number | null
  /** Of shares and of means the difference; of scores the median of the differences. Candidate less baseline. */
  readonly difference: number | null
  /** Of 95 %; null for few scores. */
  readonly interval: Interval | null
  /** Of this comparison alone. */
  readonly p: number
  /** For all comparisons together. The finding goes by it. */
  readonly adjustedP: number
  readonly finding: Finding
  /** Ids of cases that became worse. */
  readonly worseCases: readonly string[]
}

export type ByCase = ReadonlyMap<string, Rating>

type Draft = Omit<Comparison, 'adjustedP' | 'finding'>

const CONFIDENCE = 0.95

/** @param rated by the name of the evaluator, on both versions */
export function compareAll(
  rated: readonly { readonly name: string; readonly baseline: ByCase; readonly candidate: ByCase }[],
): Comparison[] {
  const drafts = rated.flatMap(({ name, baseline, candidate }) => {
    const pairs = [...candidate].flatMap(([id, after]) => {
      const before = baseline.get(id)
      return before ? [{ id, before, after }] : []
    })
    return [verdicts(name, pairs), ...scores(name, pairs)]
  })
  // what has nothing to compare is no test
  const tested = drafts.filter(({ pairs }) => pairs > 0)
  const adjusted = holm(tested.map(({ p }) => p))
  return drafts.map((draft): Comparison => {
    const adjustedP = adjusted[tested.indexOf(draft)] ?? 1
    return { ...draft, adjustedP, finding: findingOf(draft, adjustedP) }
  })
}

function findingOf({ measure, pairs, better, worse, difference }: Draft, p: number): Finding {
  if (pairs === 0) return 'no pairs'
  if (p >= 1 - CONFIDENCE) return 'no difference'
  // most cases may be a little better and the mean lower, by a few that are far worse
  const isBetter = measure === 'mean' ? difference! > 0 : better > worse
  return isBetter ? 'better' : 'worse'
}

interface Pair {
  readonly id: string
  readonly before: Rating
  readonly after: Rating
}

function verdicts(evaluator: string, all: readonly Pair[]): Draft {
  const pairs = all.filter(({ before, after }) => before.verdict !== 'unrated' && after.verdict !== 'unrated')
  const count = (before: Rating['verdict'], after: Rating['verdict']) =>
    pairs.filter(pair => pair.before.verdict === before && pair.after.verdict === after)
  const worse = count('pass', 'fail')
  const table = {
    both: count('pass', 'pass').length,
    onlyCandidate: count('fail', 'pass').length,
    onlyBaseline: worse.length,
    neither: count('fail', 'fail').length,
  }
  const share = (passed: number) => (pairs.length === 0 ? null : passed / pairs.length)
  const [baseline, candidate] = [share(table.both + table.onlyBaseline), share(table.both + table.onlyCandidate)]
  return {
    evaluator,
    measure: 'verdict',
    pairs: pairs.length,
    better: table.onlyCandidate,
    worse: table.onlyBaseline,
    baseline,
    candidate,
    difference: share(table.onlyCandidate - table.onlyBaseline),
    interval: pairs.length === 0 ? null : shareDifference(table, CONFIDENCE),
    p: signTest(table.onlyCandidate, table.onlyBaseline),
    worseCases: worse.map(({ id }) => id),
  }
}

/** Scores that are 0 or 1 say what the verdicts say. */
function scores(evaluator: string, all: readonly Pair[]): Draft[] {
  const pairs = all.flatMap(({ id, before, after }) =>
    before.score === null || after.score === null ? [] : [{ id, before: before.score, after: after.score }],
  )
  const isGraded = pairs.some(({ before, after }) => [before, after].some(score => score > 0 && score < 1))
  if (!isGraded) return []
  const differences = pairs.map(({ before, after }) => after - before)
  const worse = pairs.filter(({ before, after }) => after < before)
  const better = differences.filter(difference => difference > 0).length
  const mean = (of: 'before' | 'after') => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length
  const sorted = differences.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const common = {
    evaluator,
    pairs: pairs.length,
    better,
    worse: worse.length,
    baseline: mean('before'),
    candidate: mean('after'),
    worseCases: worse.map(({ id }) => id),
  }
  const { p, interval } = permutationTest(differences, CONFIDENCE)
  return [
    {
      ...common,
      measure: 'score',
      difference: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
      interval: medianInterval(differences, CONFIDENCE) ?? null,
      p: signTest(better, worse.length),
    },
    { ...common, measure: 'mean', difference: common.candidate - common.baseline, interval: interval ?? null, p },
  ]
}
