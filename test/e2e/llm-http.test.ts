// Clients that never call fetch, under the packed preload: as CommonJS, as ES modules, and bundled. What the app sees and
// what goes over the wire is what it is without us; each call is one span that tells what its recording means.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differences } from '../conformance/oracle'
import { type Answer, startProvider } from '../conformance/provider'
import { readFolder } from '../conformance/recordings'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'

const { recordings, expected } = readFolder(path.join(root, 'test/fixtures/recordings'))

/** What each app has: `base(id)` answers with that recording, `body(id)` is its request. */
const head = `
  const { PORT, PORT2, BODIES } = process.env
  const base = (id, port = PORT) => 'http://127.0.0.1:' + port + '/' + id
  const body = id => JSON.parse(BODIES)[id]
  const all = async stream => {
    const parts = []
    for await (const part of stream) parts.push(part)
    return parts
  }
  const text = async stream => Buffer.concat(await all(stream)).toString()
`
const bedrock = (handler: string) => `
  import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
  ${handler}
  const send = (id, command) =>
    new BedrockRuntimeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      ...options(id),
    }).send(command)
  const ask = id => ({ modelId: 'anthropic.claude-3-haiku-20240307-v1:0', ...body(id) })
  async function act() {
    const { output, usage } = await send('converse-plain', new ConverseCommand(ask('converse-plain')))
    const { stream } = await send('converse-stream', new ConverseStreamCommand(ask('converse-stream')))
    return [output, usage, await all(stream)]
  }`

interface Client {
  /** Package → folder among the installed clients. */
  modules?: Record<string, string>
  calls: string[]
  source: string
}

const clients: Record<string, Client> = {
  'openai 4': {
    modules: { openai: 'openai-4' },
    calls: ['chat-plain', 'chat-stream-usage'],
    source: `
      import OpenAI from 'openai'
      const chat = id => new OpenAI({ apiKey: 'sk-test', baseURL: base(id) + '/v1', maxRetries: 0 }).chat.completions
      const create = id => chat(id).create(body(id))
      const act = async () => [await create('chat-plain'), await all(await create('chat-stream-usage'))]`,
  },
  '@anthropic-ai/sdk 0.30': {
    modules: { '@anthropic-ai/sdk': 'anthropic-0.30' },
    calls: ['message-plain', 'message-stream'],
    source: `
      import Anthropic from '@anthropic-ai/sdk'
      const create = id => new Anthropic({ apiKey: 'sk-ant', baseURL: base(id), maxRetries: 0 }).messages.create(body(id))
      const act = async () => [await create('message-plain'), await all(await create('message-stream'))]`,
  },
  axios: {
    modules: { axios: 'axios' },
    calls: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
    source: `
      import axios from 'axios'
      const post = (id, options) => axios.post(base(id) + '/v1/chat/completions', body(id), options)
      async function act() {
        const plain = (await post('chat-plain')).data
        const streamed = await text((await post('chat-stream-usage', { responseType: 'stream' })).data)
        return [plain, streamed, await post('chat-error-503').catch(error => [error.code, error.response.data])]
      }`,
  },
  'Bedrock over HTTP/1.1': {
    modules: {
      '@aws-sdk/client-bedrock-runtime': '@aws-sdk/client-bedrock-runtime',
      '@smithy/node-http-handler': '@smithy/node-http-handler',
    },
    calls: ['converse-plain', 'converse-stream'],
    source: bedrock(`import { NodeHttpHandler } from '@smithy/node-http-handler'
      const options = id => ({ endpoint: base(id), requestHandler: new NodeHttpHandler() })`),
  },
  'Bedrock over HTTP/2': {
    modules: { '@aws-sdk/client-bedrock-runtime': '@aws-sdk/client-bedrock-runtime' },
    calls: ['converse-plain', 'converse-stream'],
    source: bedrock('const options = id => ({ endpoint: base(id, PORT2) })'),
  },
  'node:http, by one connection of its own': {
    calls: ['chat-plain', 'chat-stream-usage', 'message-stream'],
    source: `
      import { Agent, request } from 'node:http'
      import { once } from 'node:events'
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      async function post(id, path) {
        const headers = { 'content-type': 'application/json' }
        const sent = request(base(id) + path, { agent, method: 'POST', headers }).end(JSON.stringify(body(id)))
        const [response] = await once(sent, 'response')
        return [response.rawHeaders.filter(text => !/GMT$/.test(text)), await text(response), sent.reusedSocket]
      }
      async function act() {
        const chats = [await post('chat-plain', '/v1/chat/completions'), await post('chat-stream-usage', '/v1/chat/completions')]
        const answers = [...chats, await post('message-stream', '/v1/messages')]
        agent.destroy()
        return answers
      }`,
  },
  'node:http2': {
    calls: ['converse-plain', 'chat-stream-usage'],
    source: `
      import { connect } from 'node:http2'
      const session = connect('http://127.0.0.1:' + PORT2)
      const post = (id, path) => {
        const stream = session.request({ ':method': 'POST', ':path': '/' + id + path, 'content-type': 'application/json' })
        stream.end(JSON.stringify(body(id)))
        return text(stream)
      }
      async function act() {
        const model = 'anthropic.claude-3-haiku-20240307-v1%3A0'
        const converse = await post('converse-plain', '/model/' + model + '/converse')
        const answers = [converse, await post('chat-stream-usage', '/v1/chat/completions')]
        session.close()
        return answers
      }`,
  },
}

