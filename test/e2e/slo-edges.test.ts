// A latency SLO's threshold is a bucket boundary of what a real app exports, by the preload and by afnNodeSDK(). The oracle is the
// exposition format's own `le`; test/prometheus/slo-edges.test.ts asks a real Prometheus.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { run } from '../support/run'

const names = ['api', 'api-logs', 'sdk-node', 'instrumentation-http'].map(name => `@opentelemetry/${name}`)
const modules = Object.fromEntries(names.map(name => [name, name]))

const app = `
  if (process.env.ENTRY === 'sdk') {
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
    require('@afn/otel/sdk').afnNodeSDK({ instrumentations: [new HttpInstrumentation()] }).start()
  }
  const { createServer } = require('node:http')
  const meter = require('@opentelemetry/api').metrics.getMeter('m')
  meter.createHistogram('wait', { unit: 'ms', advice: { explicitBucketBoundaries: [100, 1000] } }).record(1)
  meter.createHistogram('wait.elsewhere', { unit: 's' }).record(1)
  const server = createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
    await fetch('http://127.0.0.1:' + server.address().port)
    const text = await fetch('http://127.0.0.1:' + process.env.OTEL_EXPORTER_PROMETHEUS_PORT + '/metrics').then(r => r.text())
    const edges = name => [...text.matchAll(new RegExp('^' + name + '_bucket{.*le="([^"]+)"', 'gm'))].map(([, le]) => le)
    console.log(JSON.stringify({
      http: edges('http_server_request_duration_seconds'), wait: edges('wait_milliseconds'), elsewhere: edges('wait_elsewhere_seconds'),
    }))
    server.close()
    process.exit()
  })`

/** What HTTP's conventions advise, and what OpenTelemetry's SDK has where nothing is advised. */
const http = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const unadvised = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]
const rising = (edges: number[]) => [...edges.sort((a, b) => a - b).map(String), '+Inf']

async function edges(entry: 'preload' | 'sdk', files: Record<string, string>, env: Record<string, string> = {}) {
  const [port] = await freePorts(1)
  const folder = makeApp({ files: { 'app.cjs': app, ...files }, modules })
  const args = entry === 'sdk' ? ['app.cjs'] : ['--require', '@afn/otel', 'app.cjs']
  const { code, stdout, stderr } = await run(folder, args, {
    env: {
      ENTRY: entry,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      ...env,
    },
  })
  expect(code).toBe(0)
  return { ...(JSON.parse(stdout) as { http: string[]; wait: string[]; elsewhere: string[] }), stderr, folder }
}

const slo = (name: string, latency: string) => `  - {name: ${name}, objective: 95, sli: {latency: {${latency}}}}\n`
const head = 'version: prometheus/v1\nservice: app\nslos:\n'

describe.each(['preload', 'sdk'] as const)('%s', entry => {
  it('without a file of SLOs, each histogram has the edges that are advised, and no more', async () => {
    expect(await edges(entry, {})).toMatchObject({
      http: rising([...http]),
      wait: rising([100, 1000]),
      elsewhere: rising(unadvised),
      stderr: '',
    })
  })

  it('each threshold of slo.yaml is an edge, once, of the histogram with its name and unit', async () => {
    const file = `${head}${slo('a', 'metric: http.server.request.duration, threshold: 1500ms')}${slo('b', 'metric: http.server.request.duration, threshold: 2.5s')}${slo('c', 'metric: wait, unit: ms, threshold: 300ms')}${slo('d', 'metric: wait.elsewhere, unit: ms, threshold: 7')}`
    expect(await edges(entry, { 'slo.yaml': file })).toMatchObject({
      http: rising([...http, 1.5]),
      wait: rising([100, 300, 1000]),
      elsewhere: rising(unadvised),
      stderr: '',
    })
  })
})

describe('a file of SLOs with a mistake', () => {
  it('is said once with its place, the app goes on, and the SLOs without a mistake count', async () => {
    const file = `${head}${slo('a', 'metric: wait, unit: ms, threshold: soon')}${slo('b', 'metric: wait, unit: ms, threshold: 200')}`
    const found = await edges('preload', { 'other.yaml': file }, { AFN_SLO_FILE: 'other.yaml' })
    expect(found).toMatchObject({ http: rising([...http]), wait: rising([100, 200, 1000]) })
    expect(found.stderr).toMatch(/^\[@afn\/otel\] AFN138 .*other\.yaml:4:\d+: .*threshold takes a duration.*\n$/)
  })

  it('of another tool, or one that is none, costs nothing but the line', async () => {
    for (const file of ['apiVersion: openslo/v1\nkind: SLO\n', 'a: [', '\u0000']) {
      const { http: found, stderr } = await edges('preload', { 'slo.yaml': file })
      expect(found).toEqual(rising([...http]))
      expect(stderr).toMatch(/AFN138 .*slo\.yaml:\d+:\d+: /)
      expect(stderr.replaceAll(/\[@afn\/otel\] AFN138 .*\n/g, '')).toBe('')
    }
  })

  it('that is named and does not exist is reported', async () => {
    const { stderr } = await edges('preload', {}, { AFN_SLO_FILE: 'absent.yaml' })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN138 .*absent\.yaml can't be read \(ENOENT\).*\n$/)
  })
})
