// An app of ours beside the same app under OpenTelemetry's own instrumentations as installed: what both measure can be added up.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { type ReceivedMetric, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const stock = '@opentelemetry/auto-instrumentations-node'
const modules = Object.fromEntries(['@opentelemetry/api', stock, 'express', 'openai'].map(name => [name, name]))

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

/** The last export of each metric. */
async function measured(preload: string, env: Record<string, string> = {}): Promise<Map<string, ReceivedMetric>> {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app }, modules })
  const { stderr } = await run(folder, ['--expose-gc', '--require', preload, 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
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
  await receiver.close().catch(() => {}) // stock's are not ours to judge
  return metrics
}

const keys = ({ points }: ReceivedMetric) => [...new Set(points.map(({ attributes }) => Object.keys(attributes).sort().join()))].sort()
const boundsOf = ({ points }: ReceivedMetric) => [...new Set(points.map(({ bounds }) => bounds.join()))]

it('sums and quantiles over a service of ours and a stock one hold: names, units, attributes and edges are the same', async () => {
  const [ours, theirs] = [
    await measured('@afn/otel', { AFN_METRICS_COMPAT: 'v1.41' }),
    await measured(`${stock}/register`),
  ]
  const shared = [...theirs.keys()].filter(name => ours.has(name)).sort()
  console.log(shared, [...theirs.keys()].filter(name => !ours.has(name)), [...ours.keys()].filter(name => !theirs.has(name)))
  for (const name of shared) {
    const [mine, other] = [ours.get(name)!, theirs.get(name)!]
    console.log(name, mine.unit === other.unit, boundsOf(mine).join(' | ') === boundsOf(other).join(' | ') || [boundsOf(mine), boundsOf(other)], JSON.stringify(keys(mine)) === JSON.stringify(keys(other)) || [keys(mine), keys(other)])
  }
})
