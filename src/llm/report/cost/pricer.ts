// Writes what a call cost onto the copy of its span that is exported. Knows no price table: the package takes 35 ms to load,
// so that is the caller's.
import type { Attributes as SpanAttributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ITERATIONS,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SERVER_ADDRESS,
} from '../../../../semconv'
import { text } from '../../observe/wire/json'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'
import {
  hasPieces,
  hasUsage,
  type Piece,
  readIterations,
  readUsage,
  requestsOf,
  type Usage,
  type UsageReading,
} from '../../usage'

export interface Pricer {
  /** The table was loaded, or can't be: no span needs to wait any longer. */
  readonly ready: boolean
  /** The table's name; undefined before it is loaded, and when it can't be. */
  readonly table: string | undefined
  /** Loads the table once, however often it is called. Never throws. */
  load(): void
  /** Whether this is a model call that used tokens and has no cost yet; after `price`, one without a known price. */
  needs(attributes: Readonly<Record<string, unknown>>): boolean
  /**
   * Writes `afn.llm.cost.*` (USD, doubles) onto `attributes` where the price is known, and nothing where it is not. A cost
   * that stands there already is kept. Where only input or only output tokens are known, the cost is of that part.
   * @param reading of the counts, where somebody has read them
   */
  price(attributes: Record<string, unknown>, endTime: Date, reading?: UsageReading): void
}

export interface PricerOptions {
  readonly load: () => PriceTable
  /** Called once when `load` throws; all calls then stay unpriced. */
  readonly onFailure: (error: unknown) => void
}

export function createPricer({ load, onFailure }: PricerOptions): Pricer {
  let table: PriceTable | undefined

  const pricer: { -readonly [key in keyof Pricer]: Pricer[key] } = {
    ready: false,
    table: undefined,
    load() {
      if (pricer.ready) return
      pricer.ready = true
      try {
        table = load()
        pricer.table = table.name
      } catch (error) {
        onFailure(error)
      }
    },
    needs: lacksCost,
    price(attributes, endTime, reading) {
      if (!table || !lacksCost(attributes)) return
      const call = callOf(attributes, endTime, reading)
      const price = 'cause' in call ? call : table.price(call)
      if ('cause' in price) {
        attributes[ATTR_AFN_LLM_UNPRICED_CAUSE] = price.cause
        return
      }
      const requests = requestsOf(attributes)
      attributes[ATTR_AFN_LLM_COST_TOTAL] = price.total * requests
      if (attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined)
        attributes[ATTR_AFN_LLM_COST_INPUT] = price.input * requests
      if (attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined)
        attributes[ATTR_AFN_LLM_COST_OUTPUT] = price.output * requests
      attributes[ATTR_AFN_LLM_COST_CURRENCY] = price.currency
      attributes[ATTR_AFN_LLM_COST_SOURCE] = AFN_LLM_COST_SOURCE_VALUE_LOCAL
      attributes[ATTR_AFN_LLM_COST_PRICE_TABLE] = price.table
    },
  }
  return pricer
}

// Reads from a span's attributes what a price depends on.

type Attributes = Readonly<Record<string, unknown>>

/** Whether this is a model call that used something and has no cost yet. */
export function lacksCost(attributes: Attributes): boolean {
  return (
    isModelCall(attributes) &&
    attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined &&
    ((attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== AFN_LLM_USAGE_SOURCE_VALUE_MISSING &&
      hasUsage(attributes as SpanAttributes)) ||
      hasPieces(attributes as SpanAttributes))
  )
}

