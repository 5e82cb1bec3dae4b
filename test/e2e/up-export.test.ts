// `afn-otel export --to`: what an `up` has, sent to larger stores.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { collectorOfSuites } from '../collector/find'
import { startIn } from '../prometheus/start'
import { findPrometheus } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { deployed } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { Random } from '../support/random'
import { decodeLogs, decodeMetrics, decodeSpans, type ReceivedRequest } from '../support/receiver'
import { type RunningUp, startUp } from '../support/up'

const SPANS = 9_000
const POINTS = 6_000
const RECORDS = 6_000
/** Of one request to `up`. */
const PART = 3_000

const now = BigInt(Date.now()) * 1_000_000n
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const resource = { attributes: [text('service.name', 'shop'), { key: 'n', value: { intValue: '7' } }] }
const scope = { name: 'test', version: '1' }
const at = (i: number) => String(now - BigInt(600_000 - i) * 1_000_000n)

const span = (i: number) => ({
  traceId: (Math.floor(i / 10) + 1).toString(16).padStart(32, '0'),
  spanId: (i + 1).toString(16).padStart(16, '0'),
  parentSpanId: i % 10 === 0 ? '' : (i - (i % 10) + 1).toString(16).padStart(16, '0'),
  name: `span ${i}`,
  kind: (i % 5) + 1,
  startTimeUnixNano: at(i),
  endTimeUnixNano: String(BigInt(at(i)) + 1_234_567n),
  attributes: [
    text('s', `texts ${i}`),
    { key: 'i', value: { intValue: '9007199254740993' } },
    { key: 'd', value: { doubleValue: 0.5 } },
    { key: 'b', value: { boolValue: false } },
    { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { intValue: '2' }] } } },
    { key: 'map', value: { kvlistValue: { values: [text('inner', 'x')] } } },
    text('gen_ai.request.model', 'gpt-5'),
  ],
  events: [{ timeUnixNano: at(i), name: 'event', attributes: [text('e', '1')] }],
  links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: [text('l', '1')] }],
  status: i % 3 === 0 ? { code: 2, message: 'failed' } : {},
})

const record = (i: number) => ({
  timeUnixNano: at(i),
  observedTimeUnixNano: at(i + 1),
  severityNumber: 9,
  severityText: 'INFO',
  body: i % 2 === 0 ? { stringValue: `{"line":${i}}` } : { kvlistValue: { values: [text('line', `${i}`)] } },
  attributes: [text('n', `${i}`)],
  traceId: 'ab'.repeat(16),
  spanId: 'cd'.repeat(8),
  eventName: 'event.of.test',
})

/** Of one series each ten of its points. */
const series = (i: number) => [text('series', `${i % (POINTS / 10)}`)]
const point = (i: number) => ({
  startTimeUnixNano: at(0),
  // seconds apart, so that none is twice in one series
  timeUnixNano: String(now - BigInt(600 - Math.floor(i / (POINTS / 10))) * 1_000_000_000n),
  attributes: series(i),
})

const range = <Value>(from: number, count: number, of: (i: number) => Value) =>
  Array.from({ length: count }, (_, i) => of(from + i))

const metricsOf = (from: number) => {
  const third = PART / 3
  const counted = range(from, third, i => ({ ...point(i), asInt: String(i) }))
  const gauges = range(from + third, third, i => ({ ...point(i), asDouble: i % 2 === 0 ? 0 : -i / 7 }))
  const buckets = { count: '6', sum: 0, min: 0, max: 9, explicitBounds: [1, 5], bucketCounts: ['1', '2', '3'] }
  const histograms = range(from + 2 * third, third, i => ({ ...point(i), ...buckets }))
  return [
    {
      name: 'requests',
      unit: '1',
      description: 'All',
      sum: { dataPoints: counted, aggregationTemporality: 2, isMonotonic: true },
    },
    { name: 'level', gauge: { dataPoints: gauges } },
    { name: 'took', unit: 's', histogram: { dataPoints: histograms, aggregationTemporality: 2 } },
  ]
}

