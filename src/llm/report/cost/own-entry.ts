// An entry of a price file in our own format. Called by `overrides.ts`.
import type { Rates, Tariff } from './rates'
import { tierMultiplier } from './service-tier'

const required: readonly string[] = ['input', 'output']
const optional: readonly string[] = [
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'reasoning',
  'input_audio',
  'output_audio',
  'cache_read_audio',
  'input_image',
  'output_image',
  'web_search',
]

type Entry = Rates & {
  /** Factors on all token rates by service tier, as `{ "priority": 1.75 }`. */
  readonly service_tiers?: Readonly<Record<string, number>>
}

/** What is wrong with the entry, in words that follow its name; undefined when nothing is. */
export function problemOf(key: string, entry: unknown): string | undefined {
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

/** @param entry one without a problem */
export function ownTariff(entry: unknown): Tariff {
  const { service_tiers, web_search, ...rates } = entry as Entry
  return ({ provider, serviceTier }) => {
    const factor = service_tiers?.[serviceTier ?? 'default'] ?? tierMultiplier(provider, serviceTier)
    if (factor === undefined) return undefined
    const scaled = Object.entries(rates).map(([kind, rate]) => [kind, (rate as number) * factor])
    // a discount is on tokens; what is charged by the piece stays
    return { ...(Object.fromEntries(scaled) as Rates), web_search }
  }
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
