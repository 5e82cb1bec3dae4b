// What many models cost, by hand: rates out of both price tables where they agree, tiers and steps of the context included.
import { messages } from '../answers/anthropic'
import { generate } from '../answers/google'
import { chat } from '../answers/openai-chat'
import type { Call, Case, Facts, Tokens } from '../case'

/** USD for a million tokens: fresh input, read from the cache, output. */
type Rates = readonly [input: number, cacheRead: number, output: number]

const openai: Record<string, Rates> = {
  'gpt-4o': [2.5, 1.25, 10],
  'gpt-4o-mini': [0.15, 0.075, 0.6],
  'gpt-4.1': [2, 0.5, 8],
  'gpt-4.1-mini': [0.4, 0.1, 1.6],
  'gpt-4.1-nano': [0.1, 0.025, 0.4],
  'gpt-5': [1.25, 0.125, 10],
  'gpt-5-mini': [0.25, 0.025, 2],
  'gpt-5-nano': [0.05, 0.005, 0.4],
  'gpt-5.1': [1.25, 0.125, 10],
  'gpt-5.2': [1.75, 0.175, 14],
  'gpt-5.4': [2.5, 0.25, 15],
  'gpt-5.5': [5, 0.5, 30],
  o3: [2, 0.5, 8],
  'o4-mini': [1.1, 0.275, 4.4],
}
const flex: Record<string, Rates> = {
  'gpt-5': [0.625, 0.0625, 5],
  'gpt-5-mini': [0.125, 0.0125, 1],
  o3: [1, 0.25, 4],
}
const priority: Record<string, Rates> = {
  'gpt-5': [2.5, 0.25, 20],
  'gpt-5-mini': [0.45, 0.045, 3.6],
  'gpt-4.1': [3.5, 0.875, 14],
  'gpt-5.4': [5, 0.5, 30],
}
/** Above 272,000 tokens of input. */
const long: Record<string, Rates> = { 'gpt-5.4': [5, 0.5, 22.5], 'gpt-5.5': [10, 1, 45] }
const claude: Record<string, Rates> = {
  'claude-opus-4-5': [5, 0.5, 25],
  'claude-opus-4-6': [5, 0.5, 25],
  'claude-sonnet-4-5': [3, 0.3, 15],
  'claude-sonnet-4-6': [3, 0.3, 15],
  'claude-haiku-4-5': [1, 0.1, 5],
}
const gemini: Record<string, Rates> = {
  'gemini-2.5-pro': [1.25, 0.125, 10],
  'gemini-2.5-flash': [0.3, 0.03, 2.5],
  'gemini-2.5-flash-lite': [0.1, 0.01, 0.4],
  'gemini-3-flash-preview': [0.5, 0.05, 3],
}

const kinds: Record<string, Tokens> = {
  plain: { input: 12_345, output: 678 },
  cached: { input: 12_345, cacheRead: 11_000, output: 678 },
  reasoning: { input: 1234, output: 6789, reasoning: 6000 },
}
const large: Tokens = { input: 300_000, cacheRead: 200_000, output: 1500 }

let made = 0
function facts(provider: string, model: string, tokens: Tokens, [input, read, output]: Rates, factor = 1): Facts {
  made++
  const { input: all = 0, cacheRead = 0, output: out = 0 } = tokens
  const cost = (((all - cacheRead) * input + cacheRead * read + out * output) * factor) / 1e6
  return { id: `cost-${made}`, provider, model, ...tokens, cost }
}

const each = (
  what: string,
  table: Record<string, Rates>,
  make: (model: string, rates: Rates, kind: Tokens) => Call,
  of: Record<string, Tokens> = kinds,
) =>
  Object.entries(table).flatMap(([model, rates]) =>
    Object.entries(of).map(([kind, tokens]) => [`${what} ${kind}: ${model}`, make(model, rates, tokens)] as const),
  )
const gpt =
  (tier?: 'flex' | 'priority', factor = 1) =>
  (model: string, rates: Rates, tokens: Tokens) =>
    chat(facts('openai', model, tokens, rates, factor), tier && { service_tier: tier })

const cost = (name: string, calls: readonly (readonly [string, Call])[], env: Record<string, string>): Case => ({
  group: 'cost',
  name,
  app: 'models.mjs',
  calls: Object.fromEntries(calls),
  env,
  // what a call costs does not depend on what runs it
  nodes: [24],
})
const uplifted = { 'gpt-5.4': openai['gpt-5.4']!, 'gpt-5.5': openai['gpt-5.5']! }

export const costs: readonly Case[] = [
  cost(
    'openai cost',
    [
      ...each('standard', openai, gpt()),
      ...each('long', long, gpt(), { cached: large }),
      ...each('flex', flex, gpt('flex')),
      ...each('priority', priority, gpt('priority')),
    ],
    { BASE: 'https://api.openai.com' },
  ),
  cost('openai cost in eu', each('eu', uplifted, gpt(undefined, 1.1)), { BASE: 'https://eu.api.openai.com' }),
  cost('anthropic cost', each('standard', claude, (model, rates, tokens) => messages(facts('anthropic', model, tokens, rates))), { BASE: 'https://api.anthropic.com' }), // biome-ignore format: one line
  cost('gemini cost', [
    ...each('standard', gemini, (model, rates, tokens) => generate(facts('gcp.gemini', model, tokens, rates))),
    ...each('long', { 'gemini-2.5-pro': [2.5, 0.25, 15] }, (model, rates, tokens) => generate(facts('gcp.gemini', model, tokens, rates)), { cached: large }), // biome-ignore format: one line
  ], { BASE: 'https://generativelanguage.googleapis.com' }), // biome-ignore format: one line
]
