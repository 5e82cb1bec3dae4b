// The scenarios of `ollama`.
import { Ollama } from 'ollama'
import { run } from './harness.mjs'

const ask = { model: 'llama3.2', messages: [{ role: 'user', content: 'Grüße, 世界' }] }

/** Signals go in by a fetch of one's own; it calls the global one, as the client does without it. */
const client = (base, signal) =>
  new Ollama({ host: base, ...(signal && { fetch: (url, init) => fetch(url, { ...init, signal }) }) })

run({
  answers: ['ollama-plain', 'ollama-stream', 'ollama-error'],
  ask: (base, signal) => client(base, signal).chat(ask),
  stream: (base, signal) => client(base, signal).chat({ ...ask, stream: true }),
  more: {
    'abort()': async base => {
      const events = []
      const stream = await client(base('ollama-stream', 'stallAfter=2')).chat({ ...ask, stream: true })
      setTimeout(() => stream.abort(), 40)
      for await (const event of stream) events.push(event)
      return events
    },
  },
})
