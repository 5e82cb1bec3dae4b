// Counts the tokens of a call. Called by `record.ts`.
// OpenTelemetry, semantic-conventions-genai, gen-ai-token-metrics.md: counters are for sums and spend, histograms for single
// calls; a failed call adds 0 to the counters and nothing to the histograms.
import type { Meter } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_TOKEN_MODALITY,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../../semconv'
import type { Usage } from '../../usage'
import type { CallSeries } from './call-series'
import type { Series } from './series'
import { createSum } from './sum'

interface Modalities {
  readonly text?: number | undefined
  readonly audio?: number | undefined
  readonly image?: number | undefined
}

export function createTokenMetrics(meter: Meter): (usage: Usage, call: CallSeries, isInference: boolean) => void {
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

  return (usage, { full, error }, isInference) => {
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
    if (error !== undefined) return
    if (usage.input !== undefined) perCallInput.record(usage.input, full.attributes)
    if (usage.output !== undefined) perCallOutput.record(usage.output, full.attributes)
  }
}

/** Each told modality apart and the rest as unknown, so that the sum over modalities is the total. */
function add(
  sum: ReturnType<typeof createSum>,
  total: number | undefined,
  series: Series,
  { text = 0, audio = 0, image = 0 }: Modalities = {},
): void {
  if (total === undefined) return
  const count = (tokens: number, modality: string) =>
    sum(tokens, series.with(ATTR_GEN_AI_TOKEN_MODALITY, modality).attributes)
  const rest = total - text - audio - image
  if (rest < 0) return count(total, GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN)
  if (text > 0) count(text, GEN_AI_TOKEN_MODALITY_VALUE_TEXT)
  if (audio > 0) count(audio, GEN_AI_TOKEN_MODALITY_VALUE_AUDIO)
  if (image > 0) count(image, GEN_AI_TOKEN_MODALITY_VALUE_IMAGE)
  if (rest > 0 || total === 0) count(rest, GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN)
}
