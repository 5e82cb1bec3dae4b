// What an application tells about the quality of an answer. Public through `./api`.

/** Any OpenTelemetry span has this shape, of whatever copy of its API. */
export interface SpanLike {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags?: number }
}

/** For results that come later or from another process: the ids that `span.spanContext()` returned, as hexadecimal digits. */
export interface SpanIds {
  /** 32 digits. */
  readonly traceId: string
  /** 16 digits. */
  readonly spanId: string
}

export interface Evaluation {
  /** What was judged, one of few: `relevance`, `faithfulness`. */
  readonly name: string
  /** On the evaluator's own scale, higher is better. */
  readonly score?: number
  /** The worst score that the evaluator can give. Default 0. */
  readonly min?: number
  /** The best one. Default 1. */
  readonly max?: number
  /** The score from which on the answer passes, on the same scale. Without it the label `pass` or `fail` decides. */
  readonly threshold?: number
  /** The result as a word: `relevant`, `pass`. Needed where there is no score. */
  readonly label?: string
  /** Why. Message content: it leaves only when `AFN_CAPTURE_CONTENT` says so, and redacted. */
  readonly explanation?: string
  /** Who judged: a name, one of the three types, or both. */
  readonly evaluator?: string | { readonly name?: string; readonly type?: EvaluatorType }
  /** The span that was judged. Default: the active span. */
  readonly target?: SpanLike | SpanIds
}

export type EvaluatorType = 'human' | 'llm' | 'code'
