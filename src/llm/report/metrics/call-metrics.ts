// Records the metrics of each LLM call from the copy of its span that is exported, after pricing, so that spans and
// metrics agree.
import { type Meter, SpanKind } from '@opentelemetry/api'
import {
  AFN_LLM_COST_COMPONENT_VALUE_INPUT,
  AFN_LLM_COST_COMPONENT_VALUE_OTHER,
  AFN_LLM_COST_COMPONENT_VALUE_OUTPUT,
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_COST_COMPONENT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_HOSTED,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_UNPRICED_REASON,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_TOKEN_MODALITY,
  ATTR_GEN_AI_TOKEN_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
  GEN_AI_TOKEN_TYPE_VALUE_INPUT,
  GEN_AI_TOKEN_TYPE_VALUE_OUTPUT,
  METRIC_AFN_LLM_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_OPTIONS_AFN_LLM_COST,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan, Stage } from '../../spans/span'
import { requestsOf, type Usage } from '../../usage'
import { unpricedReason } from '../cost/unpriced'
import { type CallSeries, createCallSeries, createSum, type Series } from './series'

export interface CallMetricsOptions {
  /** Called at the first call, so that a process without one makes no instruments. */
  readonly meter: () => Meter
  /** Also the two metrics of v1.41 that dashboards query. */
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
    const [from, to] = [span.startTime, span.endTime]
    const seconds = Math.max(0, to[0] - from[0] + (to[1] - from[1]) / 1e9)
    // how long reading took is not how long the model did
    const isFetched = operation === GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE
    const isTimed = attributes[ATTR_AFN_LLM_HOSTED] !== true
    if (isTimed && isInference && !isFetched) instruments.inference.record(seconds, timed)
    if (isTimed && (!isInference || isFetched || v1_41)) instruments.operation.record(seconds, timed)
    if (!isCall) return
    const { usage } = span.usage
    instruments.tokens(usage, call, isInference, requestsOf(attributes) === 1)
    instruments.cost(span, usage, call)
    if (requestsOf(attributes) === 1) instruments.tokenUsage?.(usage, call)
    if (!isInference) return
    const wait = attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]
    const pace = attributes[ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK]
    if (typeof wait === 'number' && wait >= 0) instruments.firstChunk.record(wait, full)
    if (typeof pace === 'number' && pace >= 0) instruments.outputChunk.record(pace, full)
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
    firstChunk,
    outputChunk,
    tokens: createTokenMetrics(meter),
    cost: createCostMetrics(meter),
    tokenUsage: v1_41 ? createTokenUsage(meter) : undefined,
  }
}

// Counts the tokens of a call. OpenTelemetry, semantic-conventions-genai, gen-ai-token-metrics.md: counters are for sums and
// spend, histograms for single calls; a failed call adds 0 to the counters and nothing to the histograms.

interface Modalities {
  readonly text?: number | undefined
  readonly audio?: number | undefined
  readonly image?: number | undefined
}

export function createTokenMetrics(
  meter: Meter,
): (usage: Usage, call: CallSeries, isInference: boolean, isOne: boolean) => void {
  const input = createSum(
    meter,
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  )
  const output = createSum(
    meter,
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  )
  const cacheRead = createSum(
    meter,
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  )
  const cacheWrite = createSum(
    meter,
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  )
  const reasoning = createSum(
    meter,
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  )
  const perCallInput = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  )
  const perCallOutput = meter.createHistogram(
    METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  )

  return (usage, { full, error }, isInference, isOne) => {
    const orNone = error === undefined ? undefined : 0
    const { textInput: text, audioInput: audio, imageInput: image } = usage
    add(input, usage.input ?? orNone, full, { text, audio, image })
    add(cacheRead, usage.cacheRead, full, { audio: usage.audioCacheRead })
    add(cacheWrite, usage.cacheWrite, full)
    // of embeddings only what was spent: the convention has no metric of their tokens
    if (!isInference) return
    add(output, usage.output ?? orNone, full, {
      text: usage.textOutput,
      audio: usage.audioOutput,
      image: usage.imageOutput,
    })
    add(reasoning, usage.reasoning, full)
    if (error !== undefined || !isOne) return
    if (usage.input !== undefined) perCallInput.record(usage.input, full.attributes)
    if (usage.output !== undefined) perCallOutput.record(usage.output, full.attributes)
  }
}

