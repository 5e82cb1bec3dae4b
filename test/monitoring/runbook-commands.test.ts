// Who is called at night pastes the runbook's commands: each of ours that is filled in from the labels of the alert finds something that names what
// the alert is about. Oracles: the real Prometheus, whose rules raised the alert, and `up`, which has the traces.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { filledIn } from '../../src/operations/alert-receiver/runbook'
import { makeApp } from '../support/packed'
import { type RunningUp, startUp } from '../support/up'
import { type Backfilled, growing, startBackfilled, steady } from './backfill'

const root = path.resolve(import.meta.dirname, '../..')

const shop = 'job="shop",service_name="shop",instance="1",service_instance_id="1"'
const http = (status: number, route: string) =>
  `${shop},http_route="${route}",http_request_method="POST",http_response_status_code="${status}"`
const durations = (labels: string, perMinute: number, fast: number) => ({
  [`http_server_request_duration_seconds_count{${labels}}`]: growing(perMinute),
  ...Object.fromEntries(
    ['0.005', '0.1', '1', '2', '2.5', '10', '+Inf'].map(le => [
      `http_server_request_duration_seconds_bucket{${labels},le="${le}"}`,
      growing(le === '10' || le === '+Inf' ? perMinute : fast),
    ]),
  ),
})

/** What is wrong: a third of the requests fail and most are slow, calls of a model fail, one app is silent, a disk is full, no Collector answers. */
const past = {
  ...durations(http(200, '/pay'), 40, 6),
  ...durations(http(500, '/pay'), 20, 3),
  [`gen_ai_client_inference_duration_seconds_count{${shop},gen_ai_request_model="gpt-5"}`]: growing(20),
  [`gen_ai_client_inference_duration_seconds_count{${shop},gen_ai_request_model="gpt-5",error_type="429"}`]:
    growing(20),
  [`afn_span_calls_total{${shop}}`]: growing(60),
  'afn_span_calls_total{job="mailer",service_name="mailer",instance="1"}': growing(60, { to: 45 }),
  'target_info{job="shop",instance="1",service_version="1.4.1"}': steady(1),
  'otelcol_process_uptime{job="otelcol",instance="c"}': steady(90_000),
  'system_filesystem_utilization_ratio{job="shop",instance="1",system_filesystem_mountpoint="/data"}': steady(0.985),
}

/** Alert → what its commands have to name. */
const alerts: Readonly<Record<string, { readonly names: RegExp; readonly runbook?: string }>> = {
  AvailabilityFastBurn: { names: /availability|POST|pay|shop/ },
  LatencyP95FastBurn: { names: /latency-p95|pay|shop/ },
  LlmErrorsFastBurn: { names: /llm-errors|shop/ },
  AfnCollectorDown: { names: /collector|otelcol/i },
  AfnServiceSilent: { names: /mailer|shop/ },
  AfnDiskFull: { names: /\/data|\/dev|shop/ },
  AfnDiskFilling: { names: /\/data|\/dev|shop/ },
}

describe.skipIf(!inject('prometheusBinary'))('the commands of the runbook of', () => {
  let prometheus: Backfilled
  let up: RunningUp
  let folder: string

  beforeAll(async () => {
    if (!inject('prometheusBinary')) return
    folder = makeApp({ files: {} })
    ;[prometheus, up] = await Promise.all([startBackfilled(past), startUp()])
    const now = Date.now()
    const span = (service: string, index: number, minutes: number) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: `${String(index + 1).padStart(2, '0')}`.repeat(16),
              spanId: `${String(index + 1).padStart(2, '0')}`.repeat(8),
              name: 'POST /pay',
              kind: 2,
              startTimeUnixNano: String((now - minutes * 60_000) * 1e6),
              endTimeUnixNano: String((now - minutes * 60_000 + 3_000) * 1e6),
              status: { code: 2, message: 'it fails' },
            },
          ],
        },
      ],
    })
    await up.post('traces', { resourceSpans: [span('shop', 0, 5), span('mailer', 1, 60)] })
    writeFileSync(path.join(folder, 'app.env'), '')
  }, 180_000)
  afterAll(async () => {
    await prometheus?.stop()
    await up?.stop()
  })

  async function shell(command: string): Promise<{ code: number | null; text: string }> {
    const ours = command.replace(/^npx afn-otel /, `"${process.execPath}" node_modules/@afn/otel/dist/cli.cjs `)
    const child = spawn('sh', ['-c', ours], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        AFN_PROMETHEUS_URL: prometheus.url,
        AFN_TEMPO_URL: up.url,
        AFN_ALERTMANAGER_URL: 'http://127.0.0.1:9',
      },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
    const code = await new Promise<number | null>(resolve => child.once('close', resolve))
    return { code, text }
  }

  it.for(Object.entries(alerts))('%s find what it is about', async ([name, { names }]) => {
    const { labels, annotations } = await prometheus.fires(name)
    const runbook = path.basename(annotations.runbook_url!)
    const text = filledIn(readFileSync(path.join(root, 'docs/runbooks', `${runbook}.md`), 'utf8'), labels)
    const [, block = ''] = /^```sh\n(.*?)^```$/ms.exec(text) ?? []
    const commands = block.split('\n').filter(line => /^(?:npx afn-otel|df) /.test(line))
    expect(commands.length).toBeGreaterThan(0)
    const found: string[] = []
    for (const command of commands) {
      expect(command).not.toMatch(/<[a-z_]+>/)
      const { code, text: said } = await shell(command)
      // a doctor that finds what is wrong ends with 1
      if (!command.includes(' doctor')) expect([command, code, said]).toEqual([command, 0, said])
      if (!names.test(said)) found.push(`${command} says nothing of it: ${said.slice(0, 400)}`)
    }
    expect(found).toEqual([])
    if (annotations.traces) {
      const { code, text: said } = await shell(annotations.traces.replace(/^afn-otel/, 'npx afn-otel'))
      expect([annotations.traces, code]).toEqual([annotations.traces, 0])
      if (name !== 'LlmErrorsFastBurn') expect(said).toMatch(/shop|mailer/)
    }
  })

  it('a budget find what it is about', async () => {
    writeFileSync(
      path.join(folder, 'monitoring-config.json'),
      JSON.stringify({ budget_config: { time_zone: 'UTC', budgets: [{ name: 'all-of-it', period: 'month', amount: 300 }] } }), // biome-ignore format: one line
    )
    const { text } = await shell('npx afn-otel cost budget')
    expect(text).toContain('all-of-it')
  })
})