/** What the price of a call depends on; or why nobody can know it. */
function callOf(attributes: Attributes, at: Date, { usage, isValid } = readUsage(attributes)): PricedCall | Unpriced {
  const told = text(attributes[ATTR_AFN_LLM_UNPRICED_CAUSE])
  if (told !== undefined) return { cause: told }
  if (!isValid) return { cause: 'usage' }
  const provider = text(attributes[ATTR_GEN_AI_PROVIDER_NAME])
  const answered = text(attributes[ATTR_GEN_AI_RESPONSE_MODEL])
  const requested = text(attributes[ATTR_GEN_AI_REQUEST_MODEL])
  const first = answered ?? requested
  if (provider === undefined || first === undefined) return unknownModel
  const models = requested === undefined || requested === first ? [first] : [first, requested]
  const serviceTier =
    text(attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER]) ?? text(attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER])
  const runs = attributes[ATTR_AFN_LLM_USAGE_ITERATIONS] === undefined ? [] : readIterations(attributes)
  const region = regionOf(provider, text(attributes[ATTR_SERVER_ADDRESS]))
  return {
    provider,
    models,
    usage: meanOf(usage, requestsOf(attributes)),
    ...(runs.length > 0 && { runs: runs.map(run => run.usage) }),
    at,
    serviceTier,
    region,
  }
}

/** A price may have steps, which are those of one request. */
function meanOf(usage: Usage, requests: number): Usage {
  if (requests === 1) return usage
  const means = Object.entries(usage).map(([kind, sum]) => {
    const isTotal = kind === 'input' || kind === 'output'
    // a part stays one when both are rounded
    return [kind, sum === undefined ? undefined : (sum / requests) * (isTotal ? 1 : 1 - 1e-12)]
  })
  return Object.fromEntries(means)
}

// What a price table gets and what it returns.

export interface PricedCall {
  /** `gen_ai.provider.name`. */
  readonly provider: string
  /** Names of the model, the best first: the one that answered, then the requested one. */
  readonly models: readonly string[]
  readonly usage: Usage
  /** Of each run of the model, where it ran more than once: what is long decides about each of them. */
  readonly runs?: readonly Usage[]
  /** When the call ended; prices change. */
  readonly at: Date
  /** As the provider names it (`flex`, `batch`); undefined is the standard one. */
  readonly serviceTier?: string | undefined
  /** See `regionOf`. */
  readonly region?: string | undefined
}

export interface Price {
  /** USD. May be more than `input` and `output` together where a provider also charges by the request or the search. */
  readonly total: number
  /** USD, cache reads and writes included. */
  readonly input: number
  /** USD, reasoning included. */
  readonly output: number
  readonly currency: 'USD'
  /** The table and its version, or the name of the file. */
  readonly table: string
}

/** What has no price, as `afn.llm.unpriced.cause` names it. */
export interface Unpriced {
  readonly cause: string
}

export interface PriceTable {
  readonly name: string
  /** Never throws, and never answers 0 for want of a price. */
  price(call: PricedCall): Price | Unpriced
}

// An agent or an outer span that repeats what the calls below it cost has no cost of its own: the sum over spans is the
// counter.

/** All that a span says of what its call cost. */
export const COST_ATTRIBUTES: readonly string[] = [
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
]

/** A cost that another instrumentation wrote under a name of its own stays on the span. */
export function costOfCallsOnly(span: LlmSpan): void {
  if (span.attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined || isModelCall(span.attributes)) return
  const own = span.own()
  for (const name of COST_ATTRIBUTES) delete own[name]
}

// What tokens cost by kind, and what a call costs by that.

/** USD per million tokens; of the pieces, USD a piece. A part of tokens that has no rate costs what it is a part of. */
export interface Rates extends Partial<Record<PieceRate, number | undefined>> {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cache_read?: number | undefined
  readonly cache_write?: number | undefined
  readonly cache_write_1h?: number | undefined
  readonly cache_write_12h?: number | undefined
  readonly reasoning?: number | undefined
  readonly input_audio?: number | undefined
  readonly output_audio?: number | undefined
  readonly cache_read_audio?: number | undefined
  readonly input_image?: number | undefined
  readonly output_image?: number | undefined
  readonly cache_read_image?: number | undefined
  readonly input_video?: number | undefined
  readonly output_video?: number | undefined
  readonly cache_read_video?: number | undefined
  /** USD for the call itself. */
  readonly request?: number | undefined
  /** How many searches on the web a call is charged for at most. */
  readonly most_searches?: number | undefined
}

