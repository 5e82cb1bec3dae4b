// The scenarios of npm's `undici`, versions 5 to 8: an app that talks to a provider by itself.
import { Readable, Writable } from 'node:stream'
import { Agent, Client, FormData as FormDataOf, fetch as fetchOf, pipeline, request, stream } from 'undici'
import { all, failing, run } from './harness.mjs'

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Grüße, 世界' }] }
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } }
const post = (body, signal) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test', 'X-Order': '1' },
  body: JSON.stringify(body),
  ...(signal && { signal }),
})
function form() {
  const form = new FormDataOf()
  form.set('file', new Blob([Buffer.alloc(200_000, 'sound')]), 'a.wav')
  form.set('model', 'gpt-4o-transcribe')
  return form
}

const chat = base => `${base}/v1/chat/completions`

async function answered({ statusCode, headers, body }) {
  const text = await body.text()
  if (statusCode >= 400) throw new Error(`${statusCode} ${text}`)
  return { statusCode, headers, text }
}

/** By events, as clients read a stream: where the socket parts the bytes differs from run to run. */
async function* textOf(body) {
  let text = ''
  for await (const chunk of body) {
    const events = (text + Buffer.from(chunk).toString('latin1')).split('\n\n')
    text = events.pop()
    yield* events
  }
}

const joined = async events => (await all(events)).join('')

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: async (base, signal) => answered(await request(chat(base), post(ask, signal))),
  stream: async (base, signal) => {
    const answer = await request(chat(base), post(streamed, signal))
    if (answer.statusCode >= 400) await answered(answer)
    return textOf(answer.body)
  },
  more: {
    fetch: async base => {
      const response = await fetchOf(chat(base('chat-plain')), post(ask))
      return { status: response.status, headers: [...response.headers], json: await response.json() }
    },
    'fetch of a stream': async base => {
      const response = await fetchOf(chat(base('chat-stream-usage')), post(streamed))
      return joined(textOf(response.body))
    },
    'abort within the stream of a fetch': async base => {
      const controller = new AbortController()
      const response = await fetchOf(chat(base('chat-stream-usage', 'stallAfter=2')), post(streamed, controller.signal))
      return failing(async () => {
        for await (const _ of response.body) controller.abort()
      })
    },
    'json()': async base => (await request(chat(base('chat-plain')), post(ask))).body.json(),
    'dump()': async base => {
      const { body } = await request(chat(base('chat-plain')), post(ask))
      return body.dump()
    },
    'a body that is a stream': async base => {
      const body = Readable.from([JSON.stringify(ask).slice(0, 10), JSON.stringify(ask).slice(10)])
      return answered(await request(chat(base('chat-plain')), { ...post(ask), body }))
    },
    'stream()': async base => {
      const chunks = []
      const sink = new Writable({
        write(chunk, _, done) {
          chunks.push(chunk)
          done()
        },
      })
      await stream(chat(base('chat-stream-usage')), post(streamed), ({ statusCode }) => {
        chunks.push(Buffer.from(String(statusCode)))
        return sink
      })
      return Buffer.concat(chunks).toString()
    },
    'pipeline()': async base => {
      const { body, ...options } = post(streamed)
      const through = pipeline(chat(base('chat-stream-usage')), options, ({ body: answer }) => answer)
      through.end(body)
      return joined(textOf(through))
    },
    "a Client's own request": async base => {
      const { origin, pathname } = new URL(chat(base('chat-plain')))
      const client = new Client(origin)
      const answer = await answered(await client.request({ path: pathname, ...post(ask) }))
      await client.close()
      return answer
    },
    'an Agent of its own': async base => {
      const dispatcher = new Agent({ keepAliveTimeout: 10 })
      const answer = await answered(await request(chat(base('chat-plain')), { ...post(ask), dispatcher }))
      await dispatcher.close()
      return answer
    },
    'a form by request()': async base => {
      const { body } = await request(`${base('transcription')}/v1/audio/transcriptions`, {
        method: 'POST',
        body: form(),
      })
      return body.json()
    },
    'a form by fetch()': async base => {
      const response = await fetchOf(`${base('transcription')}/v1/audio/transcriptions`, {
        method: 'POST',
        body: form(),
      })
      return response.json()
    },
    'a wrong option': base => failing(() => request(chat(base('chat-plain')), { ...post(ask), headersTimeout: -1 })),
  },
})
