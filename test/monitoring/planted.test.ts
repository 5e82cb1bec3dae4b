// Faults planted in real servers raise their alerts: the Collector without its stores, a rule that cannot be evaluated, an Alertmanager
// with a broken configuration and a channel that nobody answers, a full disk, a certificate that ends, a job that no longer succeeds.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { pushGauges, tellSuccess } from '../../src/cli/push-gauges'
import { scratchFolder, startCollector } from '../collector/support'
import { makeCertificates } from '../health/certificates'
import { onFullDisk } from '../support/full-disk'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { type Firing, soon, startWatch, type Watch } from './watch'

const prometheus = inject('prometheusBinary')
const collector = inject('collectorBinary')
const alertmanager = inject('alertmanagerBinary')
const root = path.resolve(import.meta.dirname, '../..')

/** Whoever gets it can act: its texts are whole, and the page is there. */
function expectWhole({ labels, annotations }: Firing): void {
  const { summary = '', description = '', runbook_url: runbook = '' } = annotations
  expect(`${summary} ${description}`).not.toMatch(/<error|<no value>|\{\{|\bNaN\b/)
  expect(existsSync(path.join(root, 'docs/runbooks', `${path.basename(runbook)}.md`)), runbook).toBe(true)
  expect(labels.severity).toMatch(/^(?:critical|high|medium|low)$/)
}

/** Runs in this process, which other tests share: the environment is as before afterwards. */
async function withMetricsAt<T>(url: string, run: () => Promise<T>): Promise<T> {
  const name = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'
  const before = process.env[name]
  process.env[name] = `${url}/api/v1/otlp/v1/metrics`
  try {
    return await run()
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}

describe.skipIf(!prometheus || !collector || !isLong('monitoring'))('a Collector', () => {
  let watch: Watch
  let running: Awaited<ReturnType<typeof startCollector>>
  const canary = 'planted-value-7'

  beforeAll(async () => {
    const folder = scratchFolder()
    const [metrics] = await freePorts(1)
    watch = await startWatch({ scraped: { otelcol: [metrics!] } })
    const config = path.join(folder, 'collector.yaml')
    const text = readFileSync(path.join(root, 'otel-collector.yaml'), 'utf8')
    // a queue that a test can fill
    writeFileSync(
      config,
      text.replace('queue_size: 200000', 'queue_size: 20').replaceAll('interval: 15s', 'interval: 1s'),
    )
    running = await startCollector(folder, ['--config', config], {
      AFN_SELF_METRICS_PORT: String(metrics),
      AFN_HMAC_KEY: '0123456789abcdef0123456789abcdef',
      AFN_INGEST_TOKEN: 'token',
      AFN_PROMETHEUS: watch.url,
      AFN_PROMETHEUS_MEDIUM: watch.url,
      AFN_PROMETHEUS_LOW: watch.url,
      AFN_TEMPO: '127.0.0.1:9',
      AFN_LANGFUSE: 'http://127.0.0.1:9',
      AFN_LANGFUSE_AUTH: 'eDp5',
      AFN_LOG_DIR: path.join(folder, 'logs'),
      AFN_QUEUE_DIR: path.join(folder, 'queue'),
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_CANARY: canary,
    })
  })
  afterAll(async () => {
    await running?.stop('SIGKILL')
    await watch?.stop()
  })

  const spans = (count: number, attributes: Record<string, string>, traceId?: string) => {
    const time = `${Date.now()}000000`
    const span = () => ({
      traceId: traceId ?? randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      name: 'chat',
      kind: 1,
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      attributes: Object.entries({ 'gen_ai.operation.name': 'chat', ...attributes }).map(([key, value]) => ({
        key,
        value: { stringValue: value },
      })),
    })
    const resource = ['service.name', 'shop', 'telemetry.distro.name', '@afn/otel']
    return {
      resourceSpans: [
        {
          resource: {
            attributes: [0, 2].map(at => ({ key: resource[at], value: { stringValue: resource[at + 1] } })),
          },
          scopeSpans: [{ spans: Array.from({ length: count }, span) }],
        },
      ],
    }
  }

  it('that cannot deliver, and whose queue is full', async () => {
    // for LangFuse's queue of 20, then more than it has room for
    await running.send('traces', spans(18, {}))
    for (const [name, labels] of [
      ['AfnCollectorNotDelivering', { exporter: 'otlp_grpc/tempo-detailed' }],
      ['AfnLangfuseNotDelivering', {}],
      ['AfnLangfuseQueueFilling', {}],
    ] as const)
      expectWhole(await watch.fires(name, labels))
    await running.send('traces', spans(60, {}))
    expectWhole(await watch.fires('AfnLangfuseDataLost', { service: 'langfuse' }))
  })

  it('that masks what our SDK let through, and sees the planted value', async () => {
    await running.send('traces', spans(1, { note: `jane.doe@example.com ${canary}` }))
    const leak = await watch.fires('AfnRedactionLeak')
    expectWhole(leak)
    expect(leak.labels).toMatchObject({ severity: 'critical', service: 'shop', afn_redaction_place: 'span' })
    const arrived = await watch.fires('AfnCanaryArrived')
    expectWhole(arrived)
    expect(arrived.labels).toMatchObject({ severity: 'critical', service: 'shop' })
  })

  it('that gets spans without a model, again and again', async () => {
    expectWhole(
      await soon('data quality', async () => {
        await running.send('traces', spans(3, {}))
        return await Promise.race([
          watch.fires('AfnDataQuality', { rule: 'no_model' }),
          new Promise<undefined>(resolve => setTimeout(resolve, 2_000)),
        ])
      }),
    )
  })

  it('that gets a span without ids', async () => {
    await running.send('traces', spans(1, {}, '0'.repeat(32)))
    expectWhole(await watch.fires('AfnCollectorInvalidSpans'))
  })

  it('that is killed', async () => {
    await running.stop('SIGKILL')
    expectWhole(await watch.fires('AfnCollectorDown'))
  })
})

describe.skipIf(!prometheus)('a Prometheus', () => {
  let watch: Watch
  beforeAll(async () => {
    // two series on the side where one is wanted: valid, and fails whenever it is evaluated
    const broken = { record: 'broken', expr: 'vector(1) * on () group_left () label_replace(vector(1), "a", "b", "", "") or vector(1) * on () {__name__=~"up|scrape_duration_seconds"}' } // biome-ignore format: one line
    watch = await startWatch({ more: { groups: [{ name: 'broken', rules: [broken] }] } })
  })
  afterAll(() => watch?.stop())

  it('with a rule that fails, without an Alertmanager', async () => {
    const failing = await watch.fires('AfnRuleEvaluationFailing')
    expectWhole(failing)
    expect(failing.labels.rule_group).toMatch(/more\.yml;broken$/)
    expectWhole(await watch.fires('AfnPrometheusNoAlertmanager'))
    expectWhole(await watch.fires('AfnAlertmanagerDown'))
    expectWhole(await watch.fires('AfnTempoDown'))
    expect((await watch.fires('Watchdog')).labels.severity).toBe('none')
  })

  it('that receives the last success of a job, which is long ago', async () => {
    const attributes = { 'afn.job.name': 'reconcile' }
    await withMetricsAt(watch.url, () =>
      pushGauges([
        { name: 'afn.job.last_success', value: Date.now() / 1_000 - 3_600, attributes },
        { name: 'afn.job.interval', value: 600, attributes },
      ]),
    )
    const stale = await watch.fires('AfnJobStale')
    expectWhole(stale)
    expect(stale.labels.service).toBe('reconcile')
    await withMetricsAt(watch.url, () => tellSuccess('reconcile', '10m'))
    await watch.ends('AfnJobStale')
  })

  it.runIf(isLong('monitoring'))('that receives the end of a certificate, which is past', async () => {
    const certificates = makeCertificates()
    const { cert, key } = certificates.expired
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) })
    const port = await listen(server)
    const app = makeApp({ files: {} })
    const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
    const env = { ...process.env, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${watch.url}/api/v1/otlp/v1/metrics` }
    const child = spawn(process.execPath, [cli, 'certificates', `localhost:${port}`], { env })
    const [code] = await once(child, 'close')
    expect(code).toBe(1)
    const ends = await watch.fires('AfnCertificateExpiring')
    expectWhole(ends)
    expect(ends.labels).toMatchObject({ service: 'localhost', server_port: String(port) })
    server.close()
    certificates.remove()
  })

  onFullDisk('4m', disk => {
    it.runIf(isLong('monitoring'))('that sees a full disk and a dependency that is away', async () => {
      spawnSync('dd', ['if=/dev/zero', `of=${disk.folder}/full`, 'bs=64k'], { stdio: 'ignore' })
      const app = makeApp({ files: { 'app.cjs': 'require("node:http").createServer().listen(0, "127.0.0.1")' } })
      const [health] = await freePorts(1)
      const child = spawn(process.execPath, ['--require', '@afn/otel', 'app.cjs'], {
        cwd: app,
        stdio: 'ignore',
        env: {
          ...process.env,
          OTEL_SERVICE_NAME: 'shop',
          OTEL_TRACES_EXPORTER: 'none',
          OTEL_LOGS_EXPORTER: 'none',
          OTEL_METRIC_EXPORT_INTERVAL: '1000',
          OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${watch.url}/api/v1/otlp/v1/metrics`,
          AFN_SPOOL_DIR: disk.folder,
          AFN_HEALTH: 'on',
          AFN_HEALTH_PORT: String(health),
          AFN_HEALTH_CHECKS: 'redis',
          REDIS_URL: 'redis://127.0.0.1:9',
        },
      })
      try {
        const full = await watch.fires('AfnDiskFull', { system_filesystem_mountpoint: disk.folder })
        expectWhole(full)
        expect(full.labels).toMatchObject({ severity: 'critical', service: 'shop' })
        expectWhole(await watch.fires('AfnDiskFilling', { system_filesystem_mountpoint: disk.folder }))
        const check = await watch.fires('AfnHealthCheckFailing')
        expectWhole(check)
        expect(check.labels.afn_health_check_name).toBe('redis')
      } finally {
        child.kill('SIGKILL')
      }
    })
  })
})

