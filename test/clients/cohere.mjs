// The scenarios of `cohere-ai`.
import { CohereClientV2 } from 'cohere-ai'
import { run } from './harness.mjs'

const ask = { model: 'command-a-03-2025', messages: [{ role: 'user', content: 'Grüße, 世界' }] }

const client = base => new CohereClientV2({ token: 'test', environment: base, baseUrl: base })
const options = abortSignal => ({ maxRetries: 0, abortSignal })

run({
  lingers: true,
  answers: ['cohere-plain', 'cohere-stream', 'cohere-error'],
  ask: (base, signal) => client(base).chat(ask, options(signal)),
  stream: (base, signal) => client(base).chatStream(ask, options(signal)),
  more: {
    withRawResponse: async base => {
      const answer = client(base('cohere-plain')).chat(ask, options())
      const raw = await answer.withRawResponse?.()
      return raw && { data: raw.data, status: raw.rawResponse.status, headers: raw.rawResponse.headers }
    },
    timeout: base => client(base('cohere-plain', 'delayMs=2000')).chat(ask, { maxRetries: 0, timeoutInSeconds: 0.05 }),
  },
})
