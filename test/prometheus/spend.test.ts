// What processes of a second, a minute and an hour cost, as the real Prometheus has it: at its own receiver, and in all three
// resolutions behind the real Collector. The truth is the price table of genai-prices, and the sum that was counted.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Attributes } from '@opentelemetry/api'
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { calcPrice } from '@pydantic/genai-prices'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { createStartTimes } from '../../src/app/delivery/start-times'
import { createSum } from '../../src/app/llm/report/metrics/series'
import { type Running, scratchFolder, startCollector, until } from '../collector/support'
import { answerOf } from '../support/ask'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')

const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 }
const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage,
}
const priceOfCall = calcPrice(
  { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens },
  'gpt-4o-mini',
  { providerId: 'openai' },
)!.total_price

const source = `
const { recordEvaluation } = require('@afn/otel/api')
const { trace } = require('@opentelemetry/api')
const ask = async () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] })
  const headers = { 'content-type': 'application/json' }
  await (await fetch(process.env.PROVIDER + '/v1/chat/completions', { method: 'POST', headers, body })).json()
}
;(async () => {
  await trace.getTracer('app').startActiveSpan('work', async span => {
    await ask()
    recordEvaluation({ name: 'relevance', score: 0.9, threshold: 0.5 })
    recordEvaluation({ name: 'relevance', score: 0.1, threshold: 0.5 })
    span.end()
  })
})()
`

/** A process of one call with the settings that it has by default, from its start to its end, as a package is installed. */
async function oneCall(endpoint: string): Promise<number> {
  const provider = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve))
  const folder = makeApp({ files: { 'app.cjs': source }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const env = {
    PROVIDER: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    OTEL_SERVICE_NAME: 'second',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    // what is not exported is counted all the same
    OTEL_TRACES_SAMPLER: 'always_off',
  }
  expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
  provider.closeAllConnections()
  provider.close()
  return priceOfCall
}

class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE })
  }
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/**
 * A process that ends now and exports each minute and at its end: its clock is set, all else than the delivery is that of a
 * process. Its first model is called all the time and a second one in its second half only.
 * @returns what it counted
 */
async function longer(endpoint: string, service: string, seconds: number): Promise<number> {
  const end = Date.now()
  let total = 0
  vi.useFakeTimers({ now: end - seconds * 1_000, toFake: ['Date'] })
  try {
    const reader = new Reader()
    const resource = resourceFromAttributes({ 'service.name': service, 'service.instance.id': service })
    const meter = new MeterProvider({ resource, readers: [reader] }).getMeter('@afn/otel/llm')
    const dated = createStartTimes()
    const cost = createSum(meter, 'afn.llm.cost', { unit: '{USD}' })
    const models: Attributes[] = ['one', 'two'].map(model => ({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
    }))
    for (let second = 1; second <= seconds; second++) {
      vi.setSystemTime(end - (seconds - second) * 1_000)
      for (const model of second > seconds / 2 ? models : models.slice(0, 1)) {
        // sums that no extrapolation hits by chance
        const amount = 0.001 * (1 + (second % 7))
        cost(amount, model)
        total += amount
      }
      if (second % 60 !== 0 && second !== seconds) continue
      const { resourceMetrics } = await reader.collect()
      const body = Buffer.from(JsonMetricsSerializer.serializeRequest(dated(resourceMetrics))!)
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(endpoint, { method: 'POST', headers, body })
      expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
    }
  } finally {
    vi.useRealTimers()
  }
  return total
}

/** Of a sum that goes up and down, and has no unit: a point for each second before now. */
function level(n: number): object {
  const time = `${Date.now() - (20 - n) * 1_000}000000`
  const dataPoints = [{ timeUnixNano: time, startTimeUnixNano: time, asInt: String(n) }]
  const sum = { isMonotonic: false, aggregationTemporality: 2, dataPoints }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'level' } }] }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'test.level', unit: '1', sum }] }] }] }
}

interface Truth {
  [service: string]: number
}

async function send(endpoint: string): Promise<Truth> {
  return {
    hour: await longer(endpoint, 'hour', 3_600),
    minute: await longer(endpoint, 'minute', 61),
    second: await oneCall(endpoint),
  }
}

async function spend(url: string, service: string): Promise<number> {
  const { groups } = await answerOf(['--prometheus', url, 'spend', '--since', '2h', '--param', `service=${service}`])
  return groups.reduce((sum: number, { value }: { value: number }) => sum + value, 0)
}

