// Rates answers to cases by evaluators: those of a file, as they run in an app, and whether the answer is the expected one.
import { isDeepStrictEqual } from 'node:util'
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
} from '../../../semconv'
import { Asking } from '../../app/evaluate/asking'
import { evaluatedCall, textOf } from '../../app/evaluate/describe-call'
import type { EvaluatedCall } from '../../app/evaluate/evaluated-call'
import type { Evaluator } from '../../app/evaluate/evaluator'
import { Rounds } from '../../app/evaluate/rounds'
import type { Message } from '../../app/llm/messages'
import { parsed } from '../../app/llm/wire/json'
import type { Answers } from './answers'
import { judgementOf } from './judgement'
import type { Case } from './read-dataset'

export interface Rating {
  readonly verdict: 'pass' | 'fail' | 'unrated'
  /** From 0, the worst, to 1; null where the evaluator gave none. */
  readonly score: number | null
  readonly label: string | null
  readonly explanation: string | null
}

export interface Rater {
  readonly name: string
  /** @returns undefined where there is nothing to rate @throws what is wrong with the evaluator */
  rate(one: Case, output: readonly Message[]): Promise<Rating | undefined>
}

export interface Ratings {
  /** By the id of the case. */
  readonly byCase: ReadonlyMap<string, Rating>
  /** Why some were not rated, each once. */
  readonly problems: ReadonlySet<string>
}

/** Cases at once. Of each model that judges two are asked at once, however many wait. */
const AT_ONCE = 16

export async function rateAll(rater: Rater, cases: readonly Case[], answers: Answers): Promise<Ratings> {
  const found = new Map<string, Rating>()
  const problems = new Set<string>()
  const waiting = cases.values()
  const work = async () => {
    for (const one of waiting) {
      const output = answers.get(one.id)
      if (!output) continue
      try {
        const rating = await rater.rate(one, output)
        if (rating) found.set(one.id, rating)
      } catch (error) {
        problems.add(`${rater.name}: ${(error as Error).message}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  // In the order of the cases: a report and a diff of two reports don't depend on which model answered first.
  const byCase = new Map(cases.flatMap(({ id }) => (found.has(id) ? [[id, found.get(id)!]] : [])))
  return { byCase, problems }
}

/**
 * An evaluator of a file. Its rate and its bound by the hour are for production: here it rates each case that it is for.
 * @param isTold whether a judge gets the expected answer of a case
 */
export function evaluatorRater(evaluator: Evaluator, isTold: (one: Case) => boolean): Rater {
  const asking = new Asking(new Rounds(), Number.POSITIVE_INFINITY)
  return {
    name: evaluator.name,
    async rate(one, output) {
      const { expected } = one
      const call = { ...callOf(one, output), ...(expected !== null && isTold(one) && { expected }) }
      if (!evaluator.isMeant(call)) return undefined
      const judgement = await judgementOf(evaluator, call, asking)
      if (!judgement) return undefined
      const { score, label, explanation, outcome } = judgement
      return {
        verdict: verdictOf(outcome),
        score: score?.normalized ?? null,
        label: label ?? null,
        explanation: explanation ?? null,
      }
    },
  }
}

const verdicts = [AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS, AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL] as const

/** Whether an answer passed, by the outcome of a judgement. */
export const verdictOf = (outcome: string): Rating['verdict'] =>
  verdicts.find(verdict => verdict === outcome) ?? 'unrated'

function callOf(one: Case, output: readonly Message[]): EvaluatedCall {
  const { provenance, parameters, system, messages, tools } = one
  const context = {
    traceId: provenance?.traceId ?? '0'.repeat(32),
    spanId: provenance?.spanId ?? '0'.repeat(16),
    traceFlags: 0,
  }
  const attributes = {
    [ATTR_GEN_AI_OPERATION_NAME]: one.operation ?? undefined,
    [ATTR_GEN_AI_PROVIDER_NAME]: one.provider ?? undefined,
    [ATTR_GEN_AI_REQUEST_MODEL]: one.model ?? undefined,
    [ATTR_GEN_AI_AGENT_NAME]: one.agent ?? undefined,
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`gen_ai.request.${key}`, value as string])),
  }
  return evaluatedCall(context, attributes, {
    messages: [...messages],
    system: [...system],
    tools: [...tools],
    output: [...output],
  })
}

/** Passes where the answer is the expected one: the same text, or the same JSON. */
export const expectedRater: Rater = {
  name: 'expected',
  async rate({ expected }, output) {
    if (expected === null) return undefined
    const answer = textOf(output[0]?.parts ?? [])
    const isSame = answer.trim() === expected.trim() || isSameJson(answer, expected)
    return { verdict: isSame ? 'pass' : 'fail', score: null, label: null, explanation: null }
  },
}

function isSameJson(one: string, other: string): boolean {
  const value = parsed(one)
  return value !== undefined && isDeepStrictEqual(value, parsed(other))
}