async function fill(up: RunningUp) {
  const parts = (count: number) => range(0, count / PART, i => i * PART)
  const post = async (signal: 'traces' | 'metrics' | 'logs', body: object) =>
    expect((await up.post(signal, body)).status).toBe(200)
  for (const from of parts(SPANS))
    await post('traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: range(from, PART, span) }] }] })
  for (const from of parts(POINTS))
    await post('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: metricsOf(from) }] }] })
  for (const from of parts(RECORDS))
    await post('logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: range(from, PART, record) }] }] })
}

/** A receiver that keeps all that it has been sent whole. */
interface Sink {
  readonly url: string
  readonly taken: ReceivedRequest[]
  /** What becomes of a request that has come; by default it is taken. */
  answer: (request: ReceivedRequest, response: ServerResponse) => void
}

async function startSink(): Promise<Sink> {
  const taken: ReceivedRequest[] = []
  const take = (request: ReceivedRequest, response: ServerResponse) => {
    taken.push(request)
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }
  const sink = { url: '', taken, answer: take }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const headers: IncomingHttpHeaders = request.headers
      sink.answer({ path: request.url ?? '', headers, body: gunzipSync(Buffer.concat(chunks)) }, response)
    })
  })
  sink.url = `http://127.0.0.1:${await listen(server)}`
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  return sink
}

const ofPath = (sink: Sink, signal: string) => sink.taken.filter(({ path }) => path === `/v1/${signal}`)
const spanIds = (sink: Sink) =>
  ofPath(sink, 'traces')
    .flatMap(decodeSpans)
    .map(({ spanId }) => spanId)
const recordIds = (sink: Sink) =>
  ofPath(sink, 'logs')
    .flatMap(decodeLogs)
    .map(({ attributes }) => String(attributes.n))
const pointIds = (sink: Sink) =>
  ofPath(sink, 'metrics')
    .flatMap(decodeMetrics)
    .flatMap(({ name, points }) =>
      points.map(({ attributes, value }, i) => `${name} ${attributes.series} ${value} ${i}`),
    )

let up: RunningUp
beforeAll(async () => {
  up = await startUp(['--data', 'data'])
  await fill(up)
})
afterAll(() => up.stop())

const folder = () => mkdtempSync(path.join(tmpdir(), 'afn-export-'))
const exportTo = (url: string, more: string[] = [], env: Record<string, string> = {}) =>
  up.command(['export', '--to', url, ...more], { AFN_DATA_DIR: folder(), ...env })

