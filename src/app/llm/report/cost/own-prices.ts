// The user's own prices (AFN_PRICES).
import { isLitellmEntry, litellmName, litellmTariff } from './litellm-entry'
import type { PriceSource, Tariff } from './price-table'
import { pieceRates, type Rates } from './rates'
import { tierMultiplier } from './service-tier'

export interface OwnPrices extends PriceSource {
  /** Set by `afn-otel prices update`. */
  readonly date?: string | undefined
}

/**
 * Reads a price file: a JSON object from `<gen_ai.provider.name>/<model>` to rates in USD per million tokens, as in `{
 * "azure.ai.openai/my-deployment": { "input": 2.5, "output": 10, "cache_read": 1.25 } }`, or from LiteLLM's names to its entries (USD per
 * token), or both. Names are case-insensitive. Invalid entries are skipped and named in `problems`; the others are used. LiteLLM entries
 * without a token price are ignored. Throws if the text is not a JSON object.
 */
export function parseOverrides(text: string, name: string): { source: OwnPrices; problems: string[] } {
  const file: unknown = JSON.parse(text)
  if (!isRecord(file)) throw new Error('not a JSON object of "provider/model" to rates')
  const { $source, ...entries } = file
  const source = isRecord($source) ? ($source as { table?: string; date?: string }) : {}
  const tariffs = new Map<string, Tariff>()
  const problems: string[] = []
  for (const [key, entry] of Object.entries(entries)) {
    if (isLitellmEntry(entry)) {
      const known = litellmName(key, entry)
      const name = known?.toLowerCase()
      // an entry with the provider's name takes precedence over one for any host
      if (name !== undefined && (key.includes('/') || !tariffs.has(name))) tariffs.set(name, litellmTariff(entry))
      continue
    }
    const problem = problemOf(key, entry)
    if (problem === undefined) tariffs.set(key.toLowerCase(), ownTariff(entry))
    else problems.push(`"${key}" ${problem}`)
  }
  return { source: sourceOf(tariffs, source.table ?? name, source.date), problems }
}

function sourceOf(tariffs: ReadonlyMap<string, Tariff>, name: string, date: string | undefined): OwnPrices {
  return { name, date, tariffOf: (provider, model) => tariffs.get(`${provider}/${model}`.toLowerCase()) }
}

const required: readonly string[] = ['input', 'output']
/** Rates of units charged by the item, which no factor changes. */
const pieces: readonly string[] = ['request', ...Object.values(pieceRates)]
const optional: readonly string[] = [
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'cache_write_12h',
  'reasoning',
  'input_audio',
  'output_audio',
  'cache_read_audio',
  'input_image',
  'output_image',
  'cache_read_image',
  'input_video',
  'output_video',
  'cache_read_video',
  ...pieces,
]

/** An entry of a price file in our own format. */
type OwnPriceEntry = Rates & {
  /** Factors for all token rates by service tier, as in `{ "priority": 1.75 }`. */
  readonly service_tiers?: Readonly<Record<string, number>>
}

/** The problem of an invalid entry, as text that follows its name; undefined for a valid one. */
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

/** @param entry a valid one */
function ownTariff(entry: unknown): Tariff {
  const { service_tiers, ...rates } = entry as OwnPriceEntry
  return ({ provider, serviceTier }) => {
    const factor = service_tiers?.[serviceTier ?? 'default'] ?? tierMultiplier(provider, serviceTier)
    if (factor === undefined) return { cause: 'service_tier' }
    // discounts apply to tokens, not to units charged by the item
    const scaled = Object.entries(rates).map(([kind, rate]) => [
      kind,
      pieces.includes(kind) ? rate : (rate as number) * factor,
    ])
    return Object.fromEntries(scaled) as Rates
  }
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
