// What breaks: the process of the receiver is killed at each of its requests, two of them share a database, and the mail server refuses.
// Oracles: the stand-ins' own counts, the real Alertmanager 0.35 and Mailpit.
import { mkdirSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startAlertmanager, startMailpit } from '../support/alerting'
import { findAlertmanager, findMailpit } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { alertmanagerYaml, configOf } from './files'
import { noNode, type Served, serve } from './serve'
import { lacks, metricsOf, notify, type Stand, startStand, until } from './stand'

const [alertmanager, mailServer] = [findAlertmanager(), findMailpit()]
const noServers = [alertmanager, mailServer].flatMap(found => ('missing' in found ? found.missing : [])).join('; ')
for (const [suite, why] of [
  ['receiver killed', lacks ?? noNode],
  ['refused mails', noServers],
] as const)
  if (why) writeSync(1, `skipped: ${suite}: ${why}\n`)

const times = 'delay: 1s, group_interval: 1s, repeat: 1h, respond_within: 2s'
const critical = `critical: {${times}, escalation: [{after: 2s, channels: [ops]}]}`

/** A folder as `serve` wants it, before the stand-ins. */
function configure({ folder, discord, github, alertmanager: { url } }: Stand): void {
  mkdirSync(path.join(folder, 'secrets'), { recursive: true })
  writeFileSync(path.join(folder, 'secrets/discord'), discord.webhook('ops'))
  writeFileSync(path.join(folder, 'secrets/github'), 'github-token')
  writeFileSync(
    path.join(folder, 'alerts-config.yaml'),
    `channels:
  ops: {kind: discord, webhook_url_file: secrets/discord}
  tickets: {kind: tickets, repository: o/r, token_file: secrets/github, api_url: "${github.url}"}
severities: {${critical}}
receiver: {alertmanager_url: "${url}"}
`,
  )
}

/** Each request of an alert's life, in the order in which they come: to Discord, GitHub and Alertmanager. */
const REQUESTS = 10
const all = Array.from({ length: REQUESTS }, (_, at) => [at + 1, 'before'] as [number, 'before' | 'after']).concat(
  Array.from({ length: REQUESTS }, (_, at) => [at + 1, 'after']),
)
const points = isLong('alerts')
  ? all
  : all.filter(([at, when]) => (when === 'before' ? at === 3 : at === 3 || at === 8))

