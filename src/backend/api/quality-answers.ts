// What the embedded backend answers about evaluations, as types alone, as answers.ts does.
import type { UnpricedCalls } from './answers'

/** Of 95 %: of a share by Wilson's formula, of a mean by Student's t. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

export interface Evaluator {
  readonly name: string | null
  /** human, llm or code. */
  readonly type: string | null
}

/** What distinguishes groups of evaluations. */
export interface EvaluationKey {
  /** `gen_ai.evaluation.name` */
  readonly evaluation: string
  readonly evaluator: Evaluator
  /** `normalized`: from 0, the worst, to 1. `own`: only the evaluator knows its range. `none`: there are no scores. */
  readonly scale: 'normalized' | 'own' | 'none'
  /** The instrumentation scope that reported scores on a scale of its own; else empty. */
  readonly source: string
  /** Null where it is not known, where the calls of the answer differ in it, and where `by` does not name it; likewise the prompt. */
  readonly model: string | null
  readonly promptName: string | null
  readonly promptVersion: string | null
}

export interface QualityGroup extends EvaluationKey {
  /** Evaluations, each once. They are `passed`, `failed`, `unrated`, `skipped` or `errors`. */
  readonly n: number
  readonly passed: number
  readonly failed: number
  /** Without a threshold: neither passed nor failed. */
  readonly unrated: number
  /** There was nothing to judge. */
  readonly skipped: number
  /** The evaluator failed. */
  readonly errors: number
  /** Of `passed + failed`; null where there are none. */
  readonly passShare: (Bounds & { readonly share: number }) | null
  /** On the scale; `low` and `high` are null for a single score. Null where there are no scores. */
  readonly score: {
    readonly n: number
    readonly mean: number
    readonly low: number | null
    readonly high: number | null
    readonly min: number
    readonly max: number
  } | null
  /** Words other than pass and fail: how many had one, and the most frequent. */
  readonly labels: {
    readonly n: number
    readonly most: readonly (Bounds & { readonly label: string; readonly n: number })[]
  }
  /** The calls of the answers that passed or failed. */
  readonly cost: UnpricedCalls & {
    readonly calls: number
    /** The sum; null where the cost of no call is known. */
    readonly usd: number | null
    /** Answers of which the cost of all calls is known, and what they cost on average. */
    readonly priced: number
    readonly perAnswer: number | null
  }
  /** See docs/cost.md: USD, or why there is none. `unpriced`: of too few answers the cost of all calls is known. */
  readonly goodAnswer: (Bounds & { readonly usd: number }) | { readonly none: 'too_few' | 'unpriced' | 'none_passed' }
  /** By step: seconds, evaluations, mean of the scores, how many passed, of how many that passed or failed. */
  readonly points: readonly (readonly [at: number, n: number, mean: number | null, passed: number, rated: number])[]
}

/** `GET /api/afn/quality` */
export interface QualityAnswer {
  readonly stepSeconds: number
  /** Those with the most evaluations first. */
  readonly groups: readonly QualityGroup[]
  /** How many there are, with those that are left out. */
  readonly total: number
}

/** Two verdicts on the same answers. */
export interface AgreementCounts {
  /** Answers that both passed or failed: the sum of the four counts. */
  readonly pairs: number
  readonly bothPassed: number
  readonly bothFailed: number
  /** By the evaluator alone. */
  readonly evaluatorPassed: number
  /** By the person alone. */
  readonly humanPassed: number
  /**
   * Cohen's kappa: 1 where they agree on all, 0 where they agree as often as by chance. `too_few`: there are fewer than 30 pairs.
   * `one_verdict`: both gave all answers the same one.
   */
  readonly kappa:
    | (Bounds & { readonly value: number; readonly isBetterThanChance: boolean })
    | { readonly none: 'too_few' | 'one_verdict' }
}

/** On the answers of a model or of a prompt version. */
export type AgreementPart = AgreementCounts & Pick<EvaluationKey, 'model' | 'promptName' | 'promptVersion'>

/** An evaluator and people on the same answers. */
export interface Agreement extends AgreementCounts {
  /** `gen_ai.evaluation.name` of the evaluator's results. */
  readonly evaluation: string
  /** Its type is any but human; null where the sender gave none, as may be its name. */
  readonly evaluator: Evaluator
  /** `gen_ai.evaluation.name` of the people's. */
  readonly humanEvaluation: string
  /** By what `by` names, those with the most pairs first, 60 at most; empty where all are of one. */
  readonly parts: readonly AgreementPart[]
}

/** `GET /api/afn/quality/agreement` */
export interface AgreementAnswer {
  /** Those with the most pairs first. */
  readonly agreements: readonly Agreement[]
  /** How many there are, with those that are left out. */
  readonly total: number
}

export interface JudgedAnswer extends EvaluationKey, UnpricedCalls {
  /** Null where nobody said what was judged. */
  readonly traceId: string | null
  readonly spanId: string | null
  readonly time: number
  readonly service: string
  readonly verdict: 'pass' | 'fail' | 'unrated'
  /** On the scale; null where there is a verdict alone. */
  readonly score: number | null
  readonly label: string | null
  /** At most 500 characters, where content was captured; so are the first words of prompt and answer, 200 each. */
  readonly explanation: string | null
  readonly prompt: string | null
  readonly answer: string | null
  readonly calls: number
  readonly costUsd: number | null
}

/** `GET /api/afn/quality/answers`, the worst first */
export interface JudgedAnswers {
  readonly answers: readonly JudgedAnswer[]
  /** How many there are. */
  readonly total: number
  /** Those that cannot be compared: of a scale of their own, or with a word alone. Their evaluation lists them. */
  readonly unranked: number
  /** What `after` has to be for the next page; null at the end. */
  readonly next: string | null
}
