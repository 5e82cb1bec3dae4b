// Budgets that hold, with real clients in processes of their own under the packed preload: what does not fit is not sent.
import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { hasRedis, startRedis } from '../support/services'
import { startWebSocketModels } from '../support/websocket-models'

const chat = { model: 'gpt-4o-mini', max_tokens: 100, messages: [{ role: 'user', content: 'Rain?' }] }
const json = JSON.stringify(chat)

const found = nodeBinary(nodes[22])
if ('missing' in found) throw new Error(found.missing)
const node = found.path
const installed = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
const headers = `{ 'content-type': 'application/json' }`

const openai = (body: string) => `const OpenAI = require('openai').default
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' })
  const ask = async () => ${body}`
const anthropic = `const Anthropic = require('@anthropic-ai/sdk').default
  const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: base })
  const ask = () => client.messages.create({ ...${json}, model: 'claude-sonnet-5' })`
const aiSdk = `const { generateText } = require('ai')
  const { createOpenAI } = require('@ai-sdk/openai')
  const model = createOpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' }).chat('gpt-4o-mini')
  const ask = () => generateText({ model, prompt: 'Rain?', maxOutputTokens: 100 })`
const undiciRequest = `const { request } = require('undici')
  const ask = async () => (await request(base + '/v1/chat/completions', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(json)} })).body.json()`
const undiciFetch = `const { fetch: send } = require('undici')
  const ask = async () => (await send(base + '/v1/chat/completions', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(json)} })).json()`

/** `ask` resolves or rejects as the client does; `wrapped`: it rejects with an error of its own, as Node's fetch, whose cause is ours. */
interface Client {
  readonly modules: Record<string, string>
  readonly ask: string
  readonly wrapped?: true
}

const clients: Record<string, Client> = {
  'openai 5': { modules: { openai: 'openai-5' }, ask: openai(`client.chat.completions.create(${json})`) },
  'openai 7': { modules: { openai: 'openai-7' }, ask: openai(`client.chat.completions.create(${json})`) },
  'openai 7, streamed': {
    modules: { openai: 'openai-7' },
    ask: openai(`{
      const asked = { ...${json}, stream: true, stream_options: { include_usage: true } }
      for await (const _ of await client.chat.completions.create(asked));
    }`),
  },
  'anthropic 0.99': { modules: { '@anthropic-ai/sdk': 'anthropic-0.99' }, ask: anthropic },
  'anthropic 1': { modules: { '@anthropic-ai/sdk': 'anthropic-1' }, ask: anthropic },
  'groq 1': {
    modules: { 'groq-sdk': 'groq-1' },
    ask: `const Groq = require('groq-sdk').default
      const client = new Groq({ apiKey: 'test', baseURL: base })
      const ask = () => client.chat.completions.create(${json})`,
  },
  'AI SDK 5': { modules: { ai: 'ai-5', '@ai-sdk/openai': 'ai-sdk-openai-2' }, ask: aiSdk },
  'AI SDK 6': { modules: { ai: 'ai-6', '@ai-sdk/openai': 'ai-sdk-openai-3' }, ask: aiSdk },
  LangChain: {
    modules: { '@langchain/openai': '@langchain/openai', '@langchain/core': '@langchain/core' },
    ask: `const { ChatOpenAI } = require('@langchain/openai')
      const model = new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: 'test', maxTokens: 100, configuration: { baseURL: base + '/v1' } })
      const ask = () => model.invoke('Rain?')`,
  },
  fetch: {
    modules: {},
    ask: `const ask = async () => (await fetch(base + '/v1/chat/completions', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(json)} })).json()`,
  },
  'fetch of a Request': {
    modules: {},
    ask: `const ask = async () => (await fetch(new Request(base + '/v1/chat/completions', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(json)} }))).json()`,
  },
  http: {
    modules: {},
    ask: `const http = require('node:http')
      const ask = () => new Promise((resolve, reject) => {
        const request = http.request(base + '/v1/chat/completions', { method: 'POST', headers: ${headers} }, response => {
          response.resume().on('end', resolve)
        }).on('error', reject)
        const body = ${JSON.stringify(json)}
        request.write(body.slice(0, 20))
        request.end(body.slice(20))
      })`,
  },
  http2: {
    modules: {},
    ask: `const http2 = require('node:http2')
      const ask = () => new Promise((resolve, reject) => {
        const session = http2.connect(process.env.BASE2)
        const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', 'content-type': 'application/json' })
        stream.on('end', resolve).on('error', reject).on('close', () => session.close()).resume()
        const body = ${JSON.stringify(json)}
        stream.write(body.slice(0, 20))
        stream.end(body.slice(20))
      })`,
  },
  axios: {
    modules: { axios: 'axios' },
    ask: `const axios = require('axios')
      const ask = () => axios.post(base + '/v1/chat/completions', ${json})`,
    wrapped: true,
  },
  'request of undici 5': { modules: { undici: 'undici-5' }, ask: undiciRequest },
  'request of undici 7': { modules: { undici: 'undici-7.30' }, ask: undiciRequest },
  'request of undici 8': { modules: { undici: 'undici-8' }, ask: undiciRequest },
  'fetch of undici 6': { modules: { undici: 'undici-6' }, ask: undiciFetch, wrapped: true },
  'fetch of undici 8': { modules: { undici: 'undici-8' }, ask: undiciFetch, wrapped: true },
}

