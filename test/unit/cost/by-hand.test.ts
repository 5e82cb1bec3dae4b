// Calls priced by arithmetic written here, from the two tables as their makers publish them, and not by our own reading of them: what a call
// costs is what one of both says, to 1e-9, or it is unknown. `BY_HAND=SEED,CALLS` draws others.
import { readFileSync, writeSync } from 'node:fs'
import { findProvider, type ModelPrice } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import { createPricer } from '../../../src/app/llm/report/cost/pricer'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { findLitellmPrices } from '../../support/binaries.mjs'
import { llmSpan } from '../llm/llm-span'

// biome-ignore lint/suspicious/noExplicitAny: the file of somebody else, read as it is
type Entry = Record<string, any>

const found = findLitellmPrices()
if ('missing' in found) writeSync(1, `skipped: calls priced by hand: ${found.missing}\n`)
const litellm: Record<string, Entry> = 'missing' in found ? {} : JSON.parse(readFileSync(found.file, 'utf8'))

const [seed, calls] = (process.env.BY_HAND ?? '29,500').split(',').map(Number) as [number, number]
let state = seed
/** mulberry32 */
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const upTo = (most: number) => Math.floor(random() * (most + 1))
const maybe = (chance: number, most: number) => (random() < chance ? 1 + upTo(most - 1) : 0)

interface Provider {
  readonly name: string
  readonly litellm: string
  /** What LiteLLM writes before the model. */
  readonly prefix: string
  readonly genai: string
  readonly hosts: readonly string[]
  readonly tiers: readonly string[]
}

const providers: readonly Provider[] = [
  {
    name: 'openai',
    litellm: 'openai',
    prefix: '',
    genai: 'openai',
    hosts: ['api.openai.com', 'api.openai.com', 'eu.api.openai.com', 'us.api.openai.com'],
    tiers: ['default', 'flex', 'priority', 'batch', 'ultrafast'],
  },
  {
    name: 'anthropic',
    litellm: 'anthropic',
    prefix: '',
    genai: 'anthropic',
    hosts: ['api.anthropic.com'],
    tiers: ['standard', 'batch', 'fast', 'inference_geo:us', 'priority'],
  },
  {
    name: 'gcp.gemini',
    litellm: 'gemini',
    prefix: 'gemini/',
    genai: 'google',
    hosts: ['generativelanguage.googleapis.com'],
    tiers: ['standard', 'flex', 'priority', 'batch'],
  },
  {
    name: 'gcp.vertex_ai',
    litellm: 'vertex_ai',
    prefix: 'vertex_ai/',
    genai: 'google',
    hosts: ['aiplatform.googleapis.com', 'us-east5-aiplatform.googleapis.com', 'aiplatform.eu.rep.googleapis.com'],
    tiers: ['on_demand'],
  },
  {
    name: 'aws.bedrock',
    litellm: 'bedrock_converse',
    prefix: '',
    genai: 'aws',
    hosts: ['bedrock-runtime.us-east-1.amazonaws.com'],
    tiers: ['default'],
  },
  {
    name: 'azure.ai.openai',
    litellm: 'azure',
    prefix: 'azure/',
    genai: 'azure',
    hosts: ['x.openai.azure.com'],
    tiers: ['default', 'priority'],
  },
  { name: 'x_ai', litellm: 'xai', prefix: 'xai/', genai: 'x-ai', hosts: ['api.x.ai'], tiers: ['default'] },
  {
    name: 'mistral_ai',
    litellm: 'mistral',
    prefix: 'mistral/',
    genai: 'mistral',
    hosts: ['api.mistral.ai'],
    tiers: ['default'],
  },
  {
    name: 'deepseek',
    litellm: 'deepseek',
    prefix: 'deepseek/',
    genai: 'deepseek',
    hosts: ['api.deepseek.com'],
    tiers: ['default'],
  },
  {
    name: 'groq',
    litellm: 'groq',
    prefix: 'groq/',
    genai: 'groq',
    hosts: ['api.groq.com'],
    tiers: ['on_demand', 'flex'],
  },
]

