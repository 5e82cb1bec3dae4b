// What becomes of an export, in counts that users see: `status()`, metrics of OpenTelemetry's conventions, one line.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { isTracingSuppressed } from '@opentelemetry/core'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBatchExporter } from '../../../src/app/delivery/batch-exporter'
import { DeliveryCounts } from '../../../src/app/delivery/counts'
import { createDelivery } from '../../../src/app/delivery/deliver'
import * as otlp from '../../../src/app/delivery/otlp'
import { resolve } from '../../../src/shared/config/resolve'
import { diagnostics } from '../../../src/shared/diag/report'
import { newExported } from '../../../src/shared/diag/status'
import { startBlackHole } from '../../support/black-hole'

const chunks = vi.hoisted(() => ({
  console: undefined as unknown,
  createTransport: undefined as unknown as typeof otlp.createTransport,
}))
vi.mock('../../../src/app/chunks', () => ({
  loadChunk(name: string) {
    if (name === 'otlp') return { ...otlp, createTransport: chunks.createTransport }
    if (chunks.console) return chunks.console
    throw new Error(`Cannot find module '${name}'`)
  },
}))

const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js')
const services = {
  traces: 'trace.v1.ExportTrace',
  logs: 'logs.v1.ExportLogs',
  metrics: 'metrics.v1.ExportMetrics',
} as const
const rejectedOf = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const
type Signal = keyof typeof services

/** As the .proto files of OpenTelemetry have it. */
function encodedResponse(signal: Signal, partialSuccess: object): Buffer {
  const type = getProtoRoot().lookupType(`opentelemetry.proto.collector.${services[signal]}ServiceResponse`)
  return Buffer.from(type.encode(type.fromObject({ partialSuccess })).finish())
}

const resource = resourceFromAttributes({})
const idle = { isFirst: true, isFlush: false, mayPart: false }
let close: (() => void)[] = []

beforeEach(() => {
  chunks.console = undefined
  chunks.createTransport = otlp.createTransport
})
afterEach(() => {
  for (const one of close) one()
  close = []
})

async function collector(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => void request.resume().on('end', () => listener(request, response)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  close.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function settingsOf(env: Record<string, string>) {
  return resolve({ env, cwd: '/nowhere', parseYaml: JSON.parse }).settings
}

/** Delivers `count` items in one request. */
async function sent(signal: Signal, count: number, env: Record<string, string>, attempt = idle) {
  const exported = newExported()
  const counts = new DeliveryCounts(exported)
  const exporter = env[`OTEL_${signal.toUpperCase()}_EXPORTER`] === 'console' ? 'console' : 'otlp'
  const batch = signal === 'metrics' ? { resource, scopeMetrics: [] } : []
  const delivery = createDelivery(signal, exporter, settingsOf(env), counts)
  return { outcome: await delivery.deliver({ batch, count, resource }, attempt), exported }
}

const delivered = async (...args: Parameters<typeof sent>) => (await sent(...args)).exported

const said = (code: string) => diagnostics().filter(one => one.code === code)

describe.each(['traces', 'logs', 'metrics'] as const)('a request of %s', signal => {
  const total = { traces: 'spans', logs: 'logs', metrics: 'dataPoints' }[signal]

  it('that is taken is counted', async () => {
    const url = await collector((_, response) => response.end())
    expect(await delivered(signal, 5, { OTEL_EXPORTER_OTLP_ENDPOINT: url })).toMatchObject({ [total]: 5, failed: 0 })
  })

  it.each(['protobuf', 'json'])('that is taken in part is counted so, and said, %s', async encoding => {
    const partialSuccess = { [rejectedOf[signal]]: encoding === 'json' ? '2' : 2, errorMessage: 'over the quota' }
    const url = await collector((_, response) => {
      response.setHeader('content-type', `application/${encoding === 'json' ? 'json' : 'x-protobuf'}`)
      response.end(encoding === 'json' ? JSON.stringify({ partialSuccess }) : encodedResponse(signal, partialSuccess))
    })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: `http/${encoding}` }
    expect(await delivered(signal, 5, env)).toMatchObject({
      [total]: 3,
      failed: 2,
      lost: { [signal]: { rejected: 2 } },
    })
    expect(said('AFN135').length).toBeGreaterThan(0)
  })

  it('that is taken with a warning, or with an answer that nobody can read, is delivered whole', async () => {
    const warning = await collector((_, response) =>
      response.end(encodedResponse(signal, { errorMessage: 'old version' })),
    )
    expect(await delivered(signal, 5, { OTEL_EXPORTER_OTLP_ENDPOINT: warning })).toMatchObject({
      [total]: 5,
      failed: 0,
    })
    for (const answer of ['{"partialSuccess": nonsense', 'OK', '{}', '\x0a\xff\xff']) {
      const url = await collector((_, response) => response.end(answer))
      expect(await delivered(signal, 5, { OTEL_EXPORTER_OTLP_ENDPOINT: url })).toMatchObject({ [total]: 5, failed: 0 })
    }
  })

  it('that fails is counted by its status', async () => {
    const url = await collector((_, response) => response.writeHead(400).end())
    const lost = { [signal]: { 400: 5 } }
    expect(await delivered(signal, 5, { OTEL_EXPORTER_OTLP_ENDPOINT: url })).toMatchObject({ failed: 5, lost })
  })

  it('that gets no connection ends within its own timeout, is said, and is not lost', async () => {
    const hole = await startBlackHole()
    close.push(hole.close)
    const timeout = {
      traces: 'OTEL_BSP_EXPORT_TIMEOUT',
      logs: 'OTEL_BLRP_EXPORT_TIMEOUT',
      metrics: 'OTEL_METRIC_EXPORT_TIMEOUT',
    }
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: hole.url, [timeout[signal]]: '200' }
    const { outcome, exported } = await sent(signal, 5, env)
    expect(outcome).toMatchObject({ answered: false, retryable: true })
    expect(exported).toMatchObject({ failed: 0, lost: { [signal]: {} } })
    expect(said('AFN130').some(({ message }) => message.startsWith(`${signal} could not be delivered`))).toBe(true)
  })

  it('whose certificate file is missing is counted, and is no exception', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:1', OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere.pem' }
    const lost = { [signal]: { ENOENT: 5 } }
    expect(await delivered(signal, 5, env)).toMatchObject({ failed: 5, lost })
  })

  it('to a console exporter that can not be read is counted and said, and is no unhandled rejection', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const env = { [`OTEL_${signal.toUpperCase()}_EXPORTER`]: 'console' }
    expect(await delivered(signal, 5, env)).toMatchObject({ failed: 5 })
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(said('AFN130').length).toBeGreaterThan(0)
  })
})

