// Twenty services of several teams, and one thing goes wrong: what reaches people. Each fault is in the past and present of a real Prometheus, whose
// rules raise alerts; a real Alertmanager routes them as the generated folder's would, in seconds for minutes; the receiver posts them.
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { defaultUrls } from '../../src/shared/config/urls'
import { alertmanagerYaml } from '../alerts/files'
import { lacks, MINUTE, type Stand, startStand, until } from '../alerts/stand'
import { startAlertmanager } from '../support/alerting'
import { isLong } from '../support/long'
import { otherNetwork } from '../support/other-network'
import { freePorts } from '../support/ports'
import { growing, type Past, startBackfilled, steady } from './backfill'
import { inOrder } from './scenes'

type World = Readonly<Record<string, Past>>

const services = Array.from({ length: 20 }, (_, at) => `s${String(at + 1).padStart(2, '0')}`)
const of = (service: string) => `job="${service}",service_name="${service}",instance="${service}-1"`
const ours = 'telemetry_distro_name="@afn/otel"'
const http = (service: string, status: number) =>
  `http_server_request_duration_seconds_count{${of(service)},http_response_status_code="${status}"}`
const bucket = (service: string, le: string) => `http_server_request_duration_seconds_bucket{${of(service)},le="${le}"}`
const calls = (service: string, error = '') =>
  `gen_ai_client_inference_duration_seconds_count{${of(service)}${error && `,error_type="${error}"`}}`
const disk = (service: string) =>
  `system_filesystem_utilization_ratio{${of(service)},system_filesystem_mountpoint="/data"}`
const check = (service: string, name: string) =>
  `afn_health_check_status{${of(service)},afn_health_check_name="${name}",afn_health_check_state="fail"}`

/** promtool's notation; what tells a time does so by our clock. */
function pipeline(): World {
  const now = Date.now() / 1_000
  const jobs = ['cost-budget', 'logs-sweep', 'reconcile', 'audit-sweep', 'gdpr', 'langfuse-janitor'].flatMap(
    (name): [string, Past][] => [
      [`afn_job_last_success_seconds{job="afn-otel",afn_job_name="${name}"}`, ago => now - ago * 60],
      [`afn_job_interval_seconds{job="afn-otel",afn_job_name="${name}"}`, steady(60)],
    ],
  )
  const parts = Object.entries(inOrder)
    .filter(([name]) => !/job="shop"|afn_(?:monitor|probe|cloudflare|job|tls)/.test(name))
    .map(([name, notation]): [string, Past] => {
      if (/timestamp_seconds/.test(name)) return [name, ago => now - ago * 60]
      const [, from, step = '0'] = /^(-?[\d.]+)\+?([\d.]+)?x/.exec(notation) ?? []
      return [name, ago => Number(from) + Number(step) * (26 * 60 - ago)]
    })
  return Object.fromEntries([...jobs, ...parts])
}

function healthy(service: string): World {
  return {
    [`target_info{${of(service)},${ours}}`]: steady(1),
    [`afn_span_calls_total{${of(service)}}`]: growing(60),
    [http(service, 200)]: growing(60),
    ...Object.fromEntries(['1', '2', '2.5', '+Inf'].map(le => [bucket(service, le), growing(60)])),
    [calls(service)]: growing(20),
    [disk(service)]: steady(0.4),
  }
}

const everyone = (): World => Object.assign(pipeline(), ...services.map(healthy))

const from = (minutes: number, perMinute: number): Past => growing(perMinute, { from: minutes })
const later =
  (value: number, before: number, minutes: number): Past =>
  ago =>
    ago > minutes ? before : value
const gone = (world: World, minutes: number, which: (name: string) => boolean): World =>
  Object.fromEntries(
    Object.entries(world).map(([name, past]): [string, Past] => [
      name,
      which(name) ? ago => (ago < minutes ? undefined : past(ago)) : past,
    ]),
  )
const about = (service: string) => (name: string) => name.includes(`job="${service}"`)

interface Fault {
  readonly series: (world: World) => World
  /** Alerts that say what it is. */
  readonly says: RegExp
  /** Whom it concerns. */
  readonly channel?: string
}

