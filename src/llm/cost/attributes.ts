// Reads from a span's attributes what a price depends on. Called by `stage.ts`.
import {
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../../semconv'
import type { Usage } from '../usage'
import type { PricedCall } from './price'

type Attributes = Readonly<Record<string, unknown>>

/** An agent or a workflow repeats the usage of the calls under it, so only the calls themselves have a price. */
const priced: ReadonlySet<unknown> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
])

/** Whether this is a model call that used tokens and has no cost yet. */
export function lacksCost(attributes: Attributes): boolean {
  return (
    priced.has(attributes[ATTR_GEN_AI_OPERATION_NAME]) &&
    attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined &&
    attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== AFN_LLM_USAGE_SOURCE_VALUE_MISSING &&
    (attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined ||
      attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined)
  )
}

/** Undefined when provider or model are not told, or when the counts contradict each other. */
export function callOf(attributes: Attributes, at: Date): PricedCall | undefined {
  const provider = text(attributes[ATTR_GEN_AI_PROVIDER_NAME])
  const models = [attributes[ATTR_GEN_AI_RESPONSE_MODEL], attributes[ATTR_GEN_AI_REQUEST_MODEL]].flatMap(
    name => text(name) ?? [],
  )
  const usage = usageOf(attributes)
  if (provider === undefined || models.length === 0 || !isPlausible(usage)) return undefined
  const serviceTier =
    text(attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER]) ?? text(attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER])
  return { provider, models, usage, at, serviceTier }
}

function usageOf(attributes: Attributes): Usage {
  const count = (key: string) => attributes[key] as number | undefined
  return {
    input: count(ATTR_GEN_AI_USAGE_INPUT_TOKENS),
    output: count(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
    cacheRead: count(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    cacheWrite: count(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
    cacheWrite5m: count(ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS),
    cacheWrite1h: count(ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS),
    reasoning: count(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
    audioInput: count(ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS),
    audioOutput: count(ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS),
    imageInput: count(ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS),
    imageOutput: count(ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS),
  }
}

/** Whole counts, and no part greater than what it is a part of. Foreign spans may carry anything. */
function isPlausible(usage: Usage): boolean {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const { reasoning = 0, audioInput = 0, audioOutput = 0, imageInput = 0, imageOutput = 0 } = usage
  const written = cacheWrite ?? cacheWrite5m + cacheWrite1h
  return (
    Object.values(usage).every(count => count === undefined || (Number.isSafeInteger(count) && count >= 0)) &&
    cacheWrite5m + cacheWrite1h <= written &&
    cacheRead + written <= input &&
    audioInput + imageInput <= input &&
    reasoning <= output &&
    audioOutput + imageOutput <= output
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
