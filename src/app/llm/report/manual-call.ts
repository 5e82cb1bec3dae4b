// A call that the app reports itself because no instrumentation can observe it (`recordLlmMetrics()`), as attributes of its span.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  AFN_LLM_USAGE_SOURCE_VALUE_APPLICATION,
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_AFN_LLM_USAGE_TOTAL_TOKENS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '../../../../semconv'
import { providerNamed } from '../providers/providers'
import { usageAttributes } from '../usage'

export interface LlmMetrics {
  /** `openai`, `anthropic`, `azure` …: names of the GenAI conventions or of SDKs. */
  readonly provider: string
  readonly model: string
  /** The total tokens, or tokens by kind. A total alone has no price and is in no token counter, because those count by kind. */
  readonly tokensUsed?: number | TokensUsed
  /** USD. Without it, the cost is computed from tokens by kind, if the price is known. */
  readonly cost?: number
  /** Seconds from the request to the end of the answer. The call is assumed to end now. */
  readonly duration: number
}

/** Whole numbers. */
export interface TokensUsed {
  /** Cached tokens included. */
  readonly input?: number
  /** Reasoning included. */
  readonly output?: number
  /** The part of `input` that was read from a cache. */
  readonly cacheRead?: number
  /** The part of `input` that was written to a cache. */
  readonly cacheWrite?: number
  /** The part of `output` that is reasoning. */
  readonly reasoning?: number
}

/** @throws TypeError that names the input, the problem and the remedy */
export function manualCallAttributes(call: LlmMetrics): Attributes {
  if (typeof call !== 'object' || call === null) {
    throw new TypeError(`the call is ${shown(call)}; give an object with provider, model and duration`)
  }
  const { provider, model, tokensUsed, cost } = call
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    [ATTR_GEN_AI_PROVIDER_NAME]: providerNamed(text('provider', provider)),
    [ATTR_GEN_AI_REQUEST_MODEL]: text('model', model),
    ...usage(tokensUsed ?? undefined),
    ...(cost !== undefined &&
      cost !== null && {
        [ATTR_AFN_LLM_COST_TOTAL]: amount('cost', cost),
        [ATTR_AFN_LLM_COST_CURRENCY]: 'USD',
        [ATTR_AFN_LLM_COST_SOURCE]: AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
      }),
  }
}

function usage(used: LlmMetrics['tokensUsed']): Attributes {
  if (used === undefined) return { [ATTR_AFN_LLM_USAGE_SOURCE]: AFN_LLM_USAGE_SOURCE_VALUE_MISSING }
  const source = { [ATTR_AFN_LLM_USAGE_SOURCE]: AFN_LLM_USAGE_SOURCE_VALUE_APPLICATION }
  if (typeof used !== 'object') return { ...source, [ATTR_AFN_LLM_USAGE_TOTAL_TOKENS]: count('tokensUsed', used) }
  const kinds = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const
  const counts: { -readonly [kind in keyof TokensUsed]: number } = {}
  for (const kind of kinds) {
    const tokens = used[kind]
    if (tokens !== undefined && tokens !== null) counts[kind] = count(`tokensUsed.${kind}`, tokens)
  }
  part(counts, ['cacheRead', 'cacheWrite'], 'input')
  part(counts, ['reasoning'], 'output')
  return { ...source, ...usageAttributes(counts) }
}

function part(counts: TokensUsed, parts: readonly (keyof TokensUsed)[], whole: 'input' | 'output'): void {
  const sum = parts.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
  if (sum <= (counts[whole] ?? 0)) return
  const names = parts.join(' and ')
  throw new TypeError(`tokensUsed.${whole} is less than ${names}, ${sum}; give ${whole} with these included`)
}

function text(input: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`${input} is missing or no text; give its name, such as "gpt-4o-mini" for a model`)
}

/** @returns seconds or USD */
export function amount(input: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw new TypeError(`${input} is ${shown(value)}; give a number from 0 up`)
}

function count(input: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new TypeError(`${input} is ${shown(value)}; give a whole number from 0 up`)
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : `of type ${typeof value}`)