const faults: Readonly<Record<string, Fault>> = {
  'the Collector dies, and with it all that comes': {
    series: world => ({
      ...gone(world, 40, name => services.some(service => about(service)(name))),
      'up{job="otelcol", instance="otel-collector:8888"}': later(0, 1, 40),
    }),
    says: /AfnCollectorDown/,
  },
  'a third of the requests of one service fail': {
    series: world => ({ ...world, [http('s07', 500)]: from(90, 30) }),
    says: /AvailabilityFastBurn/,
  },
  'all requests of all services fail': {
    series: world => ({
      ...world,
      ...Object.fromEntries(services.map(service => [http(service, 503), from(90, 60)])),
    }),
    says: /AvailabilityFastBurn/,
  },
  'a provider of models refuses all calls': {
    series: world => ({
      ...world,
      ...Object.fromEntries(services.map(service => [calls(service, '429'), from(90, 20)])),
    }),
    says: /LlmErrorsFastBurn/,
  },
  'all services are slow': {
    series: world => ({
      ...world,
      ...Object.fromEntries(
        services.flatMap(service =>
          ['1', '2', '2.5'].map(le => [bucket(service, le), (ago: number) => (26 * 60 - Math.max(ago, 90)) * 60]),
        ),
      ),
    }),
    says: /LatencyP95FastBurn/,
  },
  'one service is silent': {
    series: world => gone(world, 40, about('s07')),
    says: /AfnServiceSilent.*s07/,
    channel: 'seven',
  },
  'the disk of one service is full': {
    series: world => ({ ...world, [disk('s07')]: later(0.99, 0.4, 10) }),
    says: /AfnDiskFull.*s07/,
    channel: 'seven',
  },
  'one service cannot reach its database': {
    series: world => ({ ...world, [check('s07', 'postgres')]: later(1, 0, 10) }),
    says: /AfnHealthCheckFailing.*s07/,
    channel: 'seven',
  },
  'a database that all services share is away': {
    series: world => ({
      ...world,
      ...Object.fromEntries(services.map(service => [check(service, 'postgres'), later(1, 0, 10)])),
    }),
    says: /AfnHealthCheckFailing/,
  },
  'the disk that five services share is full': {
    series: world => ({
      ...world,
      ...Object.fromEntries(
        services.slice(0, 5).flatMap(service => [
          [disk(service), later(0.99, 0.4, 10)],
          [check(service, 'disk'), later(1, 0, 10)],
        ]),
      ),
    }),
    says: /AfnDiskFull/,
  },
  'Tempo is away': {
    series: world => Object.fromEntries(Object.entries(world).map(([name, past]): [string, Past] => [name, name.startsWith('up{') && name.includes('"tempo"') ? later(0, 1, 10) : past])), // biome-ignore format: one line
    says: /AfnTempoDown/,
  },
  'a Prometheus is away': {
    series: world => Object.fromEntries(Object.entries(world).map(([name, past]): [string, Past] => [name, name.startsWith('up{') && name.includes('"medium"') ? later(0, 1, 10) : past])), // biome-ignore format: one line
    says: /AfnPrometheusDown/,
  },
  'one service lets personal data through': {
    series: world => ({
      ...world,
      [`afn_redaction_leaks_total{${of('s07')},afn_redaction_place="span",${ours}}`]: from(8, 3),
    }),
    says: /AfnRedactionLeak.*s07/,
    channel: 'seven',
  },
  'the watch over budgets has stopped': {
    series: world => ({
      ...world,
      'afn_job_last_success_seconds{job="afn-otel",afn_job_name="cost-budget"}': steady(Date.now() / 1_000 - 3_600),
    }),
    says: /AfnJobStale/,
  },
}

const missing = lacks ?? (inject('prometheusBinary') && inject('alertmanagerBinary') ? undefined : 'servers')

describe.skipIf(missing)('of twenty services, people get two messages at most, of which one says it, where', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-loud-'))
  const far = otherNetwork()
  if (typeof far === 'string') writeSync(1, `skipped: links from another network: ${far}\n`)
  const address = typeof far === 'string' ? '127.0.0.1' : far.address
  const statusFrom = async (url: string) => (typeof far === 'string' ? (await fetch(url)).status : far.get(url))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
    if (typeof far !== 'string') far.close()
  })

  // all in the long suite
  it.for(Object.entries(faults).slice(0, isLong('loud') ? undefined : 1))(
    '%s',
    { timeout: 300_000 },
    async ([, { series, says, channel = 'ops' }], context) => {
      const stand: Stand = await startStand(context)
      const [receiverPort] = await freePorts(1)
      // the less urgent, the longer it waits, as by default
      const after = (delay: number) => `delay: ${delay}s, group_interval: 5s, repeat: 1h, escalation: []`
      const { config } = readAlerts(`
channels:
  ops: {kind: discord, webhook_url_file: ops}
  seven: {kind: discord, webhook_url_file: seven}
receiver: {url: "http://localhost:${receiverPort}", token_file: token}
routes: [{match: {service: s07}, channels: [seven]}]
severities:
  critical: {${after(3)}, channels: [ops]}
  high: {${after(4)}, channels: [ops]}
  medium: {${after(6)}, channels: [ops]}
  low: {${after(10)}, channels: [ops], business_hours: false}
`)
      writeFileSync(path.join(folder, 'token'), 'receiver-token')
      for (const name of ['ops', 'seven']) writeFileSync(path.join(folder, name), stand.discord.webhook(name))
      const yaml = alertmanagerYaml(config!, file => path.join(folder, file))
      const alertmanager = await startAlertmanager(inject('alertmanagerBinary')!, yaml)
      context.onTestFinished(alertmanager.stop)
      await stand.start({
        // on a phone it has no other name
        host: '0.0.0.0',
        port: receiverPort!,
        token: 'receiver-token',
        names: [address],
        urls: { ...defaultUrls, receiver: `http://${address}:${receiverPort}` },
        alertmanagerUrl: alertmanager.url,
        tickets: [],
        discord: ['ops', 'seven'].map(name => ({ name, webhookUrl: () => stand.discord.webhook(name) })),
        now: Date.now,
      })
      const prometheus = await startBackfilled(series(everyone()), {
        alertmanager: new URL(alertmanager.url).host,
        alerting: { ...defaultAlerting(), alerts: config! },
      })
      context.onTestFinished(prometheus.stop)

      const titles = () => stand.discord.posts.map(post => `${post.channel} ${post.text.split('\n')[0]}`)
      await until('somebody is told', () => titles().some(title => says.test(title)), 2 * MINUTE)
      // whatever else is to come has come after some intervals
      await new Promise(resolve => setTimeout(resolve, 15_000))
      expect(titles().length, titles().join('\n')).toBeLessThanOrEqual(2)
      // a team has its own part of what all share
      const told = titles().filter(title => says.test(title))
      expect(told.map(title => title.split(' ')[0])).toContain(channel)
      for (const { text } of stand.discord.posts) {
        const links = [...text.matchAll(/\]\((\S+?)\)/g)].map(([, link]) => link!)
        expect(links, text).toHaveLength(1)
        expect(await statusFrom(links[0]!), links[0]).toBe(200)
        // it says what is the case, and lets who has the link act
        expect(await (await fetch(links[0]!)).text()).toContain('name="acknowledge"')
      }
    },
  )
})
