// When the first content came, where the provider lets wait before the first and before the last.
import { messages } from '../answers/anthropic'
import { converse } from '../answers/bedrock'
import { generate } from '../answers/google'
import { chat } from '../answers/openai-chat'
import { responses } from '../answers/openai-responses'
import type { Call, Case, Facts, Node } from '../case'
import { factsOf } from './facts'

const waitMs = 400
const from22: readonly Node[] = [22, 24, 26]
const gpt = () => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { waitMs })
const claude = () => factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', { waitMs })
const gemini = () => factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', { waitMs })
const nova = (): Facts => {
  const { id: _, ...facts } = factsOf('aws.bedrock', 'amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0', { waitMs })
  return facts
}

const ttft = (app: string, calls: Record<string, Call>, more: Partial<Case> = {}): Case => ({
  group: 'ttft',
  name: `ttft of ${app}`,
  app,
  calls,
  ...more,
})

export const ttfts: readonly Case[] = [
  ttft('openai.mjs', { 'ttft: chat stream': chat(gpt()), 'ttft: chat stream, not asked for usage': chat(gpt()), 'ttft: responses stream': responses(gpt()) }, { nodes: from22 }), // biome-ignore format: one line
  ttft('anthropic.mjs', { 'ttft: create stream': messages(claude()), 'ttft: stream()': messages(claude()) }),
  ttft('genai.mjs', { 'ttft: generateContentStream': generate(gemini()) }, { nodes: from22 }),
  ttft('bedrock.mjs', { 'ttft: converse stream': converse(nova()), 'ttft: converse stream, http1': converse(nova()) }),
  ttft('langchain.mjs', { 'ttft: stream': chat(gpt()) }),
  ttft('ai.mjs', { 'ttft: responses stream': responses(gpt()), 'ttft: chat stream': chat(gpt()) }, { nodes: from22 }),
  ttft('http-clients.mjs', { 'ttft: https of a stream': chat({ ...gpt() }), 'ttft: axios of a stream': chat(gpt()), 'ttft: node-fetch of a stream': chat(gpt()), 'ttft: http2 of a stream': chat(gpt()) }), // biome-ignore format: one line
]