describe('afn-otel export --to', () => {
  it('sends everything once, with its times, ids, types and values', async () => {
    const sink = await startSink()
    const { code, stdout, stderr } = await exportTo(sink.url)
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('again') })
    expect(stdout).toContain(`sent     ${SPANS.toLocaleString('en-US')} spans`)

    const spans = ofPath(sink, 'traces').flatMap(decodeSpans)
    expect(spans).toHaveLength(SPANS)
    const byId = new Map(spans.map(span => [span.spanId, span]))
    for (const i of [0, 1, 4_321, SPANS - 1]) {
      const sent = span(i)
      expect(byId.get(sent.spanId)).toMatchObject({
        name: sent.name,
        kind: sent.kind,
        traceId: sent.traceId,
        parentSpanId: sent.parentSpanId,
        startNano: BigInt(sent.startTimeUnixNano),
        endNano: BigInt(sent.endTimeUnixNano),
        types: {
          s: 'stringValue',
          i: 'intValue',
          d: 'doubleValue',
          b: 'boolValue',
          list: 'arrayValue',
          map: 'kvlistValue',
        },
        attributes: { s: `texts ${i}`, d: 0.5, b: false, 'gen_ai.request.model': 'gpt-5' },
        events: [{ name: 'event', attributes: { e: '1' } }],
        links: [{ traceId: 'ab'.repeat(16), attributes: { l: '1' } }],
        status: { code: i % 3 === 0 ? 2 : 0 },
        resource: { 'service.name': 'shop' },
        scope: 'test',
      })
    }
    const records = ofPath(sink, 'logs').flatMap(decodeLogs)
    expect(new Set(records.map(({ attributes }) => attributes.n)).size).toBe(RECORDS)
    expect(records.find(({ attributes }) => attributes.n === '0')).toMatchObject({ body: '{"line":0}' })
    expect(records.find(({ attributes }) => attributes.n === '1')?.body).not.toBeTypeOf('string')

    const metrics = ofPath(sink, 'metrics').flatMap(decodeMetrics)
    const sumOf = (wanted: string) =>
      metrics
        .filter(({ name }) => name === wanted)
        .flatMap(({ points }) => points)
        .reduce((sum, { value }) => sum + value, 0)
    const sent = range(0, POINTS / PART, i => metricsOf(i * PART))
    const values = (at: 0 | 1, of: 'asInt' | 'asDouble') =>
      sent.flatMap(metrics => {
        const { sum, gauge } = metrics[at] as { sum?: { dataPoints: object[] }; gauge?: { dataPoints: object[] } }
        return (sum ?? gauge)!.dataPoints.map(point => Number((point as Record<string, unknown>)[of]))
      })
    expect(sumOf('requests')).toBe(values(0, 'asInt').reduce((a, b) => a + b))
    expect(sumOf('level')).toBeCloseTo(
      values(1, 'asDouble').reduce((a, b) => a + b),
      3,
    )
    const took = metrics.find(({ name }) => name === 'took')
    expect(took?.points[0]).toMatchObject({ count: 6, bounds: [1, 5], buckets: [1, 2, 3] })
  })

  it('says with --dry-run what it would send and what will be refused, and sends nothing', async () => {
    const sink = await startSink()
    const { code, stdout } = await exportTo(sink.url, ['--dry-run', '--signals', 'traces,logs'])
    expect({ code, taken: sink.taken.length }).toEqual({ code: 0, taken: 0 })
    expect(stdout).toMatch(/^traces +9,000 spans, \d{4}-.*Z to \d{4}-.*Z$/m)
    expect(stdout).toMatch(/^logs +6,000 log records/m)
    expect(stdout).not.toMatch(/^metrics/m)
  })

  it('goes on with what has come since, and sends nothing twice', async () => {
    const [sink, data] = [await startSink(), folder()]
    const again = () => exportTo(sink.url, ['--signals', 'logs'], { AFN_DATA_DIR: data })
    expect((await again()).code).toBe(0)
    expect((await again()).stdout).toMatch(/^logs +nothing$/m)
    expect(recordIds(sink)).toHaveLength(RECORDS)
  })

  it('waits where the receiver asks for it', async () => {
    const sink = await startSink()
    const take = sink.answer
    let count = 0
    sink.answer = (request, response) => {
      count++
      if (count % 3 === 1) response.writeHead(count % 2 === 0 ? 429 : 503, { 'retry-after': '1' }).end()
      else take(request, response)
    }
    const { code, stderr } = await exportTo(sink.url, ['--signals', 'logs'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/returned 503; retrying logs in 1 s/) })
    expect(new Set(recordIds(sink)).size).toBe(RECORDS)
  })

  it('stops at what the receiver refuses and says what to do, or leaves it out', async () => {
    const sink = await startSink()
    const take = sink.answer
    let count = 0
    sink.answer = (request, response) => {
      if (++count === 2) response.writeHead(400, { 'content-type': 'text/plain' }).end('out of bounds')
      else take(request, response)
    }
    const data = { AFN_DATA_DIR: folder() }
    const stopped = await exportTo(sink.url, ['--signals', 'logs'], data)
    expect(stopped).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/400 for logs: out of bounds.*--skip-refused/),
    })
    count = 1
    const skipped = await exportTo(sink.url, ['--signals', 'logs', '--skip-refused'], data)
    expect(skipped).toMatchObject({ code: 3, stderr: expect.stringMatching(/rejected \d+ records/) })
    const ids = recordIds(sink)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeLessThan(RECORDS)
  })

  it('names what is not right', async () => {
    for (const [args, words] of [
      [[], /either --parquet FILE or --to URL/],
      [['--to', 'ftp://x'], /correct --to/],
      [['--to', up.otlp, '--signals', 'spans'], /--signals takes a list of/],
      [['--to', up.otlp, '--since', 'yesterday'], /--since takes/],
      [['--parquet', '-', '--dry-run'], /--dry-run is for export --to/],
    ] as [string[], RegExp][]) {
      const { code, stderr } = await up.command(['export', ...args], { AFN_DATA_DIR: folder() })
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) })
    }
  })
})

const MOST_KILLS = isLong('store') ? 20 : 6

describe('afn-otel export --to, killed at any step', () => {
  it('loses nothing, and sends again at most the batch that was under way', async () => {
    const [sink, data] = [await startSink(), folder()]
    const take = sink.answer
    const random = new Random(20_261_201)
    let kill = () => {}
    let left = 0
    sink.answer = (request, response) => {
      if (left-- > 0) return take(request, response)
      // before it was taken, taken and not answered for, or answered for a moment ago
      const step = random.below(3)
      if (step === 2) take(request, response)
      if (step === 1) sink.taken.push(request)
      setTimeout(kill, step === 2 ? random.below(20) : 0)
    }
    const main = path.join(up.folder, 'node_modules/@afn/otel/dist/cli.cjs')
    const attempt = (limit: number) => {
      left = limit
      const child = spawn(process.execPath, [main, 'export', '--to', sink.url], {
        env: { PATH: process.env.PATH ?? '', AFN_LOCAL_URL: up.url, AFN_DATA_DIR: data },
        stdio: 'ignore',
      })
      kill = () => child.kill('SIGKILL')
      // at any step, before the first request too
      const early = random.below(8) === 0 ? setTimeout(kill, random.below(800)) : undefined
      return new Promise<number | null>(resolve =>
        child.once('close', code => {
          clearTimeout(early)
          resolve(code)
        }),
      )
    }
    let kills = 0
    for (; kills < MOST_KILLS; kills++) if ((await attempt(random.below(2))) === 0) break
    while ((await attempt(Number.POSITIVE_INFINITY)) !== 0) kills++
    expect(kills).toBeGreaterThan(MOST_KILLS / 2)
    const [spans, records, points] = [spanIds(sink), recordIds(sink), pointIds(sink)]
    expect(new Set(spans).size).toBe(SPANS)
    expect(new Set(records).size).toBe(RECORDS)
    const total = spans.length + records.length + points.length
    expect(total - SPANS - RECORDS - POINTS).toBeLessThanOrEqual(2_000 * kills)
    expect(points.length).toBeGreaterThanOrEqual(POINTS)
  }, 400_000)
})

