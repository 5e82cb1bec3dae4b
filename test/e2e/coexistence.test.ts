// SDKs of others beside the preload, each started before and after it: Sentry 10 and 11, @vercel/otel, dd-trace and LangFuse's SDK 5. The oracle is
// the app without us: what each of them records and sends stays the same. What ours does then is what docs/app.md says.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'

if (!isLong('coexistence')) console.error('skipped: SDKs of others beside ours: AFN_TEST_LONG=coexistence runs them')

/** A request to express from inside of the app; then what the other SDK has seen, as one line of JSON. */
const app = `
  const { once } = require('node:events')
  const http = require('node:http')
  async function main() {
    const server = require('express')().get('/hello/:id', (request, response) => response.send('hi')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await globalThis.within(() => new Promise(resolve =>
      http.get({ host: '127.0.0.1', port: server.address().port, path: '/hello/1' }, response => response.resume().on('end', resolve))))
    server.close()
    console.log(JSON.stringify(await globalThis.seen()))
    console.log(require('@afn/otel/api').status()?.state ?? 'none')
  }
  main()`

const sentry = (name: string) => `
  const Sentry = require('${name}')
  const transactions = []
  Sentry.init({
    dsn: 'http://public@127.0.0.1:1/1', tracesSampleRate: 1, traceLifecycle: 'static',
    beforeSendTransaction(event) {
      transactions.push([event.transaction, ...event.spans.map(({ op, description }) => [op, description].join(' ')).sort()].map(text => text.replace(/:\\d+/g, '')))
      return null
    },
  })
  globalThis.within = act => Sentry.startSpan({ name: 'work', op: 'test' }, act)
  globalThis.seen = async () => { await Sentry.flush(2000); return transactions.sort() }`

const vercel = `
  const { registerOTel } = require('@vercel/otel')
  const { trace } = require('@opentelemetry/api')
  const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')
  const exporter = new InMemorySpanExporter()
  registerOTel({ serviceName: 'app', spanProcessors: [new SimpleSpanProcessor(exporter)] })
  globalThis.within = act => trace.getTracer('app').startActiveSpan('work', async span => { await act(); span.end() })
  globalThis.seen = async () => exporter.getFinishedSpans().map(({ name }) => name.replace(/:\\d+/, '')).sort()`

const langfuse = `
  const { NodeSDK } = require('@opentelemetry/sdk-node')
  const { LangfuseSpanProcessor } = require('@langfuse/otel')
  const { startActiveObservation } = require('@langfuse/tracing')
  const sdk = new NodeSDK({ spanProcessors: [new LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk', baseUrl: process.env.SINK })], instrumentations: [] })
  sdk.start()
  globalThis.within = act => startActiveObservation('answer', async generation => {
    generation.update({ model: 'gpt-5-mini', input: 'hello', output: 'hi', usageDetails: { input: 3, output: 1 } })
    await act()
  }, { asType: 'generation' })
  globalThis.seen = async () => { await sdk.shutdown(); return [] }`

const datadog = `
  const tracer = require('dd-trace').init({ flushInterval: 10 })
  // as docs/app.md says: it would record our requests to the Collector too
  tracer.use('http', { client: { blocklist: [new RegExp('^' + process.env.OTEL_EXPORTER_OTLP_ENDPOINT)] } })
  globalThis.within = act => tracer.trace('work', act)
  globalThis.seen = async () => { await new Promise(resolve => setTimeout(resolve, 500)); return [] }`

/** Takes what LangFuse's and Datadog's SDKs send. */
async function startSink() {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      if (/traces$/.test(request.url ?? '')) bodies.push(Buffer.concat(chunks).toString('latin1'))
      response.setHeader('content-type', 'application/json')
      response.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Names of spans in OTLP's JSON, and of operations in Datadog's msgpack. */
    names: () => {
      const text = bodies.join('\n')
      const otlp = Array.from(text.matchAll(/"name":"(answer|GET[^"]*)"/g), ([, name]) => name!)
      return [...otlp, ...(text.match(/(?<=\xa4name.)(work|web\.request|http\.request|express\.\w+)/g) ?? [])].sort()
    },
    close: () => new Promise(resolve => server.close(resolve)),
  }
}

