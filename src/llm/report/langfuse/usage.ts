// What a call used and cost, as LangFuse adds it up: buckets that exclude each other, and their sum. Called by `stage.ts`.
// LangFuse takes them as they are and sums what is in them; anything under gen_ai.usage.* that it does not know it would
// count as further tokens, and without `total` a trace has no cost.
import {
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_TOTAL_TOKENS,
} from '../../../../semconv'
import { countsOf } from '../../usage'

type Attributes = Readonly<Record<string, unknown>>
type Buckets = Record<string, number | undefined>

export const NO_USAGE = JSON.stringify({ input: 0, output: 0, total: 0 })
export const NO_EMBEDDING_USAGE = JSON.stringify({ input: 0, total: 0 })
export const NO_COST = JSON.stringify({ total: 0 })

/** Undefined when no count is told. The names are those that LangFuse has prices for. */
export function usageDetails(attributes: Attributes): string | undefined {
  const { input, output, ...parts } = countsOf(attributes)
  if (input === undefined && output === undefined) {
    const total = attributes[ATTR_AFN_LLM_USAGE_TOTAL_TOKENS]
    return typeof total === 'number' ? JSON.stringify({ total }) : undefined
  }
  const written = parts.cacheWrite ?? sum(parts.cacheWrite5m, parts.cacheWrite1h)
  const audioIn = minus(parts.audioInput, parts.audioCacheRead)
  const buckets: Buckets = {
    input: minus(input, parts.cacheRead, written, audioIn),
    input_cached_tokens: parts.cacheRead,
    input_cache_creation: written,
    input_audio_tokens: audioIn,
    output: minus(output, parts.reasoning, parts.audioOutput),
    output_reasoning_tokens: parts.reasoning,
    output_audio_tokens: parts.audioOutput,
  }
  // a bucket of nothing says nothing, but for the two that every call has
  const told = Object.entries(buckets).filter(([name, count]) => count || (count === 0 && !name.includes('_')))
  return JSON.stringify({ ...Object.fromEntries(told), total: sum(...told.map(([, count]) => count)) })
}

/** USD. Undefined when the cost is not known; LangFuse may then know a price. */
export function costDetails(attributes: Attributes): string | undefined {
  const total = attributes[ATTR_AFN_LLM_COST_TOTAL]
  if (typeof total !== 'number' || (attributes[ATTR_AFN_LLM_COST_CURRENCY] ?? 'USD') !== 'USD') return undefined
  return JSON.stringify({
    input: attributes[ATTR_AFN_LLM_COST_INPUT],
    output: attributes[ATTR_AFN_LLM_COST_OUTPUT],
    total,
  })
}

/** Never below 0: foreign spans contradict themselves, and LangFuse drops what is negative. */
function minus(whole: number | undefined, ...parts: (number | undefined)[]): number | undefined {
  return whole === undefined ? undefined : Math.max(0, whole - sum(...parts))
}

function sum(...parts: (number | undefined)[]): number {
  return parts.reduce<number>((all, part) => all + (part ?? 0), 0)
}
