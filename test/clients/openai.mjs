// The scenarios of `openai`, versions 4 to 7.
import { createReadStream } from 'node:fs'
import OpenAI, { toFile } from 'openai'
import { all, collectGarbage, failing, run } from './harness.mjs'

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Grüße, 世界' }] }
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } }

const client = (base, options) =>
  new OpenAI({ apiKey: 'sk-test', baseURL: `${base}/v1`, maxRetries: 0, organization: null, project: null, ...options })
const chat = (base, options) => client(base, options).chat.completions
// from version 5 on out of beta
const helpers = api => (api.beta.chat?.completions.parse ? api.beta.chat.completions : api.chat.completions)

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const format = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } }
const tool = { type: 'function', function: { name: 'get_weather', strict: true, parameters: schema } }

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: (base, signal) => chat(base).create(ask, { signal }),
  stream: (base, signal) => chat(base).create(streamed, { signal }),
  more: {
    withResponse: async base => {
      const { data, response, request_id } = await chat(base('chat-plain')).create(ask).withResponse()
      return { data, id: data._request_id, response, request_id }
    },
    'withResponse of a stream': async base => {
      const { data, response } = await chat(base('chat-stream-usage')).create(streamed).withResponse()
      return { class: data.constructor.name, events: await all(data), response }
    },
    asResponse: async base => {
      const response = await chat(base('chat-plain')).create(ask).asResponse()
      return { response, text: await response.clone().text(), json: await response.json(), used: response.bodyUsed }
    },
    'asResponse of a stream': async base => {
      const response = await chat(base('chat-stream-usage')).create(streamed).asResponse()
      return { response, text: await response.text(), again: await failing(() => response.text()) }
    },
    'asResponse, unread': async base => {
      await chat(base('chat-stream-usage', 'stallAfter=2')).create(streamed).asResponse()
    },
    'garbage of the response': collectGarbage,
    'the promise': async base => {
      const promise = chat(base('chat-plain')).create(ask)
      const kinds = [promise.constructor.name, typeof promise.withResponse, typeof promise.then(() => {}).withResponse]
      const [first, second] = [await promise, await promise]
      return { kinds, same: first === second, last: await promise.finally(() => {}) }
    },
    parse: async base => {
      const api = client(base('chat-json'))
      return helpers(api).parse({ ...ask, response_format: format })
    },
    'parse of a tool call': async base => {
      const api = client(base('chat-tool'))
      return helpers(api).parse({ ...ask, tools: [tool] })
    },
    tee: async base => {
      const [a, b] = (await chat(base('chat-stream-usage')).create(streamed)).tee()
      return { a: await all(a), b: await all(b) }
    },
    'tee, one of them left': async base => {
      const [a, b] = (await chat(base('chat-stream-usage')).create(streamed)).tee()
      for await (const _ of a) break
      return all(b)
    },
    toReadableStream: async base => {
      const stream = await chat(base('chat-stream-usage')).create(streamed)
      return new Response(stream.toReadableStream()).text()
    },
    'iterated twice': async base => {
      const stream = await chat(base('chat-stream-usage')).create(streamed)
      return { first: await all(stream), second: await failing(() => all(stream)) }
    },
    'controller.abort()': async base => {
      const stream = await chat(base('chat-stream-usage', 'stallAfter=2')).create(streamed)
      const events = []
      for await (const event of stream) {
        events.push(event)
        if (events.length === 2) stream.controller.abort()
      }
      return { events, aborted: stream.controller.signal.aborted }
    },
    'stream whose counts are not asked for': async base => {
      const { data, response } = await chat(base('chat-stream-unasked'))
        .create({ ...ask, stream: true })
        .withResponse()
      return { events: await all(data), response }
    },
    'stream whose counts are not asked for, byte by byte': async base =>
      all(await chat(base('chat-stream-unasked', 'split=1')).create({ ...ask, stream: true })),
    'break of a stream whose counts are not asked for': async base => {
      for await (const event of await chat(base('chat-stream-unasked', 'pauseMs=2')).create({ ...ask, stream: true }))
        return event
    },
    'stream helper': async base => {
      const api = client(base('chat-stream-usage'))
      const seen = []
      const runner = helpers(api).stream(streamed)
      for (const name of ['content', 'chunk', 'finalChatCompletion', 'end', 'error']) {
        runner.on(name, value => seen.push([name, name === 'chunk' ? value.id : value]))
      }
      return { final: await runner.finalChatCompletion(), usage: await runner.totalUsage(), seen }
    },
    'stream helper of tools': async base => {
      const api = client(base('chat-stream-tools'))
      return helpers(api)
        .stream({ ...streamed, tools: [tool] })
        .finalMessage()
    },
    runTools: async base => {
      const api = client(base('chat-tool', 'then=chat-plain'))
      const runnable = { type: 'function', function: { ...tool.function, function: () => 'rain', parse: JSON.parse } }
      const runner = helpers(api).runTools({ ...ask, tools: [runnable] })
      return { content: await runner.finalContent(), messages: runner.messages }
    },
    retry: base => chat(base('chat-retry-503', 'then=chat-plain'), { maxRetries: 1 }).create(ask),
    'retry of a stream': async base =>
      all(await chat(base('chat-retry-503', 'then=chat-stream-usage'), { maxRetries: 1 }).create(streamed)),
    timeout: base => chat(base('chat-plain', 'delayMs=2000'), { timeout: 40 }).create(ask),
    'error within the stream': async base => all(await chat(base('chat-stream-error')).create(streamed)),
    headers: base =>
      chat(base('chat-plain'), {
        defaultHeaders: {
          'X-Custom-Header': 'a',
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
          baggage: 'mine=1',
        },
        defaultQuery: { q: 'x y' },
      }).create(ask, { headers: { 'x-call': '1' } }),
    'a large request': base =>
      chat(base('chat-plain')).create({ ...ask, messages: [{ role: 'user', content: 'é'.repeat(500_000) }] }),
    responses: base => client(base('responses-plain')).responses?.create({ model: 'gpt-4o-mini', input: 'hi' }),
    'responses stream': async base => {
      const stream = await client(base('responses-stream')).responses?.create({
        model: 'gpt-4o-mini',
        input: 'hi',
        stream: true,
      })
      return stream && all(stream)
    },
    embeddings: base =>
      client(base('embeddings')).embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] }),
    transcription: async base => {
      const file = await toFile(Buffer.from('sound'), 'a.wav')
      return client(base('transcription')).audio.transcriptions.create({ file, model: 'gpt-4o-transcribe' })
    },
    'transcription of a file': base =>
      client(base('transcription')).audio.transcriptions.create({
        model: 'gpt-4o-transcribe',
        file: createReadStream(process.argv[1]),
      }),
    'edit of a picture': async base => {
      const image = await toFile(Buffer.alloc(200_000, 'picture'), 'a.png', { type: 'image/png' })
      return client(base('images-usage')).images.edit({ image, prompt: 'Grüße, 世界', model: 'gpt-image-1' })
    },
    'variation of a picture': async base => {
      const image = await toFile(Buffer.alloc(200_000, 'picture'), 'a.png', { type: 'image/png' })
      return client(base('images-usage')).images.createVariation({ image, model: 'dall-e-2' })
    },
    models: async base => (await client(base('models')).models.list()).data,
  },
})
