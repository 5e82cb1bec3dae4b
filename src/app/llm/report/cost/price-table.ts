// Input and output of price tables, and the combination of several tables.
import type { Usage } from '../../usage'
import { costOf, type Rates, type UnpricedCause } from './rates'
import { unknownModel } from './unknown-model'

export interface PricedCall {
  /** `gen_ai.provider.name`. */
  readonly provider: string
  /** Names of the model in order of preference: the one that answered, then the requested one. */
  readonly models: readonly string[]
  readonly usage: Usage
  /** Usage of each run if the model ran more than once, because long-context prices apply per run. */
  readonly runs?: readonly Usage[]
  /** End time of the call, because prices change. */
  readonly at: Date
  /** The provider's name for it (`flex`, `batch`); undefined is the standard tier. */
  readonly serviceTier?: string | undefined
  /** See `regionOf`. */
  readonly region?: string | undefined
}

export interface Price {
  /** USD. May exceed the sum of `input` and `output` if a provider also charges by request or search. */
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
  /** Never throws, and never returns 0 if the price is unknown. */
  price(call: PricedCall): Price | UnpricedCause
}

/** An entry of a price file: computes the rates for a call, which may depend on its size and service tier. */
export type Tariff = (call: PricedCall) => Rates | UnpricedCause

/**
 * The names under which a table may have a model: its own, without prefixes of its host, and without the date of its version. Nothing else
 * is removed: `gemini-3-flash-cyber` and `gemini-3-flash` are different models.
 */
export function namesOf(model: string): string[] {
  const bare = model.replace(/^(?:arn:[^/]*|models)\//, '').replace(/^(ft:[^:]+):.*$/, '$1')
  return [...new Set([model, bare, bare.replace(/[-@](?:\d{8}|\d{4}-\d\d-\d\d)$/, '')])]
}

/** A source of rates. */
export interface PriceSource {
  readonly name: string
  /** @param model a name of the model, in lower case */
  tariffOf(provider: string, model: string): Tariff | undefined
}

/** An app uses a few models; arbitrary names from its users must not fill the memory. */
const mostModels = 500

/**
 * Returns the price of the first source that knows every rate of a call; otherwise the missing rate of the first source that knows the
 * model.
 */
export function tableOf(sources: readonly PriceSource[]): PriceTable {
  const known = new Map<string, readonly (readonly [Tariff, name: string])[]>()

  function tariffsOf(provider: string, region: string | undefined, model: string) {
    const key = `${provider} ${region} ${model}`
    let found = known.get(key)
    if (found) return found
    found = sources.flatMap(source => {
      for (const name of namesOf(model.toLowerCase())) {
        // a model may have its own name in a region of Bedrock
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
      // first the answering model in every source, then the requested one
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

/**
 * The requested model is used only if no other model answered: a fallback has its own price, and so has a related model with the same
 * prefix.
 */
function isSame(answered: string, requested: string): boolean {
  const one = answered.toLowerCase().replace('@', '-')
  const other = requested
    .toLowerCase()
    .replace('@', '-')
    .replace(/-latest$/, '')
  return other.includes(one) || (one.startsWith(other) && date.test(one.slice(other.length)))
}

/** Computes the price of a call from an entry of a table. */
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
