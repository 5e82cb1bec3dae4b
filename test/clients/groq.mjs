// The scenarios of `groq-sdk`.
import Groq from 'groq-sdk'
import { all, run } from './harness.mjs'

const ask = { model: 'llama-3.3-70b-versatile', messages: [{ role: 'user', content: 'Grüße, 世界' }] }
const streamed = { ...ask, stream: true }

const chat = (base, options) => new Groq({ apiKey: 'test', baseURL: base, maxRetries: 0, ...options }).chat.completions

run({
  answers: ['groq-plain', 'groq-stream', 'chat-error-503'],
  ask: (base, signal) => chat(base).create(ask, { signal }),
  stream: (base, signal) => chat(base).create(streamed, { signal }),
  more: {
    withResponse: async base => {
      const { data, response } = await chat(base('groq-plain')).create(ask).withResponse()
      return { data, response }
    },
    asResponse: async base => {
      const response = await chat(base('groq-stream')).create(streamed).asResponse()
      return { response, text: await response.text() }
    },
    tee: async base => {
      const [a, b] = (await chat(base('groq-stream')).create(streamed)).tee()
      return { a: await all(a), b: await all(b) }
    },
    retry: base => chat(base('chat-retry-503', 'then=groq-plain'), { maxRetries: 1 }).create(ask),
    timeout: base => chat(base('groq-plain', 'delayMs=2000'), { timeout: 40 }).create(ask),
  },
})
