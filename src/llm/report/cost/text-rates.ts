// What a model charges for text tokens, of which nearly all calls have nothing else. Called by `genai-prices.ts`, which asks the
// package once a model: pricing one call there takes 25 µs in a hot process and four times as much in a cold one.
import type { PriceCalculation } from '@pydantic/genai-prices'
import type { Usage } from '../../usage'
import type { Rates } from './rates'

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

/** Both totals are told, the parts fit into them, and nothing but text is counted. */
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