interface Call {
  readonly provider: Provider
  readonly model: string
  readonly tier: string
  readonly host: string
  readonly at: Date
  readonly input: number
  readonly output: number
  readonly read: number
  readonly write5m: number
  readonly write1h: number
  readonly write12h: number
  readonly reasoning: number
  readonly audioIn: number
  readonly searches: number
  readonly files: number
}

function drawn(): Call {
  const provider = pick(providers)
  const names = Object.keys(litellm)
    .filter(name => {
      const entry = litellm[name]!
      const isOf =
        entry.litellm_provider === provider.litellm ||
        (provider.litellm === 'vertex_ai' && String(entry.litellm_provider).startsWith('vertex_ai'))
      return isOf && name.startsWith(provider.prefix) && ['chat', 'responses'].includes(entry.mode)
    })
    .map(name => name.slice(provider.prefix.length))
  const unheard = ['-nova', '-cyber', '-2', '-latest']
  const model = pick(names) + (random() < 0.1 ? pick(unheard) : '')
  const input = random() < 0.3 ? 90_000 + upTo(300_000) : upTo(50_000)
  const output = upTo(8_000)
  const read = random() < 0.5 ? upTo(Math.floor(input / 2)) : 0
  const writes = random() < 0.3 ? upTo(Math.floor((input - read) / 2)) : 0
  const isOpenai = provider.name === 'openai'
  const long = random() < 0.3 ? writes : 0
  return {
    provider,
    model,
    tier: random() < 0.5 ? provider.tiers[0]! : pick(provider.tiers),
    host: pick(provider.hosts),
    at: new Date(Date.UTC(2026, 10, 23 + upTo(6), upTo(23), upTo(59))),
    input,
    output,
    read,
    write5m: writes - long,
    write1h: isOpenai ? 0 : long,
    write12h: isOpenai ? long : 0,
    reasoning: random() < 0.3 ? upTo(output) : 0,
    audioIn: provider.name === 'gcp.gemini' && read === 0 && writes === 0 ? maybe(0.2, input || 1) % (input + 1) : 0,
    searches: maybe(0.1, 4),
    files: isOpenai ? maybe(0.1, 3) : 0,
  }
}

/** In USD; undefined where the table says nothing of something that was used. */
function byLitellm(call: Call): number | undefined {
  const { provider, tier } = call
  // in the table twice, under its provider's name and without; 0 is nobody's price
  const entry = [provider.prefix + call.model, call.model]
    .map(name => litellm[name])
    .find(one => one?.input_cost_per_token && one.litellm_provider.startsWith(provider.litellm))
  if (!entry) return undefined
  const special = entry.provider_specific_entry ?? {}
  let factor = 1
  let end = ''
  if (tier === 'fast' || tier === 'inference_geo:us') {
    factor = special[tier === 'fast' ? 'fast' : 'us'] ?? (tier === 'fast' ? Number.NaN : 1.1)
  } else if (['flex', 'batch', 'priority', 'ultrafast'].includes(tier)) {
    end = { flex: '_flex', batch: '_batches', priority: '_priority', ultrafast: '_ultrafast' }[tier]!
  }
  let above = ''
  for (const k of [100, 128, 200, 256, 272, 512]) {
    if (call.input > k * 1000 && entry[`input_cost_per_token_above_${k}k_tokens`] !== undefined)
      above = `_above_${k}k_tokens`
  }
  const isOff = entry.off_peak_pricing && offPeak(entry.off_peak_pricing.windows, call.at)
  const full = isOff ? { ...entry, ...entry.off_peak_pricing } : entry
  if (end !== '' && full[`input_cost_per_token${above}${end}`] === undefined) {
    // half, as the providers document it
    if ((tier === 'flex' || tier === 'batch') && ['openai', 'anthropic', 'gcp.gemini'].includes(provider.name))
      factor *= 0.5
    else if (!(tier === 'flex' && provider.name === 'groq')) return undefined
    end = ''
  }
  const rate = (field: string) => full[field + above + end] ?? (end === '' ? full[field] : undefined)
  const input = rate('input_cost_per_token')
  const output = rate('output_cost_per_token')
  let cost = 0
  const add = (count: number, field: string, instead?: number) => {
    const standard = full[field]
    const own =
      rate(field) ??
      (standard === undefined || standard === full.output_cost_per_token || standard === full.input_cost_per_token
        ? instead
        : undefined)
    if (count > 0) cost += count * (own ?? Number.NaN)
  }
  add(call.read, 'cache_read_input_token_cost', input)
  add(call.write5m, 'cache_creation_input_token_cost', input)
  add(call.write1h, 'cache_creation_input_token_cost_above_1hr')
  add(call.write12h, 'cache_creation_input_token_cost_above_12hr')
  add(call.audioIn, 'input_cost_per_audio_token', input)
  add(call.reasoning, 'output_cost_per_reasoning_token', output)
  cost += (call.input - call.read - call.write5m - call.write1h - call.write12h - call.audioIn) * input
  cost += (call.output - call.reasoning) * output
  const region = /^(eu|us)\.api\.openai/.exec(call.host)?.[1]
  if (region) factor *= entry[`regional_processing_uplift_multiplier_${region}`] ?? 1
  if (provider.name === 'gcp.vertex_ai' && call.host !== 'aiplatform.googleapis.com')
    factor *= entry.regional_endpoint_uplift_multiplier ?? 1
  cost *= factor
  if (call.files > 0) return undefined
  if (call.searches > 0) {
    const prices = Object.values(entry.search_context_cost_per_query ?? {}) as number[]
    if (prices.length === 0 || Math.max(...prices) !== Math.min(...prices)) return undefined
    const isByPrompt = provider.name.startsWith('gcp') && entry.web_search_billing_unit !== 'per_query'
    cost += prices[0]! * (isByPrompt ? 1 : call.searches)
  }
  return Number.isNaN(cost) ? undefined : cost
}

