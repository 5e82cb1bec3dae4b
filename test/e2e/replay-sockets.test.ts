// `afn-otel replay` of WebSockets, and of answers that are fetched later: recorded against servers on this machine, which are not asked
// when they are replayed.
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'
import { startWebSocketModels, type WebSocketModels } from '../support/websocket-models'

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

const cli = 'node_modules/@afn/otel/dist/cli.cjs'
const today = nodeBinary(nodes[24])
const here = { path: process.execPath }
const noExport = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }

/** Of the server, what it was asked since it was asked last. */
type Models = Pick<WebSocketModels, 'url' | 'httpUrl' | 'takeReceived'>

async function recorded(app: string, source: string, models: Models, env: Record<string, string>, node: string) {
  const folder = makeApp({ files: { [app]: source }, modules: { ...modules, '@duckdb/node-api': '@duckdb/node-api' } })
  const URL = models === secure ? models.httpUrl : models.url
  const given = { HOME: folder, URL, NODE_EXTRA_CA_CERTS: certificates.ca, PATH: process.env.PATH ?? '', ...env }
  const before = await run(folder, ['--require', '@afn/otel', app], {
    node,
    env: { ...given, ...noExport, AFN_CAPTURE_CONTENT: 'redacted', AFN_RECORD: 'recordings' },
  })
  expect(before.code, before.stderr).toBe(0)
  const text = readdirSync(path.join(folder, 'recordings'))
    .map(file => readFileSync(path.join(folder, 'recordings', file), 'utf8'))
    .join('')
  models.takeReceived()
  const replay = async (more: Record<string, string> = {}) => {
    const args = [cli, 'replay', 'recordings', '--json', '--', node, app]
    const after = await run(folder, args, { env: { ...given, ...more } })
    expect(models.takeReceived(), 'the provider was asked').toEqual([])
    return { ...after, report: after.stdout.startsWith('{') ? JSON.parse(after.stdout) : undefined }
  }
  return { before, text, replay }
}

describe('what an app gets of a WebSocket in a replay', () => {
  it.each([
    ['Responses by ws', 'responses.cjs', 'ws', here, plain],
    ['Responses by ws 7', 'responses.cjs', 'ws-7', here, plain],
    ['Responses by ws, recorded compressed', 'responses.cjs', 'ws', here, deflating],
    ['Responses by the global WebSocket', 'responses.cjs', 'global', today, plain],
    ['Responses by the same, recorded compressed', 'responses.cjs', 'global', today, deflating],
    ['Responses by undici 7', 'responses.cjs', 'undici-7', today, plain],
    ['Responses by undici 8', 'responses.cjs', 'undici', today, plain],
    ["Responses by OpenAI's client, over TLS, connecting again", 'responses-sdk.cjs', '', here, secure],
    ["Realtime by OpenAI's client on ws", 'openai.cjs', 'ws', here, secure],
    ["Realtime by OpenAI's client on the global WebSocket", 'openai.cjs', 'global', today, secure],
    ["Gemini Live by Google's client", 'live.cjs', '', here, secure],
    ["Realtime by OpenAI's agents", 'agents.mjs', '', here, secure],
  ] as const)('is another one: %s', { timeout: 60_000 }, async (_, app, CLIENT, node, models) => {
    if ('missing' in node) return
    const source = readFileSync(path.join(apps, app), 'utf8')
    const { before, replay } = await recorded(app, source, models, { CLIENT }, node.path)
    const after = await replay()
    const { changed, ...report } = after.report
    expect(report, after.stderr).toMatchObject({ answered: report.recorded, notRecorded: [], notAsked: [] })
    const changes: { path: string }[] = changed.flatMap((call: { changes: object[] }) => call.changes)
    // what a client reads off its clock
    expect(changes.filter(({ path: at }) => !at.endsWith('.audio_end_ms'))).toEqual([])
    expect(after.code).toBe(changes.length > 0 ? 1 : 0)
    expect(after.stderr).toContain(before.stdout)
  })
})

it('what an app says differently on a WebSocket is not exactly the difference, or a secret is recorded', {
  timeout: 60_000,
}, async () => {
  const source = `
    const { WebSocket } = require('ws')
    const { MODEL = 'gpt-5', PROMPT = 'Write to ann@example.com', TOOL, SOUND = '3' } = process.env
    const socket = new WebSocket(process.env.URL + '/v1/responses', { headers: { authorization: 'Bearer sk-proj-abcdefghijklmnopqrstuvwxyz012345' } })
    const ask = body => socket.send(JSON.stringify({ type: 'response.create', ...body }))
    let n = 0
    socket.on('open', () => ask({ model: MODEL, input: PROMPT, tools: [...(TOOL ? [{ type: 'function', name: TOOL }] : []), { type: 'function', name: 'mail' }] }))
    socket.on('message', data => {
      const { type, response } = JSON.parse(data)
      if (type !== 'response.completed') return
      console.log(response.output[0].content[0].text)
      if (n++) return socket.close()
      const size = 3_000 / Number(SOUND)
      for (let at = 0; at < Number(SOUND); at++)
        socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: Buffer.alloc(size, 7).toString('base64') }))
      ask({ model: 'gpt-5', input: 'again', previous_response_id: response.id })
    })`
  const { before, text, replay } = await recorded('app.cjs', source, plain, {}, process.execPath)
  expect(text).not.toMatch(/ann@example|sk-proj/)
  // the same sound in fewer pieces is no difference
  const same = await replay({ SOUND: '1' })
  expect(same.report, same.stderr).toMatchObject({ answered: 1, isSame: true })
  expect(same.stderr).toContain(before.stdout)
  const changed = await replay({ PROMPT: 'Write to eve@example.com now', MODEL: 'gpt-5-mini', TOOL: 'refund' })
  expect(changed.code).toBe(1)
  expect(changed.report).toMatchObject({ notRecorded: [], notAsked: [] })
  expect(changed.report.changed).toMatchObject([
    {
      call: 1,
      changes: [
        { kind: 'changed', path: '$[0].model', before: 'gpt-5', after: 'gpt-5-mini' },
        { kind: 'changed', path: '$[0].input', before: 'Write to [EMAIL]', after: 'Write to [EMAIL] now' },
        { kind: 'added', path: '$[0].tools[0]', after: { type: 'function', name: 'refund' } },
      ],
    },
  ])
})

