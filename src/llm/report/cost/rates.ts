// What tokens cost by kind, and what a call costs by that.
import type { Usage } from '../../usage'
import type { PricedCall } from './pricer'

/** USD per million tokens; `web_search` is USD a search. What is left out costs what it is a part of. */
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cache_read?: number | undefined
  readonly cache_write?: number | undefined
  readonly cache_write_1h?: number | undefined
  readonly reasoning?: number | undefined
  readonly input_audio?: number | undefined
  readonly output_audio?: number | undefined
  readonly cache_read_audio?: number | undefined
  readonly input_image?: number | undefined
  readonly output_image?: number | undefined
  readonly web_search?: number | undefined
}

/** An entry of a price file: its rates for a call, which may depend on its size and service tier. */
export type Tariff = (call: PricedCall) => Rates | undefined

/** USD. Undefined where the counts do not tell enough, so that tokens could be priced twice or a search not at all. */
export function costOf(
  rates: Rates,
  usage: Usage,
): { readonly input: number; readonly output: number; readonly other: number } | undefined {
  const input = inputCost(rates, usage)
  const searches = usage.webSearches ?? 0
  if (input === undefined || (searches > 0 && rates.web_search === undefined)) return undefined
  return { input, output: outputCost(rates, usage), other: searches > 0 ? searches * (rates.web_search as number) : 0 }
}

/** Divided by, not multiplied with its inverse: 0.0008 USD then are just that. */
const tokensOfARate = 1e6

function inputCost(rates: Rates, usage: Usage): number | undefined {
  const { input = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const written = usage.cacheWrite ?? cacheWrite5m + cacheWrite1h
  const audio = isApart(rates.input_audio, rates.input) ? (usage.audioInput ?? 0) : 0
  const image = isApart(rates.input_image, rates.input) ? (usage.imageInput ?? 0) : 0
  const cachedAudio = audio === 0 ? 0 : (usage.audioCacheRead ?? (cacheRead === 0 ? 0 : undefined))
  // how much of what was cached is audio, or an image, is not told
  if (cachedAudio === undefined || (image > 0 && cacheRead > 0)) return undefined
  const write = rates.cache_write ?? rates.input
  const read = rates.cache_read ?? rates.input
  return (
    ((input - cacheRead - written - (audio - cachedAudio) - image) * rates.input +
      (cacheRead - cachedAudio) * read +
      cachedAudio * (rates.cache_read_audio ?? read) +
      (written - cacheWrite1h) * write +
      cacheWrite1h * (rates.cache_write_1h ?? write) +
      (audio - cachedAudio) * (rates.input_audio ?? rates.input) +
      image * (rates.input_image ?? rates.input)) /
    tokensOfARate
  )
}

function outputCost(rates: Rates, usage: Usage): number {
  const { output = 0, reasoning = 0 } = usage
  const audio = isApart(rates.output_audio, rates.output) ? (usage.audioOutput ?? 0) : 0
  const image = isApart(rates.output_image, rates.output) ? (usage.imageOutput ?? 0) : 0
  return (
    ((output - reasoning - audio - image) * rates.output +
      reasoning * (rates.reasoning ?? rates.output) +
      audio * (rates.output_audio ?? rates.output) +
      image * (rates.output_image ?? rates.output)) /
    tokensOfARate
  )
}

function isApart(rate: number | undefined, from: number): boolean {
  return rate !== undefined && rate !== from
}

// What a service tier does to the price of tokens.

const standard: readonly string[] = ['default', 'auto', 'standard', 'standard_only', 'on_demand']

/**
 * By `gen_ai.provider.name`. OpenAI: flex costs what batch costs, half (platform.openai.com/docs/guides/flex-processing).
 * Anthropic: batches cost half (docs: Batch processing), inference in the US alone 1.1 times (docs: Pricing, Data residency). Gemini: batch and flex cost half (ai.google.dev/gemini-api/docs/pricing).
 * Groq: flex costs what on_demand costs (console.groq.com/docs/flex-processing).
 * OpenAI's priority tier stands nowhere here: it has a price a model, 1.7 (gpt-4o) to 2 times (gpt-5) the standard one
 * (openai.com/api-priority-processing); Anthropic's is prepaid, and its fast mode has a price a model.
 */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: { batch: 0.5, flex: 0.5 },
  anthropic: { batch: 0.5, 'inference_geo:us': 1.1 },
  'gcp.gemini': { batch: 0.5, flex: 0.5 },
  groq: { flex: 1 },
}

/** The factor on the standard price; undefined when it is not known, and the call then stays unpriced rather than wrong. */
export function tierMultiplier(provider: string, tier: string | undefined): number | undefined {
  return tier === undefined || standard.includes(tier) ? 1 : known[provider]?.[tier]
}
