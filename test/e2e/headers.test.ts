// Headers become attributes by a list, and only redacted.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
  const http = require('node:http')
  const server = http.createServer((request, response) => {
    response.setHeader('x-found', 'ann@example.com').setHeader('set-cookie', 'sid=c00kiec00kie').setHeader('x-other', 'o').end('ok')
  }).listen(0, '127.0.0.1', async () => {
    const headers = { 'x-note': 'for bob@example.com', 'x-plan': 'pro', authorization: 'Bearer q7Kz2Xm9Tb4VnQw8Lp3R', cookie: 'sid=c00kiec00kie' }
    const url = 'http://127.0.0.1:' + server.address().port + '/'
    await new Promise(resolve => http.get(url, { headers }, response => response.resume().on('end', resolve)))
    await (await fetch(url, { headers })).text()
    server.close()
  })`

const variable = 'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_'
const captured = {
  [`${variable}SERVER_REQUEST`]: 'x-note,authorization',
  [`${variable}SERVER_RESPONSE`]: 'x-found',
  [`${variable}CLIENT_REQUEST`]: 'X-Plan,cookie',
  [`${variable}CLIENT_RESPONSE`]: 'set-cookie',
}

it.each([
  [
    captured,
    {
      2: { x_note: ['for [EMAIL]'], authorization: ['[REDACTED]'], x_found: ['[EMAIL]'] },
      3: { x_plan: ['pro'], cookie: ['[REDACTED]'], set_cookie: ['[REDACTED]'] },
    },
  ],
  [{}, { 2: {}, 3: {} }],
])('%j', async (env, expected) => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app } })
  const args = ['--require', '@afn/otel', 'app.cjs']
  const result = await run(folder, args, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env } })
  expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  const spans = receiver.spans()
  await receiver.close()
  // two requests, each a span of the client and one of the server
  expect(spans.map(({ kind }) => kind).sort()).toEqual([2, 2, 3, 3])
  for (const { kind, attributes } of spans) {
    const headers = Object.entries(attributes).filter(([key]) => /^http\.(?:request|response)\.header\./.test(key))
    const named = headers.map(([key, value]) => [key.split('.').at(-1)!.replaceAll('-', '_'), value])
    expect(Object.fromEntries(named)).toEqual(expected[kind as 2 | 3])
  }
})
