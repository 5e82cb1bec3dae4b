// Public list prices, from @pydantic/genai-prices (MIT), whose table is bundled and never fetched.
import { calcPrice, findProvider, type PriceCalculation } from '@pydantic/genai-prices'
import { priceIdOf } from '../../providers/providers'
import type { Usage } from '../../usage'
import type { Price, PricedCall, PriceTable } from './pricer'
import { costOf, type Rates, tierMultiplier } from './pricer'

/** The package says its version nowhere in its code; a test holds this one against the installed package. */
export const GENAI_PRICES = 'genai-prices@0.1.8'

export const genaiPrices: PriceTable = {
  name: GENAI_PRICES,
  price(call) {
    const multiplier = tierMultiplier(call.provider, call.serviceTier)
    if (multiplier === undefined) return undefined
    try {
      for (const model of call.models) {
        const known = knownPrice(call, model, multiplier)
        if (known) return known
        const providerId = tableProvider(call.provider)
        if (providerId === undefined) return undefined
        const found = calcPrice(tableUsage(call.usage), model, { providerId, timestamp: call.at })
        if (!found) continue
        remember(call.provider, model, textRates(found))
        // searches without a price are passed over there; the tokens alone are not what the call cost
        const searched = (call.usage.webSearches ?? 0) > 0 && found.model_price.web_searches_kcount === undefined
        return searched ? undefined : price(found, multiplier)
      }
    } catch {
      // it throws where the counts are too coarse, as cached audio for a model that has a price of its own for it
    }
    return undefined
  },
}

/** By provider and model. An app has a few models; names that its users make up must not fill the memory. */
const ratesOf = new Map<string, Rates>()
const mostModels = 500

function knownPrice({ provider, usage }: PricedCall, model: string, multiplier: number): Price | undefined {
  const rates = ratesOf.get(`${provider}/${model}`)
  const cost = rates && isText(usage) ? costOf(rates, usage) : undefined
  if (!cost) return undefined
  return {
    total: (cost.input + cost.output) * multiplier,
    input: cost.input * multiplier,
    output: cost.output * multiplier,
    currency: 'USD',
    table: GENAI_PRICES,
  }
}

function remember(provider: string, model: string, rates: Rates | undefined): void {
  if (ratesOf.size >= mostModels) ratesOf.clear()
  if (rates) ratesOf.set(`${provider}/${model}`, rates)
}

/** Other names are taken only when they are exactly the table's: a proxy called `my-openai` has prices of its own. */
function tableProvider(name: string): string | undefined {
  return priceIdOf(name) ?? (findProvider({ providerId: name })?.id === name ? name : undefined)
}

function price(
  found: { readonly input_price: number; readonly output_price: number; readonly total_price: number },
  multiplier: number,
): Price {
  const { input_price: input, output_price: output, total_price: total } = found
  const common = { currency: 'USD', table: GENAI_PRICES } as const
  if (multiplier === 1) return { total, input, output, ...common }
  // a discount is on tokens; what is charged by the request stays
  const rest = total - input - output
  return {
    total: (input + output) * multiplier + rest,
    input: input * multiplier,
    output: output * multiplier,
    ...common,
  }
}

/** Keys that the table does not know would make it write to the console. */
function tableUsage(usage: Usage): Record<string, number | undefined> {
  const { cacheWrite5m, cacheWrite1h } = usage
  const isSplit = cacheWrite5m !== undefined || cacheWrite1h !== undefined
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite ?? (isSplit ? (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) : undefined),
    cache_write_5m_tokens: cacheWrite5m,
    cache_write_1h_tokens: cacheWrite1h,
    output_reasoning_tokens: usage.reasoning,
    input_audio_tokens: usage.audioInput,
    output_audio_tokens: usage.audioOutput,
    input_image_tokens: usage.imageInput,
    output_image_tokens: usage.imageOutput,
    cache_audio_read_tokens: usage.audioCacheRead,
    web_searches: usage.webSearches,
  }
}

// What a model charges for text tokens, of which nearly all calls have nothing else. Pricing one call there takes 25 µs in a
// hot process and four times as much in a cold one.

/** A price by any other unit has nothing to multiply where only text is counted; one a request has. */
const BY_REQUEST = 'requests_kcount'

/** Undefined where the price depends on the time of the call or on its size, or is no price of tokens. */
export function textRates({ model, model_price: price }: PriceCalculation): Rates | undefined {
  if (Array.isArray(model.prices) || BY_REQUEST in price) return undefined
  const { input_mtok: input, output_mtok: output, output_reasoning_mtok: reasoning } = price
  const { cache_read_mtok: cache_read, cache_write_mtok: cache_write, cache_write_1h_mtok: cache_write_1h } = price
  const rates = { input, output, reasoning, cache_read, cache_write, cache_write_1h }
  const isFlat = Object.values(rates).every(rate => rate === undefined || typeof rate === 'number')
  return isFlat && input !== undefined && output !== undefined ? (rates as Rates) : undefined
}

/** Both totals are known, the parts fit into them, and nothing but text is counted. */
export function isText(usage: Usage): boolean {
  const { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, reasoning = 0 } = usage
  if (input === undefined || output === undefined) return false
  const written = usage.cacheWrite ?? cacheWrite5m + cacheWrite1h
  return (
    cacheRead + written <= input &&
    cacheWrite5m + cacheWrite1h <= written &&
    reasoning <= output &&
    !usage.audioInput &&
    !usage.audioOutput &&
    !usage.audioCacheRead &&
    !usage.imageInput &&
    !usage.imageOutput &&
    !usage.webSearches
  )
}
