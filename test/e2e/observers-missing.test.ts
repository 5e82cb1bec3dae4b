// An installation without what observes LLM calls: each call goes its way, one line says so, and all else is recorded.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

it("an LLM call by fetch and one by http get their answers where what observes them can't be loaded", async () => {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: {
      'app.cjs': `const http = require('node:http')
        const { trace } = require('@opentelemetry/api')
        const server = http.createServer((request, response) => {
          let body = ''
          request.on('data', piece => { body += piece })
          request.on('end', () => response.end(request.method + ' ' + body.length))
        })
        server.listen(0, '127.0.0.1', async () => {
          const url = 'http://127.0.0.1:' + server.address().port + '/v1/chat/completions'
          const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
          const headers = { 'content-type': 'application/json', 'x-stainless-lang': 'js' }
          for (let i = 0; i < 3; i++) console.log(await (await fetch(url, { method: 'POST', headers, body })).text())
          http.request(url, { method: 'POST', headers }, response => {
            response.setEncoding('utf8').on('data', text => console.log(text)).on('end', () => {
              trace.getTracer('t').startSpan('of the app').end()
              server.closeAllConnections()
              server.close()
            })
          }).end(body)
        })`,
    },
    modules: { '@opentelemetry/api': '@opentelemetry/api' },
  })
  rmSync(path.join(folder, 'node_modules/@afn/otel/dist/chunks/llm-calls.cjs'))
  const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  await receiver.close()
  const { length } = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  expect(result).toMatchObject({ code: 0, stdout: `POST ${length}\n`.repeat(4) })
  expect(result.stderr).toMatch(/^(\[@afn\/otel\] AFN150 .*\n)+$/)
  expect(receiver.spans().map(({ name }) => name)).toContain('of the app')
})
