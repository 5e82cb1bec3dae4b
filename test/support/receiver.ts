// An OTLP/HTTP receiver for tests. Decodes with protobufjs and OpenTelemetry's own .proto files (from
// @elastic/mockotlpserver), so that our encoder is held against somebody else's decoder.
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { registryProblems } from './live-check'
import { toLiveCheck } from './live-check-relay'

const require = createRequire(import.meta.url)
const { getProtoRoot } = require('@elastic/mockotlpserver/lib/proto.js')
// its files are older than this field
const logRecord = getProtoRoot().lookupType('opentelemetry.proto.logs.v1.LogRecord')
logRecord.add(new logRecord.fields.severityText.constructor('eventName', 12, 'string'))

export interface ReceivedSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId: string
  attributes: Record<string, unknown>
  /** Which AnyValue field each attribute came in. */
  types: Record<string, string>
  events: { name: string; attributes: Record<string, unknown>; types: Record<string, string> }[]
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[]
  status: { code: number; message: string }
  startNano: bigint
  endNano: bigint
  flags: number
  scope: string
  resource: Record<string, unknown>
}

export interface ReceivedLog {
  body: unknown
  eventName: string
  severityText: string
  traceId: string
  spanId: string
  attributes: Record<string, unknown>
  types: Record<string, string>
  scope: string
  resource: Record<string, unknown>
}

export interface ReceivedPoint {
  attributes: Record<string, unknown>
  types: Record<string, string>
  /** A counter's or gauge's value, or the sum of a histogram. */
  value: number
  /** Of a histogram; 0 for others. */
  count: number
  /** Of a histogram: the boundaries, and how many are between two of them. */
  bounds: number[]
  buckets: number[]
}

export interface ReceivedMetric {
  name: string
  unit: string
  points: ReceivedPoint[]
  scope: string
  resource: Record<string, unknown>
}

export interface ReceivedRequest {
  path: string
  headers: Record<string, string | string[] | undefined>
  /** After decompression. */
  body: Buffer
}

export interface Receiver {
  readonly url: string
  readonly requests: ReceivedRequest[]
  spans(): ReceivedSpan[]
  logs(): ReceivedLog[]
  /** Each export of each metric, in the order in which they came. */
  metrics(): ReceivedMetric[]
  /** The newest point of each series of a metric: a process that lives long exports more than once, with sums from its start. */
  points(name: string): ReceivedPoint[]
  metricNames(): string[]
  /** Resolves when `enough` holds, or rejects after 20 s with what is there. */
  until(enough: (receiver: Receiver) => boolean): Promise<void>
  /** Rejects when something came that the registry does not know. */
  close(): Promise<void>
}