function offPeak(windows: { hours_utc: string | string[]; weekdays: number[] }[], at: Date): boolean {
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes()
  return windows.some(({ hours_utc, weekdays }) => {
    if (!weekdays.includes(at.getUTCDay() === 0 ? 7 : at.getUTCDay())) return false
    return [hours_utc].flat().some(hours => {
      const [from, to] = hours.split('-').map(time => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
      return minute >= from! && (to === 0 || minute < to!)
    })
  })
}

function byGenai(call: Call): number | undefined {
  const { provider, model, tier, at } = call
  const dateless = model.replace(/[-@](\d{8}|\d{4}-\d\d-\d\d|\d{4})$/, '')
  const clauses = (match: Entry): string[] =>
    (match.or ?? match.and)?.flatMap(clauses) ?? [
      match.equals ?? match.starts_with ?? match.contains ?? `/${match.regex}/`,
    ]
  const own = findProvider({ providerId: provider.genai })
  const others = call.searches > 0 ? [] : (own?.fallback_model_providers ?? [])
  const models = [own, ...others.map(providerId => findProvider({ providerId }))].flatMap(one => one?.models ?? [])
  const exact = models.find(one => one.id === model || clauses(one.match).includes(model))
  const entry =
    exact ??
    models.find(one => {
      const literals = [one.id, ...clauses(one.match)]
      return literals.some(
        literal =>
          literal === model ||
          literal === dateless ||
          literal === model.replace(/^[a-z0-9]+\./, '').replace(/(-\d{8})?-v\d+(:\d+)?$/, '') ||
          model === `${literal}-v1:0` ||
          (/^\/.*\/$/.test(literal) && new RegExp(`^(?:${literal.slice(1, -1)})$`).test(model)),
      )
    })
  if (!entry || (call.host !== provider.hosts[0] && provider.name !== 'aws.bedrock') || call.write12h > 0)
    return undefined
  let price = entry.prices as ModelPrice
  if (Array.isArray(entry.prices)) {
    for (const { prices, constraint } of entry.prices as { prices: ModelPrice; constraint?: Entry }[]) {
      const time = at.toISOString().slice(11)
      const holds =
        !constraint ||
        (constraint.type === 'start_date'
          ? at >= new Date(constraint.start_date)
          : time >= constraint.start_time && time < constraint.end_time)
      if (holds) price = prices
    }
  }
  const of = (name: string): number | undefined => {
    const value = price[name]
    if (typeof value !== 'object') return value
    let rate = value.base
    for (const step of value.tiers) if (call.input > step.start) rate = step.price
    return rate
  }
  const isHalf = (tier === 'flex' || tier === 'batch') && ['openai', 'anthropic', 'gcp.gemini'].includes(provider.name)
  const factor = isHalf ? 0.5 : tier === 'inference_geo:us' ? 1.1 : 1
  if (!isHalf && !['default', 'standard', 'on_demand', 'inference_geo:us'].includes(tier) && provider.name !== 'groq')
    return undefined
  const input = of('input_mtok')
  const output = of('output_mtok')
  if (input === undefined || output === undefined || (call.write1h > 0 && of('cache_write_1h_mtok') === undefined))
    return undefined
  const fresh = call.input - call.read - call.write5m - call.write1h - call.audioIn
  const tokens =
    fresh * input +
    call.read * (of('cache_read_mtok') ?? input) +
    call.write5m * (of('cache_write_mtok') ?? input) +
    call.write1h * (of('cache_write_1h_mtok') ?? 0) +
    call.audioIn * (of('input_audio_mtok') ?? input) +
    call.reasoning * (of('output_reasoning_mtok') ?? output) +
    (call.output - call.reasoning) * output
  const web = call.searches > 0 ? of('web_searches_kcount') : 0
  const files = call.files > 0 ? of('storage_searches_kcount') : 0
  if (web === undefined || files === undefined) return undefined
  return (tokens / 1e6) * factor + (call.searches * web + call.files * files) / 1000
}

describe.skipIf('missing' in found)(`${calls} calls priced by hand, seed ${seed},`, () => {
  const pricer = createPricer({
    load: () => loadPrices(undefined, () => {}),
    onFailure: error => expect.fail(String(error)),
  })
  pricer.load()

  it('cost what one of both tables says, or it is unknown and has a cause', () => {
    const wrong: string[] = []
    let priced = 0
    let known = 0
    for (let n = 0; n < calls; n++) {
      const call = drawn()
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': call.provider.name,
        'gen_ai.request.model': call.model,
        'server.address': call.host,
        'openai.response.service_tier': call.tier,
        'gen_ai.usage.input_tokens': call.input,
        'gen_ai.usage.output_tokens': call.output,
        'gen_ai.usage.cache_read.input_tokens': call.read,
        'gen_ai.usage.cache_write.input_tokens': call.write5m + call.write1h + call.write12h,
        'afn.llm.usage.cache_write_1h.input_tokens': call.write1h,
        'afn.llm.usage.cache_write_12h.input_tokens': call.write12h,
        'gen_ai.usage.reasoning.output_tokens': call.reasoning,
        'gen_ai.usage.audio.input_tokens': call.audioIn,
        'afn.llm.usage.web_searches': call.searches,
        'afn.llm.usage.file_searches': call.files,
      }
      const span = { ...llmSpan({ attributes }), endTime: [call.at.getTime() / 1_000, 0] as [number, number] }
      pricer.price(span)
      const written = span.attributes
      const cost = written['afn.llm.cost.total'] as number | undefined
      const hands = { litellm: byLitellm(call), genai: byGenai(call) }
      if (hands.litellm !== undefined || hands.genai !== undefined) known++
      if (cost !== undefined) priced++
      else if (written['afn.llm.unpriced.cause']) continue
      const table = String(written['afn.llm.cost.price_table']).split('@')[0]
      const hand = table === 'litellm' ? hands.litellm : hands.genai
      if (cost === undefined || hand === undefined || Math.abs(cost - hand) > 1e-9 * Math.max(1, hand)) {
        wrong.push(JSON.stringify({ ...call, provider: call.provider.name, cost, table, ...hands }))
      }
    }
    expect(wrong).toEqual([])
    // what a table has a price of is not called unknown for want of looking
    expect(priced).toBeGreaterThan(known * 0.98)
    expect(priced).toBeGreaterThan(calls * 0.6)
  })
})
