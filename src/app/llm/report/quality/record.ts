// `recordEvaluation()`: an event on the span that was judged, metrics, and a score for LangFuse.
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
  /** A span of this process by its id, while it is open. */
  readonly open: (spanId: string) => Span | undefined
  /** What is left of one that has ended not long ago. */
  readonly ended: (spanId: string) => RecentSpan | undefined
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
   * An ended span takes no event: one of no length, below it, says the same in its trace. It is dated to the end of the
   * span that was judged, where that is known: a trace is as long as its spans, and no judge is to make it a slow one.
   * @returns false where the trace is not sampled
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

  /** The conventions have the result as a log record; readers find it on a span until December 2027, and count it once. */
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