const collector = await collectorOfSuites()
const prometheus = findPrometheus()

describe('afn-otel export --to real receivers', () => {
  it('another up has the same traces, sums and records', async () => {
    const second = await startUp(['--memory'])
    onTestFinished(() => void second.stop())
    expect((await exportTo(second.otlp)).code).toBe(0)
    const of = async (one: RunningUp) => {
      const stats = JSON.parse((await one.command(['stats', '--json'])).stdout)
      const query = async (promql: string) => {
        const response = await fetch(`${one.url}/api/v1/query?query=${encodeURIComponent(promql)}`)
        return ((await response.json()) as { data: { result: { value: unknown[] }[] } }).data.result[0]?.value[1]
      }
      const trace = await (await fetch(`${one.url}/api/traces/${span(0).traceId}`)).json()
      const sums = [
        'sum(last_over_time(requests_total[1h]))',
        'count(last_over_time(level[1h]))',
        'sum(last_over_time(took_seconds_count[1h]))',
      ]
      return { traces: stats.traces, spans: stats.spans, trace, sums: await Promise.all(sums.map(query)) }
    }
    const [first, other] = [await of(up), await of(second)]
    expect(first.sums[0]).toBeDefined()
    expect(other).toEqual(first)
  })

  it.skipIf('missing' in collector)('the Collector writes all of it to a file', async () => {
    const [otlp] = (await freePorts(1)) as [number]
    const where = folder()
    const out = path.join(where, 'out.json')
    const pipeline = { receivers: ['otlp'], exporters: ['file'] }
    writeFileSync(
      path.join(where, 'collector.yaml'),
      JSON.stringify({
        receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
        exporters: { file: { path: out } },
        service: {
          telemetry: { metrics: { level: 'none' } },
          pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
        },
      }),
    )
    const { binary } = collector as { binary: string }
    const child = spawn(binary, ['--config', path.join(where, 'collector.yaml')], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const { code } = await exportTo(`http://127.0.0.1:${otlp}`)
    expect(code).toBe(0)
    const ended = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
    const written = readFileSync(out, 'utf8')
    const count = (words: RegExp) => written.match(words)?.length
    expect(new Set(written.match(/"spanId":"0{8}[0-9a-f]{8}"/g)).size).toBe(SPANS)
    expect(count(/"severityText":"INFO"/g)).toBe(RECORDS)
    expect(count(/"startTimeUnixNano":"\d+","timeUnixNano"/g)).toBe(POINTS)
  })

  it.skipIf('missing' in prometheus)('Prometheus has the same sums', async () => {
    const { prometheus: binary } = prometheus as { prometheus: string }
    const read = (file: string) => parse(readFileSync(path.join(deployed, file), 'utf8'))
    const { scrape_configs: _, rule_files: __, alerting: ___, ...config } = read('prometheus.yml')
    config.storage.tsdb.out_of_order_time_window = '1h'
    const { url, stop } = await startIn(folder(), binary, config, read('compose.yaml').services.prometheus.command)
    onTestFinished(() => stop())
    const { code } = await exportTo(`${url}/api/v1/otlp`, ['--signals', 'metrics'])
    expect(code).toBe(0)
    const ask = async (base: string, promql: string) => {
      const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(promql)}`)
      return ((await response.json()) as { data: { result: { value: unknown[] }[] } }).data.result[0]?.value[1]
    }
    for (const promql of [
      'sum(last_over_time(requests_total[1h]))',
      'sum(count_over_time(level[1h]))',
      'sum(last_over_time(took_seconds_bucket{le=~"5(.0)?"}[1h]))',
      'count(last_over_time(requests_total[1h]))',
    ]) {
      const ours = await ask(up.url, promql)
      expect(ours).toBeDefined()
      expect(await ask(url, promql)).toBe(ours)
    }
  })
})
