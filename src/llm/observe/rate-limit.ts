// How much of the provider's rate limit is left, from the headers of an answer. Called by the call when the answer begins.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT,
  ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING,
  ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT,
  ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING,
  ATTR_AFN_LLM_RETRY_AFTER,
} from '../../../semconv'
import type { HeaderOf } from '../providers/protocol'

/** OpenAI's names, which most hosts took over, then Anthropic's, then those of Together and Mistral. */
const counts: readonly (readonly [attribute: string, headers: readonly string[]])[] = [
  [
    ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT,
    [
      'x-ratelimit-limit-requests',
      'anthropic-ratelimit-requests-limit',
      'x-ratelimit-limit',
      'x-ratelimit-limit-req-minute',
    ],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING,
    [
      'x-ratelimit-remaining-requests',
      'anthropic-ratelimit-requests-remaining',
      'x-ratelimit-remaining',
      'x-ratelimit-remaining-req-minute',
    ],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT,
    ['x-ratelimit-limit-tokens', 'anthropic-ratelimit-tokens-limit', 'x-ratelimit-limit-tokens-minute'],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING,
    ['x-ratelimit-remaining-tokens', 'anthropic-ratelimit-tokens-remaining', 'x-ratelimit-remaining-tokens-minute'],
  ],
]

/** @param now milliseconds, for a `retry-after` that is a date */
export function rateLimitAttributes(header: HeaderOf, status: number, now: number): Attributes {
  const attributes: Attributes = {}
  for (const [attribute, names] of counts) {
    for (const name of names) {
      const told = header(name)
      if (!told || !/^\d{1,15}$/.test(told)) continue
      attributes[attribute] = Number(told)
      break
    }
  }
  // Some hosts send it with every answer; it asks for a wait only where the request was refused.
  if (status >= 400) attributes[ATTR_AFN_LLM_RETRY_AFTER] = retryAfter(header, now)
  return attributes
}

function retryAfter(header: HeaderOf, now: number): number | undefined {
  const ms = Number.parseFloat(header('retry-after-ms') ?? '')
  if (ms >= 0) return ms / 1000
  const told = header('retry-after') ?? ''
  if (/^\d+(\.\d+)?$/.test(told)) return Number(told)
  const date = told ? Date.parse(told) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now) / 1000
}
