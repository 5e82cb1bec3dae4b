// The only place where retention times and sampling thresholds stand. A settings file may change them for the Collector and its stores, and
// for the embedded backend.
import {
  ATTR_AFN_EXCEPTION_LOGGED,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_AFN_LLM_RETRIED,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../../../semconv'

/** How long each signal is kept, in days, by tier. Trace tiers nest: detailed ⊇ sampled ⊇ errors. */
export const retention = {
  traces: { detailed: 3, sampled: 30, errors: 90 },
  // medium: windows of 30 days are rated there, and need a day for the edge at each end
  metrics: { high: 7, medium: 32, low: 365 },
  logs: { debug: 1, info: 7, warn: 30, error: 90, audit: 730 },
} as const

/** Time between two samples of a series in the coarser resolutions of metrics. What is finer than this is in `high`. */
export const resolutionSteps = { medium: '5m', low: '1h' } as const

/** For how long the last sample of a series counts there: longer than the time between two. */
export const resolutionLookbacks = { medium: '15m', low: '3h' } as const

/** `retention`, in days, where a settings file has changed it. */
export type Retention = Widened<typeof retention>
export type TraceTier = keyof typeof retention.traces
export type Resolution = keyof typeof retention.metrics
export type LogClass = keyof typeof retention.logs

/** Constants by their types: what a settings file may put in their place. */
type Widened<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Widened<Item>[]
      : { readonly [K in keyof T]: Widened<T[K]> }

/**
 * What lifts a trace out of `detailed`. All of them lift it to `sampled`; `errors` lifts it on to `errors`. The order is
 * the order in which a reason is given when several apply.
 */
export const policies = {
  /**
   * A span with status ERROR, or one with an `exception` event, or with a mark that such an event is a log record. An attempt of an LLM call is one when it was not tried again,
   * whatever its answer: the last attempt says what became of the call. A CLIENT span of which this is not known is none when it
   * was answered with a 4xx: that is how things are looked up, and a 4xx that matters fails its parent.
   */
  errors: {
    event: 'exception',
    logged: ATTR_AFN_EXCEPTION_LOGGED,
    retried: ATTR_AFN_LLM_RETRIED,
    notOnClient: { attributes: [ATTR_HTTP_RESPONSE_STATUS_CODE, 'http.status_code'], from: 400, below: 500 },
  },
  /**
   * From the first span's start to the last span's end, in whole milliseconds (2000.9 ms counts as 2000: that is how the
   * Collector's latency policy compares).
   */
  slow: { overMs: 2000 },
  /** One span that cost more than this, in USD. */
  costly: { attribute: ATTR_AFN_LLM_COST_TOTAL, over: 0.5 },
  /**
   * An evaluation score below this, on a span or on an event. What is mapped to 0..1 counts; the evaluator's own number,
   * which may be one of 1 to 5, only where nobody mapped it.
   */
  low_quality: {
    attribute: ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
    orElse: ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
    below: 0.7,
  },
  guardrail: { attribute: ATTR_AFN_LLM_GUARDRAIL_TRIGGERED },
  /** A share of all traces, chosen by the trace id alone, so that every stage chooses the same ones. */
  baseline: { percent: 10, salt: 'afn' },
} as const

/** The same, where a settings file has changed a threshold. */
export type Policies = Widened<typeof policies>
export type PolicyName = keyof typeof policies

/**
 * Passing health checks never leave `detailed`, not even slow ones: there are thousands a day and nobody reads them. A
 * trace is a health check when it has a SERVER span, each of them answers one of these paths, and no root span is
 * anything but that server or the CLIENT that asked it (a nightly job that pings a health endpoint is not a health
 * check). The expression means the same in RE2 and in JavaScript.
 */
export const healthCheck = {
  attributes: ['url.path', 'http.route', 'http.target'],
  path: '^/(health(/[^?]*)?|healthz|livez|readyz|api/health)/?([?].*)?$',
} as const
