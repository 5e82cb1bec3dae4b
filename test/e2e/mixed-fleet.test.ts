// An app of ours beside the same app under OpenTelemetry's own instrumentations as installed: what both measure can be added up.
import { cpSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { installed, makeApp } from '../support/packed'
import { type ReceivedMetric, type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const stock = '@opentelemetry/auto-instrumentations-node'
const modules = Object.fromEntries(['@opentelemetry/api', stock, 'express'].map(name => [name, name]))

/** Requests of all outcomes, by every client; a model's answer; and time enough for the runtime's own metrics. */
const app = `
const http = require('node:http')
const { OpenAI } = require('openai')
const app = require('express')()
app.get('/users/:id', (request, response) => response.send('user'))
app.get('/broken', (request, response) => response.status(500).send('broken'))
app.get('/slow', (request, response) => setTimeout(() => response.send('slow'), 1200))
app.post('/v1/chat/completions', (request, response) => {
  request.resume()
  response.json({ id: 'c', object: 'chat.completion', model: 'gpt-4o-mini-2024-07-18', choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } })
})
const get = url => new Promise(resolve => http.get(url, answer => answer.resume().on('end', resolve)).on('error', resolve))
const server = app.listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port
  for (const path of ['/users/1', '/users/2', '/broken', '/none', '/slow']) {
    await get(url + path)
    await (await fetch(url + path)).text()
  }
  await get('http://127.0.0.1:1/')
  await fetch('http://127.0.0.1:1/').catch(() => {})
  const openai = new OpenAI({ apiKey: 'k', baseURL: url + '/v1' })
  await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] })
  gc()
  await new Promise(resolve => setTimeout(resolve, 1500))
  server.close()
  server.closeAllConnections()
  process.kill(process.pid, 'SIGTERM')
})`

interface Measured {
  /** The last export of each metric. */
  readonly metrics: ReadonlyMap<string, ReceivedMetric>
  readonly spans: readonly ReceivedSpan[]
}

async function measured(preload: string, env: Record<string, string> = {}): Promise<Measured> {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app }, modules })
  // the newest that theirs takes, in a folder of its own name, by which theirs knows it
  cpSync(installed('openai-6'), path.join(folder, 'node_modules/openai'), { recursive: true })
  const { stderr } = await run(folder, ['--expose-gc', '--require', preload, 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      ...env,
    },
  })
  expect(stderr).not.toMatch(/Error/)
  const metrics = new Map<string, ReceivedMetric>()
  for (const metric of receiver.metrics()) metrics.set(metric.name, metric)
  const spans = receiver.spans()
  await receiver.close().catch(() => {}) // stock's are not ours to judge
  return { metrics, spans }
}

let ours: Measured
let theirs: Measured
beforeAll(async () => {
  ours = await measured('@afn/otel', { AFN_SEMCONV_COMPAT: 'v1.41' })
  theirs = await measured(`${stock}/register`)
}, 120_000)

/** OpenTelemetry's instrumentation of openai, 0.21, still has a name that the conventions gave up in v1.37. */
const current = (key: string) => (key === 'gen_ai.system' ? 'gen_ai.provider.name' : key)
const keysOf = ({ points }: ReceivedMetric) => [
  ...new Set(points.map(({ attributes }) => Object.keys(attributes).map(current).sort().join())),
]
const boundsOf = ({ points }: ReceivedMetric) => [...new Set(points.map(({ bounds }) => bounds.join()))]

it('a metric that both measure has the same unit, attributes and bucket edges', () => {
  for (const name of theirs.metrics.keys()) {
    // all of theirs: nobody who moves over loses a metric
    const [mine, other] = [ours.metrics.get(name), theirs.metrics.get(name)!]
    expect([name, mine?.unit, mine && keysOf(mine).sort(), mine && boundsOf(mine)]).toEqual([
      name,
      other.unit,
      keysOf(other).sort(),
      boundsOf(other),
    ])
  }
  const names = [...theirs.metrics.keys()]
  for (const name of ['http.server.request.duration', 'http.client.request.duration', 'gen_ai.client.token.usage'])
    expect(names).toContain(name)
  expect(names.some(name => name.startsWith('nodejs.'))).toBe(true)
  expect(names.some(name => name.startsWith('v8js.'))).toBe(true)
})

/** As `sum by (le)` has it: of each boundary, how many took no longer, over all series. */
function sumByLe(metrics: readonly ReceivedMetric[]): number[] {
  const sums = new Map<number, number>()
  for (const { bounds, buckets } of metrics.flatMap(({ points }) => points)) {
    let below = 0
    buckets.forEach((count, at) => {
      below += count
      const le = bounds[at] ?? Number.POSITIVE_INFINITY
      sums.set(le, (sums.get(le) ?? 0) + below)
    })
  }
  return [...sums].sort(([a], [b]) => a - b).map(([, sum]) => sum)
}

it('sums by le over both rise, so that quantiles hold', () => {
  const histograms = [...theirs.metrics.values()].filter(({ points }) => points.some(({ bounds }) => bounds.length > 0))
  expect(histograms.length).toBeGreaterThan(3)
  for (const other of histograms) {
    const sums = sumByLe([ours.metrics.get(other.name)!, other])
    expect([other.name, sums]).toEqual([other.name, [...sums].sort((a, b) => a - b)])
  }
  const requests = ({ metrics }: Measured) =>
    metrics.get('http.server.request.duration')!.points.reduce((sum, { count }) => sum + count, 0)
  expect(requests(ours)).toBe(requests(theirs))
})

it('spans of requests have the same names and attributes', () => {
  const shapesOf = ({ spans }: Measured) => {
    // of a call of a model ours is one span, and theirs has that of the request below it
    const requests = spans.filter(({ kind, name }) => kind === 2 || (kind === 3 && name === 'GET'))
    return [...new Set(requests.map(({ kind, name, attributes }) => [kind, name, ...Object.keys(attributes).sort()].join(' ')))] // biome-ignore format: one line
  }
  expect(shapesOf(ours).sort()).toEqual(shapesOf(theirs).sort())
  expect(shapesOf(ours).length).toBeGreaterThan(8)
})