it('an export makes no spans of itself (BSP: prevent instrumentation prior to export)', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const seen: boolean[] = []
  const createTransport = vi.spyOn(chunks, 'createTransport').mockReturnValue({
    post: () => Promise.reject(new Error('not by us')),
    async attempt() {
      seen.push(isTracingSuppressed(context.active()))
      await new Promise(resolve => setImmediate(resolve))
      seen.push(isTracingSuppressed(context.active()))
      return { ok: true, body: Buffer.alloc(0), contentType: '' }
    },
  })
  await delivered('traces', 1, {})
  createTransport.mockRestore()
  context.disable()
  expect(seen).toEqual([true, true])
})

describe('a record that is not delivered', () => {
  const spans = new InMemorySpanExporter()
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }).getTracer(
    'test',
  )
  tracer.startSpan('one').end()
  const item = spans.getFinishedSpans()[0] as ReadableSpan

  it('is counted by reason, and as otel.sdk.processor.span.processed and otel.sdk.exporter.span.exported', async () => {
    const url = await collector((_, response) => response.writeHead(400).end())
    const exported = newExported()
    const counts = new DeliveryCounts(exported)
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_MAX_QUEUE_SIZE: '3' }
    const sizes = { sizeOf: () => 1, rankOf: () => 0, shrink() {} }
    const exporter = createBatchExporter<ReadableSpan>('traces', settingsOf(env), counts, sizes)!
    const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 1_000_000 })
    const provider = new MeterProvider({ readers: [reader] })
    counts.measure(provider.getMeter('test'))

    for (let i = 0; i < 7; i++) exporter.add(item)
    exporter.add(Object.create(item, { name: { value: 'x'.repeat(9 * 2 ** 20) } }))
    await exporter.shutdown()
    exporter.add(item)

    expect(exported).toMatchObject({
      spans: 0,
      failed: 6,
      dropped: 3,
      lost: { traces: { 400: 6, queue_full: 1, too_large: 1, already_shutdown: 1 }, logs: {}, metrics: {} },
    })
    await reader.forceFlush()
    const metrics = memory
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap(scope => scope.metrics)
    const points = (name: string) =>
      metrics
        .find(({ descriptor }) => descriptor.name === name)!
        .dataPoints.map(({ attributes, value }) => [attributes['otel.component.type'], attributes['error.type'], value])
    expect(points('otel.sdk.exporter.span.exported')).toEqual([
      ['otlp_http_span_exporter', undefined, 0],
      ['otlp_http_span_exporter', '400', 6],
    ])
    expect(points('otel.sdk.processor.span.processed')).toEqual([
      ['batching_span_processor', undefined, 6],
      ['batching_span_processor', 'queue_full', 1],
      ['batching_span_processor', 'too_large', 1],
      ['batching_span_processor', 'already_shutdown', 1],
    ])
    expect(points('otel.sdk.processor.span.queue.capacity')).toEqual([['batching_span_processor', undefined, 3]])
    expect(points('otel.sdk.processor.span.queue.size')).toEqual([['batching_span_processor', undefined, 0]])
    await provider.shutdown()
  })

  it('waits for attributes of the resource that come late (BSP, BLRP: pending resource on flush)', async () => {
    const bodies: Buffer[] = []
    const server = createServer((request, response) => {
      request.on('data', chunk => bodies.push(chunk)).on('end', () => response.end())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    close.push(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_COMPRESSION: 'none' }
    const late = resourceFromAttributes({
      late: new Promise<string>(resolve => setTimeout(resolve, 20, 'came-after-all')),
    })
    const exporter = createBatchExporter<ReadableSpan>('traces', settingsOf(env), new DeliveryCounts(newExported()), {
      sizeOf: () => 1,
      rankOf: () => 0,
      shrink() {},
    })!
    exporter.add({ ...item, spanContext: () => item.spanContext(), resource: late })
    await exporter.flush()
    expect(Buffer.concat(bodies).toString()).toContain('came-after-all')
  })

  it('does not wait without end for attributes of the resource', async () => {
    const url = await collector((_, response) => response.end())
    const exported = newExported()
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_EXPORT_TIMEOUT: '50' }
    const never = resourceFromAttributes({ late: new Promise<string>(() => {}) })
    const delivery = createDelivery<never[]>('traces', 'otlp', settingsOf(env), new DeliveryCounts(exported))
    expect(await delivery.deliver({ batch: [], count: 2, resource: never }, idle)).toMatchObject({ answered: false })
    expect(exported).toMatchObject({ failed: 0, lost: { traces: {} } })
  })
})
