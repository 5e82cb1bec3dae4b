/** Converts an SLI from the file's form to the internal one. */
import {
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS,
} from '../../../semconv'
import { latencyOf } from './latency'
import type { FileSli, FileWhere } from './schema'
import type { Matcher, Matchers, Metric, Sli } from './spec'

/** @param service condition that applies unless the file's conditions name a service */
export function sliOf(sli: FileSli, service: string): Sli {
  if (sli.events) return { kind: 'events', errorQuery: sli.events.error_query, totalQuery: sli.events.total_query }
  if (sli.raw) return { kind: 'raw', errorRatioQuery: sli.raw.error_ratio_query }
  if (sli.latency) {
    return { kind: 'latency', ...latencyOf(sli.latency), where: ofService(sli.latency.where, service) }
  }
  if (sli.ratio) {
    const { metric, type = 'counter', unit = type === 'counter' ? '1' : 's', where, bad, good } = sli.ratio
    return {
      kind: 'ratio',
      metric: { name: metric, unit, type },
      where: ofService(where, service),
      selects: bad ? 'bad' : 'good',
      alternatives: (bad ?? good ?? []).map(matchersOf),
    }
  }
  return evaluations(sli.evaluation ?? {}, service)
}

/** Evaluations with a verdict: a failed or skipped evaluator says nothing about the answer. */
function evaluations({ name, where }: NonNullable<FileSli['evaluation']>, service: string): Sli {
  const outcome = (operator: '=' | '=~', value: string): Matcher => ({
    attribute: ATTR_AFN_LLM_EVALUATION_OUTCOME,
    operator,
    value,
  })
  const named: Matchers =
    name === undefined ? [] : [{ attribute: ATTR_GEN_AI_EVALUATION_NAME, operator: '=', value: name }]
  const { unit } = METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS
  const metric: Metric = { name: METRIC_AFN_LLM_EVALUATION_RESULTS, unit, type: 'counter' }
  return {
    kind: 'ratio',
    metric,
    where: [...ofService(where, service), ...named, outcome('=~', 'pass|fail')],
    selects: 'bad',
    alternatives: [[outcome('=', 'fail')]],
  }
}

/** Adds the file's service unless the conditions name one. */
function ofService(where: FileWhere | undefined, service: string): Matchers {
  const matchers = matchersOf(where ?? {})
  const isNamed = matchers.some(({ attribute }) => attribute === 'service.name')
  return isNamed ? matchers : [{ attribute: 'service.name', operator: '=', value: service }, ...matchers]
}

function matchersOf(where: FileWhere): Matchers {
  return Object.entries(where).map(([attribute, condition]) => {
    if (typeof condition !== 'object') return { attribute, operator: '=', value: String(condition) }
    if ('not' in condition) return { attribute, operator: '!=', value: String(condition.not) }
    if ('regex' in condition) return { attribute, operator: '=~', value: String(condition.regex) }
    return { attribute, operator: '!~', value: String(condition.not_regex) }
  })
}
