// Types of the answer with the calls of a query, as in answers.ts.
import type { PlainValue } from '../../shared/otlp/any-value'
import type { Evaluator, JudgedAnswer } from './quality-answers'

/** An evaluation of a call's answer: of the call itself, or of the request or agent that returned it. */
export interface CallEvaluation extends Pick<JudgedAnswer, 'score' | 'label' | 'explanation' | 'verdict' | 'scale'> {
  /** `gen_ai.evaluation.name` */
  readonly evaluation: string
  readonly evaluator: Evaluator
  /** Whether a span of the trace carries it, and not only a log record. */
  readonly isOnSpan: boolean
}

export interface FoundCall {
  readonly traceId: string
  readonly spanId: string
  /** Seconds since 1970. */
  readonly start: number
  /** Seconds since 1970. */
  readonly end: number
  readonly service: string
  readonly serviceVersion: string | null
  readonly isFailed: boolean
  /** Without content. */
  readonly attributes: Readonly<Record<string, PlainValue>>
  /** Captured content as JSON; null if there is none. */
  readonly inputMessages: string | null
  readonly outputMessages: string | null
  readonly systemInstructions: string | null
  readonly toolDefinitions: string | null
  readonly evaluations: readonly CallEvaluation[]
}

/** `GET /api/afn/calls` */
export interface FoundCallsAnswer {
  /** Newest trace first; within a trace, in order of arrival. */
  readonly calls: readonly FoundCall[]
  /** Number of calls that did not fit into the answer; ask for fewer traces to get them. */
  readonly left: number
  /** Pass it as `after` to get the next page; null if nothing was found. */
  readonly next: string | null
}
