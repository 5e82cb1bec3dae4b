// The usual calls of the newest clients.
import { messages } from '../answers/anthropic'
import { converse } from '../answers/bedrock'
import { generate } from '../answers/google'
import { chat } from '../answers/openai-chat'
import { responses } from '../answers/openai-responses'
import { cohereChat, embeddings, geminiEmbedding, images, ollamaChat, transcription } from '../answers/others'
import type { Call, Case, Facts, Node } from '../case'
import { factsOf } from './facts'

const from22: readonly Node[] = [22, 24, 26]

const gpt = (more?: Partial<Facts>) =>
  factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: ['stop'], ...more })
const claude = () =>
  factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', { finish: ['end_turn'], cacheWrite: 100 })
const gemini = () => factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', { finish: ['STOP'], reasoning: 20 })
const nova = () => {
  const { id: _, ...facts } = factsOf('aws.bedrock', 'amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0', {
    finish: ['end_turn'],
  })
  return facts
}

const named = (prefix: string, calls: Record<string, Call>): Record<string, Call> =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [`${prefix}: ${name}`, call]))
const fill = (names: readonly string[], make: () => Call) => Object.fromEntries(names.map(name => [name, make()]))

const chats = [
  'chat',
  'chat stream',
  'chat stream, not asked for usage',
  'chat.stream()',
  'parse',
  'withResponse',
  'asResponse',
]
const asks = ['responses', 'responses stream', 'responses.stream()', 'responses.parse()']
const { id: _, ...embedded } = factsOf('openai', 'text-embedding-3-small', 'text-embedding-3-small', {
  cacheRead: 0,
  output: 0,
})
const withoutId = ({ id: _, ...facts }: Facts): Facts => facts
const object = '{"word":"hi"}'

const usual = (name: string, app: string, calls: Record<string, Call>, more: Partial<Case> = {}): Case => ({
  group: 'usual',
  name,
  app,
  calls: named(name, calls),
  ...more,
})

const openaiCalls = () => ({
  ...fill(chats, () => chat(gpt())),
  ...fill(asks, () => responses(gpt({ finish: ['completed'] }))),
  embeddings: embeddings(embedded),
  images: images({
    provider: 'openai',
    model: 'gpt-image-1-mini',
    input: 150,
    imageInput: 100,
    output: 1000,
    imageOutput: 1000,
    // text 2, images 2.5 and 8 USD for a million
    cost: (50 * 2 + 100 * 2.5 + 1000 * 8) / 1e6,
  }),
})

const audio = () => ({
  transcription: transcription({
    provider: 'openai',
    model: 'gpt-4o-mini-transcribe',
    input: 140,
    audioInput: 120,
    output: 30,
    // the tables differ: LiteLLM's comes first, genai-prices has 3 for audio
    cost: (140 * 1.25 + 30 * 5) / 1e6,
  }),
})

export const usualCalls: readonly Case[] = [
  usual('openai 7', 'openai.mjs', openaiCalls(), { nodes: from22, quick: true }),
  usual('openai 7, audio', 'openai.mjs', audio(), { nodes: from22 }),
  usual('openai 6, audio', 'openai.mjs', audio(), { modules: { openai: 'openai-6' } }),
  usual('openai 6', 'openai.mjs', openaiCalls(), { modules: { openai: 'openai-6' } }),
  usual('anthropic', 'anthropic.mjs', fill(['create', 'create stream', 'stream()', 'beta create', 'beta stream', 'beta stream()'], () => messages(claude())), { quick: true }), // biome-ignore format: one line
  usual(
    'genai',
    'genai.mjs',
    {
      ...fill(['generateContent', 'generateContentStream', 'chat', 'chat stream'], () => generate(gemini())),
      embedContent: geminiEmbedding(withoutId(factsOf('gcp.gemini', 'gemini-embedding-001', 'gemini-embedding-001', { cacheRead: 0, output: 0 }))), // biome-ignore format: one line
    },
    { nodes: from22 },
  ),
  usual('bedrock', 'bedrock.mjs', fill(['converse', 'converse stream', 'converse, http1', 'converse stream, http1'], () => converse(nova()))), // biome-ignore format: one line
  usual('smaller', 'smaller.mjs', {
    ...fill(['mistral chat', 'mistral stream'], () => chat(factsOf('mistral_ai', 'mistral-medium-2505', undefined, { cacheRead: 0, cost: (2100 * 0.4 + 100 * 2) / 1e6, input: 2100, output: 100, finish: ['stop'] }), { always: true })), // biome-ignore format: one line
    ...fill(['cohere chat', 'cohere stream'], () => cohereChat(factsOf('cohere', 'command-a-03-2025', 'command-a-03-2025', { cacheRead: 0, finish: ['COMPLETE'] }))), // biome-ignore format: one line
    ...fill(['ollama chat', 'ollama stream'], () => ollamaChat(withoutId(factsOf('ollama', 'llama3.2', undefined, { cacheRead: 0, finish: ['stop'] })))), // biome-ignore format: one line
  }),
  usual('ai 7', 'ai.mjs', {
    ...fill(['responses generate', 'responses stream'], () => responses(gpt({ finish: ['completed'] }))),
    ...fill(['chat generate', 'chat stream'], () => chat(gpt())),
    ...fill(['anthropic generate', 'anthropic stream'], () => messages(claude())),
    ...fill(['google generate', 'google stream'], () => generate(gemini())),
    ...fill(['responses object', 'responses object stream'], () => responses(gpt({ finish: ['completed'] }), {}, object)),
    embed: embeddings(embedded),
  }, { nodes: from22 }), // biome-ignore format: one line
  usual(
    'langchain',
    'langchain.mjs',
    fill(['invoke', 'stream'], () => chat(gpt())),
  ),
]
