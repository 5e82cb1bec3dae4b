// Reads an entry of LiteLLM's price list, https://github.com/BerriAI/litellm, model_prices_and_context_window.json (MIT).
import { providerOfLitellm } from '../../providers/providers'
import type { Usage } from '../../usage'
import { isOffPeak, type OffPeak } from './off-peak'
import type { PricedCall, Tariff } from './price-table'
import type { Rates, UnpricedCause } from './rates'
import { tierMultiplier, tiersOf } from './service-tier'

export type LitellmEntry = Readonly<Record<string, unknown>>

/** Suffixes of fields for service tiers. OpenAI's priority tier is also called fast. */
const suffixes: Readonly<Record<string, string>> = {
  batch: '_batches',
  flex: '_flex',
  priority: '_priority',
  ultrafast: '_ultrafast',
}
const fastIsPriority: ReadonlySet<string> = new Set(['openai', 'azure.ai.openai'])
const perMillion = 1e6

export function isLitellmEntry(entry: unknown): entry is LitellmEntry {
  return typeof entry === 'object' && entry !== null && ('litellm_provider' in entry || 'input_cost_per_token' in entry)
}

/** `<gen_ai.provider.name>/<model>`; undefined for entries without a price, such as the sample in the file. */
export function litellmName(key: string, entry: LitellmEntry): string | undefined {
  if (key === 'sample_spec' || !Object.keys(entry).some(isPrice)) return undefined
  const slash = key.indexOf('/')
  const prefix = slash < 0 ? undefined : key.slice(0, slash)
  const named = typeof entry.litellm_provider === 'string' ? entry.litellm_provider : prefix
  if (named === undefined) return undefined
  const provider = genAiProvider(named)
  const model = prefix !== undefined && genAiProvider(prefix) === provider ? key.slice(slash + 1) : key
  return `${provider}/${model}`
}

export function isPrice(field: string): boolean {
  return /cost|pricing/.test(field)
}

function genAiProvider(name: string): string {
  return name.startsWith('vertex_ai') ? 'gcp.vertex_ai' : (providerOfLitellm(name) ?? name)
}

/** Our token rate, its field, the kind of usage, and the rate that it is part of. */
const tokenFields: readonly (readonly [keyof Rates, field: string, kind?: keyof Usage, part?: keyof Rates])[] = [
  ['input', 'input_cost_per_token'],
  ['output', 'output_cost_per_token'],
  ['cache_read', 'cache_read_input_token_cost', 'cacheRead', 'input'],
  ['cache_write', 'cache_creation_input_token_cost', 'cacheWrite', 'input'],
  ['cache_write_1h', 'cache_creation_input_token_cost_above_1hr', 'cacheWrite1h'],
  ['cache_write_12h', 'cache_creation_input_token_cost_above_12hr', 'cacheWrite12h'],
  ['reasoning', 'output_cost_per_reasoning_token', 'reasoning', 'output'],
  ['input_audio', 'input_cost_per_audio_token', 'audioInput', 'input'],
  ['output_audio', 'output_cost_per_audio_token', 'audioOutput', 'output'],
  ['cache_read_audio', 'cache_read_input_audio_token_cost', 'audioCacheRead', 'cache_read'],
  ['cache_read_audio', 'cache_read_input_token_cost_per_audio_token', 'audioCacheRead', 'cache_read'],
  ['input_image', 'input_cost_per_image_token', 'imageInput', 'input'],
  ['output_image', 'output_cost_per_image_token', 'imageOutput', 'output'],
  ['cache_read_image', 'cache_read_input_image_token_cost', 'imageCacheRead', 'cache_read'],
  ['input_video', 'input_cost_per_video_token', 'videoInput', 'input'],
  ['output_video', 'output_cost_per_video_token', 'videoOutput', 'output'],
]

/** Units charged by the item, in USD. */
const pieceFields: readonly (readonly [keyof Rates, ...fields: string[]])[] = [
  ['request', 'input_cost_per_request'],
  ['search_unit', 'input_cost_per_query'],
  ['image', 'output_cost_per_image'],
  ['audio_second', 'input_cost_per_second', 'output_cost_per_second'],
  ['video_second', 'output_cost_per_video_per_second', 'output_cost_per_second'],
  ['character', 'input_cost_per_character'],
  ['page', 'ocr_cost_per_page'],
  ['annotated_page', 'annotation_cost_per_page'],
  ['code_session', 'code_interpreter_cost_per_session'],
]

type PartialRates = { -readonly [rate in keyof Rates]?: number | undefined }

interface TieredRates {
  readonly rates: Rates
  /** Kinds with a standard rate but no rate in this tier. */
  readonly lacks: readonly (keyof Usage)[]
}

/**
 * Returns the tariff for calls of one provider. Above a threshold (`…_above_200k_tokens`), the higher rates apply to the whole request, as
 * providers charge it.
 */
