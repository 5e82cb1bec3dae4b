// Models that are called over a WebSocket, by the clients that people use: each answer is a call, below a span of the
// WebSocket, and the app and the server notice nothing.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { realtimeUsage, responseUsage, startWebSocketModels, type WebSocketModels } from '../support/websocket-models'

const apps = path.join(root, 'test/clients/websocket')
const clients = path.join(installOnce(path.join(apps, 'package.json'), 'websocket'), 'node_modules')
const names = ['ws', 'ws-7', 'undici', 'undici-6', 'undici-7', 'openai', '@openai/agents', '@google/genai', 'zod']
const modules = Object.fromEntries(names.map(name => [name, path.join(clients, name)]))
const certificates = makeCertificates()
const [key, cert] = [certificates.server.key, certificates.server.cert].map(file => readFileSync(file)) as [
  Buffer,
  Buffer,
]
const plain = await startWebSocketModels()
const deflating = await startWebSocketModels({ deflate: true })
const secure = await startWebSocketModels({ tls: { key, cert } })
afterAll(() => Promise.all([plain, deflating, secure].map(models => models.close())))

interface Scene {
  readonly app: string
  readonly env?: Record<string, string>
  readonly models?: WebSocketModels
  readonly node?: string | undefined
  readonly files?: Record<string, string>
}