describe.skipIf(lacks ?? noNode).concurrent('a receiver that is killed', () => {
  it.for(points)(
    'at its request %i, %s that is carried out, does everything once after its restart',
    async ([at, when], context) => {
      const stand = await startStand(context)
      configure(stand)
      let receiver: Served = await serve(stand.folder, ['--port', '0'])
      context.onTestFinished(() => receiver.kill())
      let count = 0
      let restart: Promise<void> | undefined
      const isKilled = () => {
        if (++count !== at) return false
        restart = receiver.kill().then(async () => {
          receiver = await serve(stand.folder, ['--port', '0'])
        })
        return true
      }
      // an answer that nobody waits for
      const lost = { status: 500, body: {} }
      stand.discord.answer = () => (isKilled() && when === 'before' ? lost : undefined)
      stand.github.answer = () => (isKilled() ? { ...lost, after: when === 'after' } : undefined)
      stand.alertmanager.takes = () => (isKilled() ? when === 'after' : true)
      /** As Alertmanager does it: again until it is taken. */
      const deliver = async (status: 'firing' | 'resolved') => {
        for (;;) {
          await restart
          const answer = await notify(receiver, { name: 'Down', status }, 'channel=ops&channel=tickets&ladder=critical').catch(() => undefined) // biome-ignore format: one line
          if (answer?.ok) return
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      }
      const heads = () => stand.discord.posts.map(({ text }) => text.split('\n')[0])
      const steps = () => stand.alertmanager.posts.flat().filter(({ labels }) => labels.escalation === '1')
      await deliver('firing')
      await until('it is everywhere', () => stand.github.issues.length > 0 && heads().length > 0 && steps().length > 0)
      await deliver('resolved')
      const isOver = () => steps().some(({ annotations }) => annotations.summary?.startsWith('Resolved'))
      await until('it is over everywhere', () => stand.github.issues[0]!.state === 'closed' && stand.github.issues[0]!.comments.length > 0 && heads().some(head => head?.startsWith('[RESOLVED]')) && isOver()) // biome-ignore format: one line
      await restart
      await until('nothing is left to be done', async () => !Object.keys(await metricsOf(receiver)).some(name => name.startsWith('afn_alerts_queue'))) // biome-ignore format: one line

      expect(stand.github.issues.map(({ comments }) => comments.length)).toEqual([1])
      // an alert of Alertmanager is the same one by its labels and its beginning
      expect(new Set(steps().map(({ labels, startsAt }) => JSON.stringify([labels, startsAt]))).size).toBe(1)
      const marked = stand.discord.posts.filter(({ text }) => text.includes('may be a duplicate')).length
      expect(heads().length - marked).toBeLessThanOrEqual(2)
      expect(new Set(heads())).toEqual(new Set(['[CRITICAL] Down (shop)', '[RESOLVED] Down (shop)']))
      // Discord alone has no way to find out whether it has a post
      expect(marked).toBeLessThanOrEqual(1)
    },
  )

  it('and one more beside it on the same file: each alert comes once, with 40 of them and a kill -9 every second', async context => {
    const stand = await startStand(context)
    configure(stand)
    const receivers = await Promise.all([serve(stand.folder, ['--port', '0']), serve(stand.folder, ['--port', '0'])])
    context.onTestFinished(async () => {
      await Promise.all(receivers.map(receiver => receiver.kill()))
    })
    let kills = 0
    const killing = (async () => {
      while (kills < 3) {
        await new Promise(resolve => setTimeout(resolve, 1_000))
        const at = kills++ % 2
        await receivers[at]!.kill()
        receivers[at] = await serve(stand.folder, ['--port', '0'])
      }
    })()
    const names = Array.from({ length: 40 }, (_, at) => `Down${at}End`)
    const deliver = async (name: string, status: 'firing' | 'resolved') => {
      for (let turn = 0; ; turn++) {
        // a load balancer
        const answer = await notify(receivers[turn % 2]!, { name, status }, 'channel=ops&channel=tickets').catch(
          () => undefined,
        )
        if (answer?.ok) return
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    for (const name of names) await deliver(name, 'firing')
    await killing
    const shown = () => stand.github.issues.map(({ title, body }) => `${title}\n${body}`).join('\n')
    await until('each has a ticket or a line', () => names.every(name => shown().includes(name)), 60_000)
    const posted = () => stand.discord.posts.map(({ text }) => text).join('\n')
    await until('each is posted', () => names.every(name => posted().includes(name)), 60_000)
    expect(stand.github.issues.filter(({ title }) => title.startsWith('[CRITICAL]'))).toHaveLength(10)
    expect(stand.github.issues).toHaveLength(11)
    for (const name of names) expect(shown().split(`\`${name}\``).length - 1).toBe(1)
  })
})

describe.skipIf(noServers !== '').concurrent('a mail server that refuses', () => {
  it.for([
    [451, 'gets it once more, and the mail comes'],
    [550, 'is counted by Alertmanager, with its reason in the log'],
  ] as const)('with %i %s', async ([code], context) => {
    if ('missing' in alertmanager || 'missing' in mailServer) return
    const mail = await startMailpit(mailServer.binary)
    await mail.refuse({ at: 'Recipient', code })
    const text = `channels: {mail: {kind: email, to: [a@example.com], from: b@example.com, smarthost: "${mail.smarthost}", require_tls: false}}
severities: {critical: {delay: 1s, group_interval: 2s, repeat: 1h, respond_within: 5s, escalation: []}}
receiver: false\n`
    const running = await startAlertmanager(alertmanager.alertmanager, alertmanagerYaml(configOf(text)))
    context.onTestFinished(() => Promise.all([running.stop(), mail.stop()]).then(() => {}))
    const body = JSON.stringify([
      { labels: { alertname: 'Down', severity: 'critical' }, annotations: { summary: 'x' } },
    ])
    await fetch(`${running.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const failed = async () => {
      const metrics = await (await fetch(`${running.url}/metrics`)).text()
      return [...metrics.matchAll(/^alertmanager_notification(?:s|_requests)_failed_total\{.*email.*\} (\d+)/gm)].some(([, n]) => Number(n) > 0) // biome-ignore format: one line
    }
    await until('Alertmanager counts the failure', failed)
    await mail.refuse()
    await until('the mail comes', async () => (await mail.mails()).length > 0)
  })
})
