// The dispatcher of `afn-otel up --notify` beside a real Alertmanager with the configuration of the same alerts-config.yaml: both get the
// same alerts at the same moments, and whoever is notified of what is the same. Repeats are left out: their moments are not.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { stringify } from 'yaml'
import { alertmanagerConfig } from '../../src/monitoring/alerts/alertmanager'
import { addSilence, alertmanagerAt, postAlerts } from '../../src/monitoring/alerts/api'
import { matcherOf } from '../../src/monitoring/alerts/matchers'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { openDatabase } from '../../src/operations/alert-receiver/database'
import { Dispatcher } from '../../src/operations/dispatch/dispatcher'
import { integrationsOf } from '../../src/operations/dispatch/integration'
import { Memory } from '../../src/operations/dispatch/notification-log'
import { startDispatch } from '../../src/operations/dispatch/start'
import { isWithin } from '../../src/operations/dispatch/windows'
import { startAlertmanager, startMailpit } from '../support/alerting'
import { findAlertmanager, findMailpit } from '../support/binaries.mjs'
import { listen } from '../support/ports'

const alertmanager = findAlertmanager()
const mailpit = findMailpit()
if ('missing' in alertmanager) console.log(`skipped: dispatcher beside Alertmanager: ${alertmanager.missing}`)

const textFor = (sink: string) => `
receiver: false
channels:
  ops: { kind: webhook, url: "${sink}/ops" }
  pay: { kind: webhook, url: "${sink}/pay" }
severities:
  critical: { delay: 1s, group_interval: 2s, repeat: 1h, channels: [ops], escalation: [] }
  high: { delay: 1s, group_interval: 2s, repeat: 1h, channels: [ops], escalation: [] }
  medium: { delay: 1s, group_interval: 2s, repeat: 1h, channels: [ops] }
  low: { delay: 1s, group_interval: 2s, repeat: 1h, channels: [ops] }
environments: { staging: [] }
routes:
  - { match: { team: pay }, channels: [pay] }
`

interface Seen {
  readonly status: string
  readonly alerts: readonly { readonly status: string; readonly labels: Record<string, string> }[]
}

/** What came to each channel, in words, each once. */
async function sink() {
  const seen = new Set<string>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, alerts } = JSON.parse(Buffer.concat(chunks).toString()) as Seen
    const names = alerts.map(one => `${one.labels.alertname} ${one.labels.pod ?? ''} ${one.status}`).sort()
    seen.add(`${request.url} ${status}: ${names.join(', ')}`)
    response.end('{}')
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, seen, close: () => server.close() }
}

interface Step {
  readonly at: number
  readonly labels: Record<string, string>
  /** Undefined: it fires. */
  readonly isOver?: true
}

const shop = { service: 'shop', severity: 'high' }
/** Of the host "a" in Europe one is full. */
const disk = (
  alertname: string,
  severity: string,
  at: { instance?: string; environment?: string; mountpoint?: string },
) => {
  const { instance = 'a', environment = 'eu', mountpoint = '/data' } = at
  return { alertname, severity, service: 'shop', job: 'shop', instance, environment, mountpoint, pod: `${environment} ${instance} ${mountpoint}` } // biome-ignore format: one line
}
const checkOfDisk = (service: string, environment: string) => ({
  ...{ alertname: 'AfnHealthCheckFailing', severity: 'high', afn_health_check_name: 'disk' },
  ...{ service, environment, pod: `${environment} ${service}` },
})
/** What a full disk leaves to be heard. */
const otherDisks = [
  disk('AfnDiskFilling', 'high', { instance: 'b' }),
  disk('AfnDiskFilling', 'high', { environment: 'us' }),
  disk('AfnDiskFilling', 'high', { mountpoint: '/logs' }),
  checkOfDisk('cart', 'eu'),
  checkOfDisk('shop', 'us'),
]
const steps: readonly Step[] = [
  { at: 0, labels: { ...shop, alertname: 'Slow', pod: 'a' } },
  // grouped with the one before; the other service is a group of its own
  { at: 0, labels: { ...shop, alertname: 'Slow', pod: 'b' } },
  { at: 0, labels: { ...shop, alertname: 'Slow', service: 'cart' } },
  // by their route, and nobody of another environment
  { at: 0, labels: { ...shop, alertname: 'Unpaid', team: 'pay' } },
  { at: 0, labels: { ...shop, alertname: 'Slow', environment: 'staging' } },
  // muted by the higher severity of the same alert and service
  { at: 0, labels: { alertname: 'Down', service: 'shop', severity: 'critical' } },
  { at: 0, labels: { alertname: 'Down', service: 'shop', severity: 'low' } },
  // by a cause
  { at: 0, labels: { alertname: 'AfnCollectorDown', service: 'collector', severity: 'critical' } },
  { at: 0, labels: { alertname: 'ShopMetricAbsent', service: 'shop', severity: 'high' } },
  // by the disk that is full, and those of other hosts, environments, places and apps are not
  { at: 0, labels: disk('AfnDiskFull', 'critical', {}) },
  { at: 0, labels: disk('AfnDiskFilling', 'high', {}) },
  { at: 0, labels: checkOfDisk('shop', 'eu') },
  ...otherDisks.map(labels => ({ at: 0, labels })),
  // silenced
  { at: 0, labels: { ...shop, alertname: 'Noisy' } },
  { at: 0, labels: { alertname: 'Odd', service: 'shop' } },
  { at: 4_500, labels: { ...shop, alertname: 'Slow', pod: 'a' }, isOver: true },
  { at: 4_500, labels: { ...shop, alertname: 'Unpaid', team: 'pay' }, isOver: true },
  { at: 9_000, labels: { ...shop, alertname: 'Slow', pod: 'b' }, isOver: true },
]