/** @param answer what each request is answered with: a status, or `hang` for never */
export async function startReceiver(
  answer: (request: ReceivedRequest) => number | 'hang' = () => 200,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const relayed: Promise<void>[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const received = {
        path: request.url ?? '',
        headers: request.headers,
        body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
      }
      requests.push(received)
      relayed.push(toLiveCheck(received))
      const status = answer(received)
      if (status === 'hang') return
      response.writeHead(status, { 'content-type': String(request.headers['content-type']) })
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => requests.filter(({ path }) => path === '/v1/traces').flatMap(decodeSpans),
    logs: () => requests.filter(({ path }) => path === '/v1/logs').flatMap(decodeLogs),
    metrics: () => requests.filter(({ path }) => path === '/v1/metrics').flatMap(decodeMetrics),
    points(name) {
      const newest = new Map<string, ReceivedPoint>()
      for (const metric of receiver.metrics()) {
        if (metric.name !== name) continue
        for (const point of metric.points)
          newest.set(JSON.stringify([metric.resource, metric.scope, point.attributes]), point)
      }
      return [...newest.values()]
    },
    metricNames: () => receiver.metrics().map(({ name }) => name),
    async until(enough) {
      for (const limit = Date.now() + 20_000; !enough(receiver); ) {
        if (Date.now() > limit)
          throw new Error(`not received: ${requests.length} requests, spans ${receiver.spans().map(span => span.name)}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async close() {
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      await Promise.all(relayed)
      const problems = registryProblems(receiver.spans(), receiver.logs(), receiver.metrics())
      if (problems.length > 0) throw new Error(`not as semconv/registry says:\n${problems.join('\n')}`)
    },
  }
  return receiver
}

type Message = Record<string, unknown>
type Value = Record<string, unknown>

function decode(request: ReceivedRequest, type: string): Message {
  if (String(request.headers['content-type']).includes('json')) return JSON.parse(request.body.toString('utf8'))
  const message = getProtoRoot().lookupType(`opentelemetry.proto.collector.${type}`)
  return message.toObject(message.decode(request.body), {
    longs: String,
    bytes: Buffer,
    defaults: true,
    arrays: true,
    oneofs: true,
  })
}

const list = (value: unknown) => (value ?? []) as Message[]
const hex = (id: unknown) => (typeof id === 'string' ? id : Buffer.from((id ?? []) as Uint8Array).toString('hex'))

/** Of an export request, as protobuf or JSON. */
export function decodeSpans(request: ReceivedRequest): ReceivedSpan[] {
  return list(decode(request, 'trace.v1.ExportTraceServiceRequest').resourceSpans).flatMap(({ resource, scopeSpans }) =>
    list(scopeSpans).flatMap(({ scope, spans }) =>
      list(spans).map(span => ({
        name: String(span.name),
        kind: Number(span.kind),
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        attributes: plain(span.attributes),
        types: typesOf(span.attributes),
        events: list(span.events).map(event => ({
          name: String(event.name),
          attributes: plain(event.attributes),
          types: typesOf(event.attributes),
        })),
        links: list(span.links).map(link => ({
          traceId: hex(link.traceId),
          spanId: hex(link.spanId),
          attributes: plain(link.attributes),
        })),
        status: {
          code: Number((span.status as Message)?.code ?? 0),
          message: String((span.status as Message)?.message ?? ''),
        },
        startNano: BigInt(String(span.startTimeUnixNano)),
        endNano: BigInt(String(span.endTimeUnixNano)),
        flags: Number(span.flags),
        scope: String((scope as Message).name),
        resource: plain((resource as Message).attributes),
      })),
    ),
  )
}

export function decodeLogs(request: ReceivedRequest): ReceivedLog[] {
  return list(decode(request, 'logs.v1.ExportLogsServiceRequest').resourceLogs).flatMap(({ resource, scopeLogs }) =>
    list(scopeLogs).flatMap(({ scope, logRecords }) =>
      list(logRecords).map(record => ({
        body: record.body ? unwrap(record.body as Value) : undefined,
        eventName: String(record.eventName ?? ''),
        severityText: String(record.severityText ?? ''),
        traceId: hex(record.traceId),
        spanId: hex(record.spanId),
        attributes: plain(record.attributes),
        types: typesOf(record.attributes),
        scope: String((scope as Message)?.name),
        resource: plain((resource as Message).attributes),
      })),
    ),
  )
}

export function decodeMetrics(request: ReceivedRequest): ReceivedMetric[] {
  return list(decode(request, 'metrics.v1.ExportMetricsServiceRequest').resourceMetrics).flatMap(
    ({ resource, scopeMetrics }) =>
      list(scopeMetrics).flatMap(({ scope, metrics }) =>
        list(metrics).map(metric => {
          const data = (metric.sum ?? metric.gauge ?? metric.histogram ?? metric.exponentialHistogram ?? {}) as Message
          return {
            name: String(metric.name),
            unit: String(metric.unit),
            points: list(data.dataPoints).map(point => ({
              attributes: plain(point.attributes),
              types: typesOf(point.attributes),
              value: Number(point.asDouble ?? point.asInt ?? point.sum ?? 0),
              count: Number(point.count ?? 0),
              bounds: list(point.explicitBounds).map(Number),
              buckets: list(point.bucketCounts).map(Number),
            })),
            scope: String((scope as Message)?.name),
            resource: plain((resource as Message).attributes),
          }
        }),
      ),
  )
}

const fields = ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue']

/** With `oneofs` protobufjs says which field is set; JSON has only that field. */
function kindOf(value: Value): string {
  return typeof value?.value === 'string' && fields.includes(value.value)
    ? value.value
    : (fields.find(field => field in (value ?? {})) ?? 'empty')
}

function unwrap(value: Value): unknown {
  const kind = kindOf(value)
  const inner = value[kind]
  if (kind === 'intValue') return Number(inner)
  if (kind === 'arrayValue') return list((inner as Message).values).map(unwrap)
  if (kind === 'kvlistValue') return plain((inner as Message).values)
  return inner
}

function typesOf(attributes: unknown): Record<string, string> {
  return Object.fromEntries(list(attributes).map(({ key, value }) => [String(key), kindOf(value as Value)]))
}

function plain(attributes: unknown): Record<string, unknown> {
  return Object.fromEntries(list(attributes).map(({ key, value }) => [key, unwrap(value as Value)]))
}
