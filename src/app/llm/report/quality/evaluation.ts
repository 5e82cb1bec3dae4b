// The evaluation of an answer's quality, reported by an app. Public through `./api`.

/** A structural type that spans of any copy of the OpenTelemetry API have. */
export interface SpanLike {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags?: number }
}

/** For results that arrive later or from another process: the ids from `span.spanContext()`, in hexadecimal. */
export interface SpanIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
}

export interface Evaluation {
  /** What was evaluated, from a small set of names: `relevance`, `faithfulness`. */
  readonly name: string
  /** On the evaluator's own scale, higher is better. */
  readonly score?: number
  /** The worst possible score. Default: 0. */
  readonly min?: number
  /** The best possible score. Default: 1. */
  readonly max?: number
  /** The minimum score that passes, on the same scale. Without it, the label `pass` or `fail` decides. */
  readonly threshold?: number
  /** The result as a word: `relevant`, `pass`. Required if there is no score. */
  readonly label?: string
  /** The reason. Message content: exported only if `AFN_CAPTURE_CONTENT` allows it, and redacted. */
  readonly explanation?: string
  /** The evaluator: a name, one of the three types, or both. */
  readonly evaluator?: string | { readonly name?: string; readonly type?: EvaluatorType }
  /** The evaluated span. Default: the active span. */
  readonly target?: SpanLike | SpanIds
}

export type EvaluatorType = 'human' | 'llm' | 'code'
