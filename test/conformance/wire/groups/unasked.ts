// Streams of OpenAI's chat completions without `include_usage`: the provider bills them, and tells counts only to who asks.
import { chat, chatAnswer } from '../answers/openai-chat'
import { type Call, type Case, type Documented, type Facts, json } from '../case'
import { factsOf } from './facts'

const facts = () => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: ['stop'] })

type Way = (facts: Facts) => Call
const asItComes: Way = facts => chat(facts)
/** Where one piece ends says nothing of where an event does. */
const byteByByte: Way = facts => ({
  facts: [facts],
  answer(request) {
    const { parts, ...answer } = chatAnswer(facts, request)
    const bytes = Buffer.from(parts.filter(part => typeof part === 'string').join(''))
    return { ...answer, parts: Array.from(bytes, byte => Buffer.of(byte)) }
  },
})
const halfEvent = ['data: {"half', 50]
/** The connection is lost, after these events and what follows. */
const cut =
  (further: readonly (string | number)[]): Way =>
  ({ input: _, output: __, cacheRead: ___, finish: ____, ...facts }) => ({
    facts: [{ ...facts, cost: 'unknown', error: 'any' }],
    answer(request) {
      const { parts, ...answer } = chatAnswer(facts, request)
      return { ...answer, parts: [...parts.slice(0, 4), 50, ...further], ends: 'cut' }
    },
  })
const refused: Way = ({ provider }) => ({
  facts: [{ provider, model: 'gpt-5-mini', cost: 'unknown', error: ['400'] }],
  answer: () =>
    json({ error: { message: 'no', type: 'invalid_request_error', param: null, code: null } }, { status: 400 }),
})

const calls = (prefix: string, names: readonly string[], way: Way = asItComes) =>
  Object.fromEntries(names.map(name => [`${prefix}: ${name}`, way(facts())]))

const byFetch = ['global fetch', 'global fetch with a Request', 'global fetch with bytes']
const byOthers = ['openai 4', 'langchain', 'node-fetch', 'axios', 'axios by fetch']
const byHttps = ['https', 'https with an encoding', 'https by a pipe', 'https by events', 'https by readable', 'https, written in parts', 'https with a length'] // biome-ignore format: one line
const byUndici = ['undici request', 'undici fetch', 'undici stream']

const documented: readonly Documented[] = [
  {
    verdict: 'silent',
    page: 'docs/prices.md',
    says: "It does not work for npm undici's own `fetch`, for `node:http2`, or for bodies written in several chunks",
    calls: /undici fetch|openai with undici|written in parts/,
  },
]
const refusals = ['global fetch', 'global fetch with a Request', 'https', 'undici request', 'node-fetch']

export const unasked: readonly Case[] = [
  // a process of its own each: what was refused once is remembered
  ...refusals.map(name => ({
    group: 'unasked',
    name: `refused ${name}`,
    app: 'unasked.mjs',
    calls: { ...calls('first', [name], refused), ...calls('second', [name], refused), ...calls('then', [name]) },
    modules: { openai: 'openai-6', undici: 'undici-7' },
  })),
  {
    group: 'unasked',
    name: 'unasked',
    app: 'unasked.mjs',
    calls: {
      ...calls('unasked', [...byFetch, ...byOthers, ...byHttps, ...byUndici, 'openai']),
      ...calls(
        'byte by byte',
        [...byFetch, ...byHttps, 'axios', 'axios by fetch', 'node-fetch', ...byUndici],
        byteByByte,
      ),
      ...calls('cut', ['global fetch', 'https', 'https by events', 'axios', 'node-fetch', 'undici request'], cut([])),
      // other readers and undici drop half of an event before an error
      ...calls('cut within', ['global fetch', 'https by events'], cut(halfEvent)),
    },
    modules: { openai: 'openai-6', undici: 'undici-7' },
    documented,
    quick: true,
  },
  {
    group: 'unasked',
    name: 'unasked, newest',
    app: 'unasked.mjs',
    calls: calls('unasked', ['openai', 'openai with undici', 'ai 7', 'got', ...byUndici]),
    modules: { undici: 'undici-8' },
    documented,
    nodes: [22, 24, 26],
  },
]
