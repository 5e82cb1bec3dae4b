// Streams of OpenAI's chat completions without `include_usage`: the provider bills them, and tells counts only to who asks.
import { chat } from '../answers/openai-chat'
import type { Call, Case } from '../case'
import { factsOf } from './facts'

const call = (): Call => chat(factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: ['stop'] }))
const calls = (prefix: string, names: readonly string[]) =>
  Object.fromEntries(names.map(name => [`${prefix}: ${name}`, call()]))

const byFetch = ['global fetch', 'global fetch with a Request', 'global fetch with bytes']
const byOthers = ['openai 4', 'langchain', 'node-fetch', 'axios', 'axios by fetch', 'https']
const byUndici = ['undici request', 'undici fetch', 'undici stream']

export const unasked: readonly Case[] = [
  {
    group: 'unasked',
    name: 'unasked',
    app: 'unasked.mjs',
    calls: calls('unasked', [...byFetch, ...byOthers, ...byUndici, 'openai']),
    modules: { openai: 'openai-6', undici: 'undici-7' },
  },
  {
    group: 'unasked',
    name: 'unasked, newest',
    app: 'unasked.mjs',
    calls: calls('unasked', ['openai', 'openai with undici', 'ai 7', 'got', ...byUndici]),
    modules: { undici: 'undici-8' },
    nodes: [22, 24, 26],
  },
]
