// What an answer of OpenAI's shape says about tokens and money.

import { count, type Doc, doc, number } from '../../observe/wire/value'
import type { Usage } from '../../usage'
import type { CostTold } from '../protocol'

/** Chat and completions say `prompt_tokens`, responses and images `input_tokens`; the rest is the same. */
export function usageOf(told: Doc | undefined): Usage | undefined {
  if (!told) return undefined
  const input = count(told.prompt_tokens) ?? count(told.input_tokens)
  const output = count(told.completion_tokens) ?? count(told.output_tokens)
  if (input === undefined && output === undefined) return undefined
  // Transcriptions say `input_token_details`.
  const inputs =
    doc(told.prompt_tokens_details) ?? doc(told.input_tokens_details) ?? doc(told.input_token_details) ?? {}
  const outputs = doc(told.completion_tokens_details) ?? doc(told.output_tokens_details) ?? {}
  const reasoning = count(outputs.reasoning_tokens) ?? count(told.reasoning_tokens)
  // xAI leaves reasoning out of the completion tokens; only the total shows it.
  const apart = reasoning && output !== undefined && count(told.total_tokens) === (input ?? 0) + output + reasoning
  return {
    input,
    output: apart ? output + reasoning : output,
    // The details of OpenAI; DeepSeek's name; Moonshot's and Together's.
    cacheRead: count(inputs.cached_tokens) ?? count(told.prompt_cache_hit_tokens) ?? count(told.cached_tokens),
    cacheWrite: count(inputs.cache_write_tokens),
    reasoning,
    audioInput: count(inputs.audio_tokens),
    audioOutput: count(outputs.audio_tokens),
    imageInput: count(inputs.image_tokens),
    imageOutput: count(outputs.image_tokens),
  }
}

export function costOf(told: Doc | undefined): CostTold | undefined {
  return told && (openrouter(told) ?? perplexity(told) ?? xai(told))
}

/** With a key of the user's own, `cost` is OpenRouter's fee alone, and the model's provider is paid besides. */
function openrouter(told: Doc): CostTold | undefined {
  const cost = amount(told.cost)
  if (cost === undefined) return undefined
  const details = doc(told.cost_details) ?? {}
  if (told.is_byok === true) return { total: cost + (amount(details.upstream_inference_cost) ?? 0) }
  return {
    total: cost,
    input: amount(details.upstream_inference_prompt_cost),
    output: amount(details.upstream_inference_completions_cost),
  }
}

function perplexity(told: Doc): CostTold | undefined {
  const cost = doc(told.cost)
  const total = amount(cost?.total_cost)
  if (total === undefined) return undefined
  return { total, input: amount(cost?.input_tokens_cost), output: amount(cost?.output_tokens_cost) }
}

function xai(told: Doc): CostTold | undefined {
  const ticks = count(told.cost_in_usd_ticks)
  return ticks === undefined ? undefined : { total: ticks / 1e10 }
}

function amount(value: unknown): number | undefined {
  const known = number(value)
  return known !== undefined && known >= 0 ? known : undefined
}
