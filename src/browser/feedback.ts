/**
 * What a person says of an answer, as an evaluation by the GenAI conventions in the trace of this answer. The module sees the
 * answers of `fetch` from its import on, so that an app may rate what `fetch` gave it.
 */
import { activeSpan } from './context'
import { guarded } from './diagnose'
import type { SpanContext } from './otlp'
import { event } from './record'
import { watchers } from './request-span'

export interface Feedback {
  /** Thumbs, true is up; or a score from `min` to `max`, of which higher is better. */
  readonly value: boolean | number
  /** The lowest score. Default: 0. */
  readonly min?: number
  /** The highest score. Default: 1. */
  readonly max?: number
  /** The score from which on the answer passes. Default: 1 for thumbs, none for a score. */
  readonly threshold?: number
  /** What was rated, one of few: `helpful`. Default: `feedback`. */
  readonly name?: string
  /** The rating as a word: `too long`. Without a threshold `pass` and `fail` decide. */
  readonly label?: string
  /** What the person wrote. It is redacted here and, with further rules, by the server. */
  readonly comment?: string
  /** The answer: what `fetch` resolved to, or the ids of a span. Default: the span that runs now. */
  readonly target?: Response | SpanContext
}

/** The spans of the answers that `fetch` gave. */
const answers = /* @__PURE__ */ (() => {
  const spans = new WeakMap<object, SpanContext>()
  watchers.push((response, { span }) => spans.set(response, span.context))
  return spans
})()

/** Of a response nothing is known where its request was not traced. */
const spanOf = (target: Response | SpanContext): SpanContext | undefined =>
  'spanId' in target ? { traceId: target.traceId, spanId: target.spanId } : answers.get(target)

/**
 * Records what a person says of an answer; in sessions that aren't sampled too. May be called before the start.
 * What is no score on its scale is not recorded (AFN181).
 */
export const recordFeedback: (feedback: Feedback) => void = /* @__PURE__ */ guarded(
  ({ value, min = 0, max = 1, threshold, name = 'feedback', label, comment, target }: Feedback) => {
    const score = +value
    if (!(score >= min && score <= max && min < max)) throw `feedback ${value} not in ${min}..${max}`
    const least = threshold ?? (value === score ? undefined : max)
    event(
      'gen_ai.evaluation.result',
      {
        'gen_ai.evaluation.name': name,
        'gen_ai.evaluation.score.value': score,
        'gen_ai.evaluation.score.label': label,
        'gen_ai.evaluation.explanation': comment,
        'afn.llm.evaluation.score.normalized': (score - min) / (max - min),
        'afn.llm.evaluation.score.min': min,
        'afn.llm.evaluation.score.max': max,
        'afn.llm.evaluation.threshold': least,
        'afn.llm.evaluation.outcome': least! <= score ? 'pass' : least! > score ? 'fail' : undefined,
        'afn.llm.evaluation.evaluator.type': 'human',
      },
      9,
      target ? spanOf(target) : activeSpan(),
      undefined,
      true,
    )
  },
)