/** Each known modality separately and the rest as unknown, so that the sum over modalities is the total. */
function add(
  sum: ReturnType<typeof createSum>,
  total: number | undefined,
  series: Series,
  { text = 0, audio = 0, image = 0 }: Modalities = {},
): void {
  if (total === undefined) return
  const known = text + audio + image
  // where the modalities exceed the total, none of them is believed
  const areParts = known <= total
  const rest = areParts ? total - known : total
  const modality = ATTR_GEN_AI_TOKEN_MODALITY
  if (areParts && text > 0) sum(text, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_TEXT).attributes)
  if (areParts && audio > 0) sum(audio, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_AUDIO).attributes)
  if (areParts && image > 0) sum(image, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_IMAGE).attributes)
  if (rest > 0 || total === 0) sum(rest, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN).attributes)
}

// Counts what calls cost, from what pricing wrote onto the span: the sum over spans is the counter.

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
    // one currency a series: what is in another one is not added to dollars
    const isUsd = (attributes[ATTR_AFN_LLM_COST_CURRENCY] ?? 'USD') === 'USD'
    const total = isUsd ? amount(attributes[ATTR_AFN_LLM_COST_TOTAL]) : undefined
    if (total === undefined) {
      const why = unpricedReason({
        hasTokens:
          usage.input !== undefined ||
          usage.output !== undefined ||
          attributes[ATTR_AFN_LLM_UNPRICED_CAUSE] !== undefined,
        failed: error !== undefined,
        streamEnd: attributes[ATTR_AFN_LLM_STREAM_END],
        pending: attributes[ATTR_AFN_LLM_RESPONSE_PENDING],
      })
      if (why !== undefined) unpriced(requestsOf(attributes), brief.with(ATTR_AFN_LLM_UNPRICED_REASON, why).attributes)
      return
    }
    const written = attributes[ATTR_AFN_LLM_COST_SOURCE]
    const source = sources.includes(written) ? (written as string) : AFN_LLM_COST_SOURCE_VALUE_PROVIDER
    const series = brief.with(ATTR_AFN_LLM_COST_SOURCE, source)
    if (requestsOf(attributes) === 1) perCall.record(total, series.attributes)
    // components add up to the total: where the parts exceed it none of them is believed, and what rounding leaves is no component
    const input = amount(attributes[ATTR_AFN_LLM_COST_INPUT])
    const output = amount(attributes[ATTR_AFN_LLM_COST_OUTPUT])
    const rest = total - (input ?? 0) - (output ?? 0)
    const areParts = (input !== undefined || output !== undefined) && rest >= -total * 1e-9
    const other = areParts ? rest : total
    const component = ATTR_AFN_LLM_COST_COMPONENT
    if (areParts && input !== undefined)
      cost(input, series.with(component, AFN_LLM_COST_COMPONENT_VALUE_INPUT).attributes)
    if (areParts && output !== undefined)
      cost(output, series.with(component, AFN_LLM_COST_COMPONENT_VALUE_OUTPUT).attributes)
    if (!areParts || other > total * 1e-12)
      cost(other, series.with(component, AFN_LLM_COST_COMPONENT_VALUE_OTHER).attributes)
  }
}

/** A counter takes no less than 0, and one NaN would spoil it for good. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined
}

// The token metric of v1.41, for dashboards that still query it (AFN_METRICS_COMPAT).

export function createTokenUsage(meter: Meter): (usage: Usage, call: CallSeries) => void {
  const tokens = meter.createHistogram(METRIC_GEN_AI_CLIENT_TOKEN_USAGE, METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE)
  return ({ input, output }, { full }) => {
    const record = (count: number, type: string) =>
      tokens.record(count, full.with(ATTR_GEN_AI_TOKEN_TYPE, type).attributes)
    if (input !== undefined) record(input, GEN_AI_TOKEN_TYPE_VALUE_INPUT)
    if (output !== undefined) record(output, GEN_AI_TOKEN_TYPE_VALUE_OUTPUT)
  }
}
