// Two environments on one pipeline, by Prometheus' own engine and the rules that `generate` writes: what burns in one is nothing of the other's.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { readSlos } from '../../src/monitoring/slo/read'
import { type Alerting, defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'

const promtool = inject('promtools')['3.16']
const plan = planOf('single')
const alertsOf = (more: string): Alerting['alerts'] =>
  readAlerts(`channels: {ops: {kind: discord, webhook_url_file: secrets/ops}}\n${more}`).config!
const all = { ...defaultAlerting(), alerts: alertsOf('') }

/** With some of the objectives alone: promtool takes seconds for each. */
const only = (...names: string[]) => ({ ...all, slos: all.slos.filter(({ name }) => names.includes(name)) })
const [availability, latency] = [only('availability'), only('latency-p95')]

const requests = (environment: string, status: number, perMinute: number, minutes = 120, team = '') => ({
  series: `http_server_request_duration_seconds_count{job="shop", service_name="shop", http_response_status_code="${status}"${environment && `, deployment_environment_name="${environment}"`}${team && `, team="${team}"`}}`,
  values: `0+${perMinute}x${minutes} _x${2 * 24 * 60}`,
})

describe.skipIf(promtool === undefined)('of two environments', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-environments-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const BY = 'alertname, environment, team'

  async function expectAlerts(
    alerting: Alerting,
    series: object[],
    at: number,
    expected: string[],
    { step = 1, rules = /^rules\/slo-.*\.yml$/, by = BY, name = '.+' } = {},
  ) {
    const files = generateFiles(plan, alerting).filter(({ path: file }) => rules.test(file))
    mkdirSync(path.join(folder, 'rules'), { recursive: true })
    for (const file of files) writeFileSync(path.join(folder, file.path), file.content)
    const groups = files.flatMap(({ content }) => (parse(content).groups as { name: string }[]).map(({ name }) => name))
    const test = path.join(folder, 'test.yml')
    writeFileSync(
      test,
      JSON.stringify({
        rule_files: files.map(file => file.path),
        evaluation_interval: `${step}m`,
        group_eval_order: groups,
        tests: [
          {
            interval: '1m',
            input_series: series,
            promql_expr_test: [
              {
                expr: `group by (${by}) (ALERTS{alertstate="firing", alertname=~"${name}"})`,
                eval_time: `${at}m`,
                exp_samples: expected.map(labels => ({ labels, value: 1 })),
              },
            ],
          },
        ],
      }),
    )
    const { stdout, stderr } = await promisify(execFile)(promtool!, ['test', 'rules', test]).catch(error => error)
    expect(`${stdout}${stderr}`).toMatch(/SUCCESS\s*$/)
  }

  const outage = [
    requests('production', 200, 600),
    requests('staging', 200, 30),
    requests('staging', 500, 30),
    requests('', 200, 60),
  ]
  const burns = ['FastBurn', 'MediumBurn', 'SlowBurn', 'LongTermBurn']

  it('the one that fails has the alerts, and no other', async () => {
    const expected = burns.map(burn => `{alertname="Availability${burn}", environment="staging"}`)
    await expectAlerts(availability, outage, 80, expected)
  })

  it('a team is called for the outage of another, or its own drowns in the traffic of all', async () => {
    const two = [
      requests('production', 200, 6_000, 120, 'shop'),
      requests('production', 200, 30, 120, 'pay'),
      requests('production', 500, 30, 120, 'pay'),
    ]
    const of = (team: string) =>
      burns.map(burn => `{alertname="Availability${burn}", environment="production", team="${team}"}`)
    await expectAlerts(availability, two, 80, of('pay'))
    // whose objective it is, says the file, whatever the series say
    const [named] = availability.slos.map(slo => ({ ...slo, labels: { team: 'ops' } }))
    const burning = two.map(one => ({ ...one, series: one.series.replace('"200"', '"500"') })).slice(0, 2)
    await expectAlerts({ ...availability, slos: [named!] }, burning, 80, of('ops'))
  })

  it('a team that is named from now on is taken for one whose data ended', async () => {
    const day = 24 * 60
    const before = requests('production', 200, 600, day)
    const after = { ...requests('production', 200, 600, day, 'pay'), values: `_x${day} 0+600x${day}` }
    await expectAlerts(availability, [before, after], day + 120, [], { step: 5, name: '.*MetricAbsent' })
    // and one whose data ends is told so, although the others go on
    const others = requests('production', 200, 600, 3 * day, 'shop')
    const ended = requests('production', 200, 600, day, 'pay')
    const gone = '{alertname="AvailabilityMetricAbsent", environment="production", team="pay"}'
    await expectAlerts(availability, [others, ended], day + 120, [gone], { step: 5, name: '.*MetricAbsent' })
  })

  it('an outage of one of which nobody is notified is no alert', async () => {
    await expectAlerts({ ...availability, alerts: alertsOf('environments: {staging: []}\n') }, outage, 80, [])
    // as a folder begins
    await expectAlerts(defaultAlerting(), outage, 80, [])
  })

  it('what has no environment fails as before, under the same names', async () => {
    const expected = burns.map(burn => `{alertname="Availability${burn}", environment="production"}`)
    await expectAlerts(availability, [requests('', 200, 30), requests('', 500, 30)], 80, expected)
  })

  it('two of sixty requests of a first minute are a call', async () => {
    const first = (status: number, all: number) => ({ ...requests('', status, 0), values: `0 ${all}x80` })
    await expectAlerts(all, [first(200, 60), first(500, 2)], 3, [])
    await expectAlerts(all, [first(200, 60), first(500, 2)], 80, [])
  })

  it('an alert of an app is not that of its service, its team and its environment', async () => {
    const app = 'job="shop/cart", service_name="cart", team="pay", deployment_environment_name="staging"'
    const steady = (series: string, value = '1') => ({ series, values: `${value}x30` })
    const check = (required: boolean) =>
      `afn_health_check_status{${app}, afn_health_check_name="${required}", afn_health_check_required="${required}", afn_health_check_state="fail"}`
    const series = [
      steady(check(true)),
      steady(check(false)),
      steady(`system_filesystem_utilization_ratio{${app}, instance="i-1", system_filesystem_mountpoint="/"}`, '0.98'),
      steady('system_filesystem_utilization_ratio{job="old", mountpoint="/"}', '0.98'),
    ]
    const whose = 'service="cart", team="pay", environment="staging"'
    await expectAlerts(
      all,
      series,
      12,
      [
        `{alertname="AfnHealthCheckFailing", severity="high", ${whose}}`,
        `{alertname="AfnHealthCheckFailing", severity="medium", ${whose}}`,
        `{alertname="AfnDiskFull", severity="critical", instance="i-1", ${whose}}`,
        '{alertname="AfnDiskFull", severity="critical", service="old", environment="production"}',
      ],
      {
        rules: /^rules\/afn-pipeline\.yml$/,
        by: `${BY}, service, severity, instance`,
        name: 'AfnHealthCheckFailing|AfnDiskFull',
      },
    )
  })

  it('the data of one ends, and the other hides it', async () => {
    const team = readSlos(`version: prometheus/v1
service: shop
labels: {team: pay}
slos:
  - name: answers
    objective: 99
    sli: {ratio: {metric: http.server.request.duration, type: histogram, bad: [{http.response.status_code: {regex: "5.."}}]}}
`)
    const alerting = { ...all, slos: team.slos }
    const day = 24 * 60
    const series = [requests('production', 200, 600, 3 * day), requests('staging', 200, 30, day)]
    const gone = '{alertname="AnswersMetricAbsent", environment="staging", team="pay"}'
    await expectAlerts(alerting, series, day + 120, [gone], { step: 5 })
    // half a day later it is taken for switched off
    await expectAlerts(alerting, series, day + 15 * 60, [], { step: 5 })
  })

  it('requests of a service whose histogram has no edge count as too slow', async () => {
    const edges = (service: string, les: string[], perMinute: number) =>
      ['count', ...les].map(le => ({
        series:
          le === 'count'
            ? `http_server_request_duration_seconds_count{service_name="${service}"}`
            : `http_server_request_duration_seconds_bucket{service_name="${service}", le="${le}"}`,
        values: `0+${perMinute}x100`,
      }))
    // of fastapi nobody knows, and shop is slow
    const series = [...edges('fastapi', ['0.5', '5', '+Inf'], 6_000), ...edges('shop', ['2', '+Inf'], 60)]
    await expectAlerts(latency, series, 80, [])
    const slow = [...edges('fastapi', ['0.5', '5', '+Inf'], 6_000), ...edges('shop', ['+Inf'], 60), ...edges('shop', ['2'], 6).slice(1)] // biome-ignore format: one line
    await expectAlerts(
      all,
      slow,
      80,
      burns.map(burn => `{alertname="LatencyP95${burn}", environment="production"}`),
    )
  })
})

it.each(['laptop', 'single', 'cluster'] as const)('an alert of %s does not say whose it is', profile => {
  const files = generateFiles(planOf(profile, { langfuse: true }), all)
  const rules = files
    .filter(({ path: file }) => /^rules\/.*\.yml$/.test(file))
    .flatMap(({ content }) => parse(content).groups as { rules: { alert?: string; labels: object }[] }[])
    .flatMap(group => group.rules)
    .filter(({ alert }) => alert !== undefined)
  expect(rules.length).toBeGreaterThan(60)
  for (const { alert, labels } of rules)
    expect({ alert, labels }).toMatchObject({
      labels: {
        severity: expect.stringMatching(/./),
        service: expect.not.stringMatching(/^\{\{ \$labels\.job \}\}$/),
        environment: '{{ or $labels.deployment_environment_name "production" }}',
      },
    })
})
