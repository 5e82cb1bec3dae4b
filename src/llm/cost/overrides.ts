// The user's own prices (AFN_PRICES). Called by `prices.ts`.
import type { PricedCall, PriceTable } from './price'
import { tierMultiplier } from './service-tier'

/** USD per million tokens; what is left out of the optional ones costs what it is a part of. */
interface Rates {
  readonly input: number
  readonly output: number
  readonly cache_read?: number
  readonly cache_write?: number
  readonly cache_write_1h?: number
  readonly reasoning?: number
  /** Factors on all of these by service tier, as `{ "priority": 1.75 }`. */
  readonly service_tiers?: Readonly<Record<string, number>>
}

const required: readonly string[] = ['input', 'output']
const optional: readonly string[] = ['cache_read', 'cache_write', 'cache_write_1h', 'reasoning']
const perToken = 1e-6

/**
 * Reads a price file: a JSON object from `<gen_ai.provider.name>/<model>` to rates in USD per million tokens, as
 * `{ "azure.ai.openai/my-deployment": { "input": 2.5, "output": 10, "cache_read": 1.25 } }`. Upper and lower case are the
 * same. An entry that is not right is left out and named in `problems`; the others count. Throws when the text is no
 * JSON object.
 */
export function parseOverrides(text: string, name: string): { table: PriceTable; problems: string[] } {
  const entries: unknown = JSON.parse(text)
  if (!isRecord(entries)) throw new Error('not a JSON object of "provider/model" to rates')
  const rates = new Map<string, Rates>()
  const problems: string[] = []
  for (const [key, entry] of Object.entries(entries)) {
    const problem = problemOf(key, entry)
    if (problem === undefined) rates.set(key.toLowerCase(), entry as unknown as Rates)
    else problems.push(`"${key}" ${problem}`)
  }
  return { table: tableOf(rates, name), problems }
}

function problemOf(key: string, entry: unknown): string | undefined {
  if (!/^[^/]+\/./.test(key)) return 'is not "provider/model"'
  if (!isRecord(entry)) return 'has no rates; write { "input": USD per million tokens, "output": … }'
  for (const field of required) if (!(field in entry)) return `has no "${field}"`
  for (const [field, value] of Object.entries(entry)) {
    if (field === 'service_tiers') {
      if (!isRecord(value) || !Object.values(value).every(isAmount)) return 'has "service_tiers" that are no factors'
    } else if (!required.includes(field) && !optional.includes(field)) {
      return `has an unknown field "${field}"; allowed are ${[...required, ...optional, 'service_tiers'].join(', ')}`
    } else if (!isAmount(value)) return `has a "${field}" that is no number from 0 up`
  }
  return undefined
}

function tableOf(rates: ReadonlyMap<string, Rates>, name: string): PriceTable {
  return {
    name,
    price(call) {
      for (const model of call.models) {
        const entry = rates.get(`${call.provider}/${model}`.toLowerCase())
        const multiplier =
          entry?.service_tiers?.[call.serviceTier ?? 'default'] ?? tierMultiplier(call.provider, call.serviceTier)
        if (!entry || multiplier === undefined) continue
        const input = inputCost(entry, call) * multiplier
        const output = outputCost(entry, call) * multiplier
        return { total: input + output, input, output, currency: 'USD', table: name }
      }
      return undefined
    },
  }
}

function inputCost(rates: Rates, { usage }: PricedCall): number {
  const { input = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const written = usage.cacheWrite ?? cacheWrite5m + cacheWrite1h
  const write = rates.cache_write ?? rates.input
  return (
    ((input - cacheRead - written) * rates.input +
      cacheRead * (rates.cache_read ?? rates.input) +
      (written - cacheWrite1h) * write +
      cacheWrite1h * (rates.cache_write_1h ?? write)) *
    perToken
  )
}

function outputCost(rates: Rates, { usage }: PricedCall): number {
  const { output = 0, reasoning = 0 } = usage
  return ((output - reasoning) * rates.output + reasoning * (rates.reasoning ?? rates.output)) * perToken
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