const firing = ({ labels, isOver }: Step, now: number) => ({
  labels,
  annotations: { summary: 'x' },
  startsAt: new Date(now - 500).toISOString(),
  endsAt: new Date(isOver ? now : now + 600_000).toISOString(),
})

async function play(post: (alerts: ReturnType<typeof firing>[]) => Promise<unknown>): Promise<void> {
  const begin = Date.now()
  for (const at of new Set(steps.map(step => step.at))) {
    await sleep(Math.max(0, begin + at - Date.now()))
    await post(steps.filter(step => step.at === at).map(step => firing(step, Date.now())))
  }
  await sleep(5_000)
}

const silence = () => ({
  matchers: [matcherOf('alertname=Noisy')],
  startsAt: new Date().toISOString(),
  endsAt: new Date(Date.now() + 600_000).toISOString(),
  createdBy: 'test',
  comment: 'test',
})

async function dispatcherAt(text: string, database: string) {
  const { config, mistakes } = readAlerts(text)
  expect(mistakes).toEqual([])
  const memory = await Memory.in(await openDatabase({ url: database }))
  const failed: string[] = []
  const dispatcher = await Dispatcher.start({
    config: config!,
    memory,
    integrations: integrationsOf(config!, '', () => ''),
    externalUrl: '',
    now: Date.now,
    failed: what => failed.push(what),
  })
  return { dispatcher, failed }
}

