// Code that Cohere's APIs share.

import type { Usage } from '../../usage'
import { count, type Doc, doc, text } from '../../wire/json'
import { errorIn } from '../errors'
import type { ProviderError } from '../protocol'

const FAMILIES = /^(?:command|c4ai|aya|embed|rerank)\b/

/** Cohere's paths are not specific, so the host or the model's name decides. */
export function isCohere(url: URL, model: string | undefined): boolean {
  return /(?:^|\.)cohere\.(?:com|ai)$/.test(url.hostname) || (model !== undefined && FAMILIES.test(model))
}

/** Billed units take precedence over tokens, as the conventions require; only the tokens include a count of cached ones. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  return tokens(doc(counts?.billed_units), undefined) ?? tokens(doc(counts?.tokens), count(counts?.cached_tokens))
}

function tokens(counts: Doc | undefined, cacheRead: number | undefined): Usage | undefined {
  const input = count(counts?.input_tokens)
  const output = count(counts?.output_tokens)
  const searchUnits = count(counts?.search_units)
  if (input === undefined && output === undefined && searchUnits === undefined) return undefined
  return { input, output, cacheRead, searchUnits }
}

/** An error is a top-level message. An answer may also have an error as its finish reason. */
export function errorOf(answer: Doc, reason?: string): ProviderError | undefined {
  if (reason?.startsWith('ERROR')) return { type: reason, message: text(answer.error) }
  const message = text(answer.message)
  return errorIn(answer) ?? (message ? { type: undefined, message } : undefined)
}
