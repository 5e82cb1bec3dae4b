/** Evaluation results per model, from the counters of Prometheus or `afn-otel up`. */
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS,
} from '../../../../semconv'
import type { Span } from '../../../shared/calendar/period'
import { metricName } from '../../../shared/otlp/prometheus-names'
import type { Backend } from '../../../shared/queries/http'
import { growthOf } from '../growth'
import type { Arm } from './model'

const metric = metricName(METRIC_AFN_LLM_EVALUATION_RESULTS, METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS.unit, 'counter')!

/**
 * @param providerOf finds the provider of a service's model, because evaluations only name the model
 * @throws BackendError
 */
export async function armsIn(
  span: Span,
  backend: Backend,
  providerOf: (service: string, model: string) => string | undefined,
): Promise<Arm[]> {
  const arms = new Map<string, { arm: Omit<Arm, 'passes'>; passed: number; of: number }>()
  for (const { labels, values } of await growthOf(() => backend, metric, [span])) {
    const {
      service_name: service = '',
      gen_ai_evaluation_name: evaluation = '',
      gen_ai_request_model: model = '',
    } = labels
    const outcome = labels.afn_llm_evaluation_outcome
    const isCounted =
      outcome === AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS || outcome === AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL
    const provider = providerOf(service, model)
    if (!isCounted || provider === undefined) continue
    const key = JSON.stringify([service, evaluation, model])
    const known = arms.get(key) ?? { arm: { service, evaluation, model, provider }, passed: 0, of: 0 }
    known.of += values[0]!
    if (outcome === AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS) known.passed += values[0]!
    arms.set(key, known)
  }
  return Array.from(arms.values(), ({ arm, passed, of }) => ({
    ...arm,
    passes: { passed: Math.round(passed), of: Math.round(of) },
  }))
}
