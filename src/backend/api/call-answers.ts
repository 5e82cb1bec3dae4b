// What the embedded backend answers about the calls that a query finds, as types alone, as answers.ts does.
import type { PlainValue } from '../../shared/otlp/any-value'
import type { Evaluator, JudgedAnswer } from './quality-answers'

/** What was said of a call's answer: of the call itself, or of a request or an agent whose answer it gave. */
export interface CallEvaluation extends Pick<JudgedAnswer, 'score' | 'label' | 'explanation' | 'verdict' | 'scale'> {
  /** `gen_ai.evaluation.name` */
  readonly evaluation: string
  readonly evaluator: Evaluator
  /** Whether a span of the trace has it, and not a log record alone. */
  readonly isOnSpan: boolean
}

export interface FoundCall {
  readonly traceId: string
  readonly spanId: string
  /** Seconds since 1970. */
  readonly start: number
  /** Likewise. */
  readonly end: number
  readonly service: string
  readonly serviceVersion: string | null
  readonly isFailed: boolean
  /** Without the content. */
  readonly attributes: Readonly<Record<string, PlainValue>>
  /** Content as JSON, as it was captured; null where there is none. */
  readonly inputMessages: string | null
  readonly outputMessages: string | null
  readonly systemInstructions: string | null
  readonly toolDefinitions: string | null
  readonly evaluations: readonly CallEvaluation[]
}

/** `GET /api/afn/calls` */
export interface FoundCallsAnswer {
  /** Of the newest trace first; inside of a trace as they came. */
  readonly calls: readonly FoundCall[]
  /** Calls of these traces that the answer has no room for: ask for fewer traces. */
  readonly left: number
  /** `after` of the next page; null where nothing was found. */
  readonly next: string | null
}