export function litellmTariff(entry: LitellmEntry): Tariff {
  const steps = Object.keys(entry)
    .map(name => Number(/^input_cost_per_token_above_(\d+)k_tokens$/.exec(name)?.[1]))
    .filter(thousands => thousands > 0)
    .sort((a, b) => b - a)
  const ranges = entry.tiered_pricing as readonly LitellmEntry[] | undefined
  const known = new Map<string, TieredRates | UnpricedCause>()
  let plain: TieredRates | UnpricedCause | undefined
  const isFlat = steps.length === 0 && !ranges && entry.off_peak_pricing === undefined
  return call => {
    const { usage, provider, region = '', serviceTier } = call
    // most calls of a provider have nothing that changes the price, and a call without a tier needs no fields of a tier
    if (isFlat && region === '' && (serviceTier === undefined || tiersOf(serviceTier).length === 0)) {
      plain ??= ratesOf(entry, { ...call, serviceTier: undefined, region: undefined }, '')
      return 'cause' in plain ? plain : plain.rates
    }
    const input = usage.input ?? 0
    const step = steps.find(thousands => input > thousands * 1_000)
    const range = ranges?.findIndex(({ range }) => input <= ((range as number[] | undefined)?.[1] ?? 0)) ?? 0
    const isCheap = entry.off_peak_pricing !== undefined && isOffPeak(entry.off_peak_pricing as OffPeak, call.at)
    const key = `${provider} ${serviceTier} ${region} ${step} ${range} ${isCheap}`
    let found = known.get(key)
    if (!found) {
      const rated = { ...entry, ...ranges?.[range], ...(isCheap && (entry.off_peak_pricing as LitellmEntry)) }
      found = ratesOf(rated, call, step === undefined ? '' : `_above_${step}k_tokens`)
      if (known.size < 100) known.set(key, found)
    }
    if ('cause' in found) return found
    return found.lacks.some(kind => usage[kind]) ? { cause: 'service_tier' } : found.rates
  }
}

function ratesOf(
  entry: LitellmEntry,
  { provider, region, serviceTier }: PricedCall,
  above: string,
): TieredRates | UnpricedCause {
  let suffix = ''
  let factor = 1
  const special = (entry.provider_specific_entry ?? {}) as Readonly<Record<string, unknown>>
  for (const tier of tiersOf(serviceTier)) {
    const ending = suffixes[tier === 'fast' && fastIsPriority.has(provider) ? 'priority' : tier]
    const named = special[tier.replace('inference_geo:', '')]
    if (ending !== undefined && typeof entry[`input_cost_per_token${above}${ending}`] === 'number') suffix = ending
    else if (typeof named === 'number') factor *= named
    else {
      const multiplier = tierMultiplier(provider, tier)
      if (multiplier === undefined) return { cause: 'service_tier' }
      factor *= multiplier
    }
  }
  const uplift = upliftOf(entry, provider, region)
  if (uplift === undefined) return { cause: 'region' }

  const rates: PartialRates = {}
  const lacks: (keyof Usage)[] = []
  for (const [rate, field, kind, part] of tokenFields) {
    const standard = number(entry[field + above]) ?? number(entry[field])
    const whole = number(entry[fieldOf(part) + above]) ?? number(entry[fieldOf(part)])
    const own = suffix === '' ? standard : number(entry[field + above + suffix])
    if (own !== undefined) rates[rate] ??= own * perMillion * factor * uplift
    // a part with the standard rate of its total also has the total's rate in the tier
    else if (standard !== undefined && standard !== whole && kind) lacks.push(kind)
  }
  for (const [rate, ...fields] of pieceFields) rates[rate] = fields.map(field => number(entry[field])).find(Boolean)
  const perQuery = entry.web_search_billing_unit === 'per_query'
  // Gemini charges by prompt with grounding, its newer models by query; for Maps, no answer reports the queries
  const isByPrompt = provider.startsWith('gcp.') && 'search_context_cost_per_query' in entry && !perQuery
  rates.web_search = searchPrice(entry)
  if (!perQuery) rates.maps_search = number(entry.google_maps_grounding_cost_per_query)
  rates.most_searches = isByPrompt ? 1 : undefined
  return { rates, lacks }
}

function fieldOf(rate: keyof Rates | undefined): string {
  return tokenFields.find(([name]) => name === rate)?.[1] ?? ''
}

/**
 * The price factor for data residency, and for Vertex's regional endpoints: 1 for a model without such factors, undefined if the factor for
 * this region is unknown.
 */
function upliftOf(entry: LitellmEntry, provider: string, region: string | undefined): number | undefined {
  if (region === undefined || provider === 'aws.bedrock') return 1
  if (provider === 'gcp.vertex_ai') return number(entry.regional_endpoint_uplift_multiplier) ?? 1
  const named = number(entry[`regional_processing_uplift_multiplier_${region}`])
  return named ?? ('regional_processing_uplift_multiplier_eu' in entry ? undefined : 1)
}

/** USD per search; undefined if it depends on the requested size of the search context, which no response contains. */
function searchPrice({ search_context_cost_per_query: prices }: LitellmEntry): number | undefined {
  if (typeof prices === 'number') return prices
  const different = new Set(Object.values((prices ?? {}) as object))
  const [only] = different
  return different.size === 1 && typeof only === 'number' ? only : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
