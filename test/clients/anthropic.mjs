// The scenarios of `@anthropic-ai/sdk`.
import Anthropic from '@anthropic-ai/sdk'
import { all, collectGarbage, failing, run } from './harness.mjs'

const ask = { model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content: 'Grüße, 世界' }] }
const streamed = { ...ask, stream: true }

const messages = (base, options) =>
  new Anthropic({ apiKey: 'sk-ant-test', baseURL: base, maxRetries: 0, ...options }).messages

run({
  answers: ['message-plain', 'message-stream', 'message-overloaded-529'],
  ask: (base, signal) => messages(base).create(ask, { signal }),
  stream: (base, signal) => messages(base).create(streamed, { signal }),
  more: {
    withResponse: async base => {
      const { data, response, request_id } = await messages(base('message-plain')).create(ask).withResponse()
      return { data, id: data._request_id, response, request_id }
    },
    'withResponse of a stream': async base => {
      const { data, response } = await messages(base('message-stream')).create(streamed).withResponse()
      return { class: data.constructor.name, events: await all(data), response }
    },
    asResponse: async base => {
      const response = await messages(base('message-plain')).create(ask).asResponse()
      return { response, text: await response.clone().text(), json: await response.json(), used: response.bodyUsed }
    },
    'asResponse, unread': async base => {
      await messages(base('message-stream', 'stallAfter=2')).create(streamed).asResponse()
    },
    'garbage of the response': collectGarbage,
    'the promise': async base => {
      const promise = messages(base('message-plain')).create(ask)
      const kinds = [promise.constructor.name, typeof promise.withResponse]
      const [first, second] = [await promise, await promise]
      return { kinds, same: first === second, last: await promise.finally(() => {}) }
    },
    tee: async base => {
      const [a, b] = (await messages(base('message-stream')).create(streamed)).tee()
      return { a: await all(a), b: await all(b) }
    },
    toReadableStream: async base => {
      const stream = await messages(base('message-stream')).create(streamed)
      return new Response(stream.toReadableStream()).text()
    },
    'iterated twice': async base => {
      const stream = await messages(base('message-stream')).create(streamed)
      return { first: await all(stream), second: await failing(() => all(stream)) }
    },
    'stream helper': async base => {
      const seen = []
      const helper = messages(base('message-stream')).stream(ask)
      for (const name of ['connect', 'text', 'contentBlock', 'message', 'end', 'error']) {
        helper.on(name, value => seen.push([name, value]))
      }
      return { final: await helper.finalMessage(), text: await helper.finalText(), seen }
    },
    'stream helper, left': async base => {
      for await (const { type } of messages(base('message-stream', 'pauseMs=2')).stream(ask)) return type // the rest of it grows
    },
    'stream helper, aborted': async base => {
      const helper = messages(base('message-stream', 'stallAfter=3')).stream(ask)
      helper.once('streamEvent', () => setTimeout(() => helper.abort(), 30))
      return { error: (await failing(() => helper.finalMessage())).error, aborted: helper.aborted }
    },
    'overloaded within the stream': async base =>
      failing(async () => all(await messages(base('message-stream-overloaded')).create(streamed))),
    retry: base => messages(base('message-retry-529', 'then=message-plain'), { maxRetries: 1 }).create(ask),
    timeout: base => messages(base('message-plain', 'delayMs=2000'), { timeout: 40 }).create(ask),
    headers: base =>
      messages(base('message-plain'), { defaultHeaders: { 'X-Custom-Header': 'a', 'anthropic-beta': 'one' } }).create(
        ask,
        {
          headers: { 'x-call': '1' },
        },
      ),
  },
})
