// The scenarios of `@mistralai/mistralai`.
import { Mistral } from '@mistralai/mistralai'
import { all, run } from './harness.mjs'

const ask = { model: 'mistral-small-latest', messages: [{ role: 'user', content: 'Grüße, 世界' }] }

const chat = base => new Mistral({ apiKey: 'test', serverURL: base, retryConfig: { strategy: 'none' } }).chat
const options = signal => signal && { fetchOptions: { signal } }

run({
  answers: ['mistral-plain', 'mistral-stream', 'mistral-error'],
  ask: (base, signal) => chat(base).complete(ask, options(signal)),
  stream: (base, signal) => chat(base).stream(ask, options(signal)),
  more: {
    'as a ReadableStream': async base => {
      const stream = await chat(base('mistral-stream')).stream(ask)
      const [a, b] = stream.tee()
      return { a: await all(a), b: await all(b) }
    },
    headers: base => chat(base('mistral-plain')).complete(ask, { fetchOptions: { headers: { 'X-Own': '1' } } }),
    timeout: base => chat(base('mistral-plain', 'delayMs=2000')).complete(ask, { timeoutMs: 40 }),
  },
})
