// The folder of the cluster profile, started: each container of its manifests runs with the arguments, user, files, disks, secrets,
// names and memory that they give it, on a root that it cannot write, and takes connections from those alone that its
// NetworkPolicy admits. Kubernetes itself is not there: api-server.test.ts has its API server.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { GeneratedFile } from '../../src/pipeline/deployment/generated-file'
import { published } from '../../src/pipeline/deployment/hosts'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { app as appText } from './app'
import { Host, type Running, textOf, until } from './containers'
import { imagesOf } from './images'
import { type Pod, podsOf, searched } from './kubernetes'
import { traceInLoki } from './log-record'

const binaries = inject('binariesOfFolders')

/** What the README forwards. */
const forwarded: Record<string, [number, number][]> = {
  'otel-agent-edge-0': [[published.otlpTrusted, 4319]],
  'otel-gateway-0': [
    [published.health, 13133],
    [published.selfMetrics, 8888],
  ],
  'tempo-0': [[published.tempo, 3200]],
  'loki-0': [[published.loki, 3100]],
  'alertmanager-0': [[published.alertmanager, 9093]],
  'alert-receiver-0': [[published.alerts, 9095]],
  'prometheus-0': [[published.prometheus.high, 9090]],
  'prometheus-medium-0': [[published.prometheus.medium, 9090]],
  'prometheus-low-0': [[published.prometheus.low, 9090]],
}

