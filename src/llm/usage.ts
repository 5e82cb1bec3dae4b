// Token counts in one shape, and as attributes. Every detail is a part of its total: `input` includes cached tokens,
// `output` includes reasoning.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_TOOL_USE_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
} from '../../semconv'

/** A count that the provider did not tell is undefined, never 0. */
export interface Usage {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cacheRead?: number | undefined
  readonly cacheWrite?: number | undefined
  readonly cacheWrite5m?: number | undefined
  readonly cacheWrite1h?: number | undefined
  readonly reasoning?: number | undefined
  /** The part of `input` that results of the provider's own tools took. */
  readonly toolUse?: number | undefined
  readonly textInput?: number | undefined
  readonly textOutput?: number | undefined
  readonly audioInput?: number | undefined
  readonly audioOutput?: number | undefined
  readonly imageInput?: number | undefined
  readonly imageOutput?: number | undefined
  /** The part of `cacheRead` that is audio. */
  readonly audioCacheRead?: number | undefined
  /** Searches that the provider's own tool made and charges for; no tokens. */
  readonly webSearches?: number | undefined
}

const names = Object.entries({
  input: ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  output: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheRead: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  cacheWrite5m: ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
  cacheWrite1h: ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  reasoning: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  toolUse: ATTR_AFN_LLM_USAGE_TOOL_USE_INPUT_TOKENS,
  textInput: ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  textOutput: ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
  audioInput: ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  audioOutput: ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  imageInput: ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  imageOutput: ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  audioCacheRead: ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  webSearches: ATTR_AFN_LLM_USAGE_WEB_SEARCHES,
} satisfies Record<keyof Usage, string>) as [keyof Usage, string][]

export function usageAttributes(usage: Usage): Attributes {
  const attributes: Attributes = {}
  for (const [kind, name] of names) if (usage[kind] !== undefined) attributes[name] = usage[kind]
  return attributes
}

/** What stands on a span under the names of counts; on a foreign one that may be anything. */
export function usageOf(attributes: Readonly<Record<string, unknown>>): Usage {
  const usage: { -readonly [kind in keyof Usage]: Usage[kind] } = {}
  for (const [kind, name] of names) usage[kind] = attributes[name] as number | undefined
  return usage
}

/** The counts of a span. */
export interface UsageReading {
  /** Without what can be no count: one NaN would spoil a sum for good. */
  readonly usage: Usage
  /** Whether every value under the name of a count is a count. */
  readonly isValid: boolean
}

export function readUsage(attributes: Readonly<Record<string, unknown>>): UsageReading {
  const usage: { -readonly [kind in keyof Usage]: Usage[kind] } = {}
  let isValid = true
  for (const [kind, name] of names) {
    const count = attributes[name]
    if (count === undefined) continue
    if (Number.isSafeInteger(count) && (count as number) >= 0) usage[kind] = count as number
    else isValid = false
  }
  return { usage, isValid }
}

/** Whether a span says how many tokens were used. */
export function hasUsage(attributes: Readonly<Attributes>): boolean {
  return (
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined ||
    attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined
  )
}
