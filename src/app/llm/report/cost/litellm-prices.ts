// Public list prices from LiteLLM's table (MIT): by service tier, region, context length and hour, if a provider has such prices.
import { type LitellmEntry, litellmName, litellmTariff } from './litellm-entry'
import { entries, fields, LITELLM_PRICES, models } from './litellm-table'
import type { PriceSource } from './price-table'

export const litellmSource: PriceSource = {
  name: LITELLM_PRICES,
  tariffOf(provider, model) {
    index ??= indexOf()
    const at = index.get(`${provider}/${model}`)
    return at === undefined ? undefined : litellmTariff(entryOf(packed[at] as Packed))
  },
}

/** `<gen_ai.provider.name>/<model>` of all models. */
export function litellmModels(): readonly string[] {
  index ??= indexOf()
  return [...index.keys()]
}

type Packed = readonly unknown[]

let index: ReadonlyMap<string, number> | undefined
let packed: readonly Packed[] = []
let names: readonly string[] = []
function indexOf(): ReadonlyMap<string, number> {
  packed = JSON.parse(entries) as Packed[]
  names = JSON.parse(fields) as string[]
  const found = new Map<string, number>()
  for (const [litellm_provider, known] of Object.entries(
    JSON.parse(models) as Record<string, Record<string, number>>,
  )) {
    for (const [key, at] of Object.entries(known)) {
      const name = litellmName(key, { litellm_provider, cost: at })
      // an entry with the provider's name takes precedence over one for any host
      if (name !== undefined && (key.includes('/') || !found.has(name.toLowerCase()))) found.set(name.toLowerCase(), at)
    }
  }
  return found
}

/** Converts to LiteLLM's format, in which token prices are USD per token; here they are USD per million. */
function entryOf(flat: Packed): LitellmEntry {
  const entry: Record<string, unknown> = {}
  for (let n = 0; n < flat.length; n += 2) {
    const field = names[flat[n] as number] as string
    const value = flat[n + 1]
    const isOfTokens = typeof value === 'number' && field.includes('token') && !field.includes('uplift')
    entry[field] = isOfTokens ? value / 1e6 : value
  }
  return entry
}
