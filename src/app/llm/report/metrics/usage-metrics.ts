// Counts what a call used, its tokens, and what it cost.
import type { Meter } from '@opentelemetry/api'
import {
  AFN_LLM_COST_COMPONENT_VALUE_INPUT,
  AFN_LLM_COST_COMPONENT_VALUE_OTHER,
  AFN_LLM_COST_COMPONENT_VALUE_OUTPUT,
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_COST_COMPONENT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_UNPRICED_REASON,
  ATTR_GEN_AI_TOKEN_MODALITY,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
  METRIC_AFN_LLM_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_OPTIONS_AFN_LLM_COST,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../../../semconv'
import type { Call } from '../../call'
import type { Usage } from '../../usage'
import { amount } from '../../wire/json'
import { unpricedReason } from '../cost/unpriced'
import { type CallSeries, createSum, type SeriesNode } from './series'

type Modalities = { readonly [kind in 'text' | 'audio' | 'image']?: number | undefined }

/**
 * Counts the tokens of a call. OpenTelemetry, semantic-conventions-genai, gen-ai-token-metrics.md: counters are for sums and cost,
 * histograms for single calls; a failed call adds 0 to the counters and nothing to the histograms.
 */
export function createTokenMetrics(meter: Meter): (usage: Usage, call: CallSeries, isOne: boolean) => void {
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

  return (usage, { full, error }, isOne) => {
    const orNone = error === undefined ? undefined : 0
    const { textInput: text, audioInput: audio, imageInput: image } = usage
    add(input, usage.input ?? orNone, full, { text, audio, image })
    add(cacheRead, usage.cacheRead, full, {
      text: usage.textCacheRead,
      audio: usage.audioCacheRead,
      image: usage.imageCacheRead,
    })
    add(cacheWrite, usage.cacheWrite, full)
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

/** Adds each known modality separately and the rest as unknown, so that the sum over modalities is the total. */
function add(
  sum: ReturnType<typeof createSum>,
  total: number | undefined,
  series: SeriesNode,
  { text = 0, audio = 0, image = 0 }: Modalities = {},
): void {
  if (total === undefined) return
  const known = text + audio + image
  // if the modalities exceed the total, all of them are ignored
  const areParts = known <= total
  const rest = areParts ? total - known : total
  const modality = ATTR_GEN_AI_TOKEN_MODALITY
  if (areParts && text > 0) sum(text, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_TEXT).attributes)
  if (areParts && audio > 0) sum(audio, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_AUDIO).attributes)
  if (areParts && image > 0) sum(image, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_IMAGE).attributes)
  if (rest > 0 || total === 0) sum(rest, series.with(modality, GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN).attributes)
}

const sources: readonly unknown[] = [
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
]

/** Counts the costs that pricing also wrote to the spans, so that the sum over spans equals the counter. */
export function createCostMetrics(meter: Meter): (call: Call, series: CallSeries) => void {
  const cost = createSum(meter, METRIC_AFN_LLM_COST, METRIC_OPTIONS_AFN_LLM_COST)
  const perCall = meter.createHistogram(METRIC_AFN_LLM_OPERATION_COST, METRIC_OPTIONS_AFN_LLM_OPERATION_COST)
  const unpriced = createSum(meter, METRIC_AFN_LLM_UNPRICED_OPERATIONS, METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS)

  return ({ cost: known, usage, requests, unpricedCause, streamEnd, isPending }, { brief, error }) => {
    // a series has one currency: amounts in other currencies are not added to dollars
    const total = (known?.currency ?? 'USD') === 'USD' ? amount(known?.total) : undefined
    if (!known || total === undefined) {
      const why = unpricedReason({
        hasTokens: (usage.input ?? usage.output ?? unpricedCause) !== undefined,
        failed: error !== undefined,
        streamEnd,
        pending: isPending,
      })
      if (why !== undefined) unpriced(requests, brief.with(ATTR_AFN_LLM_UNPRICED_REASON, why).attributes)
      return
    }
    const written = known.source
    const source = sources.includes(written) ? (written as string) : AFN_LLM_COST_SOURCE_VALUE_PROVIDER
    const series = brief.with(ATTR_AFN_LLM_COST_SOURCE, source)
    if (requests === 1) perCall.record(total, series.attributes)
    // components add up to the total: if they exceed it, all are ignored, and a rounding remainder is not a component
    const input = amount(known.input)
    const output = amount(known.output)
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
