// Writes what a call cost onto the copy of its span that is exported. Knows no price table: the package takes 35 ms to load,
// so that is the caller's.
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '../../../../semconv'
import { text } from '../../observe/wire/json'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'
import { readUsage, type Usage, type UsageReading } from '../../usage'

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
      const price = call && table.price(call)
      if (!price) return
      attributes[ATTR_AFN_LLM_COST_TOTAL] = price.total
      if (call.usage.input !== undefined) attributes[ATTR_AFN_LLM_COST_INPUT] = price.input
      if (call.usage.output !== undefined) attributes[ATTR_AFN_LLM_COST_OUTPUT] = price.output
      attributes[ATTR_AFN_LLM_COST_CURRENCY] = price.currency
      attributes[ATTR_AFN_LLM_COST_SOURCE] = AFN_LLM_COST_SOURCE_VALUE_LOCAL
      attributes[ATTR_AFN_LLM_COST_PRICE_TABLE] = price.table
    },
  }
  return pricer
}

// Reads from a span's attributes what a price depends on.

type Attributes = Readonly<Record<string, unknown>>

/** Whether this is a model call that used tokens and has no cost yet. */
export function lacksCost(attributes: Attributes): boolean {
  return (
    isModelCall(attributes) &&
    attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined &&
    attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== AFN_LLM_USAGE_SOURCE_VALUE_MISSING &&
    (attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined ||
      attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined)
  )
}

/** Undefined when provider or model are unknown, or when the counts contradict each other. */
function callOf(attributes: Attributes, at: Date, reading = readUsage(attributes)): PricedCall | undefined {
  const provider = text(attributes[ATTR_GEN_AI_PROVIDER_NAME])
  const models: string[] = []
  for (const key of [ATTR_GEN_AI_RESPONSE_MODEL, ATTR_GEN_AI_REQUEST_MODEL]) {
    const model = text(attributes[key])
    if (model !== undefined) models.push(model)
  }
  const { usage, isValid } = reading
  if (provider === undefined || models.length === 0 || !isValid || !isPlausible(usage)) return undefined
  const serviceTier =
    text(attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER]) ?? text(attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER])
  return { provider, models, usage, at, serviceTier }
}

/** No part is greater than what it is a part of. Foreign spans may carry anything. */
function isPlausible(usage: Usage): boolean {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const { reasoning = 0, audioInput = 0, audioOutput = 0, imageInput = 0, imageOutput = 0, audioCacheRead = 0 } = usage
  const written = cacheWrite ?? cacheWrite5m + cacheWrite1h
  return (
    cacheWrite5m + cacheWrite1h <= written &&
    cacheRead + written <= input &&
    audioInput + imageInput <= input &&
    audioCacheRead <= Math.min(audioInput, cacheRead) &&
    reasoning <= output &&
    audioOutput + imageOutput <= output
  )
}

// What a price table gets and what it returns.

export interface PricedCall {
  /** `gen_ai.provider.name`. */
  readonly provider: string
  /** Names of the model, the best first: the one that answered, then the requested one. */
  readonly models: readonly string[]
  readonly usage: Usage
  /** When the call ended; prices change. */
  readonly at: Date
  /** As the provider names it (`flex`, `batch`); undefined is the standard one. */
  readonly serviceTier?: string | undefined
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

export interface PriceTable {
  readonly name: string
  /** Undefined when the table does not know the price. Never throws, and never answers 0 for want of a price. */
  price(call: PricedCall): Price | undefined
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

/** USD. Undefined where the counts are too coarse: tokens could be priced twice, or a search not at all. */
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
  const audio = usage.audioInput && isApart(rates.input_audio, rates.input) ? usage.audioInput : 0
  const image = usage.imageInput && isApart(rates.input_image, rates.input) ? usage.imageInput : 0
  const cachedAudio = audio === 0 ? 0 : (usage.audioCacheRead ?? (cacheRead === 0 ? 0 : undefined))
  // nothing says how much of the cached input is audio, or an image
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
  const audio = usage.audioOutput && isApart(rates.output_audio, rates.output) ? usage.audioOutput : 0
  const image = usage.imageOutput && isApart(rates.output_image, rates.output) ? usage.imageOutput : 0
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