it('an answer that is fetched later, or the results of a batch, are refused in a replay', {
  timeout: 60_000,
}, async () => {
  const source = `
    const http = require('node:http')
    const { openAsBlob, writeFileSync } = require('node:fs')
    const OpenAI = require('openai').default
    const client = new OpenAI({ baseURL: process.env.URL + '/v1', apiKey: 'sk-test' })
    const get = path => new Promise(resolve => http.get(process.env.URL + path, { headers: { 'x-stainless-lang': 'js' } }, async response => {
      let text = ''
      for await (const piece of response) text += piece
      resolve(text)
    }))
    const main = async () => {
      let answer = await client.responses.create({ model: 'gpt-5', input: 'think', background: true })
      const seen = [answer.status]
      while (answer.status !== 'completed') seen.push((answer = await client.responses.retrieve(answer.id)).status)
      console.log(seen.join(), answer.output[0].content[0].text)
      writeFileSync('batch.jsonl', '{"custom_id":"a"}')
      const file = await client.files.create({ file: await OpenAI.toFile(Buffer.from('{"custom_id":"a"}'), 'batch.jsonl'), purpose: 'batch' })
      const WINDOW = process.env.WINDOW || '24h'
      let batch = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: WINDOW })
      while (batch.status !== 'completed') batch = await client.batches.retrieve(batch.id)
      console.log(await (await client.files.content(batch.output_file_id)).text())
      console.log(await get('/v1/files/' + batch.output_file_id + '/content'))
      if (process.env.AGAIN) console.log((await client.responses.retrieve(answer.id)).status)
    }
    main()`
  const later = await startLater()
  const { before, text, replay } = await recorded('app.cjs', source, later, {}, process.execPath)
  expect(before.stdout).toContain('queued,in_progress,completed Mail bob@example.com')
  expect(text).not.toContain('bob@example')
  const same = await replay()
  expect(same.report, same.stderr).toMatchObject({ recorded: 9, answered: 9, isSame: true })
  expect(same.stderr).toContain(before.stdout.replaceAll('bob@example.com', '[EMAIL]'))
  expect(await replay({ AGAIN: 'yes' })).toMatchObject({ code: 0, report: { isSame: true } })
  const changed = await replay({ WINDOW: '48h' })
  expect(changed.report.changed).toMatchObject([
    { changes: [{ path: '$.completion_window', before: '24h', after: '48h' }] },
  ])
  later.close()
})

/** OpenAI's answers in the background and batches: each is there when it is asked for the second time. */
async function startLater(): Promise<Models & { close(): void }> {
  let received: string[] = []
  const asked = new Map<string, number>()
  const server = http.createServer((request, response) => {
    request.resume()
    const name = `${request.method} ${request.url}`
    received.push(name)
    const times = (asked.get(name) ?? 0) + 1
    asked.set(name, times)
    const send = (body: unknown) => {
      response.setHeader('content-type', typeof body === 'string' ? 'text/plain' : 'application/json')
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const message = {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Mail bob@example.com', annotations: [] }],
    }
    const answer = { id: 'resp_1', object: 'response', model: 'gpt-5' }
    const batch = { id: 'batch_1', object: 'batch', input_file_id: 'file-in' }
    if (name === 'POST /v1/responses') send({ ...answer, status: 'queued', output: [] })
    else if (name === 'GET /v1/responses/resp_1')
      send(
        times === 1
          ? { ...answer, status: 'in_progress', output: [] }
          : { ...answer, status: 'completed', output: [message] },
      )
    else if (name === 'POST /v1/files') send({ id: 'file-in', object: 'file' })
    else if (name === 'POST /v1/batches') send({ ...batch, status: 'validating' })
    else if (name === 'GET /v1/batches/batch_1')
      send(
        times === 1
          ? { ...batch, status: 'in_progress' }
          : { ...batch, status: 'completed', output_file_id: 'file-out' },
      )
    else if (name === 'GET /v1/files/file-out/content')
      send(
        '{"custom_id":"a","response":{"body":{"choices":[{"message":{"role":"assistant","content":"bob@example.com"}}]}}}\n',
      )
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    httpUrl: url,
    takeReceived() {
      const before = received
      received = []
      return before
    },
    close: () => server.closeAllConnections(),
  }
}
