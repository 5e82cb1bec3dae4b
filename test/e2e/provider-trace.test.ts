// `traceparent` to model providers that the user named, under the packed preload: what a provider sends of its own side is then below the
// call. Everybody else gets what the app sends, byte for byte.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { startReplay } from '../unit/llm/replay'

const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const app = `
const http = require('node:http')
const { text } = require('node:stream/consumers')
const { context, propagation, trace } = require('@opentelemetry/api')
const Anthropic = require('@anthropic-ai/sdk').default
const OpenAI = require('openai').default
const undici = require('undici')
const { PORT, HOST = '127.0.0.1' } = process.env
const base = id => 'http://' + HOST + ':' + PORT + '/' + id
const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })
const headers = { 'content-type': 'application/json' }
const chat = '/v1/chat/completions'
const post = more => ({ method: 'POST', body, headers: { ...headers, ...more } })
const ways = {
  fetch: async () => (await fetch(base('chat-plain') + chat, post({}))).text(),
  'fetch of a Request': async () => (await fetch(new Request(base('chat-plain') + chat, post({})))).text(),
  anthropic: () => new Anthropic({ apiKey: 'sk-ant-test', baseURL: base('message-plain') })
    .messages.create({ model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] }),
  openai: () => new OpenAI({ apiKey: 'sk-test', baseURL: base('chat-plain') + '/v1' })
    .chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }),
  http: () => new Promise((resolve, reject) => http.request(base('chat-plain') + chat, { method: 'POST', headers },
    response => text(response).then(resolve)).on('error', reject).end(body)),
  undici: async () => (await undici.request(base('chat-plain') + chat, post({}))).body.text(),
  'a call that another library traces too': () => trace.getTracer('theirs').startActiveSpan('chat gpt-4o-mini',
    { kind: 2, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o-mini' } },
    span => ways.fetch().then(() => span.end())),
  'its own': async () => (await fetch(base('chat-plain') + chat, post({ traceparent: '${own}' }))).text(),
  'its own by http': () => new Promise((resolve, reject) => http.request(base('chat-plain') + chat,
    { method: 'POST', headers: { ...headers, Traceparent: '${own}' } }, response => text(response).then(resolve)).on('error', reject).end(body)),
  signed: async () => (await fetch(base('converse-plain') + '/model/anthropic.claude-3/converse',
    { ...post({ authorization: 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c' }), body: JSON.stringify({ messages: [] }) })).text(),
}
const baggage = propagation.createBaggage({ user: { value: 'u-1' } })
context.with(propagation.setBaggage(context.active(), baggage), async () => {
  for (const [name, way] of Object.entries(ways))
    await trace.getTracer('app').startActiveSpan(name, async span => {
      await way()
      span.end()
    })
})`

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay()
})
afterAll(() => replay.close())

type Sent = Readonly<Record<string, string>>

async function sent(env: Record<string, string>, preload = true) {
  const receiver = await startReceiver()
  replay.received.length = 0
  const folder = makeApp({
    files: { 'app.cjs': app },
    modules: Object.fromEntries(
      ['@anthropic-ai/sdk', '@opentelemetry/api', 'openai', 'undici'].map(name => [name, name]),
    ),
  })
  const { port } = new URL(replay.base(''))
  const ran = await run(folder, [...(preload ? ['--require', '@afn/otel'] : []), 'app.cjs'], {
    env: { PORT: port, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
  })
  const requests = replay.received.map(({ rawHeaders }): Sent => {
    const pairs = rawHeaders.flatMap((name, at) => (at % 2 ? [] : [[name.toLowerCase(), rawHeaders[at + 1]!] as const]))
    return Object.fromEntries(pairs)
  })
  const spans = receiver.spans()
  await receiver.close()
  return { ran, requests, spans }
}

const without = ({ traceparent, ...rest }: Sent) => rest

it('a provider that is named does not get the trace of its call, or gets more than that', async () => {
  const bare = await sent({}, false)
  const { ran, requests, spans } = await sent({ AFN_PROVIDER_TRACE_HOSTS: 'api.anthropic.com, 127.0.0.1' })
  expect(ran).toEqual(bare.ran)
  expect(requests.map(without)).toEqual(bare.requests.map(without))
  const parents = spans.filter(({ scope }) => scope === 'app').toSorted((a, b) => Number(a.startNano - b.startNano))
  expect(parents.map(({ name }) => name)).toContain('signed')
  for (const [at, parent] of parents.entries()) {
    const { traceparent } = requests[at]!
    if (parent.name.startsWith('its own')) expect(traceparent, parent.name).toBe(own)
    else if (parent.name === 'signed') expect(traceparent).toBeUndefined()
    else {
      const calls = spans.filter(one => one.traceId === parent.traceId && one.attributes['gen_ai.operation.name'])
      expect(calls, parent.name).toHaveLength(1)
      expect(traceparent, parent.name).toBe(`00-${parent.traceId}-${calls[0]!.spanId}-01`)
    }
  }
})

it('a provider that is not named gets the trace', async () => {
  const bare = await sent({}, false)
  const { requests } = await sent({ AFN_PROVIDER_TRACE_HOSTS: 'api.anthropic.com' })
  expect(requests).toEqual(bare.requests)
})
