// `recordEvaluation()`: an event on the span that was judged, metrics, and a score for LangFuse.
import {
  type Attributes,
  context,
  isSpanContextValid,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  EVENT_GEN_AI_EVALUATION_RESULT,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
  METRIC_AFN_LLM_EVALUATION_SCORE,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_SCORE,
} from '../../../../semconv'
import { text } from '../../observe/wire/json'
import { CardinalityLimiter } from '../metrics/series'
import type { Ended } from './ended-spans'
import type { Evaluation, SpanIds, SpanLike } from './evaluation'
import { evaluationAttributes, type Judgement, judge } from './judgement'
import { type Score, scoreOf } from './score'

export interface EvaluationsOptions {
  /** Called at the first evaluation. */
  readonly meter: () => Meter
  readonly tracer: () => Tracer
  /** A span of this process by its id, while it is open. */
  readonly open: (spanId: string) => Span | undefined
  /** What is left of one that has ended not long ago. */
  readonly ended: (spanId: string) => Ended | undefined
  /** The model that answered below a span, where it was one. */
  readonly modelBelow: (spanId: string) => string | undefined
  /** Takes a score on its way to LangFuse, where that is set up. */
  readonly send: (score: Score) => void
  /** Gets the reason, in words, why an evaluation is not recorded, or only a part of it. */
  readonly onProblem: (problem: string) => void
}

/** @returns records one evaluation; never throws */
export function createEvaluations(options: EvaluationsOptions): (evaluation: Evaluation) => void {
  let count: ReturnType<typeof createEvaluationMetrics> | undefined

  function record(evaluation: Evaluation): void {
    const judgement = judge(evaluation)
    count ??= createEvaluationMetrics(options.meter())
    let model: string | undefined
    try {
      model = write(judgement, targetOf(evaluation.target, trace.getSpan(context.active())))
    } finally {
      count(judgement, model)
    }
  }

  /** @returns the model that gave the answer, where it is known */
  function write(judgement: Judgement, { context: of, span }: Target): string | undefined {
    const open = span?.isRecording() ? span : options.open(of.spanId)
    const attributes = evaluationAttributes(judgement)
    if (open) {
      const known = (open as { attributes?: Attributes }).attributes
      const model = text(known?.[ATTR_GEN_AI_REQUEST_MODEL]) ?? options.modelBelow(of.spanId)
      // recorded for the metrics only: there is no trace that a score could stand in
      if ((open.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return model
      const responseId = text(known?.[ATTR_GEN_AI_RESPONSE_ID])
      if (responseId !== undefined) attributes[ATTR_GEN_AI_RESPONSE_ID] = responseId
      open.addEvent(EVENT_GEN_AI_EVALUATION_RESULT, attributes)
      options.send(scoreOf(judgement, of))
      return model
    }
    const ended = options.ended(of.spanId)
    if (ended?.responseId !== undefined) attributes[ATTR_GEN_AI_RESPONSE_ID] = ended.responseId
    if (writeSpan(judgement.name, attributes, of, ended)) options.send(scoreOf(judgement, of))
    return ended?.model ?? options.modelBelow(of.spanId)
  }

  /**
   * An ended span takes no event: one of no length, below it, says the same in its trace. It is dated to the end of the
   * span that was judged, where that is known: a trace is as long as its spans, and no judge is to make it a slow one.
   * @returns false where the trace is not sampled
   */
  function writeSpan(name: string, attributes: Attributes, of: Target['context'], ended: Ended | undefined): boolean {
    const startTime = ended?.endTime ?? Date.now()
    const all = { ...ended?.belongsTo, ...attributes }
    const parent = trace.setSpanContext(ROOT_CONTEXT, of)
    const span = options.tracer().startSpan(`evaluate ${name}`, { startTime, attributes: all }, parent)
    const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    span.end(startTime)
    return isSampled
  }

  return evaluation => {
    try {
      record(evaluation)
    } catch (error) {
      options.onProblem(error instanceof Error ? error.message : String(error))
    }
  }
}

// Which span an evaluation is of.

export interface Target {
  /** Of a span that is only known by its ids it is assumed that it was sampled. */
  readonly context: SpanContext
  /** The span itself, where the caller has it and not only its ids. */
  readonly span: Span | undefined
}

/** @throws TypeError with what is wrong and the remedy */
export function targetOf(judged: SpanLike | SpanIds | undefined, active: Span | undefined): Target {
  const target = judged ?? active
  if (!target) {
    throw new TypeError('target is missing and no span is active; give the span, or its traceId and spanId')
  }
  const isSpan = typeof (target as Partial<SpanLike>).spanContext === 'function'
  const ids = isSpan ? (target as SpanLike).spanContext() : (target as SpanIds)
  const context = {
    traceId: lower(ids.traceId),
    spanId: lower(ids.spanId),
    traceFlags: (ids as Partial<SpanContext>).traceFlags ?? TraceFlags.SAMPLED,
    // a span of another process may be meant
    ...(!isSpan && { isRemote: true }),
  }
  if (!isSpanContextValid(context)) {
    throw new TypeError(
      'target is no span and no pair of ids; give traceId (32 hexadecimal digits) and spanId (16), as span.spanContext() has them',
    )
  }
  return { context, span: typeof (target as Partial<Span>).isRecording === 'function' ? (target as Span) : undefined }
}

const lower = (id: unknown): string => (typeof id === 'string' ? id.toLowerCase() : '')

// Counts evaluations. A score has no series of its own number, and names are bounded.

/** @returns counts a judgement of an answer by `model`, where that is known */
export function createEvaluationMetrics(meter: Meter): (judgement: Judgement, model: string | undefined) => void {
  const scores = meter.createHistogram(METRIC_AFN_LLM_EVALUATION_SCORE, METRIC_OPTIONS_AFN_LLM_EVALUATION_SCORE)
  const results = meter.createCounter(METRIC_AFN_LLM_EVALUATION_RESULTS, METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS)
  const names = new CardinalityLimiter()
  const models = new CardinalityLimiter()

  return ({ name, score, outcome, evaluator }, model) => {
    const series: Attributes = { [ATTR_GEN_AI_EVALUATION_NAME]: names.limit(name) }
    if (evaluator.type) series[ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE] = evaluator.type
    if (model !== undefined) series[ATTR_GEN_AI_REQUEST_MODEL] = models.limit(model)
    results.add(1, { ...series, [ATTR_AFN_LLM_EVALUATION_OUTCOME]: outcome })
    if (score) scores.record(score.normalized, series)
  }
}
