// Counts evaluations. Scores are not attributes of series, and names are limited in number.
import type { Attributes, MetricOptions } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
  METRIC_AFN_LLM_EVALUATION_SCORE,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_SCORE,
} from '../../../../../semconv'
import { CardinalityLimiter } from '../metrics/series'
import type { Judgement } from './judgement'

/** The part of a `Meter` that is used. */
export interface EvaluationMeter {
  createCounter(name: string, options: MetricOptions): { add(value: number, attributes: Attributes): void }
  createHistogram(name: string, options: MetricOptions): { record(value: number, attributes: Attributes): void }
}

/** @returns a function that counts an evaluation of an answer by `model`, if that is known */
export function createEvaluationMetrics(
  meter: EvaluationMeter,
): (judgement: Judgement, model: string | undefined) => void {
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