const flavours = {
  CommonJS: { preload: ['--require', '@afn/otel'], file: 'app.cjs', format: 'cjs' },
  'ES modules': { preload: ['--import', '@afn/otel'], file: 'app.mjs', format: 'esm' },
  bundled: { preload: ['--require', '@afn/otel'], file: 'bundle.cjs', format: 'cjs' },
} as const

async function makeClientApp({ source, modules = {} }: Client, flavour: keyof typeof flavours) {
  const { file, format } = flavours[flavour]
  const folders = Object.fromEntries(
    Object.entries(modules).map(([name, folder]) => [name, path.join(installed, folder)]),
  )
  const contents = `${head}${source}
    act().then(
      answer => console.log(JSON.stringify(answer)),
      error => console.log(error.stack),
    )`
  const folder = makeApp({ files: {}, modules: folders })
  await build({
    stdin: { contents, resolveDir: folder }, // packages say by their exports which of their forms is Node's
    outfile: path.join(folder, file),
    bundle: true,
    platform: 'node',
    format,
    logLevel: 'error',
    ...(flavour === 'bundled' ? { minify: true } : { packages: 'external' }),
  })
  return folder
}

let installed: string
let provider: Awaited<ReturnType<typeof startProvider>>
let env: Record<string, string>
beforeAll(async () => {
  installed = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
  provider = await startProvider(({ path: at }) => {
    const [, id = '', ...rest] = at.split('/')
    const recording = recordings.get(id)
    const how = rest.find(part => part.includes('='))
    return recording && ({ recording, ...numbers(how) } as Answer)
  })
  const bodies = Object.fromEntries([...recordings].map(([id, { request }]) => [id, request.body]))
  env = { PORT: String(provider.port), PORT2: String(provider.port2), BODIES: JSON.stringify(bodies) }
}, 300_000)
afterAll(() => provider.close())

const numbers = (how: string | undefined) =>
  Object.fromEntries([...new URLSearchParams(how)].map(([key, value]) => [key, Number(value)]))

/** What was sent since the last time, without what AWS's signature changes from second to second. */
function sent() {
  return provider.received.splice(0).map(({ rawHeaders, ...request }) => ({
    ...request,
    headers: rawHeaders.map((text, i) =>
      /^(authorization|x-amz-date|amz-sdk-invocation-id)$/i.test(rawHeaders[i - (i % 2)]!) ? '' : text,
    ),
  }))
}

/** Node's warnings name the process. */
const withoutPid = (seen: Run) => ({ ...seen, stderr: seen.stderr.replaceAll(/\(node:\d+\)/g, '') })

async function preloaded(folder: string, args: string[]) {
  const receiver = await startReceiver()
  const seen = await run(folder, args, {
    env: {
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      AFN_CAPTURE_CONTENT: 'full',
      AFN_REDACTION: 'off',
      AFN_LOG_LEVEL: 'none',
    },
  })
  await receiver.close()
  const spans = receiver.spans().sort((a, b) => Number(a.startNano - b.startNano))
  return { seen, spans, metrics: receiver.metricNames() }
}

