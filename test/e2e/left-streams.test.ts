// Streams that a client leaves after one event: each is a span, however the process ends. The clients are the real ones, and
// the provider's own count of requests is the oracle.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { answers } from '../conformance/answers'
import { type Client, clients } from '../conformance/clients'
import { commands, makeClientApp } from '../conformance/flavours'
import { startProvider } from '../conformance/provider'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
/** Two of a provider that goes on, and two of one that stalls. */
const streamsLeft = 4

/** One version of each client; `npm run test:long -- clients` takes them all. */
const chosen = clients.filter(
  ({ name, child }, at) =>
    !child && (isLong('clients') || clients.findLastIndex(other => other.name === name && !other.node) === at),
)

const titled = (some: Client[]) => some.map(client => [`${client.name} ${client.version}`, client] as const)
const nodeOf = (client: Client) => (client.node ? nodeBinary(nodes[client.node]) : { path: process.execPath })

async function leave(client: Client, end: 'exit' | 'nothing' | 'flush', env: Record<string, string> = {}) {
  const node = nodeOf(client)
  if ('missing' in node) return undefined
  const found = Object.entries(client.modules).map(([name, folder]) => [name, path.join(modules, folder)])
  const folder = await makeClientApp(client, Object.fromEntries(found), 'cjs')
  const { recordings } = answers()
  const provider = await startProvider(({ path: at }) => {
    const [, , name = '', how = ''] = at.split('/')
    const recording = recordings.get(name)
    const [key = '', value] = how.split('=')
    return recording && { recording, [key]: Number(value) }
  })
  const receiver = await startReceiver()
  const { preload, file } = commands.cjs
  const common = {
    NODE_NO_WARNINGS: '1', // the AWS SDK's, about Node 20
    LEAVE: end,
    PROVIDER: `http://127.0.0.1:${provider.port}`,
    PROVIDER2: `http://127.0.0.1:${provider.port2}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    ...env,
  }
  const seen = await run(folder, [...preload, file], { node: node.path, env: common })
  const ended = end === 'flush' ? { code: null, signal: 'SIGKILL' } : { code: 0, signal: null }
  expect(seen).toEqual({ ...ended, stdout: '', stderr: '' })
  const requests = provider.received.length
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
  return { requests, receiver }
}

const ends = (spans: ReceivedSpan[]) =>
  spans.filter(({ scope }) => scope === '@afn/otel/llm').map(({ attributes }) => attributes['afn.llm.stream.end'])

it.each(titled(chosen))(
  'streams of %s that are left arrive at the end of a process that has nothing left to do',
  async (_, client) => {
    const left = await leave(client, 'nothing')
    if (!left) return
    const spans = left.receiver.spans()
    await left.receiver.close()
    expect(left.requests).toBe(streamsLeft)
    expect(ends(spans)).toHaveLength(streamsLeft)
  },
)

const some = titled(clients.filter(({ name, version }) => /genai 2|openai 6|bedrock/.test(`${name} ${version}`)))

it.each(titled(clients.filter(({ name, version }) => /genai 2|openai 6/.test(`${name} ${version}`))))(
  "streams of %s that are left arrive with the tracer provider's forceFlush()",
  async (_, client) => {
    const { receiver } = (await leave(client, 'flush'))!
    expect(ends(receiver.spans())).toEqual(['consumer', 'consumer'])
    await receiver.close()
  },
)

it.each(some)(
  'streams of %s that are left arrive by the spool, where the process exits suddenly',
  async (_, client) => {
    const spool = mkdtempSync(path.join(tmpdir(), 'afn-spool-'))
    const left = await leave(client, 'exit', { AFN_SPOOL_DIR: spool })
    expect(left!.receiver.spans()).toEqual([])
    expect(readdirSync(spool)).toHaveLength(1)
    const next = await run(root, ['--require', './dist/index.cjs', '-e', 'setTimeout(() => {}, 3000)'], {
      env: { AFN_SPOOL_DIR: spool, OTEL_EXPORTER_OTLP_ENDPOINT: left!.receiver.url, OTEL_METRICS_EXPORTER: 'none' },
    })
    expect(next.code).toBe(0)
    expect(ends(left!.receiver.spans())).toHaveLength(streamsLeft)
    expect(readdirSync(spool)).toEqual([])
    await left!.receiver.close()
    rmSync(spool, { recursive: true, force: true })
  },
)
