// Code that requests and answers of Vercel's AI Gateway share. The model is in a header.

import type { Usage } from '../../usage'
import { amount, count, type Doc, doc, text } from '../../wire/json'
import type { HeaderOf, ProviderCost } from '../protocol'

export const VERCEL = 'vercel'

/** In answers of its own protocol, and in those of OpenAI's format. */
export const costFields = { gateway: { cost: true, marketCost: true, generationId: true } } as const

export function modelIn(header: HeaderOf): string | undefined {
  return text(header('ai-language-model-id')) ?? text(header('ai-model-id'))
}

/** The charge to the gateway's credits. With a key of the user's own, it is zero, and the provider charges the market price. */
export function costOf(metadata: unknown): ProviderCost | undefined {
  const told = doc(doc(metadata)?.gateway)
  const total = decimal(told?.cost) || (decimal(told?.marketCost) ?? decimal(told?.cost))
  return total === undefined ? undefined : { total }
}

/** Parses a decimal number in a text. */
function decimal(value: unknown): number | undefined {
  return amount(typeof value === 'string' && value !== '' ? Number(value) : value)
}

/** Usage of a language model in version 6 and later, in version 5, and of all other models. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  const [inputs, outputs] = [doc(counts?.inputTokens), doc(counts?.outputTokens)]
  const input = count(inputs?.total) ?? count(counts?.inputTokens) ?? count(counts?.tokens)
  const output = count(outputs?.total) ?? count(counts?.outputTokens)
  if (input === undefined && output === undefined) return undefined
  return {
    input,
    output,
    cacheRead: count(inputs?.cacheRead) ?? count(counts?.cachedInputTokens),
    cacheWrite: count(inputs?.cacheWrite),
    reasoning: count(outputs?.reasoning) ?? count(counts?.reasoningTokens),
  }
}
