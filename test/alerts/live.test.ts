// Who is notified of what while an Alertmanager runs: inhibition, maintenance, business hours. Oracle: the real Alertmanager 0.35, with what it
// posts to Discord. An alert that has to be silent is looked for when one that came after it has been posted.

import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { severities } from '../../src/shared/severities'
import { type RunningAlertmanager, startAlertmanager } from '../support/alerting'
import { findAlertmanager, findDiscordSchema } from '../support/binaries.mjs'
import { type DiscordSink, startDiscordSink } from '../support/discord-sink'
import { alertmanagerYaml, configOf } from './files'

const found = findAlertmanager()
const schema = findDiscordSchema()
const lacks = [found, schema].flatMap(one => ('missing' in one ? [one.missing] : []))
if (lacks.length > 0) writeSync(1, `skipped: alerts on a running Alertmanager: ${lacks.join('; ')}\n`)

/** By the clock of Tokyo, some hours from now. */
function tokyo(hours: number): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' })
  const [date = '', time = ''] = parts.format(new Date(Date.now() + hours * 3_600_000)).split(' ')
  return { date, time }
}

const quick = 'delay: 1s, group_interval: 2s, repeat: 1h'

function fileFor(hours: [number, number], more: string): string {
  const [from, to] = hours.map(tokyo) as [{ date: string; time: string }, { date: string; time: string }]
  return `
channels:
  ops: {kind: discord, webhook_url_file: secret, through: alertmanager}
time_zone: Asia/Tokyo
severities:
  critical: {${quick}}
  high: {${quick}}
  medium: {${quick}}
  low: {${quick}, business_hours: true}
business_hours: {days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: "${from.time}", to: "${to.time}"}
${more}`
}

