// The alerts that the embedded backend raises over its own store, held against a real Prometheus 3 that has the same metrics and the
// generated rules.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Evaluation } from '../../src/backend/alerts/evaluation'
import { ownEvaluator } from '../../src/backend/alerts/own-evaluator'
import type { AlertsAnswer } from '../../src/backend/api/alert-answers'
import { openStore, type Store } from '../../src/backend/store/store'
import { appRules } from '../../src/monitoring/pipeline-rules/rules'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import type { Slo } from '../../src/monitoring/slo/spec'
import { planOf } from '../../src/pipeline/deployment/plan'
import { features, prometheusConfig } from '../../src/pipeline/deployment/prometheus-config'
import { render } from '../../src/pipeline/deployment/render'
import { messages } from '../../src/shared/otlp/messages'
import { toProtobuf } from '../../src/shared/otlp/to-protobuf'
import { isLong } from '../support/long'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'
import { type RunningUp, startUp, upFolder } from '../support/up'
import { ailing, ailments } from './ailing'
import { metricsUntil, requests, scenes, sloFile, slos } from './burning'

const binary = inject('prometheusBinary')
const promtool = inject('promtool')

const scratch = mkdtempSync(path.join(tmpdir(), 'afn-burning-'))
const stops: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const stop of stops) await stop()
  rmSync(scratch, { recursive: true, force: true })
})

/** @param data its folder @param rules files */
async function startPrometheus(data: string, rules: readonly string[]) {
  const [port] = await freePorts(1)
  const { scrape_configs: _, alerting: __, ...config } = prometheusConfig('high', planOf('laptop'))
  const folder = mkdtempSync(path.join(scratch, 'run-'))
  const file = path.join(folder, 'prometheus.yml')
  const global = { ...(config.global as object), evaluation_interval: '1s' }
  // the blocks that promtool makes end now, and what comes is older than they are
  const storage = { tsdb: { out_of_order_time_window: '4d' } }
  writeFileSync(file, render('', { ...config, global, storage, rule_files: [...rules] }))
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-otlp-receiver',
    features,
  ]
  const stop = await startServer({ binary: binary!, args, folder, ready: `${url}/-/ready` })
  stops.push(stop)
  return { url, stop }
}

