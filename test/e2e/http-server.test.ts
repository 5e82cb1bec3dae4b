// The server's side of HTTP, which is ours, beside OpenTelemetry as its users install it: the same requests in every shape with each.
// What is exported has to be the same, span by span and series by series; what clients get and what the app can see of its
// emitters has to be what it is without either.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { asConventionsSay } from '../support/conventional'
import { makeApp } from '../support/packed'
import { type ReceivedMetric, type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const maker = { bare: [], afn: ['--require', '@afn/otel'], theirs: ['--require', '@opentelemetry/auto-instrumentations-node/register'] } // biome-ignore format: one line
type Maker = keyof typeof maker

interface Seen {
  /** What the app prints: answers and its own look at emitters. */
  readonly app: string[]
  /** In which contexts its listeners ran. */
  readonly contexts: string[]
  readonly stderr: string
  readonly spans: string[]
  readonly series: string[]
}

const source = readFileSync('test/conformance/http/server.cjs', 'utf8')

async function serve(by: Maker): Promise<Seen> {
  const receiver = await startReceiver()
  const modules = ['@opentelemetry/api', '@opentelemetry/auto-instrumentations-node']
  const folder = makeApp({
    files: { 'app.cjs': source },
    modules: Object.fromEntries(modules.map(name => [name, name])),
  })
  const { stdout, stderr } = await run(folder, [...maker[by], 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'none',
      // as here: what came as not sampled is recorded too
      OTEL_TRACES_SAMPLER: by === 'theirs' ? 'always_on' : '',
      AFN_REDACTION: 'false',
    },
  })
  const ofContexts = (line: string) => /^(contexts|awaited): /.test(line)
  const lines = stdout.split('\n')
  const seen = {
    // what the server sees and what its client sees come in no certain order
    app: lines
      .filter(line => !ofContexts(line))
      .map(line => line.replace(/Date: [^\\]+/, 'Date: now'))
      .sort(),
    contexts: lines.filter(ofContexts).sort(),
    stderr: stderr.replaceAll(/^\[@afn\/otel\] AFN143 .*\n/gm, ''),
    spans: receiver
      .spans()
      .map(span => spanText(by === 'theirs' ? asConventionsSay(span) : span))
      .sort(),
    series: [...new Map(receiver.metrics().filter(isOfServer).flatMap(seriesOf))].map(one => one.join(': ')).sort(),
  }
  await receiver.close()
  return seen
}

const isOfServer = ({ name }: ReceivedMetric) => name === 'http.server.request.duration'

/** Without what differs from run to run: ids, times, the ports of clients, stacks. */
function spanText({
  traceId,
  spanId,
  parentSpanId,
  startNano,
  endNano,
  types,
  resource,
  ...span
}: ReceivedSpan): string {
  const { 'network.peer.port': port, ...attributes } = span.attributes
  const events = span.events.map(event => [
    event.name,
    event.attributes['exception.type'],
    event.attributes['exception.message'],
  ])
  const parent = parentSpanId && `${traceId} ${parentSpanId}`
  return JSON.stringify({
    ...span,
    parent,
    port: typeof port,
    attributes: sorted(attributes),
    types: sorted(types),
    events,
  })
}

/** Series with their counts. Where a handler threw, OpenTelemetry's writes the status into what it has recorded. */
function seriesOf({ name, unit, points }: ReceivedMetric): [series: string, count: number][] {
  return points.map(({ attributes: { 'http.response.status_code': status, ...attributes }, count }) => {
    const ofStatus = /^(\d+|undefined)$/.test(String(attributes['error.type'])) && status
    return [JSON.stringify({ name, unit, status: ofStatus, attributes: sorted(attributes) }), count]
  })
}

const sorted = (object: object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

describe('requests in every shape', () => {
  const seen = {} as Record<Maker, Seen>

  beforeAll(async () => {
    await Promise.all(
      (['bare', 'afn', 'theirs'] as const).map(async by => {
        seen[by] = await serve(by)
      }),
    )
  })

  it('are answered byte for byte as without us, and the app finds no listener and no method of ours', () => {
    expect(seen.bare.app.length).toBeGreaterThan(150)
    expect(seen.afn.app).toEqual(seen.bare.app)
    expect(seen.afn.stderr).toBe('')
  })

  it("make the spans that OpenTelemetry's instrumentation makes", () => {
    expect(seen.afn.spans.length).toBeGreaterThan(150)
    expect(seen.afn.spans).toEqual(seen.theirs.spans)
  })

  it('are counted in the same series, as often', () => {
    expect(seen.afn.series.length).toBeGreaterThan(20)
    expect(seen.afn.series).toEqual(seen.theirs.series)
  })

  it('run their listeners in the context in which they run there', () => {
    expect(seen.afn.contexts.length).toBeGreaterThan(10)
    expect(seen.afn.contexts).toEqual(seen.theirs.contexts)
  })
})
