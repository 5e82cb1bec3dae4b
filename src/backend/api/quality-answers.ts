// Types of the answers about evaluations, as in answers.ts.
import type { UnpricedCalls } from './answers'

/** The 95 % confidence interval: Wilson's for a share, Student's t for a mean. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

export interface Evaluator {
  readonly name: string | null
  /** human, llm or code. */
  readonly type: string | null
}

/** The key that identifies a group of evaluations. */
export interface EvaluationKey {
  /** `gen_ai.evaluation.name` */
  readonly evaluation: string
  readonly evaluator: Evaluator
  /** `normalized`: from 0 (worst) to 1. `own`: only the evaluator knows its range. `none`: there are no scores. */
  readonly scale: 'normalized' | 'own' | 'none'
  /** The instrumentation scope that reported scores on an own scale; else empty. */
  readonly source: string
  /** Null if it is unknown, if the answer's calls differ in it, or if `by` does not name it. The same holds for the prompt. */
  readonly model: string | null
  readonly promptName: string | null
  readonly promptVersion: string | null
}

export interface QualityGroup extends EvaluationKey {
  /** Number of evaluations: the sum of `passed`, `failed`, `unrated`, `skipped` and `errors`. */
  readonly n: number
  readonly passed: number
  readonly failed: number
  /** Evaluations without a threshold, which neither passed nor failed. */
  readonly unrated: number
  /** There was nothing to judge. */
  readonly skipped: number
  /** The evaluator failed. */
  readonly errors: number
  /** The share in `passed + failed`; null if both are 0. */
  readonly passShare: (Bounds & { readonly share: number }) | null
  /** Scores on the scale, null if there are none; `low` and `high` are null for a single score. */
  readonly score: {
    readonly n: number
    readonly mean: number
    readonly low: number | null
    readonly high: number | null
    readonly min: number
    readonly max: number
  } | null
  /** Labels other than pass and fail: how many evaluations have one, and the most frequent labels. */
  readonly labels: {
    readonly n: number
    readonly most: readonly (Bounds & { readonly label: string; readonly n: number })[]
  }
  /** The calls of the answers that passed or failed. */
  readonly cost: UnpricedCalls & {
    readonly calls: number
    /** The sum; null if no call has a known cost. */
    readonly usd: number | null
    /** Number of answers with a known cost for all calls, and their average cost. */
    readonly priced: number
    readonly perAnswer: number | null
  }
  /** USD, or why there is no result; see docs/cost.md. `unpriced`: too few answers have a known cost for all calls. */
  readonly goodAnswer: (Bounds & { readonly usd: number }) | { readonly none: 'too_few' | 'unpriced' | 'none_passed' }
  /** By step: its time in seconds, number of evaluations, mean score, number that passed, number that passed or failed. */
  readonly points: readonly (readonly [at: number, n: number, mean: number | null, passed: number, rated: number])[]
}

/** `GET /api/afn/quality` */
export interface QualityAnswer {
  readonly stepSeconds: number
  /** Groups with the most evaluations first. */
  readonly groups: readonly QualityGroup[]
  /** The number of groups, including those beyond the limit. */
  readonly total: number
}

/** Counts of two verdicts on the same answers. */
export interface AgreementCounts {
  /** Answers on which both gave a pass or fail: the sum of the four counts. */
  readonly pairs: number
  readonly bothPassed: number
  readonly bothFailed: number
  /** Passed only by the evaluator. */
  readonly evaluatorPassed: number
  /** Passed only by the person. */
  readonly humanPassed: number
  /**
   * Cohen's kappa: 1 for full agreement, 0 for agreement as often as by chance. `too_few`: fewer than 30 pairs. `one_verdict`: both gave
   * the same verdict to all answers.
   */
  readonly kappa:
    | (Bounds & { readonly value: number; readonly isBetterThanChance: boolean })
    | { readonly none: 'too_few' | 'one_verdict' }
}

/** The agreement on the answers of one model or prompt version. */
export type AgreementPart = AgreementCounts & Pick<EvaluationKey, 'model' | 'promptName' | 'promptVersion'>

/** The agreement of an evaluator with people on the same answers. */
export interface Agreement extends AgreementCounts {
  /** `gen_ai.evaluation.name` of the evaluator's results. */
  readonly evaluation: string
  /** Any type but human; null, like the name, if the sender gave none. */
  readonly evaluator: Evaluator
  /** `gen_ai.evaluation.name` of the people's results. */
  readonly humanEvaluation: string
  /** Parts by the dimensions in `by`, most pairs first, at most 60; empty if all answers fall into one part. */
  readonly parts: readonly AgreementPart[]
}

/** `GET /api/afn/quality/agreement` */
export interface AgreementAnswer {
  /** Agreements with the most pairs first. */
  readonly agreements: readonly Agreement[]
  /** The number of agreements, including those beyond the limit. */
  readonly total: number
}

export interface JudgedAnswer extends EvaluationKey, UnpricedCalls {
  /** Null if the evaluation does not say which span it judged. */
  readonly traceId: string | null
  readonly spanId: string | null
  readonly time: number
  readonly service: string
  readonly verdict: 'pass' | 'fail' | 'unrated'
  /** On the scale; null if there is only a verdict. */
  readonly score: number | null
  readonly label: string | null
  /** At most 500 characters, if content was captured; likewise the first 200 characters of prompt and answer. */
  readonly explanation: string | null
  readonly prompt: string | null
  readonly answer: string | null
  readonly calls: number
  readonly costUsd: number | null
}

/** `GET /api/afn/quality/answers`, the worst first */
export interface JudgedAnswers {
  readonly answers: readonly JudgedAnswer[]
  /** The number of answers, including those beyond the limit. */
  readonly total: number
  /**
   * Answers that can't be ranked across evaluations, because they have an own scale or only a label. Query their evaluation to list them.
   */
  readonly unranked: number
  /** Pass it as `after` to get the next page; null at the end. */
  readonly next: string | null
}
