// An entry of LiteLLM's price list, https://github.com/BerriAI/litellm, model_prices_and_context_window.json (MIT).
import { providerOfLitellm } from '../../providers/providers'
import type { Rates, Tariff } from './pricer'
import { tierMultiplier } from './pricer'

type Entry = Readonly<Record<string, unknown>>

/** Its fields for a service tier end so. */
const suffixes: Readonly<Record<string, string>> = { batch: '_batches', flex: '_flex', priority: '_priority' }
const perMillion = 1e6

export function isLitellmEntry(entry: unknown): entry is Entry {
  return typeof entry === 'object' && entry !== null && ('litellm_provider' in entry || 'input_cost_per_token' in entry)
}

/** `<gen_ai.provider.name>/<model>`; undefined for what has no price a token, as images and the file's own sample. */
export function litellmName(key: string, entry: Entry): string | undefined {
  if (typeof entry.input_cost_per_token !== 'number' || key === 'sample_spec') return undefined
  const slash = key.indexOf('/')
  const prefix = slash < 0 ? undefined : key.slice(0, slash)
  const named = typeof entry.litellm_provider === 'string' ? entry.litellm_provider : prefix
  if (named === undefined) return undefined
  const provider = genAiProvider(named)
  const model = prefix !== undefined && genAiProvider(prefix) === provider ? key.slice(slash + 1) : key
  return `${provider}/${model}`
}

function genAiProvider(name: string): string {
  return name.startsWith('vertex_ai') ? 'gcp.vertex_ai' : (providerOfLitellm(name) ?? name)
}

/** Beyond a threshold (`…_above_200k_tokens`) the whole request has the higher rates, as providers charge it. */
export function litellmTariff(entry: Entry): Tariff {
  return ({ provider, serviceTier, usage }) => {
    const suffix = suffixes[serviceTier ?? ''] ?? ''
    const hasTier = suffix !== '' && typeof entry[`input_cost_per_token${suffix}`] === 'number'
    const factor = hasTier ? 1 : tierMultiplier(provider, serviceTier)
    if (factor === undefined) return { cause: 'service_tier' }
    const above = threshold(entry, usage.input ?? 0)
    const endings = hasTier ? [above + suffix, suffix, above, ''] : [above, '']
    const rate = (field: string) => {
      const found = endings.map(ending => entry[field + ending]).find(value => typeof value === 'number')
      return found === undefined ? undefined : (found as number) * perMillion * factor
    }

    return {
      input: rate('input_cost_per_token') ?? 0,
      output: rate('output_cost_per_token') ?? 0,
      cache_read: rate('cache_read_input_token_cost'),
      cache_write: rate('cache_creation_input_token_cost'),
      cache_write_1h: rate('cache_creation_input_token_cost_above_1hr'),
      reasoning: rate('output_cost_per_reasoning_token'),
      input_audio: rate('input_cost_per_audio_token'),
      output_audio: rate('output_cost_per_audio_token'),
      cache_read_audio:
        rate('cache_read_input_audio_token_cost') ?? rate('cache_read_input_token_cost_per_audio_token'),
      input_image: rate('input_cost_per_image_token'),
      output_image: rate('output_cost_per_image_token'),
      web_search: searchPrice(entry),
    } satisfies Rates
  }
}

/** The suffix of the highest threshold that `input` is beyond, or nothing. */
function threshold(entry: Entry, input: number): string {
  let highest = 0
  for (const name of Object.keys(entry)) {
    const thousands = Number(/^input_cost_per_token_above_(\d+)k_tokens$/.exec(name)?.[1])
    if (input > thousands * 1_000 && thousands > highest) highest = thousands
  }
  return highest === 0 ? '' : `_above_${highest}k_tokens`
}

/** USD a search; undefined where it depends on the requested size of the search context, which no response contains. */
function searchPrice({ search_context_cost_per_query: prices }: Entry): number | undefined {
  const different = new Set(Object.values((prices ?? {}) as object))
  const [only] = different
  return different.size === 1 && typeof only === 'number' ? only : undefined
}
