// What is billed beside or in place of the plain counts, as the newest types tell it.
import { messages } from '../answers/anthropic'
import { generate } from '../answers/google'
import { responses, type Sent } from '../answers/openai-responses'
import type { Call, Case, Facts } from '../case'
import { usd } from '../prices'
import { factsOf } from './facts'

const mini = 'gpt-5-mini'
const gpt = (more: Partial<Facts> = {}): Facts => factsOf('openai', 'gpt-5-mini-2025-08-07', mini, more)
const dearer = (facts: Facts, usd: number): Facts => ({ ...facts, cost: (facts.cost as number) + usd })

const noImages = { input_tokens: 0, input_tokens_details: { image_tokens: 0, text_tokens: 0 }, output_tokens: 0, total_tokens: 0 } // biome-ignore format: one line
const searched = (requests: number): Partial<Sent> => ({
  tools: [{ type: 'web_search' }],
  tool_usage: { image_gen: noImages, web_search: { num_requests: requests } },
})
const sources = (count: number): Partial<Sent> => ({
  tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }],
  output: Array.from({ length: count }, (_, n) => ({ type: 'file_search_call' as const, id: `fs_${n}`, queries: ['a'], status: 'completed' as const })), // biome-ignore format: one line
})
/** By gpt-image-1-mini: text 2, images 2.5 and 8 USD for a million. */
const drawn: Partial<Sent> = {
  tools: [{ type: 'image_generation', model: 'gpt-image-1-mini' }],
  tool_usage: {
    image_gen: { input_tokens: 200, input_tokens_details: { image_tokens: 100, text_tokens: 100 }, output_tokens: 4000, total_tokens: 4200 }, // biome-ignore format: one line
    web_search: { num_requests: 0 },
  },
}

/** The model that draws is one of its own, which the first one calls. */
function image(): Call {
  const cost = (100 * 2 + 100 * 2.5 + 4000 * 8) / 1e6
  const drawing: Facts = {
    provider: 'openai',
    model: 'gpt-image-1-mini',
    input: 200,
    imageInput: 100,
    output: 4000,
    imageOutput: 4000,
    cost,
  }
  const call = responses(gpt(), drawn)
  return { ...call, facts: [...call.facts, drawing] }
}

/** 2 USD for a million of input, 2.5 written to the cache for 30 minutes, 5 for 12 hours, 0.2 read, 10 of output. */
function stored(): Call {
  const facts: Facts = {
    id: 'resp_stored',
    provider: 'openai',
    model: 'gpt-6-sol',
    input: 20_000,
    cacheWrite: 12_000,
    output: 100,
    cost: (8000 * 2 + 2000 * 2.5 + 10_000 * 5 + 100 * 10) / 1e6,
  }
  return responses(facts, {
    usage: {
      input_tokens: 20_000,
      input_tokens_details: {
        cached_tokens: 0,
        cache_write_tokens: 12_000,
        cache_write_tokens_details: { ttl_12h_tokens: 10_000, ttl_30m_tokens: 2000 },
      },
      output_tokens: 100,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 20_100,
    },
  })
}

const claude = (more: Partial<Facts> = {}) => factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', more) // biome-ignore format: one line

/** An hour in the cache costs 6 USD a million where five minutes cost 3.75. */
function anHour(): Call {
  const tokens = { input: 9000, cacheRead: 0, cacheWrite: 8000, output: 100 }
  const facts = claude(tokens)
  const cost = usd('claude-sonnet-4-5', { input: 1000, output: 100 }) + (8000 * 6) / 1e6
  return messages({ ...facts, cost }, { usage: { cache_creation: { ephemeral_1h_input_tokens: 8000, ephemeral_5m_input_tokens: 0 } } }) // biome-ignore format: one line
}

const gemini = () => factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', { finish: ['STOP'] })
/** A request that was grounded is charged once, however many queries it made: 35 USD for a thousand. */
const grounded = () => {
  const facts = gemini()
  return generate(dearer(facts, 0.035), {
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Grüße' }] },
        finishReason: 'STOP' as never,
        groundingMetadata: { webSearchQueries: ['a', 'b'], groundingChunks: [{ web: { uri: 'https://a.example' } }] },
      },
    ],
  })
}

const billed = (name: string, app: string, calls: Record<string, Call>, more: Partial<Case> = {}): Case => ({
  group: 'billed',
  name,
  app,
  calls,
  ...more,
})

const openaiCalls = (): Record<string, Call> => ({
  'web search: responses': responses(dearer(gpt(), 3 * 0.01), searched(3)),
  'web search: responses stream': responses(dearer(gpt(), 1 * 0.01), searched(1)),
  'no web search: responses': responses(gpt(), searched(0)),
  'file search: responses': responses(dearer(gpt(), 2 * 0.0025), sources(2)),
  'image: responses': image(),
  'stored for 12 hours: responses': stored(),
})

export const billedCalls: readonly Case[] = [
  billed('openai 7, billed', 'openai.mjs', openaiCalls(), { nodes: [22, 24, 26] }),
  billed('openai 6, billed', 'openai.mjs', openaiCalls(), { nodes: [20], modules: { openai: 'openai-6' } }),
  billed('anthropic, billed', 'anthropic.mjs', {
    'an hour: create': anHour(),
    'web search: create': messages(dearer(claude(), 2 * 0.01), { usage: { server_tool_use: { web_fetch_requests: 0, web_search_requests: 2 } } }), // biome-ignore format: one line
    // 1.1 of the price inside of the United States
    'us: beta create': messages(inUs(), { usage: { inference_geo: 'us' } }),
  }),
  billed('genai, billed', 'genai.mjs', { 'grounding: generateContent': grounded() }, { nodes: [22, 24, 26] }),
]

function inUs(): Facts {
  const tokens = { input: 9000, cacheRead: 0, output: 100 }
  return {
    id: 'msg_us',
    provider: 'anthropic',
    model: 'claude-opus-4-6',
    ...tokens,
    cost: usd('claude-opus-4-5', tokens) * 1.1,
  }
}
