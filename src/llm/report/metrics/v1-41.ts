// The token metric of v1.41, for dashboards that still ask for it (AFN_METRICS_COMPAT). Called by `record.ts`.
import type { Meter } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_TOKEN_TYPE,
  GEN_AI_TOKEN_TYPE_VALUE_INPUT,
  GEN_AI_TOKEN_TYPE_VALUE_OUTPUT,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE,
} from '../../../../semconv'
import type { Usage } from '../../usage'
import type { CallSeries } from './call-series'

export function createTokenUsage(meter: Meter): (usage: Usage, call: CallSeries) => void {
  const tokens = meter.createHistogram(METRIC_GEN_AI_CLIENT_TOKEN_USAGE, METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE)
  return ({ input, output }, { full }) => {
    const record = (count: number, type: string) =>
      tokens.record(count, full.with(ATTR_GEN_AI_TOKEN_TYPE, type).attributes)
    if (input !== undefined) record(input, GEN_AI_TOKEN_TYPE_VALUE_INPUT)
    if (output !== undefined) record(output, GEN_AI_TOKEN_TYPE_VALUE_OUTPUT)
  }
}
