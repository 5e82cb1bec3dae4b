// The client's side of HTTP, which is ours, beside OpenTelemetry as its users install it: the same random requests with each, and bare.
// What is exported has to be the same, span by span and series by series; what servers and the app get, what it is bare.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { asConventionsSay } from '../support/conventional'
import { makeApp } from '../support/packed'
import { type ReceivedMetric, type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { type ClientRequest, changed, comparable } from './http-client-requests'

const maker = { bare: [], afn: ['--require', '@afn/otel'], theirs: ['--require', '@opentelemetry/auto-instrumentations-node/register'] } // biome-ignore format: one line
type Maker = keyof typeof maker

interface Seen {
  /** What the app prints, and of that the requests whose trace headers came once. */
  readonly app: string[]
  readonly traced: string[]
  readonly stderr: string
  /** By the request that they belong to. */
  readonly spans: string[]
  readonly series: string[]
}

const source = readFileSync('test/conformance/http/client.cjs', 'utf8')
const certificates = makeCertificates()
afterAll(() => certificates.remove())

async function send(by: Maker, plan: readonly ClientRequest[]): Promise<Seen> {
  const receiver = await startReceiver()
  const modules = ['@opentelemetry/api', '@opentelemetry/auto-instrumentations-node']
  const folder = makeApp({
    files: { 'app.cjs': source, 'plan.json': JSON.stringify({ plan, server: certificates.server }) },
    modules: Object.fromEntries(modules.map(name => [name, name])),
  })
  const { stdout, stderr } = await run(folder, [...maker[by], 'app.cjs'], {
    env: {
      NODE_EXTRA_CA_CERTS: certificates.ca,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'none',
      AFN_REDACTION: 'false',
    },
  })
  const lines = stdout.trimEnd().split('\n')
  const requests = new Map(
    receiver.spans().flatMap(span => (span.scope === 'app' ? [[span.spanId, span] as const] : [])),
  )
  const [first] = requests.values()
  const ports = new Map(JSON.parse(String(first?.attributes.ports ?? '[]')) as [string, string][])
  const named = (text: string) => text.replaceAll(/\b\d+\b/g, port => ports.get(port) ?? port)
  const seen = {
    app: lines.filter(line => !line.startsWith('traced: ')),
    traced: lines.filter(line => line.startsWith('traced: ')),
    stderr: stderr.replaceAll(/\(node:\d+\)|^\[@afn\/otel\] AFN143 .*\n/gm, ''),
    spans: receiver
      .spans()
      .filter(({ kind }) => kind === 3)
      .map(span => (by === 'theirs' ? asConventionsSay(span) : span))
      .map(span => `${requests.get(span.parentSpanId)?.name}: ${named(spanText(span))}`)
      .sort(),
    series: [...new Map(receiver.metrics().flatMap(metric => seriesOf(metric, ports)))]
      .map(([series, count]) => `${named(series)}: ${count}`)
      .sort(),
  }
  await receiver.close()
  return seen
}

/** Without what differs from run to run (ids, times, stacks), and what stock has no word for: that an exception was logged meanwhile. */
function spanText({ name, attributes: all, events, status, links, scope }: ReceivedSpan): string {
  const { 'afn.exception.logged': _, ...attributes } = all
  const said = events.map(event => [
    event.name,
    event.attributes['exception.type'],
    event.attributes['exception.message'],
    typeof event.attributes['exception.stacktrace'],
  ])
  return JSON.stringify({ name, attributes: sorted(attributes), said, status, links, scope })
}

/** Requests of the exporters are in theirs. */
function seriesOf(
  { name, unit, points }: ReceivedMetric,
  ports: Map<string, string>,
): [series: string, count: number][] {
  return points
    .filter(({ attributes }) => name === 'http.client.request.duration' && ports.has(String(attributes['server.port'])))
    .map(({ attributes, count }) => [JSON.stringify({ name, unit, attributes: sorted(attributes) }), count])
}

const sorted = (object: object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

describe('requests of random shapes', () => {
  const seen = {} as Record<Maker, Seen>
  const plan = comparable(120, 1)

  beforeAll(async () => {
    for (const by of ['bare', 'afn', 'theirs'] as const) seen[by] = await send(by, plan)
  })

  it('are sent and answered as without us, and the app finds no listener of ours', () => {
    expect(seen.bare.app.length).toBeGreaterThan(3 * plan.length)
    expect(seen.afn.app).toEqual(seen.bare.app)
    expect(seen.afn.stderr).toBe(seen.bare.stderr)
  })

  it('carry the trace headers, each once', () => {
    expect(new Set(seen.bare.traced)).toEqual(new Set(['traced: 0']))
    expect(new Set(seen.afn.traced)).toEqual(new Set(['traced: 1']))
  })

  it("make the spans that OpenTelemetry's instrumentation makes", () => {
    expect(seen.afn.spans.length).toBeGreaterThan(0.9 * plan.length)
    expect(seen.afn.spans).toEqual(seen.theirs.spans)
  })

  it('are counted in the same series, as often', () => {
    expect(seen.afn.series.length).toBeGreaterThan(10)
    expect(seen.afn.series).toEqual(seen.theirs.series)
  })
})

describe("requests that OpenTelemetry's instrumentation changes", () => {
  const seen = {} as Record<'bare' | 'afn', Seen>
  const plan = changed(2)

  beforeAll(async () => {
    for (const by of ['bare', 'afn'] as const) seen[by] = await send(by, plan)
  })

  it('are sent and answered as without us: lists of headers, credentials, default ports, properties of a URL', () => {
    expect(seen.afn.app).toEqual(seen.bare.app)
    expect(seen.afn.stderr).toBe(seen.bare.stderr)
  })

  it('have a span each and carry the trace headers', () => {
    expect(new Set(seen.afn.traced)).toEqual(new Set(['traced: 1']))
    expect(seen.afn.spans.length).toBe(plan.length)
    // with the port that was asked, and without the credentials
    expect(seen.afn.spans.filter(span => !/"server.port":"?HTTPS?\b/.test(span))).toEqual([])
    expect(seen.afn.spans.filter(span => /bob|p(%40|@)ss/.test(span))).toEqual([])
  })
})
