// Requests to providers that became no call, by every client: each is told of, by host and reason, in the status and as a metric.
// The providers' names stand in `host` and `:authority`; what is asked is a server of this machine.
import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
  request.resume().on('end', () => response.end('{}'))
const first = http.createServer(answer)
const second = http2.createServer((request, response) => {
  request.resume().on('end', () => response.end('{}'))
})
const portOf = (server: http.Server | http2.Http2Server) => (server.address() as AddressInfo).port

beforeAll(async () => {
  for (const server of [first, second])
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(() => {
  first.closeAllConnections()
  for (const server of [first, second]) server.close()
})

const source = `
  const { PORT, PORT2 } = process.env
  const http = require('node:http')
  const http2 = require('node:http2')
  const { Client } = require('undici')
  const { context } = require('@opentelemetry/api')
  const { suppressTracing } = require('@opentelemetry/core')
  const send = (method, path, host, body) => new Promise(resolve => {
    const headers = { host, 'content-type': 'application/json' }
    http.request({ port: PORT, method, path, headers }, response => response.resume().on('end', resolve)).end(body)
  })
  const overHttp2 = (method, path, authority, body) => new Promise(resolve => {
    const session = http2.connect('http://127.0.0.1:' + PORT2)
    const stream = session.request({ ':method': method, ':path': path, ':authority': authority })
    stream.on('end', () => session.close(resolve)).resume().end(body)
  })
  const ask = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })
  ;(async () => {
    await send('GET', '/v1/models', 'api.openai.com')
    await send('POST', '/v1/moderations', 'api.openai.com', '{"input":"a"}')
    await send('POST', '/v2/brand-new/acct_12345?key=secret', 'api.openai.com', '{}')
    await send('POST', '/v1/chat/completions', 'eu.api.openai.com', '{"no":"model"}')
    await send('POST', '/v1/chat/completions', 'api.openai.com', ask)
    await send('POST', '/orders', 'shop.example', '{}')
    await context.with(suppressTracing(context.active()), () => send('POST', '/v2/ours', 'api.openai.com', '{}'))
    await overHttp2('POST', '/v9/speech', 'api.mistral.ai', '{}')
    const client = new Client('http://127.0.0.1:' + PORT)
    const headers = { host: 'api.anthropic.com' }
    await (await client.request({ method: 'POST', path: '/v1/messages', headers, body: '{"no":1}' })).body.dump()
    await client.close()
    const { status, flush } = require('@afn/otel/api')
    await flush()
    console.log(JSON.stringify(status().llm.unobserved))
  })()`

it('a request to a provider that became no call is told of by host and reason', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: { 'app.cjs': source },
    modules: Object.fromEntries(['undici', '@opentelemetry/api', '@opentelemetry/core'].map(name => [name, name])),
  })
  const ran = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { PORT: `${portOf(first)}`, PORT2: `${portOf(second)}`, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(ran.stdout)).toEqual([
    { host: 'api.openai.com', reason: 'method', count: 1, last: 'GET /v1/models' },
    { host: 'api.openai.com', reason: 'no_inference', count: 1, last: 'POST /v1/moderations' },
    { host: 'api.openai.com', reason: 'path', count: 1, last: 'POST /v2/brand-new/*' },
    { host: 'eu.api.openai.com', reason: 'body', count: 1, last: 'POST /v1/chat/completions' },
    { host: 'api.mistral.ai', reason: 'path', count: 1, last: 'POST /v9/speech' },
    { host: 'api.anthropic.com', reason: 'body', count: 1, last: 'POST /v1/messages' },
  ])
  const points = receiver.points('afn.llm.unobserved_requests')
  const counted = points.map(({ attributes, value }) => [attributes['gen_ai.provider.name'], value])
  expect(counted).toEqual([
    ['openai', 1],
    ['openai', 1],
    ['openai', 1],
    ['openai', 1],
    ['mistral_ai', 1],
    ['anthropic', 1],
  ])
  expect(receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')).toHaveLength(1)
  await receiver.close()
})