/** Runs the app without us and with us, and compares all that it and the server saw. */
async function watched({ app, env = {}, models = plain, node, files }: Scene): Promise<ReceivedSpan[]> {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { [app]: readFileSync(path.join(apps, app), 'utf8'), ...files }, modules })
  const options = (more: Record<string, string>) => ({
    ...(node && { node }),
    env: {
      URL: models === secure ? models.httpUrl : models.url,
      NODE_EXTRA_CA_CERTS: certificates.ca,
      ...env,
      ...more,
    },
  })
  models.takeReceived()
  const bare = await run(folder, [app], options({}))
  const received = models.takeReceived()
  const preloaded = await run(
    folder,
    ['--require', '@afn/otel', app],
    options({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
  )
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  expect(received.length).toBeGreaterThan(0)
  expect(models.takeReceived()).toEqual(received)
  await receiver.close()
  return receiver.spans().sort((a, b) => (a.startNano < b.startNano ? -1 : 1))
}

const callsIn = (spans: ReceivedSpan[]) =>
  spans.filter(({ name, scope }) => scope === '@afn/otel/llm' && !name.startsWith('websocket'))
const sessionsIn = (spans: ReceivedSpan[]) => spans.filter(({ name }) => name.startsWith('websocket'))
const kinds = ['input', 'output', 'cache_read.input', 'audio.input', 'audio.output', 'audio.cache_read.input'] as const
const tokensOf = ({ attributes }: ReceivedSpan) => kinds.map(kind => attributes[`gen_ai.usage.${kind}_tokens`])
const endOf = ({ attributes }: ReceivedSpan) => [
  attributes['gen_ai.response.finish_reasons'],
  attributes['afn.llm.stream.end'],
  attributes['error.type'],
]

const old = nodeBinary(nodes[22])
const today = nodeBinary(nodes[24])
const newest = nodeBinary(nodes[26])
const here = { path: process.execPath }

describe('Responses', () => {
  it.each([
    ['ws', 'ws', here, plain],
    ['ws 7', 'ws-7', here, plain],
    ['ws, compressed', 'ws', here, deflating],
    ['the global WebSocket of Node 22', 'global', old, plain],
    ['the global WebSocket of Node 24', 'global', today, plain],
    ['the same, compressed', 'global', today, deflating],
    ['the global WebSocket of Node 26', 'global', newest, plain],
    ['undici 6', 'undici-6', today, plain],
    ['undici 7', 'undici-7', today, plain],
    ['undici 8', 'undici', today, plain],
  ] as const)('by %s: an answer has no call, or the app notices us', async (_, CLIENT, node, models) => {
    if ('missing' in node) return
    expectResponses(await watched({ app: 'responses.cjs', env: { CLIENT }, models, node: node.path }))
  })

  it('by a ws that is bundled into the app: an answer has no call', async () => {
    const source = readFileSync(path.join(apps, 'responses.cjs'), 'utf8').replaceAll('require(CLIENT)', "require('ws')")
    const stdin = { contents: source, resolveDir: clients }
    const bundled = await build({ stdin, bundle: true, platform: 'node', write: false })
    const { text } = bundled.outputFiles[0]!
    expectResponses(await watched({ app: 'responses.cjs', files: { 'responses.cjs': text } }))
  })

  it("by OpenAI's client, which connects again: an answer is lost or counted twice", async () => {
    const spans = await watched({ app: 'responses-sdk.cjs', models: secure })
    expect(callsIn(spans).map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([
      101,
      undefined,
      101,
    ])
    expect(callsIn(spans).map(span => endOf(span)[1])).toEqual(['complete', 'cut', 'complete'])
    expect(new Set(callsIn(spans).map(({ attributes }) => attributes['afn.llm.session.id'])).size).toBe(2)
  })

  it.each([
    ['as it is', plain],
    ['compressed', deflating],
  ])('an agent in a loop is reported, %s, and nothing changes for it', async (_, models) => {
    const spans = await watched({ app: 'stuck.cjs', models, env: { AFN_LOOPS: 'stop' } })
    const told = callsIn(spans).map(({ attributes: { ...all } }) => [
      all['afn.llm.loop.repetitions'],
      all['afn.llm.loop.stopped'],
    ])
    expect(told).toEqual([...Array(3).fill([undefined, undefined]), [3, false], [4, false]])
  })
})

function expectResponses(spans: ReceivedSpan[]): void {
  const [session, ...others] = sessionsIn(spans)
  expect(others).toEqual([])
  expect(session!.attributes).toMatchObject({ 'afn.llm.session.responses': 6, 'http.response.status_code': 101 })
  const calls = callsIn(spans)
  expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([session!.spanId]))
  const of = (id: string | undefined) => calls.find(({ attributes }) => attributes['gen_ai.response.id'] === id)
  for (let n = 1; n <= 4; n++) {
    const call = of(`resp_${n}`)!
    const usage = responseUsage(n)
    expect(tokensOf(call).slice(0, 3)).toEqual([usage.input_tokens, usage.output_tokens, 10])
    expect(call.attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0)
    expect(call.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
    expect(endOf(call)).toEqual([['completed'], 'complete', undefined])
  }
  expect(calls.filter(({ name }) => name === 'chat gpt-5-mini')).toHaveLength(1)
  const refused = calls.find(({ attributes }) => attributes['error.type'] === '429')!
  expect(refused.attributes).toMatchObject({ 'afn.llm.error.type': 'rate_limit_exceeded', 'afn.llm.retry_after': 7 })
  const cut = calls.find(({ attributes }) => attributes['afn.llm.stream.end'] === 'cut')!
  expect(cut.status).toMatchObject({ code: 2 })
  expect(calls).toHaveLength(6)
}

describe('Realtime', () => {
  it.each([
    ['ws', 'ws', here],
    ['the global WebSocket', 'global', today],
  ] as const)(
    "by OpenAI's client on %s: an answer, what it used, or how it ended is not told",
    async (_, CLIENT, node) => {
      if ('missing' in node) return
      const spans = await watched({ app: 'openai.cjs', env: { CLIENT }, models: secure, node: node.path })
      const calls = callsIn(spans)
      const answers = calls.filter(({ name }) => name === 'chat gpt-realtime')
      const told = [realtimeUsage.input_tokens, realtimeUsage.output_tokens, 60, 150, 70, 40]
      const counted = answers.filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] !== undefined)
      expect(counted.map(tokensOf)).toEqual(Array(6).fill(told))
      // 30 text, 20 cached, 110 sound, 40 cached; 30 text and 70 sound out, USD a million
      const cost = (30 * 4 + 20 * 0.4 + 110 * 32 + 40 * 0.4 + 30 * 16 + 70 * 64) / 1e6
      for (const { attributes } of counted) expect(attributes['afn.llm.cost.total']).toBeCloseTo(cost, 9)
      expect(answers.map(endOf)).toEqual([
        [['completed'], 'complete', undefined],
        [['completed'], 'complete', undefined],
        [undefined, 'cut', 'invalid_value'],
        [['client_cancelled'], 'aborted', undefined],
        [['completed'], 'complete', undefined],
        [['completed'], 'complete', undefined],
        [['completed'], 'complete', undefined],
        [undefined, 'aborted', undefined],
      ])
      const [heard] = calls.filter(({ name }) => name === 'generate_content gpt-4o-transcribe')
      expect(tokensOf(heard!).slice(0, 4)).toEqual([40, 8, undefined, 30])
      expect(calls).toHaveLength(9)
      expect(sessionsIn(spans)).toHaveLength(1)
    },
  )

  it('by @openai/agents: a turn has no call, or an interruption is an error', async () => {
    const spans = await watched({ app: 'agents.mjs', models: secure })
    expect(callsIn(spans).map(endOf)).toEqual([
      [['completed'], 'complete', undefined],
      [['client_cancelled'], 'aborted', undefined],
    ])
    expect(callsIn(spans).map(span => tokensOf(span)[0])).toEqual([200, 200])
  })

  it('content is told where it is not wanted, or not where it is', async () => {
    const [off, on] = [
      await watched({ app: 'openai.cjs', env: { CLIENT: 'ws' }, models: secure }),
      await watched({ app: 'openai.cjs', env: { CLIENT: 'ws', AFN_CAPTURE_CONTENT: 'redacted' }, models: secure }),
    ]
    expect(JSON.stringify(off.map(({ attributes }) => attributes))).not.toMatch(
      /hello there|word word|what was said|be brief/,
    )
    const [first] = callsIn(on)
    expect(first!.attributes['gen_ai.input.messages']).toContain('hello there')
    expect(first!.attributes['gen_ai.output.messages']).toContain('word word')
    expect(first!.attributes['gen_ai.system_instructions']).toContain('be brief')
    expect(JSON.stringify(on.map(({ attributes }) => attributes))).toContain('what was said')
  })
})

it("Gemini Live by Google's client: a turn, a tool, an interruption has no call of its own", async () => {
  const spans = await watched({ app: 'live.cjs', models: secure })
  const calls = callsIn(spans)
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(['generate_content gemini-live-2.5-flash-preview']))
  expect(
    calls.map(span => [...tokensOf(span).slice(0, 2), span.attributes['gen_ai.usage.audio.output_tokens']]),
  ).toEqual([
    [100, 30, 30],
    [50, 5, undefined],
    [100, 30, 30],
    [100, 30, 30],
    [undefined, undefined, undefined],
  ])
  expect(calls.map(endOf)).toEqual([
    [['turn_complete'], 'complete', undefined],
    [['tool_call'], 'complete', undefined],
    [['turn_complete'], 'complete', undefined],
    [['interrupted'], 'aborted', undefined],
    [undefined, 'aborted', undefined],
  ])
  expect(calls[0]!.attributes).toMatchObject({ 'gen_ai.output.type': 'speech', 'gen_ai.request.temperature': 0.3 })
})
