// Reads from a span's attributes what a price depends on. Called by `stage.ts`.
import {
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import { type Usage, usageOf } from '../../usage'
import type { PricedCall } from './price'

type Attributes = Readonly<Record<string, unknown>>

/** Whether this is a model call that used tokens and has no cost yet. */
export function lacksCost(attributes: Attributes): boolean {
  return (
    isModelCall(attributes) &&
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

/** Whole counts, and no part greater than what it is a part of. Foreign spans may carry anything. */
function isPlausible(usage: Usage): boolean {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const { reasoning = 0, audioInput = 0, audioOutput = 0, imageInput = 0, imageOutput = 0, audioCacheRead = 0 } = usage
  const written = cacheWrite ?? cacheWrite5m + cacheWrite1h
  return (
    Object.values(usage).every(count => count === undefined || (Number.isSafeInteger(count) && count >= 0)) &&
    cacheWrite5m + cacheWrite1h <= written &&
    cacheRead + written <= input &&
    audioInput + imageInput <= input &&
    audioCacheRead <= Math.min(audioInput, cacheRead) &&
    reasoning <= output &&
    audioOutput + imageOutput <= output
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
