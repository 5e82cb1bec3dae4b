// A provider that answers nothing, and the real clients that wait for it no longer than they were told. Their own timeout aborts
// the request without a reason, as a user who pressed stop does.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const silent = http.createServer(() => {})
let base = ''
let modules = ''

beforeAll(async () => {
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  modules = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
})
afterAll(() => {
  silent.closeAllConnections()
  silent.close()
})

interface Client {
  module: string
  folder: string
  /** `ask({ timeout, signal })` */
  source: string
  node?: string
}

const chat = (options: string) => `
  const { default: Client } = require(MODULE)
  const client = new Client({ apiKey: 'sk-test', baseURL: BASE, maxRetries: RETRIES })
  const ask = ({ timeout = 60_000, signal }) => ${options}`
const openai = chat(
  `client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }, { timeout, signal })`,
)
const clients: Record<string, Client> = {
  'openai 4': { module: 'openai', folder: 'openai-4', source: openai },
  'openai 6': { module: 'openai', folder: 'openai-6', source: openai },
  'openai 7': { module: 'openai', folder: 'openai-7', source: openai, node: nodes[24] },
  'groq-sdk 1': { module: 'groq-sdk', folder: 'groq-1', source: openai },
  '@google/genai 3': {
    module: '@google/genai',
    folder: 'genai-3',
    node: nodes[22],
    source: `
      const { GoogleGenAI } = require(MODULE)
      const ask = ({ timeout = 60_000, signal }) =>
        new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: BASE, timeout } })
          .models.generateContent({ model: 'gemini-3', contents: 'Hi', config: { abortSignal: signal } })`,
  },
}

async function calls({ module, folder, source, node }: Client, retries: number, act: string): Promise<ReceivedSpan[]> {
  const binary = node === undefined ? { path: process.execPath } : nodeBinary(node)
  if ('missing' in binary) return []
  const head = `const [MODULE, BASE, RETRIES] = ${JSON.stringify([module, base, retries])}\n`
  const app = makeApp({
    files: { 'app.cjs': `${head}${source}\n;(async () => { ${act} })()` },
    modules: { [module]: path.join(modules, folder) },
  })
  const receiver = await startReceiver()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, NODE_NO_WARNINGS: '1' }
  const ran = await run(app, ['--require', '@afn/otel', 'app.cjs'], { env, node: binary.path })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')
  await receiver.close()
  return spans
}

const errors = (spans: ReceivedSpan[]) =>
  spans.map(({ attributes, status }) => [attributes['error.type'], attributes['afn.llm.retried'] ?? false, status.code])

it.each(Object.entries(clients))('a timeout of %s is an error', async (name, client) => {
  const retries = name.startsWith('@google') ? 0 : 1
  const spans = await calls(client, retries, `await ask({ timeout: 150 }).catch(() => {})`)
  const last = ['TimeoutError', false, 2]
  expect(errors(spans)).toEqual(retries ? [['TimeoutError', true, 2], last] : [last])
})

it.each(Object.entries(clients))('a call of %s that the app itself stops is no error', async (_, client) => {
  const stops = `
    const bySocket = new AbortController()
    require('node:net').connect(new URL(BASE).port, '127.0.0.1', () => bySocket.abort())
    await ask({ signal: bySocket.signal }).catch(() => {})
    const byPoll = new AbortController()
    let goes = true
    setTimeout(() => { goes = false }, 100)
    const poll = setInterval(() => { if (!goes) { clearInterval(poll); byPoll.abort() } }, 20)
    await ask({ signal: byPoll.signal }).catch(() => {})
    process.exitCode = 0; setTimeout(() => process.exit(), 2000)`
  const spans = await calls(client, 0, stops)
  for (const [type, , code] of errors(spans)) expect([type, code]).toEqual([undefined, 0])
})