export const pieceRates = {
  webSearches: 'web_search',
  fileSearches: 'file_search',
  mapsSearches: 'maps_search',
  socialSearches: 'social_search',
  codeSessions: 'code_session',
  searchUnits: 'search_unit',
  images: 'image',
  audioSeconds: 'audio_second',
  videoSeconds: 'video_second',
  computeSeconds: 'compute_second',
  characters: 'character',
  pages: 'page',
  annotatedPages: 'annotated_page',
} as const satisfies Record<Piece, string>

export type PieceRate = (typeof pieceRates)[Piece]

const pieces = Object.entries(pieceRates) as [Piece, PieceRate][]

/** An entry of a price file: its rates for a call, which may depend on its size and service tier. */
export type Tariff = (call: PricedCall) => Rates | Unpriced

export const unknownModel: Unpriced = { cause: 'model' }

/**
 * A model by the names under which a table may have it: its own, without what its host adds, and without the date of its version. Nothing
 * else is cut off: `gemini-3-flash-cyber` is another model than `gemini-3-flash`.
 */
export function namesOf(model: string): string[] {
  const bare = model.replace(/^(?:arn:[^/]*|models)\//, '').replace(/^(ft:[^:]+):.*$/, '$1')
  return [...new Set([model, bare, bare.replace(/[-@](?:\d{8}|\d{4}-\d\d-\d\d)$/, '')])]
}

/** Where rates come from. */
export interface PriceSource {
  readonly name: string
  /** @param model a name of it, in lower case */
  tariffOf(provider: string, model: string): Tariff | undefined
}

/** An app has a few models; names that its users make up must not fill the memory. */
const mostModels = 500

/** The price of the first source that knows all of a call; else what is missing in the first that knows the model. */
export function tableOf(sources: readonly PriceSource[]): PriceTable {
  const known = new Map<string, readonly (readonly [Tariff, name: string])[]>()

  function tariffsOf(provider: string, region: string | undefined, model: string) {
    const key = `${provider} ${region} ${model}`
    let found = known.get(key)
    if (found) return found
    found = sources.flatMap(source => {
      for (const name of namesOf(model.toLowerCase())) {
        // in a region of Bedrock a model may have a name of its own
        const tariff = (region && source.tariffOf(provider, `${region}/${name}`)) || source.tariffOf(provider, name)
        if (tariff) return [[tariff, source.name] as const]
      }
      return []
    })
    if (known.size >= mostModels) known.clear()
    known.set(key, found)
    return found
  }

  return {
    name: sources.map(({ name }) => name).join(', '),
    price(call) {
      let unpriced: Unpriced = unknownModel
      // the model that answered in every source, before the requested one in any
      for (const model of call.models) {
        if (model !== call.models[0] && !isSame(call.models[0] as string, model)) break
        for (const [tariff, name] of tariffsOf(call.provider, call.region, model)) {
          const price = priceBy(tariff, call, name)
          if (!('cause' in price)) return price
          if (unpriced === unknownModel) unpriced = price
        }
      }
      return unpriced
    },
  }
}

const date = /^[-@:](?:\d{8}|\d{4}-\d\d-\d\d|\d{4})(?:-v\d+)?$/

/** The requested one counts where no other one answered: a fallback has a price of its own, and so has a sister of the same beginning. */
function isSame(answered: string, requested: string): boolean {
  const one = answered.toLowerCase().replace('@', '-')
  const other = requested
    .toLowerCase()
    .replace('@', '-')
    .replace(/-latest$/, '')
  return other.includes(one) || (one.startsWith(other) && date.test(one.slice(other.length)))
}

/** What a call costs by an entry of a table. */
export function priceBy(tariff: Tariff, call: PricedCall, table: string): Price | Unpriced {
  const sum = { input: 0, output: 0, other: 0 }
  for (const usage of call.runs ?? [call.usage]) {
    const rates = tariff(call.runs ? { ...call, usage } : call)
    const cost = 'cause' in rates ? rates : costOf(rates, usage)
    if ('cause' in cost) return cost
    sum.input += cost.input
    sum.output += cost.output
    sum.other += cost.other
  }
  const { input, output, other } = sum
  return { total: input + output + other, input, output, currency: 'USD', table }
}

/** USD */
export interface Cost {
  readonly input: number
  readonly output: number
  /** Of what is charged by the piece. */
  readonly other: number
}

/** What was used and has no rate, or can't be told apart, leaves the call without a cost: one without it would be too low. */
export function costOf(rates: Rates, usage: Usage): Cost | Unpriced {
  if (!isPlausible(usage)) return { cause: 'usage' }
  // what is charged by the second or the page alone
  if ((usage.input && rates.input === undefined) || (usage.output && rates.output === undefined))
    return { cause: 'tokens' }
  let other = rates.request ?? 0
  for (const [piece, name] of pieces) {
    const used = usage[piece]
    if (!used) continue
    const rate = rates[name]
    if (rate === undefined) return { cause: name }
    other += (piece === 'webSearches' ? Math.min(used, rates.most_searches ?? used) : used) * rate
  }
  const input = inputCost(rates, usage)
  return typeof input === 'number' ? { input, output: outputCost(rates, usage), other } : input
}

/** No part is greater than what it is a part of. Foreign spans may carry anything. */
function isPlausible(usage: Usage): boolean {
  const { input = 0, output = 0, cacheRead = 0, reasoning = 0 } = usage
  const { audioInput = 0, imageInput = 0, videoInput = 0, audioOutput = 0, imageOutput = 0, videoOutput = 0 } = usage
  const { textCacheRead = 0, audioCacheRead = 0, imageCacheRead = 0, videoCacheRead = 0 } = usage
  return (
    input >= 0 &&
    output >= 0 &&
    lifetimes(usage) <= written(usage) &&
    cacheRead + written(usage) <= input &&
    audioInput + imageInput + videoInput <= input &&
    textCacheRead + audioCacheRead + imageCacheRead + videoCacheRead <= cacheRead &&
    audioCacheRead <= audioInput &&
    imageCacheRead <= imageInput &&
    videoCacheRead <= videoInput &&
    reasoning <= output &&
    audioOutput + imageOutput + videoOutput <= output
  )
}

function lifetimes({ cacheWrite5m = 0, cacheWrite30m = 0, cacheWrite1h = 0, cacheWrite12h = 0 }: Usage): number {
  return cacheWrite5m + cacheWrite30m + cacheWrite1h + cacheWrite12h
}

function written(usage: Usage): number {
  return usage.cacheWrite ?? lifetimes(usage)
}

/** Divided by, not multiplied with its inverse: 0.0008 USD then are just that. */
const tokensOfARate = 1e6

function inputCost(rates: Rates, usage: Usage): number | Unpriced {
  const { input = 0, cacheRead = 0, cacheWrite1h = 0, cacheWrite12h = 0 } = usage
  const { input: whole = 0 } = rates
  if (cacheWrite1h > 0 && rates.cache_write_1h === undefined) return { cause: 'cache_write_1h' }
  if (cacheWrite12h > 0 && rates.cache_write_12h === undefined) return { cause: 'cache_write_12h' }
  const wrote = written(usage)
  const read = rates.cache_read ?? whole
  let cost =
    (wrote - cacheWrite1h - cacheWrite12h) * (rates.cache_write ?? whole) +
    cacheWrite1h * (rates.cache_write_1h ?? 0) +
    cacheWrite12h * (rates.cache_write_12h ?? 0)
  let fresh = input - cacheRead - wrote
  let cached = cacheRead
  if (!usage.audioInput && !usage.imageInput && !usage.videoInput) {
    return (cost + fresh * whole + cached * read) / tokensOfARate
  }
  const { textCacheRead = 0, audioCacheRead = 0, imageCacheRead = 0, videoCacheRead = 0 } = usage
  const isCacheKnown = textCacheRead + audioCacheRead + imageCacheRead + videoCacheRead === cacheRead
  for (const [kind, cachedKind, rate, cachedRate] of inputParts) {
    const count = usage[kind]
    const own = rates[rate] ?? whole
    const ownRead = rates[cachedRate] ?? read
    if (!count || (own === whole && ownRead === read)) continue
    const ownCached = usage[cachedKind] ?? (isCacheKnown ? 0 : undefined)
    // nothing says how much of the cached input is of this kind, or what of this kind costs in the cache
    if (ownCached === undefined || (ownCached > 0 && own !== whole && rates[cachedRate] === undefined))
      return { cause: cachedRate }
    cost += (count - ownCached) * own + ownCached * ownRead
    fresh -= count - ownCached
    cached -= ownCached
  }
  return (cost + fresh * whole + cached * read) / tokensOfARate
}

const inputParts = [
  ['audioInput', 'audioCacheRead', 'input_audio', 'cache_read_audio'],
  ['imageInput', 'imageCacheRead', 'input_image', 'cache_read_image'],
  ['videoInput', 'videoCacheRead', 'input_video', 'cache_read_video'],
] as const

function outputCost(rates: Rates, usage: Usage): number {
  const { output = 0 } = usage
  const { output: whole = 0 } = rates
  let [cost, rest] = [0, output]
  for (const [kind, rate] of outputParts) {
    const count = usage[kind]
    if (!count) continue
    cost += count * (rates[rate] ?? whole)
    rest -= count
  }
  return (cost + rest * whole) / tokensOfARate
}

const outputParts = [
  ['reasoning', 'reasoning'],
  ['audioOutput', 'output_audio'],
  ['imageOutput', 'output_image'],
  ['videoOutput', 'output_video'],
] as const

// What a service tier does to the price of tokens.

const none: readonly string[] = []
const standard: readonly string[] = ['default', 'auto', 'standard', 'standard_only', 'on_demand', 'unspecified']

/**
 * By `gen_ai.provider.name`. OpenAI: flex costs what batch costs, half (platform.openai.com/docs/guides/flex-processing).
 * Anthropic: batches cost half (docs: Batch processing), inference in the US alone 1.1 times (docs: Pricing, Data residency). Gemini: batch and flex cost half (ai.google.dev/gemini-api/docs/pricing).
 * Groq: flex costs what on_demand costs (console.groq.com/docs/flex-processing), batches half (console.groq.com/docs/batch). Azure OpenAI: batches
 * cost half (learn.microsoft.com/azure/ai-foundry/openai/how-to/batch). Mistral: batches cost half (docs.mistral.ai/capabilities/batch).
 * Priority and fast tiers stand nowhere here: they have a price a model, which LiteLLM's table has; Anthropic's priority is prepaid.
 */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: { batch: 0.5, flex: 0.5 },
  anthropic: { batch: 0.5, 'inference_geo:us': 1.1 },
  'gcp.gemini': { batch: 0.5, flex: 0.5 },
  'azure.ai.openai': { batch: 0.5 },
  groq: { batch: 0.5, flex: 1 },
  mistral_ai: { batch: 0.5 },
}

