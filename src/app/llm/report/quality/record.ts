// `recordEvaluation()`: adds an event to the evaluated span, metrics, and a score for LangFuse.
import {
  type Attributes,
  context,
  type Logger,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '../../../../../semconv'
import { text } from '../../wire/json'
import type { RecentSpan } from './ended-spans'
import type { Evaluation } from './evaluation'
import { evaluationAttributes } from './evaluation-attributes'
import { createEvaluationMetrics } from './evaluation-metrics'
import { type Judgement, judge } from './judgement'
import { type Score, scoreOf } from './score'
import { type Target, targetOf } from './target'

export interface EvaluationsOptions {
  /** Called at the first evaluation. */
  readonly meter: () => Meter
  readonly tracer: () => Tracer
  readonly logger: () => Logger
  /** Returns an open span of this process by its id. */
  readonly open: (spanId: string) => Span | undefined
  /** Returns remembered properties of a span that ended recently. */
  readonly ended: (spanId: string) => RecentSpan | undefined
  /** Returns the model that answered below a span, if it was a single one. */
  readonly modelBelow: (spanId: string) => string | undefined
  /** Sends a score to LangFuse, if that is configured. */
  readonly send: (score: Score) => void
  /** Receives the reason, as text, why an evaluation is not recorded, or only partly. */
  readonly onProblem: (problem: string) => void
}

/** @returns a function that records one evaluation; never throws */
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

  /** @returns the model that gave the answer, if known */
  function write(judgement: Judgement, { context: of, span }: Target): string | undefined {
    const open = span?.isRecording() ? span : options.open(of.spanId)
    const attributes = evaluationAttributes(judgement)
    if (open) {
      const known = (open as { attributes?: Attributes }).attributes
      const model = text(known?.[ATTR_GEN_AI_REQUEST_MODEL]) ?? options.modelBelow(of.spanId)
      // recorded for the metrics only: there is no trace to which a score could belong
      if ((open.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return model
      const responseId = text(known?.[ATTR_GEN_AI_RESPONSE_ID])
      if (responseId !== undefined) attributes[ATTR_GEN_AI_RESPONSE_ID] = responseId
      open.addEvent(EVENT_GEN_AI_EVALUATION_RESULT, attributes)
      log(attributes, of)
      options.send(scoreOf(judgement, of))
      return model
    }
    const ended = options.ended(of.spanId)
    if (ended?.responseId !== undefined) attributes[ATTR_GEN_AI_RESPONSE_ID] = ended.responseId
    if (writeSpan(judgement.name, attributes, of, ended)) {
      log(attributes, of)
      options.send(scoreOf(judgement, of))
    }
    return ended?.model ?? options.modelBelow(of.spanId)
  }

  /**
   * An ended span accepts no event, so a child span of zero duration carries the evaluation. It is dated to the end of the evaluated span,
   * if that is known, because a later span would make the trace longer.
   * @returns false if the trace is not sampled
   */
  function writeSpan(
    name: string,
    attributes: Attributes,
    of: Target['context'],
    ended: RecentSpan | undefined,
  ): boolean {
    const startTime = ended?.endTime ?? Date.now()
    const all = { ...ended?.belongsTo, ...attributes }
    const parent = trace.setSpanContext(ROOT_CONTEXT, of)
    const span = options.tracer().startSpan(`evaluate ${name}`, { startTime, attributes: all }, parent)
    const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    span.end(startTime)
    return isSampled
  }

  /** The conventions define the result as a log record; until December 2027, readers also find it on a span, and count it once. */
  function log(attributes: Attributes, of: Target['context']): void {
    const context = trace.setSpanContext(ROOT_CONTEXT, of)
    options.logger().emit({ eventName: EVENT_GEN_AI_EVALUATION_RESULT, context, attributes: { ...attributes } })
  }

  return evaluation => {
    try {
      record(evaluation)
    } catch (error) {
      options.onProblem(error instanceof Error ? error.message : String(error))
    }
  }
}
