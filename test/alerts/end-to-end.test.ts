// From a failing app to Discord, mail and ticket, and back, on the real Prometheus, Alertmanager 0.35, Mailpit, and `afn-otel alerts
// serve` as a process with Node's SQLite. Minutes are seconds here; `AFN_TEST_LONG=alerts` runs the times of the default file.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ruleFile } from '../../src/monitoring/alerts/rules'
import { type Mailpit, type RunningAlertmanager, startAlertmanager, startMailpit } from '../support/alerting'
import {
  findAlertmanager,
  findDiscordSchema,
  findGithubSchema,
  findMailpit,
  findPrometheus,
} from '../support/binaries.mjs'
import { type DiscordSink, startDiscordSink } from '../support/discord-sink'
import { type GithubSink, startGithubSink } from '../support/github-sink'
import { isLong } from '../support/long'
import { root } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { startServer } from '../support/server'
import { alertmanagerYaml, configOf } from './files'
import { noNode, type Served, serve } from './serve'
import { until } from './stand'

const [alertmanager, prometheus, mailServer] = [findAlertmanager(), findPrometheus(), findMailpit()]
const lacks = [alertmanager, prometheus, mailServer, findDiscordSchema(), findGithubSchema()].flatMap(found =>
  'missing' in found ? [found.missing] : [],
)
if (noNode) lacks.push(noNode)
if (lacks.length > 0) writeSync(1, `skipped: alerts end to end: ${lacks.join('; ')}\n`)

const run = promisify(execFile)
const long = isLong('alerts')
/** ms within which an alert has to be in all channels. */
const LIMIT = 150_000

interface World {
  readonly folder: string
  readonly discord: DiscordSink
  readonly github: GithubSink
  readonly mail: Mailpit
  readonly receiver: Served
  /** What the receiver says of what has happened. */
  history(): Promise<unknown>
  /** Share of the requests of the app that fail. */
  failing: number
  stop(): Promise<void>
}

/** An app that is scraped each second, with a hundred requests a second. */
function startApp(world: { failing: number }): Server {
  let [at, requests, failures] = [Date.now(), 0, 0]
  return createServer((_, response) => {
    const grown = (Date.now() - at) / 10
    at = Date.now()
    requests += grown
    failures += grown * world.failing
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(`app_requests_total ${requests}\napp_failures_total ${failures}\napp_failing_ratio ${world.failing}\n`)
  })
}

async function startWorld(severities: string, expression: string): Promise<World> {
  if ('missing' in alertmanager || 'missing' in prometheus || 'missing' in mailServer) throw new Error('skipped')
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-end-to-end-'))
  const [discord, github, mail, [receiverPort, prometheusPort]] = await Promise.all([
    startDiscordSink(),
    startGithubSink(),
    startMailpit(mailServer.binary),
    freePorts(2),
  ])
  const world = { failing: 0 }
  const app = startApp(world)
  const appPort = await listen(app)
  mkdirSync(path.join(folder, 'secrets'))
  writeFileSync(path.join(folder, 'secrets/discord'), discord.webhook('ops'))
  writeFileSync(path.join(folder, 'secrets/github'), 'github-token\n')
  writeFileSync(path.join(folder, 'secrets/receiver'), 'token of the receiver\n'.replaceAll(' ', '-'))
  const text = `
channels:
  discord: {kind: discord, webhook_url_file: secrets/discord}
  email: {kind: email, to: [oncall@example.com], from: alerts@example.com, smarthost: "${mail.smarthost}", require_tls: false}
  tickets: {kind: tickets, repository: o/r, token_file: secrets/github, api_url: "${github.url}"}
receiver: {url: "http://localhost:${receiverPort}", token_file: secrets/receiver}
${severities}
rules:
  - name: EverythingFails
    expr: ${expression} > 0.5
    severity: critical
    service: app
    annotations: {summary: "{{ $value | humanizePercentage }} of all requests fail"}
`
  writeFileSync(path.join(folder, 'alerts-config.yaml'), text)
  const people = `pipeline: {urls: {receiver: "http://localhost:${receiverPort}"}}\n`
  writeFileSync(path.join(folder, 'afn-otel.config.yaml'), people)
  const config = configOf(text)
  const running: RunningAlertmanager = await startAlertmanager(
    alertmanager.alertmanager,
    alertmanagerYaml(config, file => path.join(folder, file)),
  )
  writeFileSync(path.join(folder, 'rules.yml'), JSON.stringify(ruleFile(config)))
  const interval = long ? '15s' : '1s'
  const configuration = {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: ['rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(running.url).host] }] }] },
    scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [`127.0.0.1:${appPort}`] }] }],
  }
  writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(configuration))
  const [receiver, stopPrometheus] = await Promise.all([
    serve(folder, ['--port', String(receiverPort), '--alertmanager', running.url]),
    startServer({
      binary: prometheus.prometheus,
      args: [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      folder,
      ready: `http://127.0.0.1:${prometheusPort}/-/ready`,
    }),
  ])
  return Object.assign(world, {
    folder,
    discord,
    github,
    mail,
    receiver,
    async history() {
      const headers = { authorization: 'Bearer token-of-the-receiver' }
      return (await fetch(`${receiver.url}/history?limit=1000`, { headers })).json()
    },
    async stop() {
      expect(await receiver.end()).toBe(0)
      await Promise.all([stopPrometheus(), running.stop(), mail.stop()])
      app.closeAllConnections()
      app.close()
      rmSync(folder, { recursive: true, force: true })
      await discord.close()
      await github.close()
    },
  })
}

const quick = 'delay: 1s, group_interval: 1s, repeat: 1h'

