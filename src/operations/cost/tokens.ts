/** The kinds of tokens: how much input came from the provider's cache, and how much output was reasoning. */
import {
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../semconv'

export const tokenKinds = ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning'] as const
/** `cacheRead` and `cacheWrite` are part of the input, `reasoning` of the output. */
export type TokenKind = (typeof tokenKinds)[number]
export type Tokens = Readonly<Record<TokenKind, number>>

export const tokenMetrics: Readonly<Record<TokenKind, string>> = {
  input: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  cacheRead: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  output: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  reasoning: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
}

export const tokenAttributes: Readonly<Record<TokenKind, string>> = {
  input: ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  cacheRead: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  output: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  reasoning: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
}