describe.skipIf('missing' in alertmanager)('the dispatcher', () => {
  it('notifies whom Alertmanager notifies, of the same', async () => {
    if ('missing' in alertmanager) return
    const [theirs, ours] = await Promise.all([sink(), sink()])
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-dispatch-'))
    const configuration = alertmanagerConfig(readAlerts(textFor(theirs.url)).config!, { secret: file => file })
    const running = await startAlertmanager(alertmanager.alertmanager, stringify(configuration))
    const backend = alertmanagerAt(running.url)
    const { dispatcher, failed } = await dispatcherAt(textFor(ours.url), path.join(folder, 'alerts.db'))
    let ticking = Promise.resolve()
    const timer = setInterval(() => (ticking = ticking.then(() => dispatcher.tick())), 200)
    try {
      await Promise.all([addSilence(backend, silence()), dispatcher.silence(silence())])
      await Promise.all([play(alerts => postAlerts(backend, alerts)), play(alerts => dispatcher.post(alerts))])
      expect(failed).toEqual([])
      expect([...ours.seen].sort()).toEqual([...theirs.seen].sort())
      expect(ours.seen.size).toBeGreaterThan(6)
      const ofDisks = [...theirs.seen].flatMap(line => line.replace(/^.*?: /, '').split(', '))
      expect(ofDisks.filter(name => /^Afn(?:DiskFilling|HealthCheck)/.test(name)).sort()).toEqual(
        otherDisks.map(({ alertname, pod }) => `${alertname} ${pod} firing`).sort(),
      )
    } finally {
      clearInterval(timer)
      await running.stop()
      theirs.close()
      ours.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

it('sends nothing twice after a restart, says what ended meanwhile, and masks what labels carry', async () => {
  const taken = await sink()
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-dispatch-'))
  const said: string[] = []
  const start = () =>
    startDispatch({
      config: readAlerts(textFor(taken.url)).config!,
      folder,
      database: path.join(folder, 'alerts.db'),
      port: 0,
      receiver: () => '',
      now: Date.now,
      say: line => said.push(line),
    })
  const one = (alertname: string) => ({
    labels: { ...shop, alertname, pod: 'bob@example.com' },
    annotations: {},
    since: Date.now() - 60_000,
  })
  try {
    const first = await start()
    await first.take([one('Slow'), one('Gone')])
    await vi.waitFor(() => expect(taken.seen.size).toBe(2), 20_000)
    await first.close()
    const before = [...taken.seen]
    expect(before.join()).not.toContain('bob@')
    taken.seen.clear()
    const second = await start()
    await second.take([one('Slow')])
    await sleep(3_000)
    expect([...taken.seen]).toEqual([])
    await second.take([])
    await vi.waitFor(
      () => expect([...taken.seen]).toEqual([expect.stringMatching(/^\/ops resolved: Slow .*resolved$/)]),
      20_000,
    )
    await second.close()
    expect(said).toEqual([])
  } finally {
    taken.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

it('forgets what is over, also where it runs for months, and keeps a silence for as long as it lasts', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-dispatch-'))
  const database = await openDatabase({ url: path.join(folder, 'alerts.db') })
  const DAY = 86_400_000
  let at = Date.parse('2026-12-01T00:00:00Z')
  const dispatcher = await Dispatcher.start({
    config: readAlerts(textFor('http://127.0.0.1:9')).config!,
    memory: await Memory.in(database),
    integrations: new Map([
      ['critical', [{ name: 'ops', kind: 'webhook', receiver: 'critical', sendResolved: true, send: async () => {} }]],
    ]),
    externalUrl: '',
    now: () => at,
    failed: why => expect(why).toBe(''),
  })
  const silenceFor = (days: number) =>
    dispatcher.silence({
      matchers: [{ name: 'alertname', value: 'Other', isRegex: false, isEqual: true }],
      startsAt: new Date(at).toISOString(),
      endsAt: new Date(at + days * DAY).toISOString(),
      createdBy: 'Aiko',
      comment: `${days} days`,
    })
  const rows = async (table: string) =>
    Number((await database.read(`SELECT count(*) AS n FROM dispatch_${table}`))[0]!.n)
  try {
    for (const days of [1, 60]) await silenceFor(days)
    for (let day = 0; day < 40; day++) {
      await dispatcher.post([
        { labels: { ...shop, alertname: `On${day}`, severity: 'critical' }, annotations: {}, startsAt: '', endsAt: '' },
      ])
      for (const _ of [0, 1, 2, 3]) {
        at += DAY / 4
        await dispatcher.tick()
      }
    }
    expect(await rows('sent')).toBeLessThan(13)
    expect(await rows('alerts')).toBeLessThan(3)
    expect(dispatcher.silences().map(({ comment }) => comment)).toEqual(['60 days'])
    expect(await rows('silences')).toBe(1)
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

it.skipIf('missing' in mailpit)('sends mails whose subject and text a mail server takes, in Japanese too', async () => {
  if ('missing' in mailpit) return
  const server = await startMailpit(mailpit.binary)
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-dispatch-'))
  const text = `receiver: false\nlanguage: ja\nchannels:\n  mail: { kind: email, to: [a@example.com, b@example.com], from: alerts@example.com, smarthost: "${server.smarthost}", require_tls: false }\nseverities:\n  high: { delay: 1s }\n`
  const { dispatcher, failed } = await dispatcherAt(text, path.join(folder, 'alerts.db'))
  try {
    const summary = '応答が遅い: p95 が目標の二倍になっています。ダッシュボードを見てください'
    await dispatcher.post([
      { ...firing({ at: 0, labels: { ...shop, alertname: 'Slow' } }, Date.now() - 5_000), annotations: { summary } },
    ])
    await dispatcher.tick()
    await vi.waitFor(async () => expect(await server.mails()).toHaveLength(1), 20_000)
    const [mail] = await server.mails()
    expect(mail).toMatchObject({ subject: '【高】Slow: shop (production)', to: ['a@example.com', 'b@example.com'] })
    expect(mail!.text).toContain(summary)
    expect(failed).toEqual([])
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

it.each([
  ['2026-12-04T20:59:00Z', false],
  ['2026-12-04T21:00:00Z', true],
  ['2026-12-05T03:59:00Z', true],
  ['2026-12-05T04:00:00Z', false],
  ['2026-12-05T22:00:00Z', false],
])('knows whether %s is within a window over midnight in Berlin', (time, is) => {
  const window = { days: ['friday'] as const, from: '22:00', to: '05:00', timeZone: 'Europe/Berlin' }
  expect(isWithin(window, Date.parse(time))).toBe(is)
})