async function ask(url: string, promql: string): Promise<number[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: promql })}`)
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  return data.result.map(({ value }) => Number(value[1]))
}

const services = ['second', 'minute', 'hour']

describe.skipIf(binary === undefined)("at Prometheus' own receiver", () => {
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let truth: Truth
  beforeAll(async () => {
    prometheus = await startPrometheus(binary!)
    truth = await send(`${prometheus.url}/api/v1/otlp/v1/metrics`)
  }, 120_000)
  afterAll(() => prometheus.stop())

  it.each(services)('spend of a process of a %s is within a percent of its cost', async service => {
    expect((await spend(prometheus.url, service)) / truth[service]!).toBeCloseTo(1, 2)
  })

  it('increase() sees the cost of a process that exported once', async () => {
    const parts = await ask(prometheus.url, 'increase(afn_llm_cost_total{service_name="second"}[1h])')
    expect(parts).toHaveLength(2)
    // it extrapolates by 1.1 times the time between start and end, at most
    const sum = parts.reduce((all, part) => all + part, 0)
    expect(sum).toBeGreaterThanOrEqual(truth.second! * 0.99)
    expect(sum).toBeLessThanOrEqual(truth.second! * 2.11)
  })

  it('quality is that of the evaluations, and no row where there was none', async () => {
    const quality = (since: string) => answerOf(['--prometheus', prometheus.url, 'quality', '--since', since])
    expect((await quality('1h')).groups).toMatchObject([
      { labels: { gen_ai_evaluation_name: 'relevance' }, value: 0.5 },
    ])
    await new Promise(resolve => setTimeout(resolve, 2_000))
    expect((await quality('1s')).groups).toEqual([])
  })
})

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('behind the Collector', () => {
  const folder = scratchFolder()
  const servers: Partial<Record<'high' | 'medium' | 'low', Awaited<ReturnType<typeof startPrometheus>>>> = {}
  let collector: Running
  let truth: Truth

  beforeAll(async () => {
    for (const resolution of ['high', 'medium', 'low'] as const)
      servers[resolution] = await startPrometheus(binary!, [], resolution)
    // nobody waits an hour: all else is as generated
    const config = readFileSync(path.join(root, 'otel-collector.yaml'), 'utf8')
      .replace(/interval: 5m\b/, 'interval: 2s')
      .replace(/interval: 1h\b/, 'interval: 4s')
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-spend-')), 'collector.yaml')
    writeFileSync(file, config)
    collector = await startCollector(folder, ['--config', file], {
      AFN_PROMETHEUS: servers.high!.url,
      AFN_PROMETHEUS_MEDIUM: servers.medium!.url,
      AFN_PROMETHEUS_LOW: servers.low!.url,
      AFN_TEMPO: '127.0.0.1:9',
    })
    truth = await send(`${collector.url}/v1/metrics`)
    for (let n = 1; n <= 20; n++) await collector.send('metrics', level(n))
    for (const { url } of Object.values(servers))
      await until(
        'the last process',
        async () => (await ask(url, 'afn_llm_cost_total{service_name="second"}')).length === 2,
      )
  }, 180_000)
  afterAll(async () => {
    await collector.stop('SIGKILL')
    for (const server of Object.values(servers)) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('what goes up and down is thinned out under the same name', async () => {
    const samples = async (resolution: 'high' | 'medium' | 'low') =>
      (await ask(servers[resolution]!.url, 'count_over_time(test_level{service_name="level"}[5m])'))[0]
    expect(await samples('high')).toBe(20)
    expect(await samples('medium')).toBeLessThan(10)
    expect(await samples('low')).toBeLessThan(10)
  })

  describe.each(['high', 'medium', 'low'] as const)('in the resolution %s', resolution => {
    it.each(services)('spend of a process of a %s is within a percent of its cost', async service => {
      expect((await spend(servers[resolution]!.url, service)) / truth[service]!).toBeCloseTo(1, 2)
    })

    it('increase() sees the cost of a process that exported once', async () => {
      const parts = await ask(servers[resolution]!.url, 'increase(afn_llm_cost_total{service_name="second"}[1h])')
      expect(parts).toHaveLength(2)
      expect(parts.reduce((all, part) => all + part, 0)).toBeGreaterThanOrEqual(truth.second! * 0.99)
    })
  })
})