describe.skipIf(!binaries || !isLong('folders'))('the folder of the profile cluster', () => {
  let host: Host
  let folder: string
  let app: string
  let pods: Pod[]
  const running = new Map<string, Running>()
  const cli = 'node_modules/@afn/otel/dist/cli.cjs'

  const start = async ({ name, container }: Pod) => void running.set(name, await host.start(container))
  /** As kubelet asks: from the node. */
  const ready = ({ name, ready: probe }: Pod) =>
    until(`${name} to be ready`, async () => {
      const inside = running.get(name)!
      if (inside.hasEnded()) throw new Error(`${name} ended:\n${inside.log().slice(-4_000)}`)
      if (!probe) return true
      return (await host.fetch(`http://${host.addressOf(name)}:${probe.port}${probe.path}`)).status === 200
    })
  const withAppEnv = (...command: string[]) =>
    host.run(['sh', '-c', `set -a; . ${folder}/app.env; set +a; exec "$@"`, 'sh', ...command], { cwd: app })

  async function doctor(): Promise<{ code: number | null; failures: string[] }> {
    const { code, stdout, stderr } = await withAppEnv(process.execPath, cli, 'doctor', '--json')
    if (!stdout) throw new Error(stderr)
    const { checks } = JSON.parse(stdout) as { checks: { part: string; name: string; ok: boolean; detail: string }[] }
    const failures = checks.filter(({ ok }) => !ok).map(({ part, name, detail }) => `${part} ${name}: ${detail}`)
    return { code, failures: failures.filter(failure => !isAbsent(failure)) }
  }

  beforeAll(async () => {
    host = await Host.start(searched)
    const budgets = [{ name: 'all', period: 'month', amount: 0.000_001, thresholds: [100] }]
    const monitoring = { budget_config: { price_table_max_age: 3_650, budgets } }
    app = makeApp({
      files: { 'app.cjs': appText, 'monitoring-config.json': JSON.stringify(monitoring) },
      modules: { pino: 'pino' },
    })
    folder = path.join(host.folder, 'folder')
    const generate = [process.execPath, cli, 'generate', '--profile', 'cluster', '--target', folder]
    const made = await host.run(generate, { cwd: app })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const files = made.stdout
      .split('\n')
      .flatMap(line => /^wrote (.*\/k8s\/.*)$/.exec(line)?.[1] ?? [])
      .map((file): GeneratedFile => ({ path: path.relative(folder, file), content: textOf(file) }))
    const secrets = Object.fromEntries(
      [...textOf(path.join(folder, '.env')).matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    )
    pods = podsOf(host, files, imagesOf(binaries!, folder), secrets, forwarded, {
      'afn-otel-alerts': filesIn(path.join(folder, 'secrets')),
      'afn-otel-runbooks': filesIn(path.join(folder, 'runbooks')),
    }).filter(({ container }) => container.image)
    for (const pod of pods) await start(pod)
    await Promise.all(pods.map(ready))
  })
  afterAll(() => host?.stop())

  it('gives each container the secrets that it needs, and none to a store', () => {
    const secretsOf = (name: string) =>
      Object.keys(pods.find(pod => pod.name === name)!.container.env).filter(key => /KEY|TOKEN|AUTH/.test(key))
    expect(secretsOf('otel-agent').sort()).toEqual(['AFN_GATEWAY_TOKEN', 'AFN_HMAC_KEY_ID', 'AFN_INGEST_TOKEN'])
    expect(secretsOf('otel-gateway-0').sort()).toEqual(['AFN_GATEWAY_TOKEN', 'AFN_HMAC_KEY', 'AFN_HMAC_KEY_ID'])
    for (const name of ['prometheus-0', 'jobs-0']) expect(secretsOf(name)).toEqual([])
  })

  it('finds trace, metric and log record of one request where they belong, and doctor finds all well', async () => {
    const sent = await host.run(
      [process.execPath, `--env-file=${folder}/app.env`, '--require', '@afn/otel', 'app.cjs'],
      {
        cwd: app,
      },
    )
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    const query = encodeURIComponent('sum(gen_ai_client_inference_usage_input_tokens_total)')
    const value = await until('the metric', async () => {
      const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${query}`)
      return JSON.parse(body).data.result[0]?.value[1]
    })
    expect(value).toBe('12')
    const traceId = await until('the log record', () => traceInLoki(host, binaries!, 'the shelf is nearly empty'))
    if (binaries!.tempo) {
      await until('the trace', async () => {
        const headers = { 'x-scope-orgid': 'afn-detailed' }
        const { body } = await host.fetch(`http://127.0.0.1:3210/api/v2/traces/${traceId}`, { headers })
        return body.includes('chat gpt-4o-mini')
      })
    }
    expect(await doctor()).toEqual({ code: isWhole ? 0 : expect.any(Number), failures: [] })
  })

  it('scrapes what prometheus.yml names, through the policies', async () => {
    await until('every target to be up', async () => {
      const { body } = await host.fetch('http://127.0.0.1:9090/api/v1/targets')
      const targets: { scrapePool: string; health: string; lastError: string }[] = JSON.parse(body).data.activeTargets
      const up = targets.filter(({ health }) => health === 'up').map(({ scrapePool }) => scrapePool)
      const expected = [
        'alert-receiver',
        ...(binaries!.alertmanager ? ['alertmanager', 'alertmanager'] : []),
        'loki',
        ...['otelcol', 'otelcol', 'otelcol'],
        ...pods.filter(({ name }) => name.startsWith('otel-agent')).map(() => 'otelcol-agent'),
        ...['prometheus', 'prometheus', 'prometheus'],
        ...(binaries!.tempo ? ['tempo'] : []),
      ]
      return JSON.stringify(up.sort()) === JSON.stringify(expected)
    })
  })

  it('admits who has to connect, and nobody else', () => {
    const connects = (from: string, to: string, port: number) =>
      running
        .get(from)!
        .exec(['/usr/bin/timeout', '2', '/bin/bash', '-c', `exec 3<>/dev/tcp/${host.addressOf(to)}/${port}`]).status ===
      0
    const tries: [from: string, to: string, port: number, admitted: boolean][] = [
      ['otel-agent', 'otel-gateway-0', 4320, true],
      ['otel-gateway-0', 'prometheus-low-0', 9090, true],
      ['prometheus-0', 'otel-gateway-1', 8888, true],
      ['prometheus-0', 'otel-agent', 8888, true],
      ['prometheus-low-0', 'otel-agent', 4318, true],
      ['jobs-0', 'prometheus-medium-0', 9090, true],
      ['otel-gateway-0', 'loki-0', 3100, true],
      ['prometheus-0', 'loki-0', 3100, true],
      ['jobs-0', 'loki-0', 3100, true],
      ['otel-agent', 'loki-0', 3100, false],
      ['prometheus-0', 'jobs-0', 9090, false],
      ['prometheus-low-0', 'otel-gateway-0', 4320, false],
      ['prometheus-low-0', 'otel-gateway-0', 8888, false],
      ['otel-agent', 'prometheus-0', 9090, false],
      ['otel-agent', 'otel-agent-edge-0', 13133, false],
      ...(binaries!.alertmanager
        ? ([
            ['prometheus-0', 'alertmanager-1', 9093, true],
            ['alertmanager-0', 'alertmanager-1', 9094, true],
            ['alertmanager-0', 'alert-receiver-0', 9095, true],
            ['alert-receiver-0', 'alertmanager-1', 9093, true],
            ['jobs-0', 'alertmanager-1', 9093, true],
            ['jobs-0', 'alert-receiver-0', 9095, false],
            ['otel-agent', 'alertmanager-0', 9093, false],
            ['prometheus-low-0', 'alertmanager-0', 9094, false],
          ] satisfies [string, string, number, boolean][])
        : []),
      ...(binaries!.tempo
        ? ([
            ['otel-gateway-2', 'tempo-0', 4317, true],
            ['prometheus-0', 'tempo-0', 3200, true],
            ['otel-agent', 'tempo-0', 4317, false],
            ['prometheus-0', 'tempo-0', 4318, false],
          ] satisfies [string, string, number, boolean][])
        : []),
    ]
    const seen = tries.map(([from, to, port]) => [from, to, port, connects(from, to, port)])
    expect(seen).toEqual(tries)
  })

  it.runIf(binaries?.alertmanager)('has two Alertmanagers that see each other and take alerts', async () => {
    await until('both to see two', async () => {
      const { body } = await host.fetch(
        `http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent('alertmanager_cluster_members == 2')}`,
      )
      return JSON.parse(body).data.result.length === 2
    })
    await until('the Watchdog', async () =>
      (await host.fetch('http://127.0.0.1:9093/api/v2/alerts')).body.includes('"Watchdog"'),
    )
  })

  it.runIf(binaries?.alertmanager)('raises an alert of a budget that is spent at both Alertmanagers', async () => {
    for (const name of ['alertmanager-0', 'alertmanager-1'])
      await until(`the alert at ${name}`, async () =>
        (await host.fetch(`http://${host.addressOf(name)}:9093/api/v2/alerts`)).body.includes('AfnBudgetThreshold'),
      )
    const query = encodeURIComponent(
      'afn_job_last_success_seconds{afn_job_name="cost-budget"} and on (afn_job_name) afn_job_interval_seconds == 60',
    )
    await until('Prometheus to know of a round', async () => {
      const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${query}`)
      return JSON.parse(body).data.result.length === 1
    })
  })

  it.runIf(binaries?.tempo)('runs reconcile through the policies', async () => {
    await until(
      'reconcile',
      () => /^reconcile: .*checked \d+ traces, repaired 0/m.test(running.get('jobs-0')!.log()),
      150_000,
    )
    const query = encodeURIComponent(
      'afn_job_last_success_seconds{afn_job_name="reconcile"} and on (afn_job_name) afn_job_interval_seconds == 600',
    )
    await until('Prometheus to know of its success', async () => {
      const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${query}`)
      return JSON.parse(body).data.result.length === 1
    })
  })

  it('lets doctor name each part that is stopped', async () => {
    const named: Record<string, RegExp> = {
      'otel-agent-edge-0': /^app traces: .*4319/,
      'otel-gateway-0': /^Collector health: .*13133/,
      'tempo-0': /^Tempo reachable: .*3210/,
      'loki-0': /^Loki reachable: .*3100/,
      'prometheus-0': /^Prometheus reachable: .*9090/,
      'prometheus-medium-0': /^Prometheus medium reachable: .*9091/,
      'prometheus-low-0': /^Prometheus low reachable: .*9092/,
      'alertmanager-0': /^Alertmanager reachable: .*9093/,
      'alert-receiver-0': /^alert receiver reachable: .*9095/,
    }
    for (const pod of pods.filter(({ name }) => name in named && running.has(name))) {
      await running.get(pod.name)!.stop()
      const { code, failures } = await doctor()
      expect({ pod: pod.name, code, failures }).toEqual({
        pod: pod.name,
        code: 1,
        failures: expect.arrayContaining([expect.stringMatching(named[pod.name]!)]),
      })
      await start(pod)
      await ready(pod)
    }
    await until('doctor to find all well again', async () => (await doctor()).failures.length === 0)
  }, 300_000)
})

const filesIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map(name => [name, textOf(path.join(folder, name))]))

/** Of what there is no binary for here. */
const isAbsent = (failure: string): boolean =>
  (!binaries?.tempo && failure.startsWith('Tempo')) || (!binaries?.alertmanager && failure.startsWith('Alertmanager'))
const isWhole = binaries?.tempo !== undefined && binaries.alertmanager !== undefined
