// OTLP over gRPC into `up`, by the clients that users have: OpenTelemetry's exporters of Node.js, the Collector's and Python's.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { collectorOfSuites } from '../collector/find'
import { freePorts } from '../support/ports'
import { type RunningUp, startUp } from '../support/up'

const require = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/sdk-node'))
const collector = await collectorOfSuites()
const python = process.env.PYTHON_OTLP_BIN ?? 'python3'
const exporter = 'import opentelemetry.exporter.otlp.proto.grpc.trace_exporter, opentelemetry.sdk.metrics'
const hasPython = spawnSync(python, ['-c', exporter]).status === 0

let up: RunningUp
beforeAll(async () => {
  up = await startUp(['--memory'], { env: { AFN_LOCAL_TOKEN: 'token' } })
})
afterAll(() => up.stop())
afterEach(() => vi.unstubAllEnvs())

const authorization = 'Bearer token'
const api = async (route: string) => (await fetch(`${up.url}/${route}`, { headers: { authorization } })).text()

/** Records of one signal that have come. */
async function received(signal: string): Promise<number> {
  const line = new RegExp(`^afn_up_records_received_total\\{signal="${signal}"\\} (\\d+)$`, 'm')
  return Number(line.exec(await api('metrics'))?.[1])
}

async function spansOf(service: string): Promise<number> {
  const query = encodeURIComponent(`{ resource.service.name = "${service}" } | count() > 0`)
  const { traces = [] } = JSON.parse(await api(`api/search?limit=10&spss=1&q=${query}`)) as {
    traces?: { spanSets: { matched: number }[] }[]
  }
  return traces.reduce((sum, { spanSets }) => sum + spanSets.reduce((all, { matched }) => all + matched, 0), 0)
}

/** Three hundred spans of one trace, a counter and a log record, through the exporters of one protocol. */
async function exportAll(service: string, protocol: 'grpc' | 'proto', compression: 'gzip' | 'none') {
  const { resourceFromAttributes } = require('@opentelemetry/resources')
  const { TracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace')
  const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics')
  const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs')
  const { ROOT_CONTEXT, trace } = require('@opentelemetry/api')
  const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${protocol}`)
  const { OTLPMetricExporter } = require(`@opentelemetry/exporter-metrics-otlp-${protocol}`)
  const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${protocol}`)
  const resource = resourceFromAttributes({ 'service.name': service })
  const of = (signal: string) => ({ url: protocol === 'grpc' ? up.grpc : `${up.otlp}/v1/${signal}`, compression })
  const spans = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(of('traces')) })],
  })
  const tracer = spans.getTracer('test')
  const root = tracer.startSpan('root')
  for (let i = 1; i < 300; i++) tracer.startSpan(`span ${i}`, {}, trace.setSpan(ROOT_CONTEXT, root)).end()
  root.end()
  const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(of('metrics')) })
  const metrics = new MeterProvider({ resource, readers: [reader] })
  metrics.getMeter('test').createCounter('sent').add(7)
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(of('logs')) })],
  })
  logs.getLogger('test').emit({ body: 'one' })
  for (const provider of [spans, metrics, logs]) {
    await provider.forceFlush()
    await provider.shutdown()
  }
}

describe('up takes over gRPC what it takes over HTTP', () => {
  it.each(['none', 'gzip'] as const)("from OpenTelemetry's exporters of Node.js, compression %s", async compression => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20token')
    const counts = async () => Promise.all(['traces', 'metrics', 'logs'].map(received))
    const before = await counts()
    await exportAll(`http-${compression}`, 'proto', compression)
    const byHttp = await counts()
    await exportAll(`grpc-${compression}`, 'grpc', compression)
    const byGrpc = await counts()
    const added = byHttp.map((count, i) => count - before[i]!)
    expect(added[0]).toBe(300)
    expect(byGrpc.map((count, i) => count - byHttp[i]!)).toEqual(added)
    expect([await spansOf(`grpc-${compression}`), await spansOf(`http-${compression}`)]).toEqual([300, 300])
  })

  it.skipIf('missing' in collector)("from the Collector's exporter, with gzip, as often as they came", async () => {
    const [otlp] = (await freePorts(1)) as [number]
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-grpc-'))
    const file = path.join(folder, 'collector.yaml')
    writeFileSync(
      file,
      JSON.stringify({
        receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
        exporters: {
          otlp: {
            endpoint: new URL(up.grpc).host,
            compression: 'gzip',
            tls: { insecure: true },
            headers: { authorization },
          },
        },
        service: {
          telemetry: { metrics: { level: 'none' } },
          pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp'] } },
        },
      }),
    )
    const child = spawn((collector as { binary: string }).binary, ['--config', file], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const span = (i: number) => ({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: (i + 1).toString(16).padStart(16, '0'),
      name: `span ${i}`,
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now() + 1}000000`,
    })
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'collected' } }] }
    const body = JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ spans: Array.from({ length: 500 }, (_, i) => span(i)) }] }],
    })
    const post = () =>
      fetch(`http://127.0.0.1:${otlp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).then(
        ({ status }) => status,
        () => 0,
      )
    await expect.poll(post, { timeout: 30_000 }).toBe(200)
    await expect.poll(() => spansOf('collected'), { timeout: 30_000 }).toBe(500)
  })

  it.skipIf(!hasPython)("from Python's exporters", async () => {
    const program = path.join(mkdtempSync(path.join(tmpdir(), 'afn-grpc-')), 'app.py')
    writeFileSync(
      program,
      `from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
with provider.get_tracer('test').start_as_current_span('root'):
    for i in range(299):
        provider.get_tracer('test').start_span('span').end()
provider.shutdown()
`,
    )
    const env = {
      ...process.env,
      OTEL_SERVICE_NAME: 'python',
      OTEL_EXPORTER_OTLP_ENDPOINT: up.grpc,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }
    const { stderr } = spawnSync(python, [program], { env, encoding: 'utf8' })
    expect(stderr).toBe('')
    await expect.poll(() => spansOf('python')).toBe(300)
  })
})

it('up goes on without gRPC where its port is taken, and says so', async () => {
  const { port } = new URL(up.grpc)
  const second = await startUp(['--memory', '--grpc-port', port])
  expect(second.stderr()).toMatch(new RegExp(`^afn-otel up: port ${port} is already in use.*--grpc-port\\n$`))
  expect((await second.post('traces', {})).status).toBe(200)
  expect(await second.stop()).toBe(0)
})