/** One call may cost `bound`. Of two at once that share 1.5 times as much one is sent; then there is room again, since it cost less. */
const tail = `
  const { guard, BudgetExceededError, flush } = require('@afn/otel')
  const outcome = () => ask().then(() => 'answered', error => {
    const refusal = error instanceof BudgetExceededError ? error : error.cause
    if (!(refusal instanceof BudgetExceededError)) throw error
    return { ...refusal, stack: undefined, isItself: refusal === error }
  })
  async function main() {
    const none = guard({ budget: { name: 'none', period: 'day', amount: 0 } })
    const first = await outcome()
    none.stop()
    const budget = guard({ budget: { name: 'some', period: 'day', amount: first.bound * 1.5 } })
    const both = await Promise.all([outcome(), outcome()])
    let standing
    do standing = await budget.standing()
    while (standing.reserved > 0 && await new Promise(resolve => setTimeout(resolve, 5, true)))
    const after = await outcome()
    await flush()
    console.log(JSON.stringify({ first, both, standing, after }))
  }
  main()`

let receiver: Receiver
let provider: http.Server
let base: string
let provider2: http2.Http2Server
let base2: string
let received: string[]

beforeAll(async () => {
  receiver = await startReceiver()
  const answer = async (
    request: http.IncomingMessage | http2.Http2ServerRequest,
    response: http.ServerResponse | http2.Http2ServerResponse,
  ) => {
    let body = ''
    for await (const piece of request) body += piece
    // of a refused stream of HTTP/2 the head has come
    if (body === '') return
    received.push(body)
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
    const head = { id: 'c1', object: 'chat.completion', created: 1, model: 'gpt-4o-mini' }
    const message = { role: 'assistant', content: 'No.' }
    if (JSON.parse(body).stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      ;(response as http.ServerResponse).write(
        `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta: message, finish_reason: 'stop' }] })}\n\n`,
      )
      response.end(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\ndata: [DONE]\n\n`)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        request.url?.endsWith('/messages')
          ? {
              id: 'm1',
              type: 'message',
              role: 'assistant',
              model: 'claude-sonnet-5',
              content: [{ type: 'text', text: 'No.' }],
              stop_reason: 'end_turn',
              stop_sequence: null,
              usage: { input_tokens: 10, output_tokens: 5 },
            }
          : { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }], usage },
      ),
    )
  }
  provider = http.createServer(answer)
  provider2 = http2.createServer((request, response) => void answer(request, response).catch(() => {}))
  await new Promise<void>(resolve => provider2.listen(0, '127.0.0.1', resolve))
  base2 = `http://127.0.0.1:${(provider2.address() as AddressInfo).port}`
  await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
})
afterAll(async () => {
  provider.closeAllConnections()
  provider.close()
  provider2.close()
  await receiver.close()
})

it.each(Object.entries(clients))(
  'what a budget can not pay for is not sent by %s, and rejects with an error that says why',
  async (_, { modules, ask, wrapped }) => {
    received = []
    const folder = makeApp({
      files: { 'app.cjs': `const base = process.env.BASE\n${ask}\n${tail}` },
      modules: Object.fromEntries(
        Object.entries(modules).map(([name, folder]) => [name, path.join(installed, folder)]),
      ),
    })
    const env = { BASE: base, BASE2: base2, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const { code, stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env, node })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { first, both, standing, after } = JSON.parse(stdout)
    expect(first).toMatchObject({
      name: 'BudgetExceededError',
      budget: 'none',
      limit: 0,
      spent: 0,
      reserved: 0,
      isItself: !wrapped,
    })
    expect(first.bound).toBeGreaterThan(0)
    const refused = both.find((one: unknown) => one !== 'answered')
    expect(both).toContain('answered')
    expect(refused).toMatchObject({ budget: 'some', reserved: expect.closeTo(first.bound, 8) })
    expect(standing.reserved).toBe(0)
    expect(standing.spent).toBeGreaterThan(0)
    expect(standing.spent).toBeLessThan(first.bound / 2)
    expect(after).toBe('answered')
    expect(received).toHaveLength(2)
  },
)

it.runIf(hasRedis)(
  'a hundred processes that race for one budget in Redis do not spend more than it has',
  async () => {
    received = []
    const redis = await startRedis()
    const folder = makeApp({
      files: {
        'app.cjs': `const { guard, redisBudgets, BudgetExceededError, BudgetUnknownError } = require('@afn/otel')
          const { Redis } = require('ioredis')
          const client = new Redis(Number(process.env.REDIS))
          guard({ budget: { name: 'raced', period: 'month', amount: Number(process.env.AMOUNT) }, store: redisBudgets(client) })
          const ask = async () => (await fetch(process.env.BASE + '/v1/chat/completions', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(json)} })).json()
          async function main() {
            let refused = 0
            while (refused < 3) {
              await ask().catch(error => {
                // on a busy machine a hundred processes wait longer for Redis than the guard does
                if (!(error instanceof BudgetExceededError || error instanceof BudgetUnknownError)) throw error
                refused++
                return new Promise(resolve => setTimeout(resolve, 20))
              })
            }
            // what ended last is still being counted
            await new Promise(resolve => setTimeout(resolve, 200))
            client.disconnect()
          }
          main()`,
      },
      modules: { ioredis: 'ioredis' },
    })
    const cost = (10 * 0.15 + 5 * 0.6) / 1e6
    const amount = 200 * cost
    const env = {
      BASE: base,
      REDIS: String(redis.port),
      AMOUNT: String(amount),
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    }
    const runs = await Promise.all(
      Array.from({ length: 100 }, () => run(folder, ['--require', '@afn/otel', 'app.cjs'], { env, node })),
    )
    await redis.stop()
    expect(new Set(runs.map(({ code, stderr }) => `${code} ${stderr}`))).toEqual(new Set(['0 ']))
    console.log(`100 processes: ${received.length} calls of ${200} that the budget has`)
    expect(received.length).toBeGreaterThan(0)
    expect(received.length * cost).toBeLessThanOrEqual(amount)
  },
  150_000,
)

it('calls over a WebSocket, which nobody can hold, are not named, or cost a budget nothing', async () => {
  const models = await startWebSocketModels()
  const sockets = path.join(root, 'test/clients/websocket')
  const ws = path.join(installOnce(path.join(sockets, 'package.json'), 'websocket'), 'node_modules/ws')
  const folder = makeApp({
    files: {
      'app.cjs': `const { guard, status, BudgetExceededError } = require('@afn/otel')
        const { WebSocket } = require('ws')
        const budget = guard({ budget: { name: 'all', period: 'day', amount: 1e-6 } })
        const socket = new WebSocket(process.env.URL + '/v1/responses')
        const ask = () => socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', input: 'Rain?' }))
        let answers = 0
        socket.on('open', ask).on('message', async data => {
          if (JSON.parse(data).type !== 'response.completed') return
          if (++answers < 2) return ask()
          socket.close()
          let standing
          do standing = await budget.standing()
          while (standing.spent < 2e-4 && await new Promise(resolve => setTimeout(resolve, 5, true)))
          const error = await fetch(process.env.BASE + '/v1/chat/completions', { method: 'POST', body: ${JSON.stringify(json)} }).catch(error => error)
          console.log(JSON.stringify([standing, status().guard, error instanceof BudgetExceededError]))
        })`,
    },
    modules: { ws },
  })
  const env = { URL: models.url, BASE: base, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const { stdout, stderr, code } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env, node })
  await models.close()
  expect(code, stderr).toBe(0)
  expect(stderr.match(/AFN178/g)).toHaveLength(1)
  expect(JSON.parse(stdout)).toMatchObject([
    { spent: expect.any(Number), reserved: 0 },
    { budgets: 1, unheld: { websocket: 2 } },
    true,
  ])
})
