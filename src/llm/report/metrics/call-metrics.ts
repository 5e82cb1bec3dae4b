// Records the metrics of each LLM call from the copy of its span that is exported, after pricing: spans and metrics tell
// the same. Called by the sdk's export path for each span.
import { type Attributes, type Histogram, type Meter, SpanKind } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan, Stage } from '../../spans/span'
import { countsOf } from '../../usage'
import { createCallSeries } from './call-series'
import { createCostMetrics } from './cost'
import { createTokenMetrics } from './tokens'
import { createTokenUsage } from './v1-41'

export interface CallMetricsOptions {
  /** Asked for at the first call, so that a process without one makes no instruments. */
  readonly meter: () => Meter
  /** Also the two metrics of v1.41 that dashboards ask for. */
  readonly v1_41: boolean
}

export function createCallMetrics({ meter, v1_41 }: CallMetricsOptions): Stage {
  const seriesOf = createCallSeries()
  let instruments: ReturnType<typeof createInstruments> | undefined

  return span => {
    const { attributes } = span
    const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    if (typeof operation !== 'string' || attributes[ATTR_AFN_LLM_USAGE_ROLLUP] === true) return
    const isCall = isModelCall(attributes)
    // an agent or a tool that runs in this process has no server; its duration is the Collector's span metrics
    if (!isCall && span.kind !== SpanKind.CLIENT) return
    instruments ??= createInstruments(meter(), v1_41)
    const call = seriesOf(span)
    const full = call.full.attributes
    const timed = call.full.with(ATTR_ERROR_TYPE, call.error).attributes
    const isInference = isCall && operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
    if (isInference) instruments.inference.record(seconds(span), timed)
    if (!isInference || v1_41) instruments.operation.record(seconds(span), timed)
    if (!isCall) return
    const usage = countsOf(attributes)
    instruments.tokens(usage, call, isInference)
    instruments.cost(span, usage, call)
    instruments.tokenUsage?.(usage, call)
    if (!isInference) return
    instruments.firstChunk(attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK], full)
    instruments.outputChunk(attributes[ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK], full)
  }
}

function createInstruments(meter: Meter, v1_41: boolean) {
  const inference = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION,
  )
  const operation = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
    METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION,
  )
  const firstChunk = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  )
  const outputChunk = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  )
  return {
    inference,
    operation,
    firstChunk: ifNumber(firstChunk),
    outputChunk: ifNumber(outputChunk),
    tokens: createTokenMetrics(meter),
    cost: createCostMetrics(meter),
    tokenUsage: v1_41 ? createTokenUsage(meter) : undefined,
  }
}

function ifNumber(histogram: Histogram): (value: unknown, attributes: Attributes) => void {
  return (value, attributes) => {
    if (typeof value === 'number' && value >= 0) histogram.record(value, attributes)
  }
}

function seconds({ startTime: [from, fromNanos], endTime: [to, toNanos] }: LlmSpan): number {
  return Math.max(0, to - from + (toNanos - fromNanos) / 1e9)
}