describe.skipIf(lacks.length > 0)('when everything fails', () => {
  let world: World
  const titles = async () => ({
    discord: world.discord.posts.map(({ text }) => text.split('\n')[0]),
    mail: (await world.mail.mails()).map(({ subject }) => subject),
    ticket: world.github.issues.map(({ title, state }) => `${title} ${state}`),
  })
  const has =
    (kind: 'discord' | 'mail', title: string, count = 1) =>
    async () =>
      (await titles())[kind].filter(found => found?.includes(title)).length >= count

  const posts = (title: string) => world.discord.posts.filter(({ text }) => text.startsWith(title))
  const mails = async (title: string) => (await world.mail.mails()).filter(({ subject }) => subject.includes(title))

  beforeAll(async () => {
    if (lacks.length > 0) return
    world = long
      ? await startWorld('', 'sum(rate(app_failures_total[1m])) / sum(rate(app_requests_total[1m]))')
      : await startWorld(
          `severities:
  critical: {${quick}, respond_within: 6s, escalation: [{after: 6s, channels: [discord, email]}, {after: 10s, channels: [email]}]}`,
          // a busy machine misses some scrapes
          'sum(last_over_time(app_failing_ratio[1m]))',
        )
  }, 120_000)
  afterAll(() => world?.stop())

  it('it is in Discord, mail and a ticket within 2 min 30 s, escalates once a step until somebody acknowledges, and all three say when it is over', async () => {
    const title = '[CRITICAL] EverythingFails (app)'
    await new Promise(resolve => setTimeout(resolve, long ? 90_000 : 3_000))
    const fault = Date.now()
    world.failing = 1
    await until('Discord has it', has('discord', title), LIMIT)
    await until('mail has it', has('mail', '[CRITICAL]'), LIMIT)
    await world.github.until(({ issues }) => issues.length === 1, LIMIT)
    const took = Date.now() - fault
    if (long) writeSync(1, `everything failing → Discord, mail and ticket: ${Math.round(took / 1_000)} s\n`)
    expect(took).toBeLessThan(LIMIT)
    expect((await titles()).ticket).toEqual([`${title} open`])

    // nobody acknowledges: once to each channel of the step
    const step = has('discord', '[ESCALATION]')
    await until('Discord has the first step', step, long ? 500_000 : 40_000)
    await until('mail has the first step', has('mail', '[ESCALATION]'))
    if (!long) await until('mail has the second step', has('mail', '[ESCALATION]', 2))

    world.failing = 0
    await until('Discord says that it is over', has('discord', '[RESOLVED] EverythingFails'), 300_000)
    await until('mail says that it is over', async () => (await titles()).mail.some(subject => subject.includes('[RESOLVED]') && !subject.includes('[ESCALATION]')), 300_000) // biome-ignore format: one line
    const says = (word: string) => () => world.github.issues[0]!.comments.some(comment => comment.includes(word))
    await until('the ticket says that it is over', says('Resolved at'), 300_000)
    // the state changes by a request of its own, after the comment
    await world.github.until(({ issues }) => issues[0]!.state === 'closed')

    // the same ticket is opened again, and this time somebody acknowledges by the link of the first step: nothing escalates further
    const [steps1, escalations] = [await mails('[ESCALATION] [CRITICAL]'), posts('[ESCALATION] [CRITICAL]')]
    world.failing = 1
    await until('the ticket says that it fires again', says('Firing again'), 300_000)
    await world.github.until(({ issues }) => issues[0]!.state === 'open')
    await until('mail has the first step', async () => (await mails('[ESCALATION] [CRITICAL]')).length > steps1.length, 500_000) // biome-ignore format: one line
    await until('Discord has the first step', () => posts('[ESCALATION] [CRITICAL]').length > escalations.length)
    const [link] =
      /http:\/\/localhost:\d+\/\S+signature=\S+/.exec((await mails('[ESCALATION] [CRITICAL]')).at(-1)!.text) ?? []
    expect((await fetch(link!)).status).toBe(200)
    await fetch(link!, { method: 'POST', body: new URLSearchParams({ by: 'Kenji' }) })
    await until('Discord has the acknowledgement', has('discord', '[ACKNOWLEDGED] EverythingFails'))
    await until('so has the channel of the step', has('mail', '[ESCALATION] [ACKNOWLEDGED] EverythingFails'))
    await world.github.until(({ issues }) =>
      issues[0]!.comments.some(comment => comment.startsWith('Acknowledged by Kenji')),
    )
    const args = [path.join(root, 'dist/cli.cjs'), 'alerts', 'ack', 'EverythingFails', '--by', 'Aiko']
    const again = await run(process.execPath, args, { cwd: world.folder })
    expect(again.stdout).toBe('EverythingFails (app) was acknowledged by Kenji\n')
    await new Promise(resolve => setTimeout(resolve, long ? 320_000 : 9_000))

    // each step that was taken is in its channels once, and none is taken after the acknowledgement
    const { events } = (await world.history()) as {
      events: { event: string; detail: string; episode: number; at: string }[]
    }
    const known = events.find(({ event, detail }) => event === 'acknowledged' && detail === 'Kenji')!
    const steps = events.filter(({ event }) => event === 'escalated')
    expect(steps.filter(({ episode, at }) => episode === known.episode && at > known.at)).toEqual([])
    expect(posts('[ESCALATION] [CRITICAL]')).toHaveLength(steps.filter(({ detail }) => detail === 'step 1').length)
    expect(await mails('[ESCALATION] [CRITICAL]')).toHaveLength(steps.length)
    expect(world.github.issues).toHaveLength(1)
    expect(world.receiver.stderr().replace(/^\(.*\n/gm, '')).toBe('')
  }, 1_800_000)
})
