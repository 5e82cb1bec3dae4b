// What a price table gets and what it returns, and how several make one.
import type { Usage } from '../../usage'
import { costOf, type Rates, type UnpricedCause } from './rates'
import { unknownModel } from './unknown-model'

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

export interface PriceTable {
  readonly name: string
  /** Never throws, and never answers 0 for want of a price. */
  price(call: PricedCall): Price | UnpricedCause
}

/** An entry of a price file: its rates for a call, which may depend on its size and service tier. */
export type Tariff = (call: PricedCall) => Rates | UnpricedCause

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
      let unpriced: UnpricedCause = unknownModel
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
export function priceBy(tariff: Tariff, call: PricedCall, table: string): Price | UnpricedCause {
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
