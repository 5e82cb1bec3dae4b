// Public list prices from @pydantic/genai-prices (MIT). Its table is bundled and never downloaded.
import { calcPrice, findProvider, type MatchLogic, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices'
import { priceIdOf } from '../../providers/providers'
import { namesOf, type PriceSource, type Tariff } from './price-table'
import type { Rates } from './rates'
import { tierMultiplier, tiersOf } from './service-tier'
import { unknownModel } from './unknown-model'

/** The package does not export its version; a test compares this one with the installed package. */
export const GENAI_PRICES = 'genai-prices@0.1.8'

export const genaiSource: PriceSource = {
  name: GENAI_PRICES,
  tariffOf(provider, model) {
    const providerId = tableProvider(provider)
    if (providerId === undefined) return undefined
    const found = calcPrice({}, model, { providerId })
    if (!found || !isNamed(found.model, model)) return undefined
    // a model taken from another provider only has token prices, because search prices differ by host
    const isOwn = findProvider({ providerId })?.models.includes(found.model)
    if (!Array.isArray(found.model.prices)) return genaiTariff(found.model_price, isOwn)
    return call => {
      const then = calcPrice({}, model, { providerId, timestamp: call.at })
      return then ? genaiTariff(then.model_price, isOwn)(call) : unknownModel
    }
  },
}

/**
 * Vendor prefix and version suffix of Bedrock's models: `anthropic.` and `-20250929-v1:0`. A model in a region (`eu.anthropic.`) has its
 * own price.
 */
const vendor = /^(?:ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen)\./
const version = /^(?:[-@](?:\d{8}|\d{4}-\d\d-\d\d|\d{4}))?(?:-v\d+(?::\d+)?)?$/

/**
 * Whether the table means exactly this model. The table also matches prefixes and substrings, which would give a new model the price of an
 * older one. Besides the matched part, only a date and a version may follow, and a prefix of the host precede.
 */
function isNamed({ id, match }: ModelInfo, model: string): boolean {
  const names = namesOf(model).flatMap(name => [name, name.replace(vendor, '')].map(one => one.toLowerCase()))
  if (names.includes(id)) return true
  return clausesOf(match).some(clause => {
    if ('regex' in clause) return names.some(name => new RegExp(`^(?:${clause.regex})$`).test(name))
    const part = String(Object.values(clause)[0]).toLowerCase()
    return names.some(name => name.startsWith(part) && isVersion(name.slice(part.length), part.endsWith('-')))
  })
}

/** @param isBegun the table's own name includes the text up to the preceding dash */
function isVersion(rest: string, isBegun: boolean): boolean {
  return version.test(rest) || (isBegun && /^\d{4,8}$/.test(rest))
}

type Clause = Exclude<MatchLogic, { and: MatchLogic[] } | { or: MatchLogic[] }>

function clausesOf(match: MatchLogic): Clause[] {
  if ('or' in match) return match.or.flatMap(clausesOf)
  return 'and' in match ? match.and.flatMap(clausesOf) : [match]
}

/** Other names must equal the table's exactly, because a proxy called `my-openai` has its own prices. */
function tableProvider(name: string): string | undefined {
  return priceIdOf(name) ?? (findProvider({ providerId: name })?.id === name ? name : undefined)
}

const perThousand = 1 / 1e3

/** The table's names and units, and ours. */
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

export function genaiTariff(price: ModelPrice, hasPieces = true): Tariff {
  const known = fields.filter(([theirs, , each]) => price[theirs] !== undefined && (hasPieces || each === undefined))
  let plain: Rates | undefined
  const isFlat = known.every(([theirs]) => typeof price[theirs] === 'number')
  return ({ provider, serviceTier, region, usage }) => {
    if (plain && region === undefined && tiersOf(serviceTier).length === 0) return plain
    // the table has no regional prices, except under the regional names of Bedrock's models
    if (region !== undefined && provider !== 'aws.bedrock') return { cause: 'region' }
    const factor = tierMultiplier(provider, serviceTier)
    if (factor === undefined) return { cause: 'service_tier' }
    const rates: Partial<Record<keyof Rates, number>> = {}
    // discounts apply to tokens, not to units charged by the item
    for (const [theirs, ours, each] of known) rates[ours] = rateOf(price[theirs], usage.input ?? 0) * (each ?? factor)
    if (isFlat && factor === 1 && region === undefined) plain = rates as Rates
    return rates as Rates
  }
}

/** Above the start of a tier, its rate applies to the whole request. */
function rateOf(price: ModelPrice[string] = 0, input: number): number {
  return typeof price === 'object' ? (price.tiers.findLast(({ start }) => input > start)?.price ?? price.base) : price
}
