// A latency SLO needs its edge in a real Prometheus, whichever way the metrics come to it: that of a file of the app's, and that of the
// defaults, which every service has. The query that the rules are made of finds the requests.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { queriesOf } from '../../src/monitoring/slo/queries'
import { readSlos } from '../../src/monitoring/slo/read'
import { sloChecks } from '../../src/pipeline/doctor/slos'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')

const app = `
  const { createServer } = require('node:http')
  const server = createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
    setInterval(() => fetch('http://127.0.0.1:' + server.address().port), 200)
  })`

const file = `version: prometheus/v1
service: till
slos:
  - {name: quick, objective: 95, sli: {latency: {metric: http.server.request.duration, threshold: 2s}}}
`

describe.skipIf(binary === undefined)('an app with a file of SLOs', () => {
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let child: ChildProcess
  let folder: string

  async function ask(query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    const response = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`)
    return ((await response.json()) as { data: { result: Awaited<ReturnType<typeof ask>> } }).data.result
  }

  beforeAll(async () => {
    const [port] = await freePorts(1)
    prometheus = await startPrometheus(binary!, [port!])
    folder = makeApp({ files: { 'app.cjs': app, 'slo.yaml': file } })
    child = spawn(process.execPath, ['--require', '@afn/otel', 'app.cjs'], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        OTEL_SERVICE_NAME: 'till',
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
    child?.kill()
    if (folder) rmSync(folder, { recursive: true, force: true })
    await prometheus?.stop()
  })

  it.each([
    ['scraped', 'job="scraped"', '2.0'],
    ['sent by OTLP', 'job="till"', '2'],
  ])('%s, has the edge of its file', async (_, selector, le) => {
    await vi.waitFor(
      async () => {
        const found = await ask(`http_server_request_duration_seconds_bucket{${selector},le=~"2|2\\\\.0"} > 0`)
        expect(found.map(({ metric }) => metric.le)).toEqual([le])
      },
      { timeout: 45_000, interval: 500 },
    )
  })

  it('is what doctor looks for, of each service and in whatever file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-slos-'))
    const doctor = async (sloFiles: string[] = []) => {
      const checks = await sloChecks({ sloFiles }, folder, { AFN_PROMETHEUS_URL: prometheus.url })
      return Object.fromEntries(
        checks.map(({ name, ok, skipped, detail }) => [name, `${skipped ? '-' : ok} ${detail}`]),
      )
    }
    expect(await doctor()).toMatchObject({
      file: expect.stringContaining('- no slo.yaml in'),
      'edge of all-services-latency-p95': 'true at 2 s, of scraped, till',
    })
    writeFileSync(
      path.join(folder, 'slo.yaml'),
      `version: prometheus/v1
service: till
slos:
  - {name: odd, objective: 95, sli: {latency: {metric: http.server.request.duration, threshold: 12s}}}
  - {name: between, objective: 95, sli: {latency: {metric: http.server.request.duration, threshold: 2100ms}}}
  - {name: absent, objective: 95, sli: {latency: {metric: no.such, threshold: 1s}}}
  - {name: native, objective: 95, sli: {latency: {metric: http.server.request.duration, threshold: 2s, native: true}}}
  - {name: wrong, objective: 101, sli: {latency: {metric: http.server.request.duration, threshold: 2s}}}
`,
    )
    expect(await doctor()).toMatchObject({
      file: expect.stringMatching(/^false slo\.yaml:8:\d+: .*percentage/),
      'edge of till-odd': expect.stringMatching(/^false .* of .*till has no bucket edge at 12 s.*AFN_SLO_FILE/),
      'edge of till-between': expect.stringMatching(/^true .*till has no bucket edge at 2\.1 s: estimated between/),
      'edge of till-absent': '- Prometheus has no recent data for no.such',
      'edge of till-native': expect.stringMatching(/^false .*remove native: true/),
    })
    rmSync(folder, { recursive: true })
  })

  it('has no slow request by the query of the default SLO, and not all of them', async () => {
    const slo = readSlos(defaultSloFile()).slos.find(({ sli }) => sli.kind === 'latency')
    if (slo?.sli.kind !== 'latency') throw new Error('the defaults have no SLO for latency')
    const { errors, total } = queriesOf(slo.sli, '1m')
    await vi.waitFor(
      async () => {
        const [all] = await ask(total)
        const [slow] = await ask(errors)
        expect(Number(all?.value[1])).toBeGreaterThan(0)
        expect(Number(slow?.value[1])).toBeCloseTo(0, 6)
      },
      { timeout: 45_000, interval: 500 },
    )
  })
})
