// Usage and cost in answers of OpenAI's format.

import type { Usage } from '../../usage'
import { count, type Doc, doc, number } from '../../wire/json'
import type { ProviderCost } from '../protocol'

/** Chat and completions use `prompt_tokens`, responses and images `input_tokens`; the rest is the same. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const input = count(counts.prompt_tokens) ?? count(counts.input_tokens)
  const output = count(counts.completion_tokens) ?? count(counts.output_tokens)
  const pieces = piecesOf(counts)
  if (input === undefined && output === undefined) return pieces
  // Transcriptions and Realtime use `input_token_details`.
  const inputs =
    doc(counts.prompt_tokens_details) ?? doc(counts.input_tokens_details) ?? doc(counts.input_token_details) ?? {}
  const outputs =
    doc(counts.completion_tokens_details) ?? doc(counts.output_tokens_details) ?? doc(counts.output_token_details) ?? {}
  const cached = doc(inputs.cached_tokens_details) ?? doc(counts.cached_tokens_details) ?? {}
  const writes = doc(inputs.cache_write_tokens_details) ?? {}
  const reasoning = count(outputs.reasoning_tokens) ?? count(counts.reasoning_tokens)
  // xAI excludes reasoning from the completion tokens; only the total includes it.
  const apart = reasoning && output !== undefined && count(counts.total_tokens) === (input ?? 0) + output + reasoning
  return {
    input,
    output: apart ? output + reasoning : output,
    // OpenAI's details; DeepSeek's name; Moonshot's and Together's; Mistral's.
    cacheRead:
      count(inputs.cached_tokens) ??
      count(counts.prompt_cache_hit_tokens) ??
      count(counts.cached_tokens) ??
      count(counts.num_cached_tokens),
    cacheWrite: count(inputs.cache_write_tokens),
    cacheWrite30m: count(writes.ttl_30m_tokens),
    cacheWrite12h: count(writes.ttl_12h_tokens),
    reasoning,
    textInput: count(inputs.text_tokens),
    textOutput: count(outputs.text_tokens),
    audioInput: count(inputs.audio_tokens),
    audioOutput: count(outputs.audio_tokens),
    imageInput: count(inputs.image_tokens),
    imageOutput: count(outputs.image_tokens),
    textCacheRead: count(cached.text_tokens) ?? count(cached.cached_text_tokens),
    audioCacheRead: count(cached.audio_tokens),
    imageCacheRead: count(cached.image_tokens) ?? count(cached.cached_image_tokens),
    ...pieces,
  }
}

/** Units other than tokens that hosts of this format report: searches of xAI, Perplexity and Mistral, audio of OpenAI and Mistral. */
function piecesOf(counts: Doc): Usage | undefined {
  const server = doc(counts.server_side_tool_usage_details) ?? {}
  const connectors = doc(counts.connectors) ?? {}
  const found: Usage = {
    webSearches:
      count(server.web_search_calls) ??
      count(connectors.web_search) ??
      count(counts.num_search_queries) ??
      count(doc(counts.server_tool_use)?.web_search_requests),
    socialSearches: count(server.x_search_calls),
    fileSearches: count(server.file_search_calls) ?? count(connectors.document_library),
    codeSessions: count(server.code_interpreter_calls) ?? count(connectors.code_interpreter),
    images: count(connectors.image_generation),
    audioSeconds: seconds(counts.type === 'duration' ? counts.seconds : counts.prompt_audio_seconds),
  }
  return Object.values(found).some(Boolean) ? found : undefined
}

function seconds(value: unknown): number | undefined {
  return amount(value) || undefined
}

export function costOf(counts: Doc | undefined): ProviderCost | undefined {
  if (counts?.cost === undefined && counts?.cost_in_usd_ticks === undefined) return undefined
  return openrouter(counts) ?? perplexity(counts) ?? xai(counts)
}

/** With a key of the user's own, `cost` is only OpenRouter's fee, and the user also pays the model's provider. */
function openrouter(counts: Doc): ProviderCost | undefined {
  const cost = amount(counts.cost)
  if (cost === undefined) return undefined
  const details = doc(counts.cost_details) ?? {}
  if (counts.is_byok === true) return { total: cost + (amount(details.upstream_inference_cost) ?? 0) }
  return {
    total: cost,
    input: amount(details.upstream_inference_prompt_cost),
    output: amount(details.upstream_inference_completions_cost),
  }
}

function perplexity(counts: Doc): ProviderCost | undefined {
  const cost = doc(counts.cost)
  const total = amount(cost?.total_cost)
  if (total === undefined) return undefined
  return { total, input: amount(cost?.input_tokens_cost), output: amount(cost?.output_tokens_cost) }
}

function xai(counts: Doc): ProviderCost | undefined {
  const ticks = count(counts.cost_in_usd_ticks)
  return ticks === undefined ? undefined : { total: ticks / 1e10 }
}

function amount(value: unknown): number | undefined {
  const known = number(value)
  return known !== undefined && known >= 0 ? known : undefined
}
