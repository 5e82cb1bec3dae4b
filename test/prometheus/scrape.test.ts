// One app whose metrics come to a real Prometheus both ways, by OTLP and by a scrape, has the same names on both.
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')

/** Kind, name and unit: our own and others' metrics, and what the rules for names have to say about the rest. */
const instruments = [
  ['Histogram', 'gen_ai.client.inference.duration', 's'],
  ['Counter', 'gen_ai.client.inference.usage.input_tokens', '{token}'],
  ['Counter', 'afn.llm.cost', '{USD}'],
  ['Gauge', 'afn.llm.evaluation.score', '1'],
  ['Counter', 'unit.one', '1'],
  ['Counter', 'already.total', ''],
  ['Counter', 'total.first', 'By'],
  ['Gauge', 'a.ratio.of.parts', '1'],
  ['Gauge', 'cache.ratio', '%'],
  ['UpDownCounter', 'queue.length', '{item}'],
  ['UpDownCounter', 'memory.bytes', 'By'],
  ['Histogram', 'request.seconds', 's'],
  ['Gauge', 'disk.io', 'KiBy/s'],
  ['Gauge', 'rate', '{request}/s'],
  ['Gauge', 'speed', 'm/h'],
  ['Gauge', 'odd.per', 'By/{call}'],
  ['Gauge', 'free.word', 'furlong'],
  ['Gauge', 'spaced.word', ' long word / mo '],
  ['Gauge', 'money', '€/€'],
  ['Gauge', 'both.marks', '€a€/€b€'],
  ['Gauge', 'dash-and/slash..dots__', 'ms'],
  ['Gauge', 'Upper.Case', 'Cel'],
]

const app = `
  const { createServer } = require('node:http')
  const { metrics, trace } = require('@opentelemetry/api')
  const attributes = {
    'gen_ai.request.model': 'gpt-5-mini', 'http.status_code': 200, list: ['a', 'b'], same: 'x', 'sa.me': 'y', 'sa/me': 'z',
    '1st': 'one', _lead: 'under', __name__: 'stolen', empty: '', 'user.id': 'u1', mail: 'ann@example.com',
  }
  for (const scope of ['one', 'two'])
    for (const [kind, name, unit] of ${JSON.stringify(instruments)}) {
      const made = metrics.getMeter(scope)['create' + kind](name, { unit })
      ;(made.record ?? made.add).call(made, 1, attributes)
    }
  const server = createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
    await fetch('http://127.0.0.1:' + server.address().port)
    console.log('ready')
  })`

interface Series extends Record<string, string> {
  __name__: string
}

describe.skipIf(binary === undefined)('an app that is scraped and sends by OTLP', () => {
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let child: ChildProcess
  let folder: string

  async function series(selector: string): Promise<Series[]> {
    const response = await fetch(`${prometheus.url}/api/v1/series?${new URLSearchParams({ 'match[]': selector })}`)
    return ((await response.json()) as { data: Series[] }).data
  }
  /** What Prometheus itself says of a scrape has no counterpart. */
  const scraped = () => series('{job="scraped",__name__!~"up|scrape_.+"}')
  const sent = () => series('{job="shop/till"}')
  const names = (found: Series[]) => [...new Set(found.map(({ __name__ }) => __name__))].sort()

  beforeAll(async () => {
    const [port] = await freePorts(1)
    prometheus = await startPrometheus(binary!, [port!])
    folder = makeApp({ files: { 'app.cjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
    child = spawn(process.execPath, ['--require', '@afn/otel', 'app.cjs'], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        OTEL_SERVICE_NAME: 'till',
        OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop,deployment.environment.name=test,9th.floor=yes',
        OTEL_METRICS_EXPORTER: 'otlp,prometheus',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${prometheus.url}/api/v1/otlp/v1/metrics`,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      },
    })
  })
  afterAll(async () => {
    child.kill('SIGKILL')
    await prometheus.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Both go on, and a series that is new comes by one way before the other. */
  async function areEqual(of: (found: Series[]) => string[]): Promise<string[]> {
    const compare = async () => {
      const pushed = of(await sent())
      expect(of(await scraped())).toEqual(pushed)
      // of the runtime, some seconds after the start
      expect(pushed.join()).toContain('nodejs_eventloop_delay')
      expect(pushed.join()).toContain('http_server_request_duration_seconds_count')
      return pushed
    }
    return vi.waitFor(compare, { timeout: 30_000, interval: 500 })
  }

  it('has the same names', async () => {
    expect(await areEqual(names)).toEqual(
      expect.arrayContaining([
        'gen_ai_client_inference_duration_seconds_sum',
        'afn_llm_cost_total',
        'afn_llm_evaluation_score_ratio',
        'disk_io_kibibytes_per_second',
        'target_info',
      ]),
    )
  })

  it('has the same labels with the same values', async () => {
    // a scrape says itself who was scraped, and target_info then names the service; Prometheus writes 2 as 2.0 in the edges
    // of what it scrapes, whatever stands there
    const own = ['job', 'instance']
    const ofTarget = ['service_name', 'service_namespace', 'service_instance_id']
    await areEqual(found =>
      found
        .map(labels => {
          const without = labels.__name__ === 'target_info' ? [...own, ...ofTarget] : own
          return Object.entries(labels)
            .filter(([name]) => !without.includes(name))
            .map(([name, value]) => `${name}=${name === 'le' && value !== '+Inf' ? Number(value) : value}`)
            .sort()
            .join()
        })
        .sort(),
    )
  })

  it('does not count its own exports among the requests of the app', async () => {
    expect(await series('{__name__=~"http_client_.+",http_request_method="POST"}')).toEqual([])
  })

  it('counts what two scopes call the same once, as their sum', async () => {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=afn_llm_cost_total{job="scraped"}`)
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
    expect(data.result.map(({ value }) => value[1])).toEqual(['2'])
  })
})
