// A flush sends what has ended and ends nothing: other requests of the process are in the middle of their work. The end of
// a process ends what is open, since nothing follows it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cjs } from '../support/compare'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const chunk = (more: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini', ...more })}\n\n`
const words = (content: string, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason }] })

/** Answers with a stream whose first word comes alone. */
const provider = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(words('first '))
  setTimeout(() => {
    const usage = { prompt_tokens: 900, completion_tokens: 120, total_tokens: 1020 }
    response.end(`${words('last', 'stop')}${chunk({ choices: [], usage })}data: [DONE]\n\n`)
  }, 100)
})
beforeAll(() => new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve)))
afterAll(() => void provider.close())

/** `read` is called with the reader of a stream of which one chunk was read, and nobody has read on for a second. */
const app = (read: string) => `
  const { flush } = require('@afn/otel/api')
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
  const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'hi' }] })
  fetch(process.env.PROVIDER + '/v1/chat/completions', { method: 'POST', body }).then(async ({ body }) => {
    const reader = body.getReader()
    await reader.read()
    await pause(1_000)
    ${read}
  })`

const modules = { '@opentelemetry/api': '@opentelemetry/api' }

async function spanOf(read: string, end?: NodeJS.Signals) {
  const receiver = await startReceiver()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    AFN_SHUTDOWN_TIMEOUT: '20000', // a busy machine
    PROVIDER: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
  }
  const result = await run(makeApp({ files: { 'app.cjs': app(read) }, modules }), cjs, {
    env,
    ...(end && { onReady: child => child.kill(end) }),
  })
  const calls = receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')
  await receiver.close()
  const seen = calls.map(({ attributes }) => ({
    end: attributes['afn.llm.stream.end'],
    input: attributes['gen_ai.usage.input_tokens'],
    output: attributes['gen_ai.usage.output_tokens'],
  }))
  return { ...result, calls: seen }
}

it('flush() of one request leaves the call of another alone whose reader is slow: its tokens are counted when it is read', async () => {
  const { stdout, calls } = await spanOf(`
    await flush()
    for (let next = await reader.read(); !next.done; next = await reader.read());
    console.log('read')`)
  expect(stdout).toBe('read\n')
  expect(calls).toEqual([{ end: 'complete', input: 900, output: 120 }])
})

it('SIGTERM to an app that still drains ends no call that is being read', async () => {
  const { code, calls } = await spanOf(
    `process.on('SIGTERM', async () => {
       await pause(1_000)
       for (let next = await reader.read(); !next.done; next = await reader.read());
       flush().then(() => process.exit(4))
     })
     console.log('ready')
     setTimeout(() => {}, 30_000)`,
    'SIGTERM',
  )
  expect(code).toBe(4)
  expect(calls).toEqual([{ end: 'complete', input: 900, output: 120 }])
})

it('a call that is open when a signal ends the process arrives with what was read of it', async () => {
  const { signal, calls } = await spanOf(
    `require('@opentelemetry/api').trace.getTracer('t').startSpan('before').end()
     console.log('ready')
     setTimeout(() => {}, 30_000)`,
    'SIGTERM',
  )
  expect(signal).toBe('SIGTERM')
  expect(calls).toEqual([{ end: 'consumer', input: undefined, output: undefined }])
})

it('the end of a process waits for its telemetry as long as AFN_SHUTDOWN_TIMEOUT says', async () => {
  const requestsWith = async (env: Record<string, string>) => {
    const server = createServer((request, response) => {
      request.resume()
      requests++
      response.writeHead(requests === 1 ? 503 : 200, { 'retry-after': '3' }).end()
    })
    let requests = 0
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const app = `require('@opentelemetry/api').trace.getTracer('t').startSpan('s').end()`
    const { code } = await run(makeApp({ files: { 'app.cjs': app }, modules }), cjs, {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRICS_EXPORTER: 'none', ...env },
    })
    server.close()
    return { code, requests }
  }
  const [usual, longer] = await Promise.all([
    requestsWith({ AFN_SHUTDOWN_TIMEOUT: '' }),
    requestsWith({ AFN_SHUTDOWN_TIMEOUT: '30000' }),
  ])
  expect(usual).toEqual({ code: 0, requests: 1 })
  expect(longer).toEqual({ code: 0, requests: 2 })
})
