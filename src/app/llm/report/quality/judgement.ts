// Validates an evaluation and computes the score mapped to 0..1, and whether the answer passed.

import {
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_CODE,
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN,
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_LLM,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
} from '../../../../../semconv'
import type { Evaluation, EvaluatorType } from './evaluation'

export interface Judgement {
  readonly name: string
  readonly score: Score | undefined
  readonly threshold: number | undefined
  readonly outcome: string
  readonly label: string | undefined
  readonly explanation: string | undefined
  readonly evaluator: { readonly name: string | undefined; readonly type: EvaluatorType | undefined }
}

interface Score {
  readonly value: number
  readonly min: number
  readonly max: number
  /** From 0 (worst) to 1 (best). */
  readonly normalized: number
}

/** @throws TypeError or RangeError that names the input, the problem and the remedy */
export function judge(evaluation: Evaluation): Judgement {
  if (typeof evaluation !== 'object' || evaluation === null) {
    throw new TypeError(
      `the evaluation is ${shown(evaluation)}; give an object, such as {name: "relevance", score: 0.9}`,
    )
  }
  const name = text('name', evaluation.name)
  if (!name) throw new TypeError('name is missing; give one of few words for what was judged, such as "relevance"')
  const score = scoreOf(evaluation)
  const label = text('label', evaluation.label)
  if (!score && label === undefined) throw new TypeError('score and label are missing; give one of them')
  const threshold = number('threshold', evaluation.threshold)
  if (threshold !== undefined && score) inside('threshold', threshold, score)
  return {
    name,
    score,
    threshold,
    outcome: outcomeOf(score, threshold, label),
    label,
    explanation: text('explanation', evaluation.explanation),
    evaluator: evaluatorOf(evaluation.evaluator),
  }
}

function scoreOf(evaluation: Evaluation): Score | undefined {
  const value = number('score', evaluation.score)
  const min = number('min', evaluation.min) ?? 0
  const max = number('max', evaluation.max) ?? 1
  if (min >= max) throw new RangeError(`min is ${min} and max is ${max}; give the lowest score and a higher one`)
  if (value === undefined) return undefined
  inside('score', value, { min, max })
  return { value, min, max, normalized: (value - min) / (max - min) }
}

function inside(input: string, value: number, { min, max }: { min: number; max: number }): void {
  if (value >= min && value <= max) return
  throw new RangeError(`${input} ${value} is not from ${min} to ${max}; give min and max of the evaluator's scale`)
}

function outcomeOf(score: Score | undefined, threshold: number | undefined, label: string | undefined): string {
  if (score && threshold !== undefined) {
    return score.value >= threshold ? AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS : AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL
  }
  const word = label?.toLowerCase()
  return word === AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS || word === AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL
    ? word
    : AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED
}

const types: readonly unknown[] = [
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN,
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_LLM,
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_CODE,
] satisfies EvaluatorType[]

const isType = (value: unknown): value is EvaluatorType => types.includes(value)

function evaluatorOf(evaluator: Evaluation['evaluator']): Judgement['evaluator'] {
  if (evaluator === undefined || evaluator === null) return { name: undefined, type: undefined }
  if (typeof evaluator !== 'object') {
    const word = text('evaluator', evaluator)
    return isType(word) ? { name: undefined, type: word } : { name: word, type: undefined }
  }
  const type = evaluator.type ?? undefined
  if (type !== undefined && !isType(type)) {
    throw new TypeError(`evaluator.type is ${shown(type)}; it is one of ${types.join(', ')}`)
  }
  return { name: text('evaluator.name', evaluator.name), type }
}

/** Evaluators return `null` for unknown scores. */
function number(input: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TypeError(`${input} is ${shown(value)}; give a finite number, or leave it out`)
}

function text(input: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new TypeError(`${input} is ${shown(value)}; give text, or leave it out`)
}

/** Shows only the type of a value that may contain personal data. */
function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `of type ${typeof value}`
}
