// Counts the tokens of a call. Called by `record.ts`.
// OpenTelemetry, semantic-conventions-genai, gen-ai-token-metrics.md: counters are for sums and spend, histograms for single
// calls; a failed call adds 0 to the counters and nothing to the histograms.
import type { Attributes, Counter, Meter } from '@opentelemetry/api'
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
} from '../../../semconv'
import type { Usage } from '../usage'
import type { CallAttributes } from './attributes'

interface Modalities {
  readonly text?: number | undefined
  readonly audio?: number | undefined
  readonly image?: number | undefined
}

export function createTokenMetrics(meter: Meter): (usage: Usage, call: CallAttributes, isInference: boolean) => void {
  const input = meter.createCounter(
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  )
  const output = meter.createCounter(
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  )
  const cacheRead = meter.createCounter(
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  )
  const cacheWrite = meter.createCounter(
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  )
  const reasoning = meter.createCounter(
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

  return (usage, { full, failure }, isInference) => {
    const orNone = failure ? 0 : undefined
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
    if (failure) return
    if (usage.input !== undefined) perCallInput.record(usage.input, full)
    if (usage.output !== undefined) perCallOutput.record(usage.output, full)
  }
}

/** Each told modality apart and the rest as unknown, so that the sum over modalities is the total. */
function add(counter: Counter, total: number | undefined, attributes: Attributes, told: Modalities = {}): void {
  if (total === undefined) return
  const of = (modality: string) => ({ ...attributes, [ATTR_GEN_AI_TOKEN_MODALITY]: modality })
  const { text = 0, audio = 0, image = 0 } = told
  const rest = total - text - audio - image
  if (rest < 0) {
    counter.add(total, of(GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN))
    return
  }
  if (text > 0) counter.add(text, of(GEN_AI_TOKEN_MODALITY_VALUE_TEXT))
  if (audio > 0) counter.add(audio, of(GEN_AI_TOKEN_MODALITY_VALUE_AUDIO))
  if (image > 0) counter.add(image, of(GEN_AI_TOKEN_MODALITY_VALUE_IMAGE))
  if (rest > 0 || total === 0) counter.add(rest, of(GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN))
}