describe.skipIf(lacks.length > 0)('on a running Alertmanager', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-live-'))
  const sinks: DiscordSink[] = []
  const running: RunningAlertmanager[] = []

  async function start(text: string): Promise<{ sink: DiscordSink; url: string }> {
    if ('missing' in found) throw new Error(found.missing)
    const sink = await startDiscordSink()
    sinks.push(sink)
    const secret = path.join(folder, `secret-${sinks.length}`)
    const webhookOf = (file: string) => {
      const at = `${secret}-${file}`
      writeFileSync(at, sink.webhook(file))
      return at
    }
    const server = await startAlertmanager(found.alertmanager, alertmanagerYaml(configOf(text), webhookOf))
    running.push(server)
    return { sink, url: server.url }
  }

  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()))
    rmSync(folder, { recursive: true, force: true })
    for (const sink of sinks) await sink.close()
  })

  type Labels = Record<string, string>
  async function post(url: string, alerts: Labels[], endsAt?: Date): Promise<void> {
    const body = JSON.stringify(
      alerts.map(labels => ({ labels, annotations: { summary: labels.alertname }, ...(endsAt && { endsAt }) })),
    )
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    if (!response.ok) throw new Error(await response.text())
  }

  /** Names of what was posted, once an alert has come through that was sent last. */
  async function posted(url: string, sink: DiscordSink): Promise<string[]> {
    const name = `Last${sink.posts.length}`
    // later than the others are due, and not muted by any of them
    await new Promise(resolve => setTimeout(resolve, 1_500))
    await post(url, [{ alertname: name, service: 'last', severity: 'critical' }])
    await sink.until(({ posts }) => posts.some(({ text }) => text.includes(name)))
    return sink.posts
      .map(({ embeds }) => /(\w+): /.exec(embeds[0]?.title ?? '')?.[1] ?? '')
      .filter(one => !one.startsWith('Last'))
  }

  const slo = (alertname: string, severity: string, sloth_slo: string): Labels => ({
    alertname,
    severity,
    service: 'shop',
    sloth_slo,
  })

  describe('inhibition', () => {
    let posts: string[]
    let sink: DiscordSink
    let url: string

    beforeAll(async () => {
      ;({ sink, url } = await start(fileFor([-1, 1], 'receiver: false\n')))
      await post(url, [
        slo('LatencyFastBurn', 'critical', 'latency'),
        slo('LatencySlowBurn', 'medium', 'latency'),
        slo('LatencyDataInvalid', 'medium', 'latency'),
        slo('ErrorsMediumBurn', 'high', 'errors'),
        slo('ErrorsLongTermBurn', 'low', 'errors'),
        // without an SLO: only the same alert of the same service
        { alertname: 'DiskFull', severity: 'critical', service: 'tempo' },
        { alertname: 'DiskFull', severity: 'high', service: 'tempo', disk: '2' },
        { alertname: 'QueueFull', severity: 'high', service: 'tempo' },
        { alertname: 'DiskFull', severity: 'high', service: 'prometheus' },
        // a test mutes nothing, and no test is muted
        { alertname: 'Probe', severity: 'critical', service: 'x', channel_test: '1', channel: 'ops' },
        { alertname: 'Probe', severity: 'low', service: 'x' },
      ])
      posts = await posted(url, sink)
    })

    it('mutes what has the same cause and is less urgent, and nothing else', () => {
      expect(posts.toSorted()).toEqual(
        [
          'LatencyFastBurn',
          'LatencyDataInvalid',
          'ErrorsMediumBurn',
          'DiskFull',
          'DiskFull',
          'QueueFull',
          'Probe',
          'Probe',
        ].toSorted(),
      )
      expect(sink.posts.filter(({ text }) => text.startsWith('[TEST] '))).toHaveLength(1)
    })

    it('leads to a silence of what it is about', async () => {
      const { text } = sink.posts.find(post => post.text.includes('LatencyFastBurn'))!
      const [, filter] = /^Silence: http:\/\/\S+\/#\/silences\/new\?filter=(\S+)$/m.exec(text) ?? []
      const matchers = decodeURIComponent(filter!)
        .replace(/^\{|\}$/g, '')
        .split(',')
      const found = await fetch(`${url}/api/v2/alerts?${new URLSearchParams(matchers.map(one => ['filter', one]))}`)
      expect(await found.json()).toMatchObject([{ labels: slo('LatencyFastBurn', 'critical', 'latency') }])
    })

    it('ends with the alert that mutes: then the other is notified', async () => {
      await post(url, [slo('LatencyFastBurn', 'critical', 'latency')], new Date())
      await sink.until(({ posts }) => posts.some(({ text }) => text.startsWith('[MEDIUM] LatencySlowBurn')))
      await sink.until(({ posts }) => posts.some(({ text }) => text.startsWith('[RESOLVED] LatencyFastBurn')))
    })
  })

  it('a team gets alerts, news and escalations of its own alone, whatever else they say', async () => {
    const channel = (name: string) => `  ${name}: {kind: discord, webhook_url_file: ${name}, through: alertmanager}\n`
    const { sink, url } = await start(`inhibition: false
channels:
${['ops', 'pay', 'lead', 'search'].map(channel).join('')}severities:
${severities.map(severity => `  ${severity}: {${quick}, channels: [ops], business_hours: false}\n`).join('')}routes:
  - {match: {team: pay}, channels: [pay], escalation: [{after: 2m, channels: [lead]}]}
  - {match: {service: [search, index.2]}, channels: [search]}
environments: {staging: [ops]}
`)
    const pay = { team: 'pay', service: 'shop' }
    const alerts: Labels[] = [
      ...severities.map(severity => ({ ...pay, alertname: `Pay_${severity}`, severity })),
      { ...pay, alertname: 'Pay_news', severity: 'medium', once: 'true' },
      { ...pay, alertname: 'Pay_step', severity: 'critical', escalation: '1' },
      { ...pay, alertname: 'Pay_no_step', severity: 'critical', escalation: '2' },
      { ...pay, alertname: 'Ops_staging', severity: 'critical', environment: 'staging' },
      { alertname: 'Search', service: 'search', severity: 'critical' },
      { alertname: 'Search_index', service: 'index.2', severity: 'low' },
      { alertname: 'Search_step', service: 'search', severity: 'critical', escalation: '1' },
      { alertname: 'Ops', service: 'index_2', severity: 'high' },
    ]
    await post(url, alerts)
    await posted(url, sink)
    const got = sink.posts.map(({ channel, embeds }) => [channel, /(\w+): /.exec(embeds[0]?.title ?? '')?.[1]])
    const of = (name: string) => got.flatMap(([channel, alert]) => (channel === name ? [alert] : [])).toSorted()
    expect(of('pay')).toEqual([...severities.map(severity => `Pay_${severity}`), 'Pay_news'].toSorted())
    expect(of('lead')).toEqual(['Pay_step'])
    expect(of('search')).toEqual(['Search', 'Search_index'])
    expect(of('ops').filter(alert => !alert?.startsWith('Last'))).toEqual(['Ops', 'Ops_staging'])
  })

  it('a maintenance mutes its services, and business hours the severities that wait for them', async () => {
    const [from, to, later] = [tokyo(-1), tokyo(1), tokyo(3)]
    const { sink, url } = await start(
      fileFor(
        [2, 4],
        `inhibition: false
maintenance:
  - {name: now, from: ${from.date} ${from.time}, to: ${to.date} ${to.time}, services: [checkout]}
  - {name: later, from: ${to.date} ${to.time}, to: ${later.date} ${later.time}, services: [cart]}
`,
      ),
    )
    const severe = ['critical', 'high', 'medium']
    await post(url, [
      ...severe.map(severity => ({ alertname: `Checkout_${severity}`, severity, service: 'checkout' })),
      ...severe.map(severity => ({ alertname: `Cart_${severity}`, severity, service: 'cart' })),
      ...severe.map(severity => ({ alertname: `Mail_${severity}`, severity, service: 'mail' })),
      { alertname: 'Mail_low', severity: 'low', service: 'mail' },
      { alertname: 'Checkout_test', severity: 'low', service: 'checkout', channel_test: '1', channel: 'ops' },
      { alertname: 'Escalated', severity: 'critical', service: 'checkout', escalation: '1' },
    ])
    expect((await posted(url, sink)).toSorted()).toEqual(
      [...severe.flatMap(severity => [`Cart_${severity}`, `Mail_${severity}`]), 'Checkout_test'].toSorted(),
    )
  })
})