describe.skipIf(!prometheus || !alertmanager || !isLong('monitoring'))('an Alertmanager', () => {
  it('with a channel that nobody answers, and a configuration that it refuses', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-am-'))
    const [port] = await freePorts(1)
    const file = path.join(folder, 'alertmanager.yml')
    const route = { receiver: 'dead', group_wait: '0s', group_interval: '1s', repeat_interval: '1s' }
    const receivers = [{ name: 'dead', webhook_configs: [{ url: 'http://127.0.0.1:9/' }] }]
    writeFileSync(file, JSON.stringify({ route, receivers }))
    const child: ChildProcess = spawn(
      alertmanager!,
      [`--config.file=${file}`, `--storage.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], // biome-ignore format: one line
      { stdio: 'ignore' },
    )
    const url = `http://127.0.0.1:${port}`
    await soon('Alertmanager', async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok)
    writeFileSync(file, 'route: {}\n')
    expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(500)
    const watch = await startWatch({ scraped: { alertmanager: [port!] } })
    try {
      expectWhole(await watch.fires('AfnAlertmanagerConfigReloadFailed'))
      const alert = (name: string) => [{ labels: { alertname: name, severity: 'high' } }]
      await soon('a notification that failed', async () => {
        await fetch(`${url}/api/v2/alerts`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(alert(`Planted${Date.now()}`)),
        })
        return await Promise.race([
          watch.fires('AfnChannelFailing', { integration: 'webhook' }),
          new Promise<undefined>(resolve => setTimeout(resolve, 3_000)),
        ])
      })
      expectWhole(await watch.fires('AfnChannelFailing'))
      child.kill('SIGKILL')
      expectWhole(await watch.fires('AfnAlertmanagerDown'))
    } finally {
      child.kill('SIGKILL')
      await watch.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
