/**
 * Feedback of pages (`recordFeedback()` of the browser SDK) as evaluations of the app. A page has no meter and no key of LangFuse:
 * what it says of an answer becomes what `recordEvaluation()` makes of it, a span in the trace of the answer, metrics and a score.
 */
import {
  AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_AFN_LLM_EVALUATION_SCORE_MAX,
  ATTR_AFN_LLM_EVALUATION_SCORE_MIN,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_AFN_LLM_EVALUATION_THRESHOLD,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '../../../semconv'
import { type KeyValue, typedScalar } from '../../shared/otlp/any-value'
import type { Document } from '../../shared/otlp/schema'
import type { Runtime } from '../runtime'

type Evaluation = Parameters<NonNullable<Runtime['recordEvaluation']>>[0]

export interface Feedback {
  /** The same where a page sends a record again, since it did not learn that it had come. */
  readonly identity: string
  readonly evaluation: Evaluation
}

/** Characters of a text, as the browser SDK cuts it. */
const LONGEST = 4096
/** Of one request. A person gives few. */
const MOST = 64
/** It becomes a label of metrics: no sentence, and nobody's address. */
const NAME = /^[\w.-]{1,64}$/

/** Of one process in a minute, of all pages together. */
const MOST_A_MINUTE = 1_024
/** Different names in one process: a stranger who makes up names would take the room that metrics have for those of the app. */
const MOST_NAMES = 32

/** What a page may say in a record of feedback, besides that the evaluator was a person. */
const SAID: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_AFN_LLM_EVALUATION_SCORE_MIN,
  ATTR_AFN_LLM_EVALUATION_SCORE_MAX,
  ATTR_AFN_LLM_EVALUATION_THRESHOLD,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
])

export const isFeedback = ({ eventName }: Document): boolean => eventName === EVENT_GEN_AI_EVALUATION_RESULT

export const isOfFeedback = ({ key = '', value }: Partial<KeyValue>): boolean =>
  SAID.has(key) ||
  (key === ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE &&
    value?.stringValue === AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN)

/** How much feedback a process takes from pages, and under how many names. */
export class FeedbackLimits {
  readonly #names = new Set<string>()
  #minute = { since: Number.NEGATIVE_INFINITY, count: 0 }

  admits(name: string): boolean {
    const now = performance.now()
    if (now - this.#minute.since >= 60_000) this.#minute = { since: now, count: 0 }
    if (this.#minute.count >= MOST_A_MINUTE) return false
    if (!this.#names.has(name) && this.#names.size >= MOST_NAMES) return false
    this.#names.add(name)
    this.#minute.count++
    return true
  }
}

/**
 * Takes feedback out of a request, in place. What names no answer, has a sentence as its name, is no score on its scale or is beyond the
 * limits, stays there as the event that it is.
 * @param request logs, as `fromJson` has them
 */
export function takeFeedback(request: Document, limits: FeedbackLimits): Feedback[] {
  const taken: Feedback[] = []
  for (const { scopeLogs } of listOf(request.resourceLogs))
    for (const scope of listOf(scopeLogs)) {
      scope.logRecords = listOf(scope.logRecords).filter(record => {
        const feedback = isFeedback(record) && taken.length < MOST ? feedbackOf(record) : undefined
        if (!feedback || !limits.admits(feedback.evaluation.name)) return true
        taken.push(feedback)
        return false
      })
    }
  return taken
}

/** Whether a request of logs has no record any more. */
export const isWithoutRecords = (request: Document): boolean =>
  listOf(request.resourceLogs).every(({ scopeLogs }) =>
    listOf(scopeLogs).every(({ logRecords }) => listOf(logRecords).length === 0),
  )

const listOf = (list: unknown): Document[] => (list as Document[] | undefined) ?? []

function feedbackOf({ traceId, spanId, timeUnixNano, attributes }: Document): Feedback | undefined {
  const said = new Map(
    listOf(attributes).map(({ key, value }) => [key, typedScalar(value as KeyValue['value'])?.value]),
  )
  const text = (key: string) => {
    const value = said.get(key)
    return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : undefined
  }
  const number = (key: string) => {
    const value = Number(said.get(key) ?? Number.NaN)
    return Number.isFinite(value) ? value : undefined
  }
  const name = text(ATTR_GEN_AI_EVALUATION_NAME)
  const score = number(ATTR_GEN_AI_EVALUATION_SCORE_VALUE)
  const { min = 0, max = 1 } = {
    min: number(ATTR_AFN_LLM_EVALUATION_SCORE_MIN),
    max: number(ATTR_AFN_LLM_EVALUATION_SCORE_MAX),
  }
  const threshold = number(ATTR_AFN_LLM_EVALUATION_THRESHOLD)
  const isOnScale = (value: number) => value >= min && value <= max
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || !name || !NAME.test(name)) return undefined
  if (score === undefined || min >= max || !isOnScale(score) || !isOnScale(threshold ?? min)) return undefined
  const label = text(ATTR_GEN_AI_EVALUATION_SCORE_LABEL)
  const explanation = text(ATTR_GEN_AI_EVALUATION_EXPLANATION)
  return {
    identity: JSON.stringify([traceId, spanId, name, score, timeUnixNano]),
    evaluation: {
      name,
      score,
      min,
      max,
      ...(threshold !== undefined && { threshold }),
      ...(label !== undefined && { label }),
      ...(explanation !== undefined && { explanation }),
      evaluator: { type: AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN },
      target: { traceId, spanId },
    },
  }
}

/** At least so many are remembered, at most twice as many. */
const REMEMBERED = 1_024

/** Records feedback, each once however often a page sends it. */
export function createFeedbackRecorder(): (all: readonly Feedback[], record: (evaluation: Evaluation) => void) => void {
  let newer = new Set<string>()
  let older = new Set<string>()
  return (all, record) => {
    for (const { identity, evaluation } of all) {
      if (newer.has(identity) || older.has(identity)) continue
      if (newer.size >= REMEMBERED) {
        older = newer
        newer = new Set()
      }
      newer.add(identity)
      record(evaluation)
    }
  }
}
