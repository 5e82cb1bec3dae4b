/**
 * Measures how far two judges agree beyond chance: Cohen's kappa (A coefficient of agreement for nominal scales, 1960) with the
 * large-sample variance of Fleiss, Cohen and Everitt (1969).
 */
import { normalQuantile } from '../../../shared/statistics'
import type { AgreementCounts } from '../quality-answers'
import { CONFIDENCE, LEAST_JUDGED } from './good-answer'

export type PairedVerdicts = Pick<AgreementCounts, 'bothPassed' | 'bothFailed' | 'evaluatorPassed' | 'humanPassed'>

/** @returns kappa with its 95 % confidence interval, or why there is none */
export function kappaOf(verdicts: PairedVerdicts): AgreementCounts['kappa'] {
  const observed = tableOf(verdicts, 0)
  if (observed.n < LEAST_JUDGED) return { none: 'too_few' }
  if (observed.byChance === 1) return { none: 'one_verdict' }
  // adds one to each cell, because the variance is far too small with few failures, and 0 with full agreement: decision 0140
  const table = tableOf(verdicts, 1)
  const reach = normalQuantile((1 + CONFIDENCE) / 2) * Math.sqrt(varianceOf(table))
  const low = Math.max(-1, beyondChance(table) - reach)
  const high = Math.min(1, beyondChance(table) + reach)
  return { value: beyondChance(observed), low, high, isBetterThanChance: low > 0 }
}

/** Proportions of all answers. */
interface Table {
  readonly n: number
  /** By the verdict of the evaluator, then of the person. */
  readonly cells: readonly (readonly number[])[]
  readonly ofEvaluator: readonly number[]
  readonly ofHuman: readonly number[]
  /** The observed agreement. */
  readonly agreed: number
  /** The agreement expected by chance. */
  readonly byChance: number
}

function tableOf({ bothPassed, evaluatorPassed, humanPassed, bothFailed }: PairedVerdicts, more: number): Table {
  const n = bothPassed + evaluatorPassed + humanPassed + bothFailed + 4 * more
  const share = (count: number) => (count + more) / n
  const [pass, fail] = [
    [share(bothPassed), share(evaluatorPassed)],
    [share(humanPassed), share(bothFailed)],
  ] as const
  const ofEvaluator = [pass[0]! + pass[1]!, fail[0]! + fail[1]!]
  const ofHuman = [pass[0]! + fail[0]!, pass[1]! + fail[1]!]
  const agreed = pass[0]! + fail[1]!
  const byChance = ofEvaluator[0]! * ofHuman[0]! + ofEvaluator[1]! * ofHuman[1]!
  return { n, cells: [pass, fail], ofEvaluator, ofHuman, agreed, byChance }
}

const beyondChance = ({ agreed, byChance }: Table): number => (agreed - byChance) / (1 - byChance)

function varianceOf(table: Table): number {
  const { n, cells, ofEvaluator, ofHuman, byChance } = table
  const kappa = beyondChance(table)
  const terms = cells.flatMap((row, i) =>
    row.map((share, j) =>
      i === j
        ? share * (1 - (ofEvaluator[i]! + ofHuman[i]!) * (1 - kappa)) ** 2
        : share * ((1 - kappa) * (ofHuman[i]! + ofEvaluator[j]!)) ** 2,
    ),
  )
  const sum = terms.reduce((total, term) => total + term, 0) - (kappa - byChance * (1 - kappa)) ** 2
  return Math.max(0, sum) / ((1 - byChance) ** 2 * n)
}
