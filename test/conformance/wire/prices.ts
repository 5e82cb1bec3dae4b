// What the cases' models cost, copied by hand out of the two price tables, which agree on these. USD for a million tokens.
import type { Tokens } from './case'

interface Rates {
  readonly input: number
  readonly output: number
  readonly cacheRead?: number
  /** For five minutes. */
  readonly cacheWrite?: number
}

const rates = {
  'gpt-4o-mini': { input: 0.15, cacheRead: 0.075, output: 0.6 },
  'gpt-5': { input: 1.25, cacheRead: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cacheRead: 0.025, output: 2 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'claude-sonnet-4-5': { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 },
  'claude-opus-4-5': { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-haiku-4-5': { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 },
  'gemini-2.5-flash': { input: 0.3, cacheRead: 0.03, output: 2.5 },
  'gemini-2.5-pro': { input: 1.25, cacheRead: 0.125, output: 10 },
  'gemini-embedding-001': { input: 0.15, output: 0 },
  'command-a-03-2025': { input: 2.5, output: 10 },
  'amazon.nova-lite-v1:0': { input: 0.06, cacheRead: 0.015, output: 0.24 },
} satisfies Record<string, Rates>

export type PricedModel = keyof typeof rates

export function usd(model: PricedModel, { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 }: Tokens): number {
  const rate: Rates = rates[model]
  const fresh = input - cacheRead - cacheWrite
  const millions = fresh * rate.input + cacheRead * (rate.cacheRead ?? rate.input) + output * rate.output
  return (millions + cacheWrite * (rate.cacheWrite ?? rate.input)) / 1e6
}
