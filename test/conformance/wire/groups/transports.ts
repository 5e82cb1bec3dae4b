// Every way to send a request: one call is one span, whatever mix of clients, protocols, agents and versions carries it.
import { chat } from '../answers/openai-chat'
import type { Call, Case, Documented, Node } from '../case'

/** USD a token: https://openai.com/api/pricing, gpt-4o-mini */
const usd = { input: 0.15e-6, cacheRead: 0.075e-6, output: 0.6e-6 }

let made = 0
/** Each with counts of its own, so that one taken for another is seen. */
function call(name: string): Call {
  made++
  const [input, cacheRead, output] = [1000 + made, 400 + made, 50 + made]
  const cost = (input - cacheRead) * usd.input + cacheRead * usd.cacheRead + output * usd.output
  const id = `chatcmpl-${name.replaceAll(/\W+/g, '-')}-${made}`
  return chat({
    id,
    provider: 'openai',
    model: 'gpt-4o-mini-2024-07-18',
    input,
    cacheRead,
    output,
    finish: ['stop'],
    cost,
  })
}

const calls = (prefix: string, names: readonly string[]): Record<string, Call> =>
  Object.fromEntries(names.map(name => `${prefix}: ${name}`).map(name => [name, call(name)]))

const transport = (name: string, app: string, names: readonly string[], more: Partial<Case> = {}): Case => ({
  group: 'transports',
  name,
  app,
  calls: calls(name, names),
  ...more,
})

/** Of npm's undici: `h2` and `h1` say what the dispatchers are made with; by default version 8 speaks HTTP/2 and the others do not. */
const undici = (version: 6 | 7 | 8, protocol?: 'h1' | 'h2'): Case => {
  const name = `undici ${version}${protocol ? ` ${protocol}` : ''}`
  const ways = ['request', 'request of a stream', 'fetch', 'fetch of a stream', 'stream', 'pipeline', 'Client', 'Pool', 'Agent', 'RetryAgent', 'ProxyAgent', 'interceptors'] // biome-ignore format: one line
  return transport(name, 'undici.mjs', [...ways, ...(version === 6 ? [] : ['EnvHttpProxyAgent'])], {
    modules: { undici: `undici-${version}` },
    env: { ...(protocol && { H2: String(protocol === 'h2') }) },
    ...(version === 8 && { nodes: [22, 24, 26] as Node[], quick: true }),
  })
}
const global = (version: 6 | 7 | 8): Case => ({
  ...transport(
    `undici ${version}, global`,
    'undici-global.mjs',
    ['dispatcher', 'setGlobalDispatcher', ...(version === 6 ? [] : ['install'])],
    {
      modules: { undici: `undici-${version}` },
      ...(version === 8 && { nodes: [22, 24, 26] as Node[] }),
    },
  ),
})

const documentedWorker: Documented = {
  verdict: 'dark',
  page: 'docs/troubleshooting.md',
  says: 'nothing in a worker thread | workers are off by default',
  calls: /worker$/,
}

export const transports: readonly Case[] = [
  transport(
    'global fetch',
    'fetch.mjs',
    ['plain', 'stream', 'Request', 'first of two', 'second of two', 'keep-alive'],
    {
      quick: true,
    },
  ),
  ...([6, 7, 8] as const).flatMap(version => [undici(version), undici(version, 'h2')]),
  undici(8, 'h1'),
  ...([6, 7, 8] as const).map(global),
  transport('http clients', 'http-clients.mjs', ['https', 'https of a stream', 'https, kept alive', 'https-proxy-agent', 'http2', 'http2 of a stream', 'axios', 'axios of a stream', 'axios by fetch', 'axios by fetch, of a stream', 'node-fetch', 'node-fetch of a stream']), // biome-ignore format: one line
  transport('got', 'got.mjs', ['got', 'got of a stream', 'got http2', 'got http2, of a stream'], {
    nodes: [22, 24, 26],
  }),
  transport('openai 6', 'openai-transports.mjs', ['plain', 'stream', 'undici fetch'], {
    modules: { openai: 'openai-6', undici: 'undici-6' },
  }),
  transport('openai 7', 'openai-transports.mjs', ['plain', 'stream', 'undici fetch', 'undici ProxyAgent'], {
    modules: { undici: 'undici-8' },
    nodes: [22, 24, 26],
    quick: true,
  }),
  transport('others', 'processes.mjs', ['fork', 'NODE_OPTIONS', 'worker'], { documented: [documentedWorker] }),
  transport('workers on', 'processes.mjs', ['worker'], { env: { AFN_WORKERS: 'true' } }),
]
