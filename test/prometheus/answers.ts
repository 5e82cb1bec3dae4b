// What each PromQL query of the catalogue answers about metrics.ts over the last hour, derived by hand.
import type { Expected } from '../support/ask'

const near = { within: 0.01 }

export const answers: Record<string, Expected> = {
  'cache-hit-ratio': { groups: { 'gpt-5-mini': 0.25 }, ...near },
  'call-error-ratio': { last: { openai: 2 / 12 }, ...near },
  // 11.4 of 12 calls: 0.4 into the one call of the bucket from 2 to 4; 4.75 of 5 of the first bucket
  'call-p95': { last: { 'gpt-5-mini': 2.8, 'claude-sonnet-5': 0.95 }, ...near },
  'fast-calls': { groups: { '': 16 / 17 }, ...near },
  // from 0.32 + 0.95 * 0.32 to twice that
  'first-token-p95': { last: { 'gpt-5-mini': 1.248 }, ...near },
  'first-token-regression': { parameters: { ago: '30m' }, groups: { 'gpt-5-mini': 2 }, ...near },
  quality: { groups: { relevance: 0.8 }, ...near },
  redactions: { groups: { EMAIL: 180 }, ...near },
  'service-error-ratio': { last: { 'chat-api': 0.1 }, ...near },
  spend: { groups: { 'anthropic / claude-sonnet-5': 3, 'openai / gpt-5-mini': 1.8 }, ...near },
  'spend-per-hour': { last: { 'claude-sonnet-5': 3, 'gpt-5-mini': 1.8 }, ...near },
  'tokens-per-second': { last: { input: 25, output: 2.5 }, ...near },
  'unpriced-operations': { groups: { 'no_price / ollama / local-llm': 60 }, ...near },
}