async function send(url: string, now: number): Promise<void> {
  for (const request of requests(now)) {
    const body = toProtobuf(messages.ExportMetricsServiceRequest, request)
    const headers = { 'content-type': 'application/x-protobuf' }
    const response = await fetch(`${url}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  }
}

interface PrometheusAlert {
  readonly state: string
  readonly labels: Record<string, string>
}

/** What the embedded backend says of all that is in a store. */
function ownAnswer(store: Store, objectives: readonly Slo[], now: number): Promise<Evaluation> {
  const { made } = ruleFiles(objectives, { days: 32 })
  const { groups } = appRules({ alertsUrl: 'http://alerts', environment: 'production', language: 'en' })
  const evaluator = ownEvaluator({ store, made, groups, externalUrl: 'http://up', now: () => now })
  return evaluator.evaluate(new AbortController().signal)
}

const isWhole = isLong('objectives') && binary && promtool

it.runIf(isWhole)('the embedded backend and Prometheus say the same alerts', { timeout: 400_000 }, async () => {
  const now = Date.now()
  const made = ruleFiles(slos, { days: 32 }).made.flatMap(({ files }) => files)
  const files = made.map(({ name, groups }) => {
    const file = path.join(scratch, name)
    writeFileSync(file, renderRules('', groups))
    return file
  })
  // what its rules would have recorded in these days
  const records = path.join(scratch, 'records.yml')
  const groups = made.flatMap(({ groups }) =>
    groups.map(group => ({
      ...group,
      rules: group.rules.filter(({ record }) => /_(events|errors):rate5m$/.test(record ?? '')),
    })),
  )
  writeFileSync(
    records,
    renderRules(
      '',
      groups.filter(({ rules }) => rules.length > 0),
    ),
  )
  const first = await startPrometheus(path.join(scratch, 'first'), [])
  await send(first.url, now)
  const seconds = (ms: number) => String(Math.floor(ms / 1_000))
  const range = ['--start', seconds(now - 3 * 86_400_000), '--end', seconds(now), '--eval-interval', '2m']
  const data = path.join(scratch, 'data')
  await promisify(execFile)(promtool!, [
    'tsdb',
    'create-blocks-from',
    'rules',
    ...range,
    '--url',
    first.url,
    '--output-dir',
    data,
    records,
  ])
  await first.stop()
  const { url } = await startPrometheus(data, files)
  await send(url, now)
  const ask = async (path: string) => (await (await fetch(`${url}/api/v1/${path}`)).json()).data
  // rules follow from rules of other groups
  const sent = Date.now()
  const evaluated = async () => {
    const { groups } = (await ask('rules')) as { groups: { interval: number; lastEvaluation: string }[] }
    // what is evaluated once a minute is about whole periods
    const own = groups.filter(({ interval }) => interval < 60)
    return Math.min(...own.map(({ lastEvaluation }) => Date.parse(lastEvaluation))) - sent
  }
  await expect.poll(evaluated, { timeout: 60_000, interval: 500 }).toBeGreaterThan(3_000)
  const alerts: PrometheusAlert[] = (await ask('alerts')).alerts
  const theirs = alerts.filter(({ state }) => state === 'firing')

  const store = await openStore({ path: ':memory:' })
  for (const request of requests(now)) await store.write('metrics', request)
  const ours = await ownAnswer(store, slos, now)
  await store.close()
  const of = (all: readonly string[]) => [...all].sort()
  const expected = of(scenes.flatMap(({ service, fires }) => fires.map(name => `${service} ${name}`)))
  expect(of(ours.active.map(({ service, name }) => `${service} ${name}`))).toEqual(expected)
  expect(of(theirs.map(({ labels }) => `${labels.service} ${labels.alertname}`))).toEqual(expected)
})

describe.skipIf(!binary)('afn-otel up --prometheus', { timeout: 180_000 }, () => {
  const now = Date.now()
  let up: RunningUp
  const answer = async (): Promise<AlertsAnswer> => (await fetch(`${up.url}/api/afn/alerts`)).json()
  const patiently = { timeout: 90_000, interval: 2_000 }

  beforeAll(async () => {
    const folder = upFolder()
    // JavaScript allows a thousand and one, and RE2 a thousand
    const refused = sloFile.replace('status_code=~"5.."', 'status_code=~"5{1001}"')
    writeFileSync(path.join(folder, 'slo.yaml'), refused)
    const [port] = await freePorts(1)
    const env = { PROMETHEUS_BIN: binary!, AFN_PROMETHEUS_URL: `http://127.0.0.1:${port}` }
    up = await startUp(['--memory', '--prometheus'], { folder, env })
    // five failures of a hundred, each minute of the last hour, are 50 times what 99.9 % allows
    const minutes = Array.from({ length: 61 }, (_, minute) =>
      metricsUntil('fast', now - 3_600_000, now - (60 - minute) * 60_000, { ok: minute * 95, failed: minute * 5 }),
    )
    for (const body of [...minutes, ...ailing(now)]) expect((await up.post('metrics', body)).status).toBe(200)
  }, 60_000)
  afterAll(() => up?.stop())

  it('shows what its Prometheus says by the generated rules, and leaves out a rule that it refuses', async () => {
    expect(up.stderr()).toMatch(/^afn-otel up: Prometheus refuses slo-fast-by-query\.yml, which is left out \(.*1001/m)
    const firing = async () => (await answer()).alerts.filter(({ state }) => state === 'firing').map(({ name }) => name)
    await expect.poll(firing, patiently).toContain('AvailabilityFastBurn')
    const { by, objectives } = await answer()
    expect(by).toBe('prometheus')
    expect(objectives.map(({ id, state }) => [id, state])).toEqual([
      ['fast-availability', 'rated'],
      ['fast-by-query', 'refused'],
    ])
    expect(up.stderr()).toMatch(/^afn-otel up: alert firing: AvailabilityFastBurn \(critical, fast\)/m)
  })

  it('says the same of an app that ails as the embedded backend does without it', async () => {
    const store = await openStore({ path: ':memory:' })
    for (const request of ailing(now)) await store.write('metrics', request)
    const ours = await ownAnswer(store, [], now + 60_000)
    await store.close()
    const named = (all: readonly { name: string; service: string }[]) =>
      all.map(({ name, service }) => `${name} ${service}`).sort()
    expect(named(ours.active)).toEqual(ailments)
    const ofApps = async () => (await answer()).alerts.filter(({ name }) => name.startsWith('Afn'))
    await expect.poll(async () => named(await ofApps()), patiently).toEqual(ailments)
    // each at a time of its own
    const worded = (all: readonly { name: string; summary: string }[]) =>
      all.map(({ name, summary }) => `${name}: ${summary.replace(/[\d.]+%?|in [\dhdms .-]+/g, '#')}`).sort()
    expect(worded(await ofApps())).toEqual(worded(ours.active))
  })
})