describe.each(Object.entries(clients))('%s', (_, client) => {
  it.each(Object.keys(flavours) as (keyof typeof flavours)[])('%s', { timeout: 60_000 }, async flavour => {
    const folder = await makeClientApp(client, flavour)
    const { preload, file } = flavours[flavour]
    sent()
    const bare = await run(folder, [file], { env })
    const wire = sent()
    const { seen, spans, metrics } = await preloaded(folder, [...preload, file])
    expect(bare).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\[/) })
    expect(withoutPid(seen)).toEqual(withoutPid(bare))
    expect(sent()).toEqual(wire)
    expect(spans.map(({ kind, name }) => [kind, name])).toHaveLength(client.calls.length)
    client.calls.forEach((id, i) => {
      expect(differences(spans[i]!.attributes, expected.get(id)!)).toEqual([])
    })
    // the v1.41 names, which are off; the AWS SDK's instrumentation has counters of its own under them
    expect(metrics).toContain('gen_ai.client.inference.duration')
    expect(metrics).not.toContain('gen_ai.client.operation.duration')
    rmSync(folder, { recursive: true })
  })
})

it('a call that ends before its answer does is a span that says so', { timeout: 60_000 }, async () => {
  const ends: [how: string, app: string, span: [end: string | undefined, error: string | undefined, status: number]][] =
    [
      ['breakAfter=2', 'await text(await answer(sent))', ['cut', 'ECONNRESET', 2]],
      ['stallAfter=2', 'const a = await answer(sent); await once(a, "data"); a.destroy()', ['consumer', undefined, 0]],
      [
        'stallAfter=2',
        'const a = await answer(sent); await once(a, "data"); sent.destroy()',
        ['consumer', undefined, 0],
      ],
      ['pauseMs=5', 'for await (const _ of await answer(sent)) break', ['consumer', undefined, 0]],
      ['delayMs=2000', 'setTimeout(() => sent.destroy(), 30); await answer(sent)', [undefined, undefined, 0]],
      [
        'stallAfter=2',
        'sent.setTimeout(50, () => sent.destroy()); await text(await answer(sent))',
        ['cut', 'TimeoutError', 2],
      ],
      ['stallAfter=2', 'setTimeout(() => stop.abort(), 50); await text(await answer(sent))', ['aborted', undefined, 0]],
      [
        'stallAfter=1',
        'const a = await answer(sent); setTimeout(() => a.socket.destroy(), 30)',
        ['cut', 'ECONNRESET', 2],
      ],
    ]
  const source = `
    import { once } from 'node:events'
    import { request } from 'node:http'
    import { setTimeout as sleep } from 'node:timers/promises'
    const answer = async sent => (await once(sent, 'response'))[0].on('error', () => {})
    const acts = [${ends.map(([how, act]) => `['${how}', async (sent, stop) => { ${act} }]`)}]
    async function act() {
      for (const [how, act] of acts) {
        const stop = new AbortController()
        const options = { method: 'POST', headers: { 'content-type': 'application/json' }, signal: stop.signal }
        const sent = request(base('chat-stream-usage') + '/' + how + '/v1/chat/completions', options)
        sent.on('error', () => {}).end(JSON.stringify(body('chat-stream-usage')))
        await act(sent, stop).catch(() => {})
        await sleep(60)
      }
      return []
    }`
  const folder = await makeClientApp({ source, calls: [] }, 'ES modules')
  const { seen, spans } = await preloaded(folder, [...flavours['ES modules'].preload, flavours['ES modules'].file])
  expect(seen).toEqual({ code: 0, signal: null, stdout: '[]\n', stderr: '' })
  const outcomes = spans.map(({ attributes, status }) => [
    attributes['afn.llm.stream.end'],
    attributes['error.type'],
    status.code,
  ])
  expect(outcomes).toEqual(ends.map(([, , span]) => span))
})

it('a call whose answer nobody reads on is a span when the process has nothing left to do', async () => {
  const modules = { '@aws-sdk/client-bedrock-runtime': '@aws-sdk/client-bedrock-runtime' }
  const source = bedrock('const options = id => ({ endpoint: base(id, PORT2) })').replace(
    'return [output, usage, await all(stream)]',
    'for await (const event of stream) return [event]', // the SDK leaves the stream of HTTP/2 open
  )
  const folder = await makeClientApp({ source, modules, calls: [] }, 'CommonJS')
  const { seen, spans } = await preloaded(folder, [...flavours.CommonJS.preload, flavours.CommonJS.file])
  expect(seen).toMatchObject({ code: 0, stdout: '[{"messageStart":{"role":"assistant"}}]\n' })
  expect(spans.map(({ attributes }) => attributes['afn.llm.stream.end'])).toEqual([undefined, 'consumer'])
})