/** Without the standard one. Several go together (Anthropic: `batch,inference_geo:us`). */
export function tiersOf(serviceTier: string | undefined): readonly string[] {
  if (serviceTier === undefined || standard.includes(serviceTier)) return none
  return serviceTier.split(',').filter(tier => !standard.includes(tier))
}

/** The factor on the standard price; undefined when it is not known, and the call then stays unpriced rather than wrong. */
export function tierMultiplier(provider: string, serviceTier: string | undefined): number | undefined {
  let factor: number | undefined = 1
  for (const tier of tiersOf(serviceTier)) {
    const one = known[provider]?.[tier]
    factor = one === undefined || factor === undefined ? undefined : factor * one
  }
  return factor
}

// Where a call was served, as far as that has a price.

/** The region in the name of the provider's host; undefined for a host that serves the whole world. */
export function regionOf(provider: string, host: string | undefined): string | undefined {
  return host === undefined ? undefined : regions[provider]?.exec(host)?.slice(1).find(Boolean)
}

const regions: Readonly<Record<string, RegExp>> = {
  openai: /^([a-z]{2})\.api\.openai\.com$/,
  'gcp.vertex_ai': /^(?:([a-z0-9-]+)-aiplatform|aiplatform\.([a-z0-9-]+)\.rep)\.googleapis\.com$/,
  'aws.bedrock': /^bedrock[a-z-]*\.([a-z0-9-]+)\./,
}
