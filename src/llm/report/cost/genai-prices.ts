// Public list prices, from @pydantic/genai-prices (MIT), whose table is bundled and never fetched.
import { calcPrice, findProvider, type ModelPrice } from '@pydantic/genai-prices'
import { priceIdOf } from '../../providers/providers'
import {
  type Price,
  type PricedCall,
  type PriceTable,
  priceBy,
  type Rates,
  type Tariff,
  tierMultiplier,
  type Unpriced,
  unknownModel,
} from './pricer'

/** The package says its version nowhere in its code; a test holds this one against the installed package. */
export const GENAI_PRICES = 'genai-prices@0.1.8'

export const genaiPrices: PriceTable = {
  name: GENAI_PRICES,
  price(call) {
    let unpriced: Unpriced = unknownModel
    for (const model of call.models) {
      const tariff = tariffOf(call, model)
      const price: Price | Unpriced = tariff ? priceBy(tariff, call, GENAI_PRICES) : unknownModel
      if (!('cause' in price)) return price
      if (unpriced === unknownModel) unpriced = price
    }
    return unpriced
  },
}

/** By provider and model. An app has a few models; names that its users make up must not fill the memory. */
const tariffs = new Map<string, Tariff>()
const mostModels = 500

/** Finding a model there takes 25 µs in a hot process and four times as much in a cold one. */
function tariffOf({ provider, at }: PricedCall, model: string): Tariff | undefined {
  const key = `${provider}/${model}`
  const known = tariffs.get(key)
  if (known) return known
  const providerId = tableProvider(provider)
  const found = providerId === undefined ? null : calcPrice({}, model, { providerId, timestamp: at })
  if (!found) return undefined
  const tariff = genaiTariff(found.model_price)
  // a price that depends on the time is looked up again
  if (!Array.isArray(found.model.prices)) {
    if (tariffs.size >= mostModels) tariffs.clear()
    tariffs.set(key, tariff)
  }
  return tariff
}

/** Other names are taken only when they are exactly the table's: a proxy called `my-openai` has prices of its own. */
function tableProvider(name: string): string | undefined {
  return priceIdOf(name) ?? (findProvider({ providerId: name })?.id === name ? name : undefined)
}

const perThousand = 1 / 1e3

/** Its names and units, and ours. */
const fields: readonly (readonly [theirs: string, ours: keyof Rates, factor?: number])[] = [
  ['input_mtok', 'input'],
  ['output_mtok', 'output'],
  ['output_reasoning_mtok', 'reasoning'],
  ['cache_read_mtok', 'cache_read'],
  ['cache_write_mtok', 'cache_write'],
  ['cache_write_1h_mtok', 'cache_write_1h'],
  ['input_audio_mtok', 'input_audio'],
  ['output_audio_mtok', 'output_audio'],
  ['cache_audio_read_mtok', 'cache_read_audio'],
  ['input_image_mtok', 'input_image'],
  ['output_image_mtok', 'output_image'],
  ['cache_image_read_mtok', 'cache_read_image'],
  ['input_video_mtok', 'input_video'],
  ['output_video_mtok', 'output_video'],
  ['cache_video_read_mtok', 'cache_read_video'],
  ['web_searches_kcount', 'web_search', perThousand],
  ['storage_searches_kcount', 'file_search', perThousand],
  ['social_searches_kcount', 'social_search', perThousand],
  ['code_executions_kcount', 'code_session', perThousand],
  ['rerank_searches_kcount', 'search_unit', perThousand],
  ['requests_kcount', 'request', perThousand],
  ['input_document_kpages', 'page', perThousand],
  ['input_annotated_document_kpages', 'annotated_page', perThousand],
  ['input_mchars', 'character', 1 / 1e6],
  ['audio_hours', 'audio_second', 1 / 3600],
  ['input_audio_hours', 'audio_second', 1 / 3600],
  ['output_audio_hours', 'audio_second', 1 / 3600],
]

export function genaiTariff(price: ModelPrice): Tariff {
  const known = fields.filter(([theirs]) => price[theirs] !== undefined)
  return ({ provider, serviceTier, usage }) => {
    const factor = tierMultiplier(provider, serviceTier)
    if (factor === undefined) return { cause: 'service_tier' }
    const rates: Partial<Record<keyof Rates, number>> = { input: 0, output: 0 }
    // a discount is on tokens; what is charged by the piece stays
    for (const [theirs, ours, each] of known) rates[ours] = rateOf(price[theirs], usage.input ?? 0) * (each ?? factor)
    return rates as Rates
  }
}

/** Beyond the start of a tier the whole request has its rate. */
function rateOf(price: ModelPrice[string] = 0, input: number): number {
  return typeof price === 'object' ? (price.tiers.findLast(({ start }) => input > start)?.price ?? price.base) : price
}