interface Seen {
  readonly recorded: unknown
  readonly sent: readonly string[]
  readonly state: string
  readonly ours: readonly string[]
  readonly stderr: string
  readonly code: Run['code']
}

const orders = { without: [] as string[], 'they first': ['--require', './other.cjs', '--require', '@afn/otel'], 'we first': ['--require', '@afn/otel', '--require', './other.cjs'] } // biome-ignore format: rows

async function start(other: string, order: keyof typeof orders, more: Record<string, string> = {}): Promise<Seen> {
  const folder = path.join(installOnce(path.join(root, 'test/coexistence/package.json'), 'coexistence'), 'node_modules')
  const names = ['@langfuse/otel', '@langfuse/tracing', '@opentelemetry/api', '@opentelemetry/sdk-node', '@opentelemetry/sdk-trace-base', '@sentry/node', '@vercel/otel', 'dd-trace', 'express', 'sentry-10'] // biome-ignore format: names
  const made = makeApp({
    files: { 'other.cjs': other, 'app.cjs': app },
    modules: Object.fromEntries(names.map(name => [name, path.join(folder, name)])),
  })
  const [receiver, sink] = [await startReceiver(), await startSink()]
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    SINK: sink.url,
    DD_TRACE_AGENT_URL: sink.url,
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
    DD_REMOTE_CONFIGURATION_ENABLED: 'false',
    ...more,
  }
  const preloads = order === 'without' ? ['--require', './other.cjs'] : orders[order]
  const { code, stdout, stderr } = await run(made, [...preloads, 'app.cjs'], { env })
  const [recorded = 'null', state = ''] = stdout.trim().split('\n')
  const ours = receiver.spans().map(({ name }) => name).sort() // biome-ignore format: one line
  await receiver.close()
  await sink.close()
  return { recorded: JSON.parse(recorded), sent: sink.names(), state, ours, stderr, code }
}

/** Whether it registers a tracer provider with OpenTelemetry: for such a one ours stands down. */
const others: [name: string, source: string, registers: boolean][] = [
  ['Sentry 10', sentry('sentry-10'), true],
  ['Sentry 11', sentry('@sentry/node'), false],
  ['@vercel/otel', vercel, true],
  ['dd-trace', datadog, false],
  ["LangFuse's SDK 5 with a NodeSDK", langfuse, true],
]

describe.skipIf(!isLong('coexistence'))('beside ours', () => {
  it.each(others.flatMap(one => (['they first', 'we first'] as const).map(order => [...one, order] as const)))(
    '%s records and sends what it does without us (%#)',
    async (_, source, registers, order) => {
      const bare = await start(source, 'without')
      const both = await start(source, order)
      expect([bare.code, bare.state]).toEqual([0, 'none'])
      expect(JSON.stringify([bare.recorded, bare.sent]).length).toBeGreaterThan('[[],[]]'.length)
      expect({ recorded: both.recorded, sent: both.sent, code: both.code }).toEqual({
        recorded: bare.recorded,
        sent: bare.sent,
        code: 0,
      })
      if (registers) {
        expect([both.state, both.ours]).toEqual(['stood-down', []])
        expect(both.stderr).toContain('AFN103 stood down for')
      } else {
        expect(both.state).toBe('started')
        expect(both.ours).toContain('GET /hello/:id')
        expect(both.stderr).not.toContain('AFN10')
      }
    },
  )

  it.each(others.filter(([, , registers]) => registers))(
    '%s is refused with AFN_STAND_DOWN=false, which is said',
    async (_, source) => {
      const both = await start(source, 'we first', { AFN_STAND_DOWN: 'false' })
      expect([both.code, both.state]).toEqual([0, 'started'])
      expect(both.stderr).toContain('AFN104')
      expect(both.ours).toContain('GET /hello/:id')
    },
  )

  it("spans of LangFuse's SDK come through ours, where no SDK of its own is started", async () => {
    const source = langfuse
      .replace(/const sdk = .*\n/, '')
      .replace(/ {2}sdk\.start\(\)\n/, '')
      .replace('await sdk.shutdown();', '')
    const { ours, state } = await start(source, 'we first')
    expect(state).toBe('started')
    expect(ours).toEqual(expect.arrayContaining(['answer', 'GET /hello/:id']))
  })
})
