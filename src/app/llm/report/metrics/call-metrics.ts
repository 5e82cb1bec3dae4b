// Records the metrics of each LLM call from the exported copy of its span, after pricing, so that spans and metrics agree.
import { type Meter, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION,
} from '../../../../../semconv'
import type { Stage } from '../../spans/span'
import { createRunMetrics } from './run-metrics'
import { createCallSeries, secondsOf } from './series'
import { createCostMetrics, createTokenMetrics } from './usage-metrics'

export interface CallMetricsOptions {
  /** Called at the first call, so that a process without one makes no instruments. */
  readonly meter: () => Meter
  /** Adds the two metrics of v1.41 that dashboards query. */
  readonly v1_41?: Pick<typeof import('../v1-41'), 'createTokenUsage'> | undefined
}

/** Operations with their own duration metrics, since v0.1.0. */
const hasOwnMetric: ReadonlySet<string> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
])

export function createCallMetrics({ meter, v1_41 }: CallMetricsOptions): Stage {
  const seriesOf = createCallSeries()
  const runs = createRunMetrics(meter)
  let instruments: ReturnType<typeof createInstruments> | undefined

  return span => {
    const { call } = span
    if (!call || call.isRollup) return
    const { operation, usage, timeToFirstChunk: wait, timePerOutputChunk: pace, isModelCall: isCall } = call
    if (!isCall) {
      runs(span)
      // operations within this process have no server, and tools and searches are not client calls
      if (span.kind !== SpanKind.CLIENT || (!v1_41 && hasOwnMetric.has(operation))) return
    }
    instruments ??= createInstruments(meter(), v1_41)
    const error = span.attributes[ATTR_ERROR_TYPE]
    const series = seriesOf(call, error, error !== undefined || span.status.code === SpanStatusCode.ERROR)
    const full = series.full.attributes
    const timed = series.full.with(ATTR_ERROR_TYPE, series.error).attributes
    const isEmbeddings = operation === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
    // the time to fetch an answer is not the duration of the model
    const isTimedAsCall = isCall && operation !== GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE
    if (!call.isHosted) {
      const seconds = secondsOf(span)
      if (isTimedAsCall) (isEmbeddings ? instruments.embeddings : instruments.inference).record(seconds, timed)
      if (!isTimedAsCall || v1_41) instruments.operation.record(seconds, timed)
    }
    if (!isCall) return
    if (!isEmbeddings) instruments.tokens(usage, series, call.requests === 1)
    // embeddings have no token counter, so the total of a batch is recorded as one value, which keeps the sum complete
    else if (usage.input !== undefined && series.error === undefined)
      instruments.embeddingTokens.record(usage.input, full)
    instruments.cost(call, series)
    instruments.tokenUsage?.(usage, series)
    if (isEmbeddings) return
    if (wait !== undefined && wait >= 0) instruments.firstChunk.record(wait, full)
    if (pace !== undefined && pace >= 0) instruments.outputChunk.record(pace, full)
  }
}

function createInstruments(meter: Meter, v1_41: CallMetricsOptions['v1_41']) {
  const of: Meter['createHistogram'] = (name, options) => meter.createHistogram(name, options)
  const inference = of(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION)
  const operation = of(METRIC_GEN_AI_CLIENT_OPERATION_DURATION, METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION)
  const embeddings = of(METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION, METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_DURATION)
  const embeddingTokens = of(
    METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  )
  const firstChunk = of(
    METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  )
  const outputChunk = of(
    METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  )
  return {
    inference,
    operation,
    embeddings,
    embeddingTokens,
    firstChunk,
    outputChunk,
    tokens: createTokenMetrics(meter),
    cost: createCostMetrics(meter),
    tokenUsage: v1_41?.createTokenUsage(meter),
  }
}
