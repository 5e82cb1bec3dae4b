// Counts what calls cost, from what pricing wrote onto the span: the sum over spans is the counter. Called by `record.ts`.
import type { Meter } from '@opentelemetry/api'
import {
  AFN_LLM_COST_COMPONENT_VALUE_INPUT,
  AFN_LLM_COST_COMPONENT_VALUE_OTHER,
  AFN_LLM_COST_COMPONENT_VALUE_OUTPUT,
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  AFN_LLM_STREAM_END_VALUE_CUT,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
  ATTR_AFN_LLM_COST_COMPONENT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_UNPRICED_REASON,
  METRIC_AFN_LLM_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_AFN_LLM_COST,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
} from '../../../../semconv'
import type { LlmSpan } from '../../spans/span'
import type { Usage } from '../../usage'
import type { CallSeries } from './call-series'
import { createSum } from './sum'

const sources: readonly unknown[] = [
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
]

export function createCostMetrics(meter: Meter): (span: LlmSpan, usage: Usage, call: CallSeries) => void {
  const cost = createSum(meter, METRIC_AFN_LLM_COST, METRIC_OPTIONS_AFN_LLM_COST)
  const perCall = meter.createHistogram(METRIC_AFN_LLM_OPERATION_COST, METRIC_OPTIONS_AFN_LLM_OPERATION_COST)
  const unpriced = createSum(meter, METRIC_AFN_LLM_UNPRICED_OPERATIONS, METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS)

  return ({ attributes }, usage, { brief, error }) => {
    const total = usd(attributes)
    if (total === undefined) {
      const used = usage.input !== undefined || usage.output !== undefined
      // a call that was refused used nothing; one that was cut did, and nobody told how much
      const refused = error !== undefined && attributes[ATTR_AFN_LLM_STREAM_END] !== AFN_LLM_STREAM_END_VALUE_CUT
      if (!used && refused) return
      const why = used ? AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE : AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE
      return unpriced(1, brief.with(ATTR_AFN_LLM_UNPRICED_REASON, why).attributes)
    }
    const told = attributes[ATTR_AFN_LLM_COST_SOURCE]
    const source = sources.includes(told) ? (told as string) : AFN_LLM_COST_SOURCE_VALUE_PROVIDER
    const series = brief.with(ATTR_AFN_LLM_COST_SOURCE, source)
    perCall.record(total, series.attributes)
    for (const [component, part] of Object.entries(components(attributes, total))) {
      if (part !== undefined) cost(part, series.with(ATTR_AFN_LLM_COST_COMPONENT, component).attributes)
    }
  }
}

/** They add up to the total. Parts that are more than the whole are nobody's, and what rounding leaves is no part. */
function components(attributes: LlmSpan['attributes'], total: number): Record<string, number | undefined> {
  const input = amount(attributes[ATTR_AFN_LLM_COST_INPUT])
  const output = amount(attributes[ATTR_AFN_LLM_COST_OUTPUT])
  const rest = total - (input ?? 0) - (output ?? 0)
  if ((input === undefined && output === undefined) || rest < -total * 1e-9) {
    return { [AFN_LLM_COST_COMPONENT_VALUE_OTHER]: total }
  }
  return {
    [AFN_LLM_COST_COMPONENT_VALUE_INPUT]: input,
    [AFN_LLM_COST_COMPONENT_VALUE_OUTPUT]: output,
    [AFN_LLM_COST_COMPONENT_VALUE_OTHER]: rest > total * 1e-12 ? rest : undefined,
  }
}

/** One currency a series: what is told in another one is not added to dollars. */
function usd(attributes: LlmSpan['attributes']): number | undefined {
  const currency = attributes[ATTR_AFN_LLM_COST_CURRENCY] ?? 'USD'
  return currency === 'USD' ? amount(attributes[ATTR_AFN_LLM_COST_TOTAL]) : undefined
}

/** A counter takes no less than 0, and one NaN would spoil it for good. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined
}
