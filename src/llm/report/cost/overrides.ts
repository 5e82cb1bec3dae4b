// The user's own prices (AFN_PRICES). Called by `prices.ts`.
import { isLitellmEntry, litellmName, litellmTariff } from './litellm-entry'
import { ownTariff, problemOf } from './own-entry'
import type { PriceTable } from './price'
import { costOf, type Tariff } from './rates'

/**
 * Reads a price file: a JSON object from `<gen_ai.provider.name>/<model>` to rates in USD per million tokens, as
 * `{ "azure.ai.openai/my-deployment": { "input": 2.5, "output": 10, "cache_read": 1.25 } }`, or from LiteLLM's names to
 * its entries (USD a token), or both. Upper and lower case are the same. An entry that is not right is left out and named
 * in `problems`; the others count. Of LiteLLM's entries those without a price a token are passed over. Throws when the text
 * is no JSON object.
 */
export function parseOverrides(text: string, name: string): { table: PriceTable; problems: string[] } {
  const entries: unknown = JSON.parse(text)
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) {
    throw new Error('not a JSON object of "provider/model" to rates')
  }
  const tariffs = new Map<string, Tariff>()
  const problems: string[] = []
  for (const [key, entry] of Object.entries(entries)) {
    if (isLitellmEntry(entry)) {
      const known = litellmName(key, entry)
      if (known !== undefined) tariffs.set(known.toLowerCase(), litellmTariff(entry))
      continue
    }
    const problem = problemOf(key, entry)
    if (problem === undefined) tariffs.set(key.toLowerCase(), ownTariff(entry))
    else problems.push(`"${key}" ${problem}`)
  }
  return { table: tableOf(tariffs, name), problems }
}

function tableOf(tariffs: ReadonlyMap<string, Tariff>, name: string): PriceTable {
  return {
    name,
    price(call) {
      for (const model of call.models) {
        const rates = tariffs.get(`${call.provider}/${model}`.toLowerCase())?.(call)
        const cost = rates && costOf(rates, call.usage)
        if (!cost) continue
        const { input, output, other } = cost
        return { total: input + output + other, input, output, currency: 'USD', table: name }
      }
      return undefined
    },
  }
}
